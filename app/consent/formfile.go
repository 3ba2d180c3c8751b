package consent

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// fileValue is one value of a JSON file, with the line on which it ends.
type fileValue struct {
	kind    reflect.Kind // Map, Slice, String, Int (any number), Bool; Invalid for null
	line    int
	text    string // of a number
	members []fileMember
	items   []fileValue
}

// fileMember is a name and its value in an object.
type fileMember struct {
	name  string
	line  int
	value fileValue
}

// byteOrderMark is what some editors put in front of a text.
var byteOrderMark = []byte("\ufeff")

// readFile takes a JSON file apart. When it is not JSON, or not UTF-8, at is the offset of the byte that is wrong.
func readFile(raw []byte) (v fileValue, at int, ok bool) {
	for i := 0; i < len(raw); {
		r, size := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && size < 2 {
			return v, i, false
		}
		i += size
	}
	var whole json.RawMessage
	var wrong *json.SyntaxError
	if err := json.Unmarshal(raw, &whole); errors.As(err, &wrong) {
		return v, int(wrong.Offset) - 1, false
	} else if err != nil {
		return v, 0, false
	}
	r := fileReader{raw: raw, decoder: json.NewDecoder(bytes.NewReader(raw)), line: 1}
	r.decoder.UseNumber()
	return r.value(), 0, true
}

// fileReader walks the tokens of a file that is known to be JSON.
type fileReader struct {
	raw     []byte
	decoder *json.Decoder
	counted int // how many bytes have been counted into line
	line    int
}

// next returns the next token; the reader's line is then the one on which it ends.
func (r *fileReader) next() json.Token {
	token, err := r.decoder.Token()
	if err != nil {
		return nil // cannot be: the whole has been read once
	}
	end := int(r.decoder.InputOffset())
	r.line += bytes.Count(r.raw[r.counted:end], []byte("\n"))
	r.counted = end
	return token
}

func (r *fileReader) value() fileValue {
	token := r.next()
	v := fileValue{line: r.line}
	switch t := token.(type) {
	case json.Delim:
		if t == '{' {
			v.kind = reflect.Map
			for r.decoder.More() {
				name, _ := r.next().(string)
				line := r.line
				v.members = append(v.members, fileMember{name, line, r.value()})
			}
		} else {
			v.kind = reflect.Slice
			for r.decoder.More() {
				v.items = append(v.items, r.value())
			}
		}
		r.next()
	case string:
		v.kind = reflect.String
	case json.Number:
		v.kind, v.text = reflect.Int, t.String()
	case bool:
		v.kind = reflect.Bool
	}
	return v
}

// lineAndColumn counts from 1; a column is a character.
func lineAndColumn(raw []byte, at int) (line, column int) {
	before := raw[:min(max(at, 0), len(raw))]
	last := bytes.LastIndexByte(before, '\n') + 1
	return 1 + bytes.Count(before, []byte("\n")), 1 + utf8.RuneCount(before[last:])
}

// shape holds a value against the Go type it is to be read into: unknown and repeated names, and values of another kind, are
// findings. It notes on which line every field stands.
func (c *formCheck) shape(v fileValue, t reflect.Type, path string) {
	c.lines[path] = v.line
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		if v.kind != reflect.Map {
			c.kindWrong(path, "{…}")
			return
		}
		c.members(v, t, path)
	case reflect.Slice:
		if v.kind != reflect.Slice {
			c.kindWrong(path, "[…]")
			return
		}
		for i, item := range v.items {
			c.shape(item, t.Elem(), fmt.Sprintf("%s[%d]", path, i))
		}
	case reflect.Int:
		if _, err := strconv.Atoi(v.text); v.kind != reflect.Int || err != nil {
			c.kindWrong(path, "12")
		}
	case reflect.Bool:
		if v.kind != reflect.Bool {
			c.kindWrong(path, "true")
		}
	default:
		if v.kind != reflect.String {
			c.kindWrong(path, `"…"`)
		}
	}
}

func (c *formCheck) members(v fileValue, t reflect.Type, path string) {
	seen := map[string]bool{}
	for _, m := range v.members {
		at := below(path, m.name)
		if seen[m.name] {
			c.twice(at, m.line)
			continue
		}
		seen[m.name] = true
		elem := memberType(t, m.name)
		if elem == nil {
			c.lines[at] = m.line
			c.unknownField(at, m.name)
			continue
		}
		c.shape(m.value, elem, at)
		c.lines[at] = m.line // where the name stands is where people look
	}
}

// memberType is what a map holds, or the type of the field that JSON knows by a name, nil when there is none. Unlike encoding/json it
// minds capitals.
func memberType(t reflect.Type, name string) reflect.Type {
	if t.Kind() == reflect.Map {
		return t.Elem()
	}
	for _, field := range reflect.VisibleFields(t) {
		if tag, _, _ := strings.Cut(field.Tag.Get("json"), ","); tag == name {
			return field.Type
		}
	}
	return nil
}

// below is the path of a member: "texts.nb.title".
func below(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// line is where a field stands, or what it would stand in.
func (c *formCheck) line(path string) int {
	line := 1
	around(path, func(at string) bool {
		found, ok := c.lines[at]
		line = max(line, found)
		return ok
	})
	return line
}

// spoiled tells whether a field, or what it stands in, is wrong already: then nothing more is said about it.
func (c *formCheck) spoiled(path string) bool {
	return around(path, func(at string) bool { return c.wrong[at] })
}

// around asks about a path and everything that it stands in, from the inside, until the answer is yes.
func around(path string, ask func(string) bool) bool {
	for !ask(path) {
		if path == "" {
			return false
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return true
}
