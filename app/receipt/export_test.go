package receipt

import "image"

// SignatureSize is the size in pixels at which a signature would be printed; zero for one without ink.
func SignatureSize(data []byte) (image.Point, error) {
	picture, err := readSignature(data)
	if err != nil || picture == nil {
		return image.Point{}, err
	}
	return picture.size, nil
}
