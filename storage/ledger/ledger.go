// Package ledger is the library's memory in SQL: events with their Merkle log, devices, invitations, profiles, the change feed
// and the names of stored files (app/library.Ledger). The migrations say what each table holds.
//
// One connection writes and any number read. A write is one transaction that is on disk when Update returns. SQLite in WAL mode
// lets other processes of the same library (invite, verify) work beside the server.
//
// Profiles and subject keys are sealed before they reach the database: a subject's key under the library's, a profile under the
// subject's. Whoever copies the database without the key file reads pseudonyms and hashes.
package ledger

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/pressly/goose/v3"

	"samtykke/app/library"
)

//go:embed migrations/*.sql
var files embed.FS

// Ledger is an open ledger. It is safe for concurrent use.
type Ledger struct {
	write *sql.DB // one connection
	read  *sql.DB
	keys  Keys
}

// Open opens the database at a path or URL and brings its tables up to date. Only one process may be in Open of the same
// database at a time (see Lock).
func Open(ctx context.Context, database string, keys Keys) (*Ledger, error) {
	d, err := dialectOf(database)
	if err != nil {
		return nil, err
	}
	if d.file != "" { // SQLite would make it readable for everybody; its WAL gets the same rights
		f, err := os.OpenFile(d.file, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, fmt.Errorf("open database: %w", err)
		}
		_ = f.Close() // nothing was written
	}
	l := &Ledger{keys: keys}
	if l.write, err = sql.Open(d.driver, d.write); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	l.write.SetMaxOpenConns(1)
	if l.read, err = sql.Open(d.driver, d.read); err != nil {
		_ = l.write.Close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	l.read.SetMaxOpenConns(8)
	if err := l.migrate(ctx, d); err != nil {
		_ = l.Close()
		return nil, fmt.Errorf("bring database up to date: %w", plain(err))
	}
	return l, nil
}

func (l *Ledger) migrate(ctx context.Context, d dialect) error {
	folder, err := fs.Sub(files, d.migrations)
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(d.goose, l.write, folder, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

// Close waits for what runs and closes the database.
func (l *Ledger) Close() error { return errors.Join(l.read.Close(), l.write.Close()) }

// View implements library.Ledger.
func (l *Ledger) View(ctx context.Context, read func(library.Reader) error) error {
	sqlTx, err := l.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return fmt.Errorf("begin reading: %w", plain(err))
	}
	defer func() { _ = sqlTx.Rollback() }() // nothing was written
	return plain(read(l.tx(ctx, sqlTx)))
}

// Update implements library.Ledger.
func (l *Ledger) Update(ctx context.Context, write func(library.Tx) error) error {
	sqlTx, err := l.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin writing: %w", plain(err))
	}
	defer func() { _ = sqlTx.Rollback() }() // does nothing after the commit
	if err := write(l.tx(ctx, sqlTx)); err != nil {
		return plain(err)
	}
	if err := sqlTx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", plain(err))
	}
	return nil
}

// tx is one transaction (library.Reader and library.Tx). A statement that comes again is prepared once.
type tx struct {
	ctx      context.Context
	sql      *sql.Tx
	keys     Keys
	prepared map[string]*sql.Stmt
}

// tx wraps a transaction. The context ends the transaction, but not a statement in its middle: each is short, and the driver
// would start a goroutine for every one of them.
func (l *Ledger) tx(ctx context.Context, sqlTx *sql.Tx) *tx {
	return &tx{ctx: context.WithoutCancel(ctx), sql: sqlTx, keys: l.keys, prepared: map[string]*sql.Stmt{}}
}

func (t *tx) statement(query string) (*sql.Stmt, error) {
	if s := t.prepared[query]; s != nil {
		return s, nil
	}
	s, err := t.sql.PrepareContext(t.ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare statement: %w", err)
	}
	t.prepared[query] = s
	return s, nil
}

func (t *tx) exec(query string, args ...any) error {
	_, err := t.execCount(query, args...)
	return err
}

func (t *tx) execCount(query string, args ...any) (int64, error) {
	s, err := t.statement(query) //nolint:sqlclosecheck // used again; the end of the transaction closes it
	if err != nil {
		return 0, err
	}
	result, err := s.ExecContext(t.ctx, args...)
	if err != nil {
		return 0, fmt.Errorf("write: %w", err)
	}
	return result.RowsAffected()
}

// one scans a single row; false when there is none.
func (t *tx) one(dest []any, query string, args ...any) (bool, error) {
	s, err := t.statement(query) //nolint:sqlclosecheck // used again; the end of the transaction closes it
	if err != nil {
		return false, err
	}
	switch err := s.QueryRowContext(t.ctx, args...).Scan(dest...); {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("read: %w", err)
	}
	return true, nil
}

// scanner is a row.
type scanner interface{ Scan(dest ...any) error }

// list reads every row with scan.
func list[T any](t *tx, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	s, err := t.statement(query) //nolint:sqlclosecheck // used again; the end of the transaction closes it
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(t.ctx, args...)
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("read row: %w", err)
		}
		all = append(all, one)
	}
	return all, rows.Err()
}
