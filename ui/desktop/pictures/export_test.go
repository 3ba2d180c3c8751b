package pictures

// Working tells whether background work has not handed over yet.
func (s *Screen) Working() bool { return s.working > 0 }
