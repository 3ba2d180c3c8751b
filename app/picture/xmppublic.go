package picture

import (
	"regexp"
	"slices"
	"strings"

	"github.com/beevik/etree"
)

// xmpValue says what a property may hold in a public copy.
type xmpValue uint8

const (
	// xmpText: any text, list or structure. Only for credit and rights.
	xmpText xmpValue = iota + 1
	// xmpTechnical: numbers, times, and the image format.
	xmpTechnical
)

// xmpProperties are the foreign properties that stay in a public copy, and the fields of structures in them, by prefix.
// Of PLUS those are missing that are about models, or are notes, file names and references of the parties.
var xmpProperties = map[string]map[string]xmpValue{
	"dc":        merge(texts("creator rights"), technical("format")),
	"photoshop": {"Credit": xmpText, "DateCreated": xmpTechnical},
	"xmpRights": texts("Certificate Marked Owner UsageTerms WebStatement"),
	"cc":        texts("license attributionName attributionURL"),
	"plus": texts(`CopyrightOwner CopyrightOwnerID CopyrightOwnerName ImageCreator ImageCreatorID ImageCreatorName
		ImageSupplier ImageSupplierID ImageSupplierName Licensor LicensorID LicensorName LicensorURL LicensorEmail
		LicensorStreetAddress LicensorExtendedAddress LicensorCity LicensorRegion LicensorPostalCode LicensorCountry
		LicensorTelephone1 LicensorTelephone2 LicensorTelephoneType1 LicensorTelephoneType2 Version CopyrightStatus
		CopyrightRegistrationNumber CreditLineRequired LicenseStartDate LicenseEndDate MediaSummaryCode MediaConstraints
		RegionConstraints ProductOrServiceConstraints ImageFileConstraints ImageAlterationConstraints
		ImageDuplicationConstraints OtherConstraints OtherLicenseRequirements TermsAndConditionsText
		TermsAndConditionsURL PropertyReleaseStatus`),
	"xmp": technical("CreateDate ModifyDate MetadataDate"),
	"tiff": merge(texts("Artist Copyright"), technical(`Orientation XResolution YResolution ResolutionUnit ImageWidth
		ImageLength BitsPerSample Compression PhotometricInterpretation SamplesPerPixel PlanarConfiguration DateTime`)),
	"exif": technical(`ColorSpace PixelXDimension PixelYDimension DateTimeOriginal DateTimeDigitized ExposureTime FNumber
		ExposureProgram ISOSpeedRatings ShutterSpeedValue ApertureValue BrightnessValue ExposureBiasValue MaxApertureValue
		MeteringMode LightSource FocalLength FocalLengthIn35mmFilm ExposureMode WhiteBalance SceneCaptureType`),
	"exifEX": technical("PhotographicSensitivity SensitivityType RecommendedExposureIndex Gamma"),
}

func texts(names string) map[string]xmpValue     { return values(names, xmpText) }
func technical(names string) map[string]xmpValue { return values(names, xmpTechnical) }

func values(names string, v xmpValue) map[string]xmpValue {
	m := map[string]xmpValue{}
	for _, name := range strings.Fields(names) {
		m[name] = v
	}
	return m
}

func merge(a, b map[string]xmpValue) map[string]xmpValue {
	for name, v := range b {
		a[name] = v
	}
	return a
}

var (
	technicalText = regexp.MustCompile(`^([-+0-9.:/ TZ]{1,40}|image/[a-z]{1,8})$`)
	language      = regexp.MustCompile(`^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8}){0,4}$`)
)

// publicXMP returns a new document with the properties of xmpProperties, each once, and nothing else: no foreign
// namespaces, comments, processing instructions, or names of tools and subjects. stays says of which kinds.
func (x XMP) publicXMP(from *etree.Document, stays ...xmpValue) *etree.Document {
	doc := newXMPDocument()
	b := descriptionBuilder{element: etree.NewElement("rdf:Description")}
	b.element.CreateAttr("rdf:about", "")
	prefixes := map[string]string{}
	for prefix, namespace := range namespaces {
		prefixes[namespace] = prefix
	}
	have := map[string]bool{}
	add := func(source *etree.Element, namespace, name, value string) {
		prefix := prefixes[namespace]
		rule := xmpProperties[prefix][name]
		key := prefix + ":" + name
		if !slices.Contains(stays, rule) || have[key] || x.replaces(namespace, name) {
			return
		}
		property := etree.NewElement(key)
		if source != nil {
			rebuild(property, source, rule, prefix, prefixes)
		} else {
			setText(property, value, rule)
		}
		if isEmpty(property) {
			return
		}
		have[key] = true
		b.declare(prefix)
		newline(b.element, 3)
		b.element.AddChild(property)
	}
	for _, d := range rdfOf(from).ChildElements() {
		if d.Tag != "Description" || prefixes[d.NamespaceURI()] != "rdf" {
			continue
		}
		for _, a := range d.Attr {
			if a.Space != "" {
				add(nil, a.NamespaceURI(), a.Key, a.Value)
			}
		}
		for _, child := range d.ChildElements() {
			add(child, child.NamespaceURI(), child.Tag, "")
		}
	}
	if len(have) == 0 {
		return doc
	}
	newline(b.element, 2)
	rdf := rdfOf(doc)
	rdf.InsertChildAt(0, etree.NewText("\n  "))
	rdf.InsertChildAt(1, b.element)
	return doc
}

// rebuild copies into to what a public copy may have of the content of from: texts, RDF's containers, and fields of
// structures in the property's own namespace.
func rebuild(to, from *etree.Element, rule xmpValue, prefix string, prefixes map[string]string) {
	for _, a := range from.Attr {
		space := prefixes[a.NamespaceURI()]
		switch {
		case a.Space == "xml" && a.Key == "lang" && language.MatchString(a.Value):
			to.CreateAttr("xml:lang", a.Value)
		case a.Space == "" || a.Space == "xmlns":
		case space == "rdf" && (a.Key == "resource" && rule == xmpText || a.Key == "parseType" && a.Value == "Resource"):
			to.CreateAttr("rdf:"+a.Key, printable(a.Value))
		case space == prefix && rule == xmpText && xmpProperties[prefix][a.Key] == xmpText:
			to.CreateAttr(prefix+":"+a.Key, printable(a.Value))
		}
	}
	children := from.ChildElements()
	if len(children) == 0 {
		var text strings.Builder
		for _, token := range from.Child {
			if c, ok := token.(*etree.CharData); ok {
				text.WriteString(c.Data)
			}
		}
		setText(to, text.String(), rule)
		return
	}
	for _, child := range children {
		space := prefixes[child.NamespaceURI()]
		switch {
		case space == "rdf" && rdfElements[child.Tag]:
		case space == prefix && rule == xmpText && xmpProperties[prefix][child.Tag] == xmpText:
		default:
			continue
		}
		copied := etree.NewElement(space + ":" + child.Tag)
		rebuild(copied, child, rule, prefix, prefixes)
		if !isEmpty(copied) {
			to.AddChild(copied)
		}
	}
}

// rdfElements are RDF's own elements inside a property.
var rdfElements = map[string]bool{"Alt": true, "Bag": true, "Seq": true, "li": true, "Description": true, "value": true}

func setText(e *etree.Element, text string, rule xmpValue) {
	text = printable(text)
	if strings.TrimSpace(text) != "" && (rule == xmpText || technicalText.MatchString(text)) {
		e.SetText(text)
	}
}

// isEmpty tells whether an element says nothing: it has neither content nor attributes other than its form and language.
func isEmpty(e *etree.Element) bool {
	for _, a := range e.Attr {
		if a.FullKey() != "xml:lang" && a.FullKey() != "rdf:parseType" {
			return false
		}
	}
	return len(e.Child) == 0
}
