package picture

import (
	"strings"
	"unicode/utf8"

	"github.com/beevik/etree"
)

// descriptionBuilder adds properties to one rdf:Description. Empty values add nothing.
type descriptionBuilder struct{ element *etree.Element }

// property opens an element-form property and declares its namespace.
func (b descriptionBuilder) property(prefix, name string) *etree.Element {
	b.declare(prefix)
	newline(b.element, 3)
	return b.element.CreateElement(prefix + ":" + name)
}

func (b descriptionBuilder) declare(prefix string) {
	if b.element.SelectAttr("xmlns:"+prefix) == nil {
		b.element.CreateAttr("xmlns:"+prefix, namespaces[prefix])
	}
}

func (b descriptionBuilder) simple(prefix, name, value string) {
	if value = printable(value); value != "" {
		b.property(prefix, name).SetText(value)
	}
}

// alternative writes a text as a language alternative with the one language x-default.
func (b descriptionBuilder) alternative(prefix, name, value string) {
	if value = printable(value); value != "" {
		alternative(b.property(prefix, name), value)
	}
}

func alternative(property *etree.Element, value string) {
	item := property.CreateElement("rdf:Alt").CreateElement("rdf:li")
	item.CreateAttr("xml:lang", "x-default")
	item.SetText(value)
}

func (b descriptionBuilder) bag(prefix, name string, values []string) {
	if len(values) > 0 {
		bag(b.property(prefix, name), values)
	}
}

func bag(property *etree.Element, values []string) {
	list := property.CreateElement("rdf:Bag")
	for _, v := range values {
		list.CreateElement("rdf:li").SetText(printable(v))
	}
}

// persons writes PersonInImageWDetails: one structure per person, with the code in the place of a name.
func (b descriptionBuilder) persons(ids, codes []string) {
	if len(ids) == 0 {
		return
	}
	list := b.property("Iptc4xmpExt", "PersonInImageWDetails").CreateElement("rdf:Bag")
	for i, id := range ids {
		item := list.CreateElement("rdf:li")
		item.CreateAttr("rdf:parseType", "Resource")
		bag(item.CreateElement("Iptc4xmpExt:PersonId"), []string{id})
		if i < len(codes) {
			alternative(item.CreateElement("Iptc4xmpExt:PersonName"), printable(codes[i]))
		}
	}
}

// heard writes PersonHeard: one entity per person, with the code in the place of a name.
func (b descriptionBuilder) heard(ids, codes []string) {
	if len(ids) == 0 {
		return
	}
	b.declare("xmp")
	list := b.property("Iptc4xmpExt", "PersonHeard").CreateElement("rdf:Bag")
	for i, id := range ids {
		item := list.CreateElement("rdf:li")
		item.CreateAttr("rdf:parseType", "Resource")
		bag(item.CreateElement("xmp:Identifier"), []string{id})
		if i < len(codes) {
			alternative(item.CreateElement("Iptc4xmpExt:Name"), printable(codes[i]))
		}
	}
}

func newline(e *etree.Element, depth int) { e.CreateText("\n" + strings.Repeat(" ", depth)) }

// printable drops what XML 1.0 cannot carry.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n':
			return r
		case r < ' ', r == utf8.RuneError, r == 0xFFFE, r == 0xFFFF:
			return -1
		}
		return r
	}, s)
}

// newXMPDocument returns an x:xmpmeta with an empty rdf:RDF.
func newXMPDocument() *etree.Document {
	doc := etree.NewDocument()
	meta := doc.CreateElement("x:xmpmeta")
	meta.CreateAttr("xmlns:x", namespaces["x"])
	newline(meta, 1)
	rdf := meta.CreateElement("rdf:RDF")
	rdf.CreateAttr("xmlns:rdf", namespaces["rdf"])
	newline(rdf, 1)
	newline(meta, 0)
	return doc
}

const (
	packetBegin   = "<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
	packetEnd     = "<?xpacket end=\"w\"?>"
	packetPadding = 2048
)

// packet serialises the root element of doc between the packet's processing instructions.
func packet(doc *etree.Document, padding int) ([]byte, error) {
	root := etree.NewDocumentWithRoot(doc.Root().Copy())
	body, err := serialise(root)
	if err != nil {
		return nil, err
	}
	var out strings.Builder
	out.WriteString(packetBegin)
	out.Write(body)
	out.WriteByte('\n')
	for line := strings.Repeat(" ", 127) + "\n"; padding >= len(line); padding -= len(line) {
		out.WriteString(line)
	}
	out.WriteString(packetEnd)
	return []byte(out.String()), nil
}

// serialise writes a document so that every text and attribute reads back exactly.
func serialise(doc *etree.Document) ([]byte, error) {
	doc.WriteSettings = etree.WriteSettings{CanonicalAttrVal: true, CanonicalText: true}
	return doc.WriteToBytes()
}
