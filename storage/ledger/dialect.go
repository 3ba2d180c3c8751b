package ledger

import (
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"samtykke/app/problem"
)

// A dialect is everything in which one database differs from another. The statements in this package use "?" for values and no
// word that SQLite and PostgreSQL do not share; what they do not share stands here.
type dialect struct {
	driver     string // of database/sql
	goose      goose.Dialect
	write      string // data source of the one connection that writes
	read       string // data source of the connections that read
	migrations string // folder of the embedded migrations
	file       string // the database's file, "" when it is a server
}

// sqliteFile is SQLite in one file. WAL lets readers go on while the writer commits; synchronous FULL makes a commit durable,
// not only consistent; secure_delete overwrites what is deleted, so that an erased profile is gone from the file.
func sqliteFile(path string) dialect {
	source := func(pragmas string) string {
		slashed := filepath.ToSlash(path)
		if runtime.GOOS == "windows" {
			slashed = "/" + slashed
		}
		u := url.URL{Scheme: "file", OmitHost: true, Path: slashed, RawQuery: "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)" +
			"&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=secure_delete(1)" + pragmas}
		return u.String()
	}
	return dialect{
		driver:     "sqlite",
		goose:      goose.DialectSQLite3,
		write:      source("&_txlock=immediate"),
		read:       source("&_pragma=query_only(1)"),
		migrations: "migrations",
		file:       path,
	}
}

// Supported says in words what is wrong with an address that Open would refuse. It touches nothing.
func Supported(database string) error {
	_, err := dialectOf(database)
	return err
}

// dialectOf reads what --database was given: a path, file:path, sqlite:path or sqlite://path.
func dialectOf(database string) (dialect, error) {
	path := database
	if scheme, rest, ok := strings.Cut(database, ":"); ok && len(scheme) > 1 { // one letter is a Windows drive
		if scheme != "sqlite" && scheme != "file" && scheme != "sqlite3" {
			return dialect{}, problem.New(problem.Invalid, "database-unsupported",
				"The database {{.scheme}}: is not supported; nothing was changed; give the path of an SQLite file, such as /var/lib/mediebank/ledger.db.",
				"scheme", scheme)
		}
		path = strings.TrimPrefix(rest, "//")
	}
	absolute, err := filepath.Abs(path)
	if err != nil || path == "" {
		return dialect{}, problem.New(problem.Invalid, "database-unreadable",
			"The database address is empty; nothing was changed; give the path of an SQLite file, such as /var/lib/mediebank/ledger.db.")
	}
	return sqliteFile(absolute), nil
}

// plain turns the driver's errors into those that callers look for: syscall.ENOSPC when the disk is full.
func plain(err error) error {
	var failed *sqlite.Error
	if errors.As(err, &failed) && failed.Code()&0xff == sqlite3.SQLITE_FULL {
		return fmt.Errorf("%w: %w", err, syscall.ENOSPC)
	}
	return err
}
