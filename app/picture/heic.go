package picture

func readHEIC(b *boxReader) (metadata, error) { return metadata{}, unsupported("HEIC image") }
