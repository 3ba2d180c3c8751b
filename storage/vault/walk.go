package vault

import (
	"bytes"
	"runtime"
	"sync"

	"go.etcd.io/bbolt"
)

// Values are opened in batches, a batch on all cores while the one before is handed out. A batch ends with whichever comes first.
const (
	batchEntries = 1024
	batchBytes   = 1 << 20
)

// entry is one key with its sealed value, both in the database's memory, and what the walk has looked up beside it.
type entry struct{ key, sealed, beside []byte }

// batch is some entries and what they open to.
type batch[T any] struct {
	entries []entry
	values  []T
	errs    []error
	opening sync.WaitGroup
}

// walk hands the values of a bucket to fn in the order of their keys. look, when given, says for a key whether its value is
// wanted and finds what open needs beside it; it runs on the caller's goroutine, since a transaction belongs to one. In an Update
// fn may write: what it adds behind the last key that was there at the beginning is not walked.
func walk[T any](t *tx, bucket []byte, look func(key []byte) (wanted bool, beside []byte), open func(entry) (T, error), fn func(T) error) error {
	r := &reader{cursor: t.bolt.Bucket(bucket).Cursor(), look: look}
	if last, _ := r.cursor.Last(); last != nil {
		r.last = bytes.Clone(last)
	}
	current := begin(r, open)
	var next *batch[T]
	defer func() { // whatever happens, nothing reads the database's memory after the transaction
		for _, b := range []*batch[T]{current, next} {
			if b != nil {
				b.opening.Wait()
			}
		}
	}()
	for len(current.entries) > 0 {
		if err := t.ctx.Err(); err != nil {
			return err
		}
		if !t.bolt.Writable() {
			next = begin(r, open)
		}
		current.opening.Wait()
		for i, value := range current.values {
			if err := current.errs[i]; err != nil {
				return err
			}
			if err := fn(value); err != nil {
				return err
			}
		}
		if t.bolt.Writable() {
			next = begin(r, open)
		}
		current, next = next, nil
	}
	return nil
}

// reader reads entries in order. It seeks its place again for every batch, because writing moves a cursor.
type reader struct {
	cursor *bbolt.Cursor
	last   []byte // where the walk ends; nil for an empty bucket
	after  []byte // where it has come
	look   func(key []byte) (wanted bool, beside []byte)
}

func (r *reader) read() (entries []entry) {
	key, value := r.cursor.Seek(r.after)
	if r.after != nil && bytes.Equal(key, r.after) {
		key, value = r.cursor.Next()
	}
	for size := 0; key != nil && bytes.Compare(key, r.last) <= 0 && len(entries) < batchEntries && size < batchBytes; {
		e, wanted := entry{key: key, sealed: value}, true
		if r.look != nil {
			wanted, e.beside = r.look(key)
		}
		if wanted {
			entries = append(entries, e)
			size += len(value)
		}
		r.after = key
		key, value = r.cursor.Next()
	}
	r.after = bytes.Clone(r.after)
	return entries
}

// begin reads a batch and starts opening it.
func begin[T any](r *reader, open func(entry) (T, error)) *batch[T] {
	b := &batch[T]{entries: r.read()}
	b.values, b.errs = make([]T, len(b.entries)), make([]error, len(b.entries))
	workers := min(runtime.GOMAXPROCS(0), (len(b.entries)+63)/64)
	for w := range workers {
		b.opening.Go(func() {
			first, last := len(b.entries)*w/workers, len(b.entries)*(w+1)/workers
			err := guarded(databaseFile, func() error {
				for i := first; i < last; i++ {
					b.values[i], b.errs[i] = open(b.entries[i])
				}
				return nil
			})
			if err != nil && first < last {
				b.errs[first] = err
			}
		})
	}
	return b
}
