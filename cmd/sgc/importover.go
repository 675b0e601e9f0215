package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/parser"

	"sgc.dev/sgc/rule"
)

// isThere says why a file that is there is not written to without -f, which is no cure for a
// policy.
func isThere(file string) error {
	if tiers, err := tiersIn(file); err == nil && tiers != nil {
		return fmt.Errorf("%s is part of a policy: sgc import %s adds to it, -o names another file", file, folderOf(file))
	}
	return fmt.Errorf("%s is there already: -f overwrites it, -o names another file", file)
}

// policyBeside is another file in the folder of a file that has tiers, "" where there is none.
func policyBeside(file string) string {
	names, err := filepath.Glob(filepath.Join(filepath.Dir(file), "*.cue"))
	if err != nil {
		return ""
	}
	for _, name := range names {
		if there, err := os.Stat(name); err != nil || !there.Mode().IsRegular() {
			continue
		}
		if tiers, err := tiersIn(name); err == nil && tiers != nil && filepath.Base(name) != filepath.Base(file) {
			return name
		}
	}
	return ""
}

// mayReplace says why a file is not overwritten even with -f: it has what the text does not.
func mayReplace(file string, text []byte) error {
	was, err := tiersIn(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("%s is not overwritten, since nobody knows what would be lost (%w): move it away, or -o names another file", file, err)
	}
	is, err := tiersOf(file, text)
	if err != nil {
		return err
	}
	lost := slices.DeleteFunc(was, func(tier string) bool { return slices.Contains(is, tier) })
	if len(lost) > 0 {
		return fmt.Errorf("%s is not overwritten, since this would be lost: %s; sgc import %s adds to it, -o names another file", file, strings.Join(lost, ", "), folderOf(file))
	}
	return nil
}

// showDiff shows a text as what patch makes a file of: of what is there, nothing stays.
func showDiff(w io.Writer, file string, text []byte) error {
	from, old := filepath.ToSlash(file), []byte(nil)
	if was, err := readFile(file); err == nil {
		old = was
	} else {
		from = "/dev/null"
	}
	var diff strings.Builder
	fmt.Fprintf(&diff, "--- %s\n+++ %s\n@@ -%s +%s @@\n", rule.Printable(from), rule.Printable(filepath.ToSlash(file)), hunk(old), hunk(text))
	for _, part := range []struct {
		sign string
		text []byte
	}{{"-", old}, {"+", text}} {
		for line := range strings.Lines(string(part.text)) {
			diff.WriteString(part.sign + line)
			if !strings.HasSuffix(line, "\n") {
				diff.WriteString("\n\\ No newline at end of file\n")
			}
		}
	}
	_, err := io.WriteString(w, diff.String())
	return err
}

// hunk is which lines of a whole text a diff is about.
func hunk(text []byte) string {
	lines := 0
	for range strings.Lines(string(text)) {
		lines++
	}
	return fmt.Sprintf("%d,%d", min(lines, 1), lines)
}

// folderOf is the folder of a file, as inputs name one.
func folderOf(file string) string {
	folder := filepath.ToSlash(filepath.Dir(file))
	if folder == "." || filepath.IsAbs(file) || strings.HasPrefix(folder, "..") {
		return folder
	}
	return "./" + folder
}

func tiersIn(file string) ([]string, error) {
	data, err := readFile(file)
	if err != nil {
		return nil, err
	}
	return tiersOf(file, data)
}

// other is what a file of a policy has instead of tiers by name.
const other = "what no import writes"

// tiersOf is the tiers that a file of CUE has, whether or not it is a policy by itself. [other]
// stands for those that only evaluating it could tell, and for what a file without tiers has.
func tiersOf(file string, data []byte) ([]string, error) {
	f, err := parser.ParseFile(file, data)
	if err != nil {
		return nil, err
	}
	var tiers []string
	fields := 0
	for _, decl := range f.Decls {
		switch decl := decl.(type) {
		case *ast.Package, *ast.CommentGroup:
		case *ast.Field:
			fields++
			if name, _, _ := ast.LabelName(decl.Label); name == "tiers" {
				tiers = append(tiers, labelsOf(decl.Value)...)
			}
		default:
			fields++
		}
	}
	if tiers == nil && fields > 0 {
		tiers = []string{other}
	}
	return tiers, nil
}

// labelsOf is the names of the fields of a struct, and [other] for what may give it others. Patterns
// give it none.
func labelsOf(value ast.Expr) (names []string) {
	s, ok := value.(*ast.StructLit)
	if !ok {
		return []string{other}
	}
	for _, elt := range s.Elts {
		field, ok := elt.(*ast.Field)
		if !ok {
			if _, comment := elt.(*ast.CommentGroup); !comment {
				names = append(names, other)
			}
			continue
		}
		if name, _, err := ast.LabelName(field.Label); err == nil {
			names = append(names, name)
		}
	}
	return names
}
