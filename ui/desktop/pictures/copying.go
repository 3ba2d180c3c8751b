package pictures

// Chosen gives the file names of the selected pictures, in the order of the grid, for the clipboard.
func (s *Screen) Chosen() []string {
	var names []string
	for _, r := range s.selection() {
		names = append(names, r.thumb.Name)
	}
	return names
}
