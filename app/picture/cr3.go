package picture

func readCR3(b *boxReader) (metadata, error) { return metadata{}, unsupported("Canon RAW image (CR3)") }
