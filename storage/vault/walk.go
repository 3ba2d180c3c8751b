package vault

import (
	"bytes"
	"runtime"
	"sync"
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

// walk hands the values under a prefix to fn in the order of their keys. look, when given, finds for a key what open needs
// beside the value; it runs on the caller's goroutine, since a transaction belongs to one. In an Update fn may write: what it
// adds behind the last key that was there at the beginning is not walked.
func walk[T any](t *tx, bucket, prefix []byte, look func(key []byte) []byte, open func(entry) (T, error), fn func(T) error) error {
	r := &reader{cursor: t.bolt.Bucket(bucket).Cursor(), prefix: prefix, look: look}
	r.end()
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
	cursor interface {
		Seek(seek []byte) (key, value []byte)
		Next() (key, value []byte)
		Prev() (key, value []byte)
		Last() (key, value []byte)
	}
	prefix, last, after []byte
	look                func(key []byte) []byte
}

// end notes the last key under the prefix.
func (r *reader) end() {
	var key []byte
	if beyond := successor(r.prefix); beyond == nil {
		key, _ = r.cursor.Last()
	} else if found, _ := r.cursor.Seek(beyond); found == nil {
		key, _ = r.cursor.Last()
	} else {
		key, _ = r.cursor.Prev()
	}
	if bytes.HasPrefix(key, r.prefix) {
		r.last = bytes.Clone(key)
	}
}

// successor is the first key behind all that have a prefix; nil when there is none.
func successor(prefix []byte) []byte {
	for i := len(prefix) - 1; i >= 0; i-- {
		if prefix[i] < 0xFF {
			s := bytes.Clone(prefix[:i+1])
			s[i]++
			return s
		}
	}
	return nil
}

func (r *reader) read() (entries []entry) {
	if r.last == nil {
		return nil
	}
	from := r.prefix
	if r.after != nil {
		from = r.after
	}
	key, value := r.cursor.Seek(from)
	if r.after != nil && bytes.Equal(key, r.after) {
		key, value = r.cursor.Next()
	}
	for size := 0; key != nil && bytes.Compare(key, r.last) <= 0 && len(entries) < batchEntries && size < batchBytes; {
		entries = append(entries, entry{key: key, sealed: value})
		size += len(value)
		key, value = r.cursor.Next()
	}
	if len(entries) > 0 {
		r.after = bytes.Clone(entries[len(entries)-1].key)
	}
	if r.look != nil {
		for i := range entries {
			entries[i].beside = r.look(entries[i].key)
		}
	}
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
