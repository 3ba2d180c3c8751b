package vault

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"

	"go.etcd.io/bbolt"

	"samtykke/storage/disk"
)

// inspection reads the structure of a bbolt file before bbolt does. bbolt maps the file and follows its page numbers wherever
// they lead: a changed one can end the process or run in a circle for ever, and a changed count makes entries vanish without a
// word. Afterwards every page below the high-water mark is free or reached once, holds its elements one behind the other as bbolt
// writes them, and has its keys in order. Values are not read; sealing looks after those.
//
// The layout is that of bbolt's version 2: in the machine's byte order, pages begin with id u64, flags u16, count u16,
// overflow u32; then the table of elements; then keys and values.
type inspection struct {
	file     io.ReaderAt
	pageSize int64
	pages    uint64   // the high-water mark: below this number pages are in use or were
	seen     []uint64 // a bit for each page
	buffer   []byte   // of one page; only until the next page is read
	Metas    int      // how many of the two meta pages are whole
}

const (
	pageHeader   = 16
	pageElement  = 16
	branchPage   = 0x01
	leafPage     = 0x02
	freelistPage = 0x10
	bucketFlag   = 0x01
	bucketHeader = 16
	metaSize     = 64
	metaMagic    = 0xED0CDAED
	metaVersion  = 2
	noFreelist   = ^uint64(0)
)

var order = binary.NativeEndian

// inspect returns what it found, or an error that says where the file is not what it must be.
func inspect(path string) (*inspection, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, disk.Explain(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return inspectFile(f, info.Size())
}

func inspectFile(f io.ReaderAt, size int64) (*inspection, error) {
	in := &inspection{file: f}
	meta, err := in.readMetas(size)
	if err != nil {
		return nil, err
	}
	root, freelist := order.Uint64(meta[16:]), order.Uint64(meta[32:])
	in.pages = order.Uint64(meta[40:])
	if in.pages < 3 || in.pages > uint64(size/in.pageSize) {
		return nil, fmt.Errorf("file has %d bytes and should have %d pages", size, in.pages)
	}
	in.seen = make([]uint64, in.pages/64+1)
	in.seen[0] = 3 // the two metas
	if err := in.walk(root, nil, nil); err != nil {
		return nil, err
	}
	if freelist != noFreelist {
		if err := in.walkFreelist(freelist); err != nil {
			return nil, err
		}
		for p := range in.pages {
			if !in.reached(p) {
				return nil, fmt.Errorf("page %d is neither free nor in use", p)
			}
		}
	}
	return in, nil
}

func (in *inspection) reached(page uint64) bool { return in.seen[page/64]&(1<<(page%64)) != 0 }

// readMetas finds the whole meta pages and returns the one that counts.
func (in *inspection) readMetas(size int64) (meta []byte, err error) {
	var newest uint64
	try := func(at int64) bool {
		b := make([]byte, pageHeader+metaSize)
		if _, err := in.file.ReadAt(b, at); err != nil {
			return false
		}
		m := b[pageHeader:]
		sum := fnv.New64a()
		sum.Write(m[:metaSize-8])
		pageSize := int64(order.Uint32(m[8:]))
		if order.Uint32(m) != metaMagic || order.Uint32(m[4:]) != metaVersion || order.Uint64(m[metaSize-8:]) != sum.Sum64() ||
			pageSize < 512 || pageSize > 64<<10 || pageSize&(pageSize-1) != 0 || at%pageSize != 0 {
			return false
		}
		in.Metas++
		if txid := order.Uint64(m[48:]); meta == nil || txid > newest {
			meta, newest, in.pageSize = m, txid, pageSize
		}
		return true
	}
	if try(0) {
		try(in.pageSize)
	} else {
		for at := int64(512); at <= 64<<10 && at < size && !try(at); at *= 2 {
		}
	}
	if meta == nil {
		return nil, errors.New("neither meta page is whole")
	}
	return meta, nil
}

// page is one page with its overflow, of which as much is read as is looked at.
type page struct {
	id           uint64
	flags, count int
	span         int64  // bytes, with the overflow
	head         []byte // its first bytes: header and table at least
}

// page reads a page's header and table and marks all of it as reached.
func (in *inspection) page(id uint64) (p page, err error) {
	if id < 2 || id >= in.pages {
		return p, fmt.Errorf("page %d is not in the file", id)
	}
	if in.buffer == nil {
		in.buffer = make([]byte, in.pageSize)
	}
	p = page{id: id, head: in.buffer}
	if _, err := in.file.ReadAt(p.head, int64(id)*in.pageSize); err != nil {
		return p, fmt.Errorf("read page %d: %w", id, err)
	}
	p.flags, p.count = int(order.Uint16(p.head[8:])), int(order.Uint16(p.head[10:]))
	overflow := uint64(order.Uint32(p.head[12:]))
	if order.Uint64(p.head) != id || id+overflow >= in.pages {
		return p, fmt.Errorf("page %d has another's header", id)
	}
	for n := id; n <= id+overflow; n++ {
		if in.reached(n) {
			return p, fmt.Errorf("page %d is used twice", n)
		}
		in.seen[n/64] |= 1 << (n % 64)
	}
	p.span = int64(overflow+1) * in.pageSize
	return p, nil
}

// child is a page that another leads to, with the bounds that its keys must keep; nil is no bound.
type child struct {
	id        uint64
	low, high []byte
}

// walk follows a tree from its root.
func (in *inspection) walk(id uint64, low, high []byte) error {
	p, err := in.page(id)
	if err != nil {
		return err
	}
	if p.flags != branchPage && p.flags != leafPage || p.flags == branchPage && p.count == 0 {
		return fmt.Errorf("page %d is of kind %x with %d elements", id, p.flags, p.count)
	}
	table := int64(pageHeader + p.count*pageElement)
	if table > p.span {
		return fmt.Errorf("page %d has too many elements", id)
	}
	start := int64(id) * in.pageSize
	if table > in.pageSize {
		p.head = make([]byte, table)
		if _, err := in.file.ReadAt(p.head, start); err != nil {
			return fmt.Errorf("read page %d: %w", id, err)
		}
	}
	if p.flags == branchPage {
		p.head = bytes.Clone(p.head) // its keys bound the pages below it
	}
	children, err := in.elements(p, start, low, high)
	if err != nil {
		return fmt.Errorf("page %d: %w", id, err)
	}
	for _, c := range children {
		if err := in.walk(c.id, c.low, c.high); err != nil {
			return err
		}
	}
	return nil
}

// elements checks a page's elements and returns the pages they lead to. start is where the page lies in the file.
func (in *inspection) elements(p page, start int64, low, high []byte) (children []child, err error) {
	expected := int64(pageHeader + p.count*pageElement) // where the next key must lie
	last := low
	for i := range p.count {
		offset := int64(pageHeader + i*pageElement)
		e := p.head[offset : offset+pageElement]
		var keyAt, keySize, valueSize int64
		var flags uint32
		if p.flags == branchPage {
			keyAt, keySize = offset+int64(order.Uint32(e)), int64(order.Uint32(e[4:]))
		} else {
			flags = order.Uint32(e)
			keyAt, keySize, valueSize = offset+int64(order.Uint32(e[4:])), int64(order.Uint32(e[8:])), int64(order.Uint32(e[12:]))
		}
		end := keyAt + keySize + valueSize
		if keyAt != expected || end > p.span || keySize > bbolt.MaxKeySize || flags&^bucketFlag != 0 {
			return nil, fmt.Errorf("element %d lies where it must not", i)
		}
		expected = end
		key, err := in.key(p, start, keyAt, keySize)
		if err != nil {
			return nil, err
		}
		if c := bytes.Compare(key, last); last != nil && (c < 0 || c == 0 && i > 0) || high != nil && bytes.Compare(key, high) >= 0 {
			return nil, fmt.Errorf("the key of element %d is out of order", i)
		}
		last = key
		switch {
		case p.flags == branchPage:
			if n := len(children); n > 0 {
				children[n-1].high = key
			}
			children = append(children, child{id: order.Uint64(e[8:]), low: key, high: high})
		case flags == bucketFlag:
			root, err := in.bucket(start+keyAt+keySize, valueSize)
			if err != nil {
				return nil, fmt.Errorf("bucket %d: %w", i, err)
			}
			if root != 0 {
				children = append(children, child{id: root})
			}
		}
	}
	return children, nil
}

// key reads an element's key, mostly from what has been read already.
func (in *inspection) key(p page, start, at, size int64) ([]byte, error) {
	if end := at + size; end <= int64(len(p.head)) {
		return p.head[at:end], nil
	}
	key := make([]byte, size)
	if _, err := in.file.ReadAt(key, start+at); err != nil {
		return nil, fmt.Errorf("read key: %w", err)
	}
	return key, nil
}

// bucket reads the root of a bucket; 0 for one that lies in the value itself, which is then checked too.
func (in *inspection) bucket(at, size int64) (root uint64, err error) {
	if size < bucketHeader || size > in.pageSize {
		return 0, fmt.Errorf("header of %d bytes", size)
	}
	b := make([]byte, size)
	if _, err := in.file.ReadAt(b, at); err != nil {
		return 0, err
	}
	if root = order.Uint64(b); root != 0 {
		return root, nil
	}
	inline := b[bucketHeader:]
	if len(inline) < pageHeader {
		return 0, errors.New("no page inside")
	}
	p := page{flags: int(order.Uint16(inline[8:])), count: int(order.Uint16(inline[10:])), span: int64(len(inline)), head: inline}
	if p.flags != leafPage || pageHeader+p.count*pageElement > len(inline) {
		return 0, errors.New("another page inside")
	}
	children, err := in.elements(p, at+bucketHeader, nil, nil)
	if err == nil && len(children) > 0 {
		err = errors.New("a bucket inside a small bucket")
	}
	return 0, err
}

// walkFreelist checks that no page is both free and in use.
func (in *inspection) walkFreelist(id uint64) error {
	p, err := in.page(id)
	if err != nil {
		return err
	}
	if p.flags != freelistPage {
		return fmt.Errorf("page %d is of kind %x and not the list of free pages", id, p.flags)
	}
	content := make([]byte, p.span)
	if _, err := in.file.ReadAt(content, int64(id)*in.pageSize); err != nil {
		return fmt.Errorf("read page %d: %w", id, err)
	}
	ids, total := content[pageHeader:], uint64(p.count)
	if p.count == 0xFFFF { // a longer list has its length in the first place
		total, ids = order.Uint64(ids), ids[8:]
	}
	if total > uint64(len(ids)/8) {
		return errors.New("list of free pages is cut short")
	}
	for i := range total {
		free := order.Uint64(ids[i*8:])
		if free < 2 || free >= in.pages || in.reached(free) {
			return fmt.Errorf("page %d is free and in use", free)
		}
		in.seen[free/64] |= 1 << (free % 64)
	}
	return nil
}
