package device

import "io"

// ahead reads a file from some place on, and the next chunk already while the one before it travels: unsealing and sending would
// take turns otherwise. Two chunks are in memory at a time.
type ahead struct {
	from   io.ReaderAt
	size   int64
	spare  *[][]byte  // buffers that nobody uses, kept from file to file
	coming chan piece // nil: nothing is being read
}

// piece is a part of a file.
type piece struct {
	offset int64
	bytes  []byte
	err    error
}

// next returns the bytes from offset on, at most length of them, and begins to read those after them. They belong to the caller
// until sent gives them back.
func (a *ahead) next(offset, length int64) ([]byte, error) {
	length = min(length, a.size-offset)
	p := a.wait()
	if p.err != nil || p.bytes == nil || p.offset != offset {
		a.sent(p.bytes)
		p = a.read(offset, length)
	}
	if p.err != nil {
		a.sent(p.bytes)
		return nil, p.err
	}
	p.bytes = p.bytes[:min(length, int64(len(p.bytes)))]
	if after := offset + int64(len(p.bytes)); after < a.size {
		coming := make(chan piece, 1)
		buffer := a.buffer(min(length, a.size-after))
		go func() { coming <- readInto(a.from, after, buffer) }()
		a.coming = coming
	}
	return p.bytes, nil
}

func (a *ahead) read(offset, length int64) piece { return readInto(a.from, offset, a.buffer(length)) }

func readInto(from io.ReaderAt, offset int64, buffer []byte) piece {
	_, err := io.ReadFull(io.NewSectionReader(from, offset, int64(len(buffer))), buffer)
	return piece{offset, buffer, err}
}

// wait ends the reading ahead; the file may be closed after it.
func (a *ahead) wait() piece {
	if a.coming == nil {
		return piece{}
	}
	p := <-a.coming
	a.coming = nil
	return p
}

func (a *ahead) close() { a.sent(a.wait().bytes) }

// sent gives bytes back that nobody reads any more.
func (a *ahead) sent(bytes []byte) {
	if bytes != nil && len(*a.spare) < 2 {
		*a.spare = append(*a.spare, bytes)
	}
}

func (a *ahead) buffer(length int64) []byte {
	for last := len(*a.spare) - 1; last >= 0; last-- {
		found := (*a.spare)[last]
		*a.spare = (*a.spare)[:last]
		if int64(cap(found)) >= length {
			return found[:length]
		}
	}
	return make([]byte, length)
}
