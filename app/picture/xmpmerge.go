package picture

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"github.com/beevik/etree"
)

// parseXMP reads an XMP packet or sidecar. XML that is not well-formed, holds no RDF or is nested absurdly deep is
// damaged.
func parseXMP(data []byte) (*etree.Document, error) {
	data = bytes.TrimPrefix(bytes.Trim(data, "\x00 \t\r\n"), []byte("\uFEFF"))
	doc := etree.NewDocument()
	doc.ReadSettings.MaxDepth = 200
	if !wellFormed(data) || doc.ReadFromBytes(data) != nil {
		return nil, damaged("its XMP metadata is not well-formed")
	}
	if rdfOf(doc) == nil {
		return nil, damaged("its XMP metadata holds no RDF")
	}
	return doc, nil
}

// wellFormed checks what the tree reader does not: that every element is closed, and that there is one root.
func wellFormed(data []byte) bool {
	d := xml.NewDecoder(bytes.NewReader(data))
	roots, depth := 0, 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return roots == 1
		}
		if err != nil {
			return false
		}
		switch token.(type) {
		case xml.StartElement:
			if depth == 0 {
				roots++
			}
			depth++
		case xml.EndElement:
			depth--
		}
	}
}

// rdfOf finds the rdf:RDF element: the root itself, or a child of the root (x:xmpmeta, formerly x:xapmeta).
func rdfOf(doc *etree.Document) *etree.Element {
	root := doc.Root()
	if root == nil {
		return nil
	}
	for _, e := range append([]*etree.Element{root}, root.ChildElements()...) {
		if e.Tag == "RDF" && e.NamespaceURI() == namespaces["rdf"] {
			return e
		}
	}
	return nil
}

// apply replaces our properties in doc and returns it. For an internal copy everything else is kept; for a public copy
// the document is a new one with what [publicXMP] keeps. Applying the same snapshot twice gives the same document.
func (x XMP) apply(doc *etree.Document) *etree.Document {
	if x.public() {
		doc = x.publicXMP(doc, xmpText, xmpTechnical)
	}
	x.nameCreator(doc)
	rdf := rdfOf(doc)
	about := ""
	for i, d := range rdf.ChildElements() {
		if value := aboutOf(d); i == 0 || about == "" {
			about = value
		}
		removeProperties(d, func(namespace, name string, _ func() []string) bool { return x.replaces(namespace, name) })
	}
	for _, d := range rdf.ChildElements() {
		if isEmptyDescription(d) {
			removeWithSpace(rdf, d)
		}
	}
	ours := x.description(about)
	if rdf.Space != "rdf" || rdf.NamespaceURI() != namespaces["rdf"] {
		ours.CreateAttr("xmlns:rdf", namespaces["rdf"])
	}
	newline(ours, 2)
	at := 0
	if all := rdf.ChildElements(); len(all) > 0 {
		at = all[len(all)-1].Index() + 1
	}
	rdf.InsertChildAt(at, etree.NewText("\n  "))
	rdf.InsertChildAt(at+1, ours)
	return doc
}

// nameCreator says who made the picture where the file names nobody.
func (x XMP) nameCreator(doc *etree.Document) {
	if printable(x.Creator) == "" {
		return
	}
	rdf := rdfOf(doc)
	named := false
	for _, d := range rdf.ChildElements() {
		removeProperties(d, func(namespace, name string, _ func() []string) bool {
			named = named || namespace == namespaces["dc"] && name == "creator"
			return false
		})
	}
	if named {
		return
	}
	b := descriptionBuilder{element: etree.NewElement("rdf:Description")}
	b.element.CreateAttr("rdf:about", "")
	if all := rdf.ChildElements(); len(all) > 0 {
		b.element.CreateAttr("rdf:about", aboutOf(all[0]))
	}
	if rdf.Space != "rdf" || rdf.NamespaceURI() != namespaces["rdf"] {
		b.element.CreateAttr("xmlns:rdf", namespaces["rdf"])
	}
	b.property("dc", "creator").CreateElement("rdf:Seq").CreateElement("rdf:li").SetText(printable(x.Creator))
	newline(b.element, 2)
	rdf.InsertChildAt(0, etree.NewText("\n  "))
	rdf.InsertChildAt(1, b.element)
}

// aboutOf returns the subject of a description; all descriptions in one packet must have the same.
func aboutOf(d *etree.Element) string {
	for _, a := range d.Attr {
		if a.Key == "about" && (a.Space == "" || a.NamespaceURI() == namespaces["rdf"]) {
			return a.Value
		}
	}
	return ""
}

// removeProperties removes the properties of one description that match, in attribute and in element form. texts lists
// the strings inside the property in question.
func removeProperties(d *etree.Element, match func(namespace, name string, texts func() []string) bool) {
	kept := make([]etree.Attr, 0, len(d.Attr))
	for _, a := range d.Attr {
		isProperty := a.Space != "" && a.Space != "xmlns" && a.Space != "xml" && a.NamespaceURI() != namespaces["rdf"]
		value := a.Value
		if isProperty && match(a.NamespaceURI(), a.Key, func() []string { return []string{value} }) {
			continue
		}
		kept = append(kept, a)
	}
	d.Attr = kept
	for _, child := range d.ChildElements() {
		if match(child.NamespaceURI(), child.Tag, func() []string { return textsIn(child) }) {
			removeWithSpace(d, child)
		}
	}
}

// textsIn lists the attribute values and texts of an element and everything in it.
func textsIn(e *etree.Element) []string {
	var texts []string
	for _, a := range e.Attr {
		if a.Space != "xmlns" && a.Space != "xml" && a.Key != "xmlns" {
			texts = append(texts, a.Value)
		}
	}
	if s := strings.TrimSpace(e.Text()); s != "" {
		texts = append(texts, s)
	}
	for _, child := range e.ChildElements() {
		texts = append(texts, textsIn(child)...)
	}
	return texts
}

// removeWithSpace removes a child and the white space before it, so that rewriting leaves no holes.
func removeWithSpace(parent, child *etree.Element) {
	if i := child.Index(); i > 0 {
		if space, ok := parent.Child[i-1].(*etree.CharData); ok && space.IsWhitespace() {
			parent.RemoveChildAt(i - 1)
		}
	}
	parent.RemoveChild(child)
}

// isEmptyDescription tells whether a top-level description says nothing.
func isEmptyDescription(d *etree.Element) bool {
	if d.Tag != "Description" || d.NamespaceURI() != namespaces["rdf"] || len(d.ChildElements()) > 0 {
		return false
	}
	for _, a := range d.Attr {
		declaration := a.Space == "xmlns" || a.Space == "" && a.Key == "xmlns"
		if !declaration && a.Key != "about" {
			return false
		}
	}
	return true
}

// addMissing moves the properties of more, the extended part of a packet, to doc; where both have one, doc's stays.
func addMissing(doc, more *etree.Document) {
	rdf := rdfOf(doc)
	type key struct{ namespace, name string }
	have := map[key]bool{}
	for _, d := range rdf.ChildElements() {
		removeProperties(d, func(namespace, name string, _ func() []string) bool {
			have[key{namespace, name}] = true
			return false
		})
	}
	for _, d := range rdfOf(more).ChildElements() {
		moved := d.Copy()
		for outer := d.Parent(); outer != nil; outer = outer.Parent() {
			for _, a := range outer.Attr {
				if (a.Space == "xmlns" || a.Space == "" && a.Key == "xmlns") && moved.SelectAttr(a.FullKey()) == nil {
					moved.CreateAttr(a.FullKey(), a.Value)
				}
			}
		}
		newline(rdf, 2)
		rdf.AddChild(moved)
		removeProperties(moved, func(namespace, name string, _ func() []string) bool { return have[key{namespace, name}] })
	}
	for _, d := range rdf.ChildElements() {
		removeProperties(d, func(namespace, name string, _ func() []string) bool {
			return namespace == namespaces["xmpNote"] && name == "HasExtendedXMP"
		})
	}
}
