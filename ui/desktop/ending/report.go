package ending

import (
	"bufio"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"
)

// About is what a report says besides where in the program it ended.
type About struct {
	Program string // name and version
	System  string // operating system, processor, version of Go
	When    string
	Screen  string // the tab that was in view; Keep finds it out itself
}

// These are the only lines of a crash that a report takes over, or parts of them. The Go runtime indents every line of a panic's text but
// the first, so that none of these can be one.
var (
	// runtimePanic are the texts that the runtime itself makes. They hold numbers and names of types, never a value of the program's.
	runtimePanic = regexp.MustCompile(`^panic: (runtime error: (?:index out of range(?: \[-?\d+\])?(?: with length \d+)?|` +
		`slice bounds out of range(?: \[[-\d:]*\])?(?: with (?:length|capacity) \d+)?|invalid memory address or nil pointer dereference|` +
		`integer divide by zero|negative shift amount|makeslice: (?:len|cap) out of range|hash of unhashable type [\w.*/\[\]]+|` +
		`comparing uncomparable type [\w.*/\[\]]+)|assignment to entry in nil map|close of (?:closed|nil) channel|send on closed channel|` +
		`all goroutines are asleep - deadlock!)(?: \[recovered[a-z, ]*\])?$`)
	anyPanic   = regexp.MustCompile(`^panic: `)
	fatalError = regexp.MustCompile(`^fatal error: [a-zA-Z :,'.!-]+$`)
	signalLine = regexp.MustCompile(`^(?:\[signal )?SIG[A-Z]+: [a-z -]+`)
	goroutine  = regexp.MustCompile(`^(?:runtime: )?goroutine \d+ `)
	// frame ends where the arguments begin: numbers among them may be anything.
	frame = regexp.MustCompile(`^(created by )?([\w./~%@-]+?(?:\(\*?\w+(?:\[\.\.\.\])?\)\.[\w.-]+)?(?:\[\.\.\.\])?)(?:\(.*\)| in goroutine \d+)$`)
	line  = regexp.MustCompile(`^\t(\S*[^\t]*\.(?:go|s|c|h)):(\d+)(?: (?:\+|fp=|sp=|pc=)0x[0-9a-f]+)*$`)
)

const (
	// longest is how much of a crash is read, in bytes: a thousand goroutines.
	longest = 4 << 20
	// most is how many lines a report has.
	most = 2000
)

// Report makes a report of what the Go runtime writes about a crash; "" when it has written nothing. What the program said about the
// crash is left out unless the runtime itself words it, and so are all values of arguments and the folders that the program was built in:
// what stays are names of functions, names of source files and numbers of lines.
func Report(crash io.Reader, about About) (string, error) {
	var out strings.Builder
	head, lines := false, 0
	scan := bufio.NewScanner(io.LimitReader(crash, longest))
	scan.Buffer(nil, longest)
	stack := false // the first goroutine has begun
	for scan.Scan() {
		text, ok := "", true
		read := strings.TrimSuffix(scan.Text(), "\r")
		head = head || read != ""
		switch {
		case goroutine.MatchString(read):
			number, _, _ := strings.Cut(strings.TrimPrefix(read[strings.Index(read, "goroutine "):], "goroutine "), " ")
			text, stack = "\ngoroutine "+number+":", true
		case stack && line.MatchString(read):
			m := line.FindStringSubmatch(read)
			text = "\t" + source(m[1]) + ":" + m[2]
		case stack && frame.MatchString(read):
			m := frame.FindStringSubmatch(read)
			text = m[1] + m[2]
		case runtimePanic.MatchString(read):
			text = runtimePanic.FindStringSubmatch(read)[1]
		case anyPanic.MatchString(read):
			text = "panic (its text is left out)"
		case fatalError.MatchString(read):
			text = read
		case signalLine.MatchString(read):
			text = strings.TrimSuffix(strings.TrimPrefix(signalLine.FindString(read), "["), " code")
		default:
			ok = false
		}
		if ok && lines < most {
			lines++
			out.WriteString(text + "\n")
		}
	}
	if err := scan.Err(); err != nil {
		return "", fmt.Errorf("read crash: %w", err)
	}
	if !head {
		return "", nil
	}
	return fmt.Sprintf("%s\n%s\n%s\nScreen: %s\n\n%s", about.Program, about.System, about.When, about.Screen, out.String()), nil
}

// source is a source file without the folders of whoever built the program.
func source(file string) string {
	file = strings.ReplaceAll(file, `\`, "/")
	if !path.IsAbs(file) && !strings.Contains(file, ":") {
		return file // named by its module, as -trimpath does
	}
	return path.Join(path.Base(path.Dir(file)), path.Base(file))
}
