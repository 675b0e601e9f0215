package draft

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"

	"sgc.dev/sgc/rule"
)

// writer writes lines of CUE, struct by struct.
type writer struct{ blocks []block }

// block is a struct, or the file, as far as it is written.
type block struct {
	bytes.Buffer
	label  string
	fields int
	lead   bytes.Buffer // comments before the first field
}

func newWriter() *writer { return &writer{make([]block, 1)} }

func (w *writer) top() *block { return &w.blocks[len(w.blocks)-1] }

func (w *writer) line(form string, args ...any) { fmt.Fprintf(w.top(), form+"\n", args...) }

// field writes a field on one line.
func (w *writer) field(form string, args ...any) {
	w.top().fields++
	w.line(form, args...)
}

// open begins a struct.
func (w *writer) open(label string) { w.blocks = append(w.blocks, block{label: label}) }

// section begins a struct of the file, with what it holds said before.
func (w *writer) section(label, title string) {
	w.line("")
	w.comment("%s", title)
	w.open(label)
}

// close ends a struct. One of a single field is written as such, ssh: from: ["office"],
// and what is said of the field is said before. What stands for one without fields is empty.
func (w *writer) close(empty string) {
	b := w.blocks[len(w.blocks)-1]
	w.blocks = w.blocks[:len(w.blocks)-1]
	if b.fields > 1 {
		w.field("%s: {\n%s%s}", b.label, b.lead.String(), b.String())
		return
	}
	if w.top().fields == 0 && len(w.blocks) > 1 {
		w.top().lead.Write(b.lead.Bytes())
	} else {
		w.top().Write(b.lead.Bytes())
	}
	if b.fields == 0 {
		w.field("%s: %s", b.label, empty)
	} else {
		w.field("%s: %s", b.label, strings.TrimSuffix(b.String(), "\n"))
	}
}

// widest is where comments and lists are broken.
const widest = 110

// comment writes text on lines of its own, with nothing in it that could end one.
func (w *writer) comment(form string, args ...any) {
	to := &w.top().Buffer
	if w.top().fields == 0 && len(w.blocks) > 1 {
		to = &w.top().lead
	}
	text := rule.Printable(fmt.Sprintf(form, args...))
	indent := text[:len(text)-len(strings.TrimLeft(text, " "))]
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > widest {
			fmt.Fprintf(to, "// %s\n", line)
			line = ""
		}
		if line == "" {
			line = indent + word
		} else {
			line += " " + word
		}
	}
	fmt.Fprintf(to, "// %s\n", line)
}

// list writes a field that is a list: on one line, or where that is too long on several.
func (w *writer) list(name string, items []string) {
	line := name + ": [" + strings.Join(items, ", ") + "]"
	if len(line) <= widest {
		w.field("%s", line)
		return
	}
	w.field("%s: [", name)
	for len(items) > 0 {
		n, length := 0, 0
		for n < len(items) && (n == 0 || length+len(items[n]) < widest-10) {
			length += len(items[n]) + 2
			n++
		}
		w.line("%s,", strings.Join(items[:n], ", "))
		items = items[n:]
	}
	w.line("]")
}

func quote(s string) string { return literal.String.Quote(s) }

// label is a name as a field of CUE.
func label(s string) string {
	if ast.StringLabelNeedsQuoting(s) {
		return quote(s)
	}
	return s
}
