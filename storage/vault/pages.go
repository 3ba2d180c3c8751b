package vault

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"os"

	"samtykke/storage/disk"
)

// inspection reads the structure of a bbolt file before bbolt does. bbolt maps the file and follows its page numbers wherever
// they lead: a changed one can end the process or run in a circle for ever. Afterwards every page that can be reached lies
// inside the file, is reached once, and holds its elements inside itself. Contents are not read; sealing looks after those.
//
// The layout is that of bbolt's version 2: in the machine's byte order, pages begin with id u64, flags u16, count u16,
// overflow u32.
type inspection struct {
	file     io.ReaderAt
	pageSize int64
	pages    uint64   // below this number pages are in use or were
	seen     []uint64 // a bit for each page
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
	if err := in.walk(root, make([]byte, in.pageSize)); err != nil {
		return nil, err
	}
	if freelist != noFreelist {
		err = in.walkFreelist(freelist)
	}
	return in, err
}

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

// page reads the first page of a page and its overflow into buffer, after marking all of it as reached.
func (in *inspection) page(id uint64, buffer []byte) (flags uint16, count int, span int64, err error) {
	if id < 2 || id >= in.pages {
		return 0, 0, 0, fmt.Errorf("page %d is not in the file", id)
	}
	if _, err := in.file.ReadAt(buffer, int64(id)*in.pageSize); err != nil {
		return 0, 0, 0, fmt.Errorf("read page %d: %w", id, err)
	}
	overflow := uint64(order.Uint32(buffer[12:]))
	if order.Uint64(buffer) != id || id+overflow >= in.pages {
		return 0, 0, 0, fmt.Errorf("page %d has another's header", id)
	}
	for p := id; p <= id+overflow; p++ {
		if in.seen[p/64]&(1<<(p%64)) != 0 {
			return 0, 0, 0, fmt.Errorf("page %d is used twice", p)
		}
		in.seen[p/64] |= 1 << (p % 64)
	}
	return order.Uint16(buffer[8:]), int(order.Uint16(buffer[10:])), int64(overflow+1) * in.pageSize, nil
}

// walk follows a tree from its root. The buffer is one page long and is not needed by the caller any more.
func (in *inspection) walk(id uint64, buffer []byte) error {
	flags, count, span, err := in.page(id, buffer)
	if err != nil {
		return err
	}
	if flags != branchPage && flags != leafPage || flags == branchPage && count == 0 {
		return fmt.Errorf("page %d is of kind %x with %d elements", id, flags, count)
	}
	at := int64(id) * in.pageSize
	table := int64(pageHeader + count*pageElement)
	if table > span {
		return fmt.Errorf("page %d has too many elements", id)
	}
	content := buffer
	if table > in.pageSize {
		content = make([]byte, table)
		if _, err := in.file.ReadAt(content, at); err != nil {
			return fmt.Errorf("read page %d: %w", id, err)
		}
	}
	children, err := in.elements(content[:table], flags, count, at, span)
	if err != nil {
		return fmt.Errorf("page %d: %w", id, err)
	}
	for _, child := range children {
		if err := in.walk(child, buffer); err != nil {
			return err
		}
	}
	return nil
}

// elements checks a page's table and returns the pages it leads to.
func (in *inspection) elements(table []byte, flags uint16, count int, at, span int64) (children []uint64, err error) {
	for i := range count {
		offset := int64(pageHeader + i*pageElement)
		e := table[offset : offset+pageElement]
		if flags == branchPage {
			if offset+int64(order.Uint32(e))+int64(order.Uint32(e[4:])) > span {
				return nil, fmt.Errorf("element %d reaches out", i)
			}
			children = append(children, order.Uint64(e[8:]))
			continue
		}
		value := offset + int64(order.Uint32(e[4:])) + int64(order.Uint32(e[8:]))
		size := int64(order.Uint32(e[12:]))
		if value+size > span {
			return nil, fmt.Errorf("element %d reaches out", i)
		}
		if order.Uint32(e)&bucketFlag == 0 {
			continue
		}
		root, err := in.bucket(at+value, size)
		if err != nil {
			return nil, fmt.Errorf("bucket %d: %w", i, err)
		}
		if root != 0 {
			children = append(children, root)
		}
	}
	return children, nil
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
	count := int(order.Uint16(inline[10:]))
	if order.Uint16(inline[8:]) != leafPage || pageHeader+count*pageElement > len(inline) {
		return 0, errors.New("another page inside")
	}
	children, err := in.elements(inline, leafPage, count, at+bucketHeader, int64(len(inline)))
	if err == nil && len(children) > 0 {
		err = errors.New("a bucket inside a small bucket")
	}
	return 0, err
}

// walkFreelist checks that no page is both free and in use.
func (in *inspection) walkFreelist(id uint64) error {
	header := make([]byte, in.pageSize)
	flags, count, span, err := in.page(id, header)
	if err != nil {
		return err
	}
	if flags != freelistPage {
		return fmt.Errorf("page %d is of kind %x and not the list of free pages", id, flags)
	}
	content := make([]byte, span)
	if _, err := in.file.ReadAt(content, int64(id)*in.pageSize); err != nil {
		return fmt.Errorf("read page %d: %w", id, err)
	}
	ids, total := content[pageHeader:], uint64(count)
	if count == 0xFFFF { // a longer list has its length in the first place
		total, ids = order.Uint64(ids), ids[8:]
	}
	if total > uint64(len(ids)/8) {
		return errors.New("list of free pages is cut short")
	}
	for i := range total {
		p := order.Uint64(ids[i*8:])
		if p < 2 || p >= in.pages || in.seen[p/64]&(1<<(p%64)) != 0 {
			return fmt.Errorf("page %d is free and in use", p)
		}
		in.seen[p/64] |= 1 << (p % 64)
	}
	return nil
}
