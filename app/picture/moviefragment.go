package picture

// A fragmented film (ISO/IEC 14496-12 §8.8) says in its header how it begins, and its length, if at all, in mehd; otherwise it
// is as long as its fragments.

// movieExtends reads the defaults of the fragments.
func (f *movie) movieExtends(b box) error {
	switch b.kind {
	case "mehd":
		h, err := f.fullBox(b, 4)
		if err != nil {
			return err
		}
		f.duration = knownDuration(h.time(), h.long)
	case "trex":
		h, err := f.fullBox(b, 20)
		if err != nil {
			return err
		}
		id := h.uint32()
		h.skip(4)
		if len(f.sampleTimes) < maxTracks {
			f.sampleTimes[id] = h.uint32()
		}
	}
	return nil
}

func (f *movie) track(id uint32) *track {
	for _, t := range f.tracks {
		if t.id == id {
			return t
		}
	}
	return nil
}

// fragment reads one part of a moof box.
func (f *movie) fragment(b box) error {
	if b.kind != "traf" {
		return nil
	}
	var run fragmentRun
	err := f.boxes.each(b.byteRange, func(b box) error { return f.trackFragment(&run, b) })
	if err == nil && run.track != nil {
		run.track.ends = max(run.track.ends, run.at)
	}
	return err
}

// fragmentRun is how far one track fragment has been read.
type fragmentRun struct {
	track      *track
	sampleTime uint32
	at         uint64
}

func (f *movie) trackFragment(run *fragmentRun, b box) error {
	const (
		hasBaseOffset, hasDescription, hasSampleTime = 0x1, 0x2, 0x8
	)
	switch b.kind {
	case "tfhd":
		h, err := f.fullBox(b, 4)
		if err != nil {
			return err
		}
		if run.track = f.track(h.uint32()); run.track == nil {
			return nil
		}
		run.sampleTime, run.at = f.sampleTimes[run.track.id], run.track.ends
		if h.flags&hasBaseOffset != 0 {
			h.skip(8)
		}
		if h.flags&hasDescription != 0 {
			h.skip(4)
		}
		if h.flags&hasSampleTime != 0 {
			run.sampleTime = h.uint32()
		}
	case "tfdt":
		h, err := f.fullBox(b, 4)
		if err != nil {
			return err
		}
		run.at = h.time()
	case "trun":
		return f.trackRun(run, b)
	}
	return nil
}

// trackRun adds the samples of a run to the fragment.
func (f *movie) trackRun(run *fragmentRun, b box) error {
	const (
		hasOffset, hasFirstFlags          = 0x1, 0x4
		hasTime, hasSize, hasFlags, hasCT = 0x100, 0x200, 0x400, 0x800
	)
	p, err := f.boxes.payload(b.byteRange)
	if err != nil || len(p) < 8 {
		return err
	}
	h := fields{data: p}
	flags, count := h.uint32()&0xFFFFFF, h.uint32()
	if flags&hasTime == 0 {
		run.at += uint64(count) * uint64(run.sampleTime)
		return nil
	}
	for _, flag := range []uint32{hasOffset, hasFirstFlags} {
		if flags&flag != 0 {
			h.skip(4)
		}
	}
	width := 4
	for _, flag := range []uint32{hasSize, hasFlags, hasCT} {
		if flags&flag != 0 {
			width += 4
		}
	}
	for range count {
		if len(h.data) < width {
			return cutOff("a fragment has fewer samples than it says")
		}
		run.at += uint64(h.uint32())
		h.skip(width - 4)
	}
	return nil
}
