package capture

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // scans of paper
	_ "image/png"
	"io"
	"strings"

	"github.com/fyne-io/oksvg"
	"github.com/srwiley/rasterx"

	"samtykke/app/problem"
)

// maxSignaturePixels bounds a signature image, so that a small file cannot unfold into a huge picture.
const maxSignaturePixels = 40_000_000

// checkSignature says what a signature file is, and refuses one that shows nothing.
func checkSignature(method Method, file []byte) (mime string, err error) {
	switch {
	case len(file) == 0:
		return "", signatureEmpty()
	case len(file) > MaxBlob:
		return "", problem.New(problem.Invalid, "signature-too-large", "The signature file is larger than 24 MB; nothing was saved; scan the paper at 150 to 300 dpi.")
	case bytes.HasPrefix(file, []byte("%PDF-")) && method == Paper:
		if !bytes.Contains(file[max(0, len(file)-pdfEnd):], []byte("%%EOF")) {
			return "", signatureUnreadable(errors.New("the PDF has no end"))
		}
		return "application/pdf", nil
	case isSVG(file) && method == Drawn:
		if err := onlyDraws(file); err != nil {
			return "", signatureUnreadable(err)
		}
		picture, err := rasteriseSVG(file, 600)
		if err != nil {
			return "", signatureUnreadable(err)
		}
		if blank(picture) {
			return "", signatureEmpty()
		}
		return "image/svg+xml", nil
	}
	picture, format, err := decodeSignature(file)
	if err != nil {
		return "", signatureUnreadable(err)
	}
	if format == "jpeg" && method != Paper {
		return "", signatureUnreadable(errors.New("a drawn signature is PNG or SVG"))
	}
	if blank(picture) {
		return "", signatureEmpty()
	}
	return "image/" + format, nil
}

// pdfEnd is within how many bytes of its end a PDF says that it ends, as readers expect it; one that was cut short does not.
const pdfEnd = 1024

// onlyDraws refuses an SVG that does more than draw lines and shapes of its own. It is kept as it is and handed out with an access
// export, where a browser would run its scripts and fetch what it refers to.
func onlyDraws(file []byte) error {
	decoder := xml.NewDecoder(bytes.NewReader(file))
	for {
		token, err := decoder.Token()
		switch t := token.(type) {
		case xml.StartElement:
			if !harmless(t.Name) {
				return fmt.Errorf("the drawing holds <%s>", t.Name.Local)
			}
			for _, a := range t.Attr {
				if name := strings.ToLower(a.Name.Local); strings.HasPrefix(name, "on") || name == "href" || strings.Contains(a.Value, "url(") {
					return fmt.Errorf("the drawing has %s", name)
				}
			}
		case xml.Directive:
			if bytes.Contains(t, []byte("[")) {
				return errors.New("the drawing declares entities")
			}
		case xml.ProcInst:
			if t.Target != "xml" {
				return errors.New("the drawing has a processing instruction")
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// harmless tells whether an element draws, or is what drawing programs note about a drawing; a browser does nothing with those.
func harmless(name xml.Name) bool {
	switch name.Space {
	case "", "http://www.w3.org/2000/svg":
		return drawing[name.Local]
	case "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://purl.org/dc/elements/1.1/", "http://creativecommons.org/ns#",
		"http://www.inkscape.org/namespaces/inkscape", "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd":
		return true
	}
	return false
}

// drawing are the elements of an SVG that draw, or say what it is.
var drawing = map[string]bool{"svg": true, "g": true, "path": true, "line": true, "polyline": true, "polygon": true, "circle": true,
	"ellipse": true, "rect": true, "text": true, "tspan": true, "defs": true, "title": true, "desc": true, "metadata": true}

// decodeSignature reads a PNG or JPEG picture of bounded size. It looks for itself which of the two: the standard library's registry
// also holds what app/picture reads from cards.
func decodeSignature(file []byte) (image.Image, string, error) {
	if !bytes.HasPrefix(file, []byte("\x89PNG")) && !bytes.HasPrefix(file, []byte("\xFF\xD8")) {
		return nil, "", image.ErrFormat
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return nil, "", err
	}
	if config.Width*config.Height > maxSignaturePixels {
		return nil, "", errors.New("too many pixels")
	}
	return image.Decode(bytes.NewReader(file))
}

// signaturePicture is a signature that a receipt can show; nil when it cannot be shown (a PDF).
func signaturePicture(file []byte) (image.Image, error) {
	if bytes.HasPrefix(file, []byte("%PDF-")) {
		return nil, nil
	}
	if isSVG(file) {
		return rasteriseSVG(file, 900)
	}
	picture, _, err := decodeSignature(file) // also here: it may have come with another vault
	return picture, err
}

func isSVG(file []byte) bool {
	decoder := xml.NewDecoder(bytes.NewReader(file))
	for {
		token, err := decoder.Token()
		if err != nil {
			return false
		}
		if start, ok := token.(xml.StartElement); ok {
			return strings.EqualFold(start.Name.Local, "svg")
		}
	}
}

// rasteriseSVG draws an SVG on white, width pixels wide.
func rasteriseSVG(file []byte, width int) (picture image.Image, err error) {
	defer func() {
		if r := recover(); r != nil { // the parser trusts its input more than we do
			picture, err = nil, errors.New("the drawing cannot be read")
		}
	}()
	icon, err := oksvg.ReadIconStream(io.LimitReader(bytes.NewReader(file), MaxBlob), oksvg.IgnoreErrorMode)
	if err != nil {
		return nil, err
	}
	if icon.ViewBox.W <= 0 || icon.ViewBox.H <= 0 {
		return nil, errors.New("the drawing has no size")
	}
	height := int(float64(width) * icon.ViewBox.H / icon.ViewBox.W)
	if height < 1 || height > 4*width {
		return nil, errors.New("the drawing has no usable shape")
	}
	icon.SetTarget(0, 0, float64(width), float64(height))
	canvas := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range canvas.Pix {
		canvas.Pix[i] = 0xff
	}
	icon.Draw(rasterx.NewDasher(width, height, rasterx.NewScannerGV(width, height, canvas, canvas.Bounds())), 1)
	return canvas, nil
}

// blank tells whether a picture has the same colour everywhere.
func blank(picture image.Image) bool {
	bounds := picture.Bounds()
	first := color.NRGBAModel.Convert(picture.At(bounds.Min.X, bounds.Min.Y))
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			if color.NRGBAModel.Convert(picture.At(x, y)) != first {
				return false
			}
		}
	}
	return true
}

func signatureEmpty() error {
	return problem.New(problem.Invalid, "signature-empty", "The signature is empty; nothing was saved; let the person sign, or type the name beside it.")
}

func signatureUnreadable(cause error) error {
	return problem.New(problem.Invalid, "signature-unreadable",
		"The signature file is not a picture that can be read; nothing was saved; give a PNG or SVG of the signature, or a PNG, JPEG or PDF of the paper.").Because(cause)
}
