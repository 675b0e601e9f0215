package explain

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"cuelang.org/go/cue/ast"

	"sgc.dev/sgc/schema/source"
	"sgc.dev/sgc/schema/written"
)

// embedded is what to write for data of an author's own, by a name for it or, where
// that is "", the file's: what is given beside a policy, or imported, is no data.
func embedded(file, name string) string {
	base := path.Base(filepath.ToSlash(file))
	if name == "" {
		name = strings.TrimSuffix(base, path.Ext(base))
	}
	if name = "_" + strings.TrimLeft(name, "_"); !ast.IsValidIdent(name) {
		name = "_data"
	}
	return fmt.Sprintf("data of your own is embedded: write @extern(embed) before the package clause, and %s: _ @embed(file=%q)", name, base)
}

// meantData explains a reference that leads nowhere beside a data file that is given
// with the policy, where it is like a value of the author's own or like a field of
// that file.
func (x *explainer) meantData(name string) (string, bool) {
	for _, f := range x.pkg.Files {
		_, at := written.PlaceOf([]*ast.File{f}).Field(name)
		has := at.IsValid()
		if !source.IsData(f.Filename) || !has && name[0] != '_' {
			continue
		}
		message := fmt.Sprintf("nothing is called %s: %s", name, embedded(f.Filename, name))
		if has {
			message += fmt.Sprintf("; in the file write what is in %q alone", name)
		}
		return message, true
	}
	return "", false
}
