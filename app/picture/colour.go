package picture

import (
	"encoding/binary"
	"image"
	"math"
)

// toSRGB converts pixels in place from the colour space of an ICC profile to sRGB. It understands what cameras and
// phones embed, RGB profiles of three primaries and a curve each (Adobe RGB, Display P3); pixels with any other profile
// stay as they are, which is what most viewers do.
func toSRGB(img *image.RGBA, icc []byte) {
	p, ok := parseICC(icc)
	if !ok || p.isSRGB() {
		return
	}
	// The inverse of the sRGB primaries, adapted to the D50 white of the profile connection space.
	fromXYZ := [3][3]float64{
		{3.1341359, -1.6173863, -0.4906619},
		{-0.9787955, 1.9162543, 0.0334427},
		{0.0719554, -0.2289768, 1.4053860},
	}
	var m [3][3]float64
	for i := range 3 {
		for j := range 3 {
			for k := range 3 {
				m[i][j] += fromXYZ[i][k] * p.primaries[k][j]
			}
		}
	}
	const steps = 4096
	var encode [steps + 1]uint8
	for i := range encode {
		encode[i] = uint8(math.Round(255 * sRGBEncode(float64(i)/steps)))
	}
	for i := 0; i+3 < len(img.Pix); i += 4 {
		px := img.Pix[i : i+3]
		r, g, b := p.curves[0][px[0]], p.curves[1][px[1]], p.curves[2][px[2]]
		for c := range 3 {
			v := m[c][0]*r + m[c][1]*g + m[c][2]*b
			px[c] = encode[int(math.Round(steps*min(1, max(0, v))))]
		}
	}
}

func sRGBEncode(v float64) float64 {
	if v <= 0.0031308 {
		return 12.92 * v
	}
	return 1.055*math.Pow(v, 1/2.4) - 0.055
}

// iccProfile is a matrix profile: rows of primaries are X, Y, Z, columns red, green, blue.
type iccProfile struct {
	primaries [3][3]float64
	curves    [3][256]float64
}

// isSRGB tells whether a conversion would change nothing that can be seen.
func (p iccProfile) isSRGB() bool {
	want := [3][3]float64{{0.4361, 0.3851, 0.1431}, {0.2225, 0.7169, 0.0606}, {0.0139, 0.0971, 0.7141}}
	for i := range 3 {
		for j := range 3 {
			if math.Abs(p.primaries[i][j]-want[i][j]) > 0.005 {
				return false
			}
		}
		for _, v := range []int{32, 128, 224} {
			if math.Abs(sRGBEncode(p.curves[i][v])-float64(v)/255) > 0.01 {
				return false
			}
		}
	}
	return true
}

// maxICC bounds an embedded profile: those of three primaries and a curve each, which are all that is understood, take a few kilobytes.
const maxICC = 1 << 20

// parseICC reads the tags of a three-component matrix profile (ICC.1:2022 §7 to §10).
func parseICC(icc []byte) (p iccProfile, ok bool) {
	if len(icc) < 132 || string(icc[16:20]) != "RGB " || string(icc[20:24]) != "XYZ " {
		return p, false
	}
	tags := map[string][]byte{}
	for i := range min(int(binary.BigEndian.Uint32(icc[128:])), 100) {
		at := 132 + 12*i
		if at+12 > len(icc) {
			return p, false
		}
		from, n := uint64(binary.BigEndian.Uint32(icc[at+4:])), uint64(binary.BigEndian.Uint32(icc[at+8:]))
		if from+n > uint64(len(icc)) {
			return p, false
		}
		tags[string(icc[at:at+4])] = icc[from : from+n]
	}
	if tags["A2B0"] != nil {
		return p, false
	}
	for c, name := range []string{"r", "g", "b"} {
		xyz := tags[name+"XYZ"]
		if len(xyz) < 20 || string(xyz[:4]) != "XYZ " {
			return p, false
		}
		for i := range 3 {
			p.primaries[i][c] = fixed(xyz[8+4*i:])
		}
		curve, ok := parseCurve(tags[name+"TRC"])
		if !ok {
			return p, false
		}
		for v := range 256 {
			value := curve(float64(v) / 255)
			if math.IsNaN(value) {
				return p, false
			}
			p.curves[c][v] = min(1, max(0, value))
		}
	}
	return p, true
}

func fixed(b []byte) float64 { return float64(int32(binary.BigEndian.Uint32(b))) / 65536 }

// parseCurve reads a curveType or parametricCurveType element.
func parseCurve(b []byte) (func(float64) float64, bool) {
	if len(b) < 12 {
		return nil, false
	}
	switch string(b[:4]) {
	case "curv":
		n := int(binary.BigEndian.Uint32(b[8:]))
		if n < 0 || n > 1<<16 || len(b) < 12+2*n {
			return nil, false
		}
		point := func(i int) float64 { return float64(binary.BigEndian.Uint16(b[12+2*i:])) }
		switch n {
		case 0:
			return func(x float64) float64 { return x }, true
		case 1:
			gamma := point(0) / 256
			return func(x float64) float64 { return math.Pow(x, gamma) }, true
		}
		return func(x float64) float64 {
			at := x * float64(n-1)
			i := min(int(at), n-2)
			part := at - float64(i)
			return (point(i)*(1-part) + point(i+1)*part) / 65535
		}, true
	case "para":
		kind := binary.BigEndian.Uint16(b[8:])
		counts := []int{1, 3, 4, 5, 7}
		if int(kind) >= len(counts) || len(b) < 12+4*counts[kind] {
			return nil, false
		}
		// g, a, b, c, d, e, f of ICC.1 table 68; those that a kind lacks have the values that make it a special case.
		v := [7]float64{1, 1, 0, 0, 0, 0, 0}
		for i := range counts[kind] {
			v[i] = fixed(b[12+4*i:])
		}
		if kind == 1 || kind == 2 {
			// Below −b/a the curve is the constant c (0 for kind 1), which is added above it, too.
			constant := v[3]
			if v[1] == 0 {
				return nil, false
			}
			v[3], v[4], v[5], v[6] = 0, -v[2]/v[1], constant, constant
		}
		return func(x float64) float64 {
			if kind == 0 {
				return math.Pow(x, v[0])
			}
			if x >= v[4] {
				return math.Pow(v[1]*x+v[2], v[0]) + v[5]
			}
			return v[3]*x + v[6]
		}, true
	}
	return nil, false
}
