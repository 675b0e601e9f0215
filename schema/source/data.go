package source

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/token"
	"cuelang.org/go/encoding/json"
	"cuelang.org/go/encoding/toml"
	"cuelang.org/go/encoding/yaml"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/guard"
	"sgc.dev/sgc/schema/written"
)

// dataSyntax is a data file as CUE.
func (l *Loader) dataSyntax(d dataFile) (*ast.File, error) {
	name, src := "-", l.Stdin
	if d.path != "-" {
		name = shown(l.dir, d.path)
		var err error
		if src, err = readFile(d.path); err != nil {
			return nil, &fault.Error{Pos: rule.Pos{File: name}, Message: reason(err)}
		}
	}
	src = bytes.TrimPrefix(src, []byte("\uFEFF")) // that editors of Windows write
	f, err := decoded(name, src, d.encoding)
	if told, ok := err.(*fault.Error); ok {
		return f, told
	}
	if err != nil {
		told := dataFault(name, err)
		if d.encoding == "yaml" {
			told.Pos.Line, told.Pos.Column = unreadFrom(src, told.Pos.Line), 1
		}
		if lines := bytes.Split(src, []byte("\n")); told.Pos.Line <= len(lines) {
			told.Message = cmp.Or(dataSlips.Of(fmt.Sprintf("%s\n%s", told.Message, lines[max(0, told.Pos.Line-1)])), told.Message)
		}
		return f, told
	}
	if err := guard.CheckDepth(f, l.limits.Nesting); err != nil {
		return f, err
	}
	return f, ambiguous(f, map[string]token.Pos{})
}

// ambiguous refuses what other readers of a data file take for something else: a number that
// is not in plain digits, and a name that is there twice in a struct, of which most keep the
// last. names has those that come before n in its struct.
func ambiguous(n ast.Node, names map[string]token.Pos) (err error) {
	ast.Walk(n, func(child ast.Node) bool {
		if err != nil {
			return false
		}
		switch child := child.(type) {
		case *ast.BasicLit:
			var number literal.NumInfo
			if child.Kind == token.INT && literal.ParseNum(child.Value, &number) == nil && number.String() != child.Value {
				err = &fault.Error{Pos: written.Position(child.Pos()), Message: fmt.Sprintf("this number is read as %s: write it in plain digits, or a text in quotes", &number)}
			}
		case *ast.StructLit:
			if child != n {
				err = ambiguous(child, map[string]token.Pos{})
				return false
			}
		case *ast.Field:
			name, _ := written.LabelName(child.Label)
			if first, twice := names[name]; twice {
				err = &fault.Error{Pos: written.Position(child.Pos()), Message: fmt.Sprintf("%q is there twice, first at line %d: write one of them, with all that both have", name, first.Line())}
			}
			names[name] = child.Pos()
		}
		return err == nil
	}, nil)
	return err
}

func decoded(name string, src []byte, encoding string) (*ast.File, error) {
	var expr ast.Expr
	var err error
	switch encoding {
	case "yaml":
		f, err := yaml.Extract(name, src)
		if err == nil {
			err = oneDocument(f)
		}
		return f, err
	case "json":
		expr, err = json.Extract(name, src)
	case "toml":
		expr, err = toml.NewDecoder(name, bytes.NewReader(src)).Decode()
	}
	if err != nil {
		return nil, err
	}
	f := &ast.File{Filename: name}
	if s, ok := expr.(*ast.StructLit); ok {
		f.Decls = s.Elts
	} else {
		f.Decls = []ast.Decl{&ast.EmbedDecl{Expr: expr}}
	}
	return f, nil
}

// oneDocument refuses several YAML documents in one file, which CUE makes into a
// list that stands nowhere. Of none it makes "*null | _", which goes.
func oneDocument(f *ast.File) error {
	if len(f.Decls) != 1 {
		return nil
	}
	e, ok := f.Decls[0].(*ast.EmbedDecl)
	if !ok {
		return nil
	}
	if _, none := e.Expr.(*ast.BinaryExpr); none {
		f.Decls = nil
	}
	if list, ok := e.Expr.(*ast.ListLit); ok && !list.Lbrack.IsValid() && len(list.Elts) > 1 {
		at := rule.Pos{File: f.Filename}
		if p := list.Elts[1].Pos(); p.IsValid() {
			at = written.Position(p)
		}
		return &fault.Error{Pos: at, Message: "a second document begins here: write one document per file"}
	}
	return nil
}

// dataFault is an error of a data file at its place, which the decoders tell in
// as many ways as there are of them.
func dataFault(name string, err error) *fault.Error {
	at := rule.Pos{File: name}
	if p := errors.Positions(err); len(p) > 0 {
		at = written.Position(p[0])
	}
	message := strings.TrimPrefix(err.Error(), fmt.Sprintf("invalid JSON for file %q: ", name))
	if rest, ok := strings.CutPrefix(message, name+":"); ok {
		message = strings.TrimSpace(rest)
		if line, rest, ok := strings.Cut(message, ":"); ok && strings.Trim(line, "0123456789") == "" {
			at.Line, _ = strconv.Atoi(line)
			at.Column = max(at.Column, 1)
			message = strings.TrimSpace(rest)
		}
	}
	return &fault.Error{Pos: at, Message: message}
}

// unreadFrom is the line at which YAML stops being readable: that after the most lines that
// can be read by themselves. The decoder names one about it, mostly before.
func unreadFrom(src []byte, near int) int {
	const around = 40
	lines := bytes.SplitAfter(src, []byte("\n"))
	for n := min(len(lines)-1, near+around); n >= max(0, near-around); n-- {
		if _, err := yaml.Extract("", bytes.Join(lines[:n], nil)); err == nil {
			return n + 1
		}
	}
	return near
}

// dataSlips is what the decoders say, then the line, and what is said here.
var dataSlips = fault.NewSayings(
	`\n[<|>=]{7}(?:\s.*)?$`, "two versions were merged here, and both are left: keep one, and take out the lines that begin with <<<<<<<, ======= and >>>>>>>",
	`cannot start any token\n\s*\t`, "YAML is indented with blanks, not with tabs",
	`cannot start any token\n.*[:\s\[,{]([@%`+"`"+`][^\s\],}]*)|comment or line break\n.*[:\s]([|>]\S*)`, `a text that begins so must be in quotes: write "$1$2"`,
	`^did not find expected ',' or '(.)'`, `a comma, or the "$1", is missing`,
	`^array elements must be separated by commas`, `a comma, or the "]", is missing`,
	`^could not find expected ':'`, "a colon is missing, or this belongs to the text before: indent it as far",
	`^found unknown escape|^invalid escaped|^invalid character .* in string escape`, `"\" begins an escape: write "\\" for one`,
	`^basic strings cannot have new lines|^invalid character '\\n' in string literal`, "a quotation mark is missing",
	`^duplicate key: (.*)`, "$1 is there twice: keep one",
	`^(?:incomplete number|expected 'nan').*\n[^=]*=\s*$`, "a value is missing",
	`^expected newline but got .*\n[^=]*=\s*0+(\d+)\s*$`, "a number has no leading zeros: write $1",
	`^(?:incomplete number|expected 'nan').*\n[^=]*=\s*[“„]?([^\s\[\]"',;#“”]+)`, `a text must be in quotes: "$1"`,
	`^expected newline but got .*'([\S])'`, `unexpected "$1": remove it, or begin a new line before it`,
	`^invalid character at start of key: \s`, "a value in braces stands on one line",
	`^invalid character at start of key: (.)`, `unexpected "$1": a line is a name, "=" and a value, and comments start with #`,
	`^did not find expected (?:key|'-' indicator|<document start>)`, "this does not go on with the lines before it: indent it as those that it belongs to, or close what is open there",
	`^did not find expected node content`, "a value is missing, or what closes the brackets before it",
	`^mapping values are not allowed`, `two ":" are in one line: put a text in quotes, or begin a new line, indented further`,
	`^found unexpected end of stream`, "a quotation mark is missing",
	`^unknown anchor '(.*)'`, "nothing has the anchor &$1",
	`^invalid character '/' [^\n]*\n.*//`, "JSON has no comments: remove it",
	`^invalid character '\\'' looking for beginning of value`, "a text stands in double quotation marks",
	`^invalid character '(.)' looking for beginning of value`, `a value is missing before "$1", or it lacks its quotes`,
	`^invalid character '}' looking for beginning of object key`, `one comma is too many before the "}"`,
	`^invalid character .* looking for beginning of object key`, `a field's name stands in double quotation marks`,
	`^invalid character '(.*)' after (?:object key:value pair|array element)`, `a comma is missing before $1`,
	`^invalid character '(.*)' after object key`, `a colon is missing before $1`,
	`^invalid character '(.*)' after top-level value`, `the file has ended before $1: take out what follows`,
	`^expected character (\S)\n`, `a "$1" is missing`,
	`^unexpected end of JSON input`, "the file ends before all brackets are closed",
)

// readFile reads a file that the user named, of a size that a policy may have.
func readFile(name string) ([]byte, error) {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return nil, fmt.Errorf("%s", notAFile)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readAll(f, "the file")
}

func readAll(r io.Reader, what string) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err == nil && len(data) > maxFile {
		err = fmt.Errorf("%s has more than %d MiB", what, maxFile>>20)
	}
	return data, err
}
