package explain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/value"
	"sgc.dev/sgc/schema/written"
)

// refused explains what the definitions do not take, unless it has faults of its own.
func (x *explainer) refused(list []value.Refused) {
	for _, r := range list {
		own := x.at(r.Path)
		switch {
		case x.covered(r.Path):
		case r.Want == nil:
			x.unknown(r.Path)
		case own.Err() == nil && own.IsConcrete():
			pos, message := x.wrongType(r.Path, own, r.Want)
			parent := pathOf(r.Path[:len(r.Path)-1])
			if say := keyless(r.Path, r.Want); say != "" {
				if message = say; x.done[parent+" keyless"] { // one mistake in several fields is one
					x.wrong[pathOf(r.Path)] = true
					continue
				}
				x.done[parent+" keyless"] = true
			}
			x.add(fault.Checking, pos, r.Path, message)
		case own.Err() == nil && own.IncompleteKind()&r.Want.Kinds() == 0:
			x.add(fault.Checking, x.madeAt(r.Path, own), r.Path, x.withoutValue(r.Path, ""))
		}
	}
}

// keyless is what to say of a field that stands where what has that field belongs, by its
// name: a rule without its key.
func keyless(path []string, want *value.Form) string {
	name := path[len(path)-1]
	if len(path) < 2 || !slices.Contains(want.Fields(), name) {
		return ""
	}
	what := map[string]string{
		"ingress": "a rule needs a key, as in ssh", "egress": "a rule needs a key, as in ssh",
		"tiers": "a tier needs a name, as in web", "servers": "a server needs a name, as in web", "services": "a service needs a name, as in mine",
		"groups": "a group needs a name, as in legacy", "addressGroups": "a group needs a name, as in legacy",
	}[path[len(path)-2]]
	if what == "" {
		return ""
	}
	return fmt.Sprintf("%s: {%s: …}", what, name)
}

// at is the author's own value at a path, without the definitions.
func (x *explainer) at(path []string) cue.Value { return value.Within(x.own, x.cuePath(path)) }

// madeAt is where the author wrote what makes the value at a path.
func (x *explainer) madeAt(path []string, own cue.Value) rule.Pos {
	at := value.MadeAt(value.Settled(own))
	if f, ok := own.Source().(*ast.Field); ok && (!at.IsValid() || own.IncompleteKind()&(cue.StructKind|cue.ListKind) != 0) {
		at = f.Value.Pos()
		_, leads := own.ReferencePath() // to what is at fault, which other uses of it may have from elsewhere
		if made := value.MadeAt(value.Settled(cue.Dereference(own))); made.IsValid() && len(leads.Selectors()) > 0 {
			at = made
		}
	}
	if pos := written.Position(x.pkg.Name(at)); pos.File != "" { // some of what TOML has stands nowhere
		return pos
	}
	return x.nearest(path)
}

const nextLine = "the value is missing: what the next line has is taken for it"

// wrongType says what belongs at a path, and where what stands there was written.
func (x *explainer) wrongType(path []string, own cue.Value, want *value.Form) (rule.Pos, string) {
	at, got, wanted := x.madeAt(path, own), kindName(own), want.Kinds()
	list, text := wanted&cue.ListKind != 0, wanted == cue.StringKind
	if f, ok := x.valueless(path); ok && wanted&cue.StructKind == 0 {
		return written.Position(f.Label.Pos()), nextLine
	}
	ports := ""
	if wanted&(cue.ListKind|cue.IntKind) != 0 {
		ports = portsIn(path)
	}
	if q, ok := quotelessOf(own); ok {
		switch {
		case q.section == "addresses" && (path[0] == "networks" || path[0] == "servers"):
			return q.at, fmt.Sprintf("an address set is for rules: write the networks of %s here", q.name)
		case list || text:
			return q.at, q.message(list)
		case ports != "" && q.section == "services":
			return q.at, fmt.Sprintf("a service is not a port: write service: %q in place of %s", q.name, ports)
		}
	}
	if t, meant := x.rangeAt(at); ports != "" && meant != "" {
		return at, fmt.Sprintf("CUE reads %s as a difference: write ", t.text) + bracketed(path, fmt.Sprintf("<%q>", meant))
	}
	if b, err := own.Bytes(); err == nil && own.Kind() == cue.BytesKind && text {
		return at, fmt.Sprintf("a text has double quotation marks: write %q", b)
	}
	if say := cmp.Or(formAt(path, own), want.Says); say != "" {
		return at, say
	}
	expected := map[cue.Kind]string{cue.StructKind: "fields", cue.BoolKind: "true or false"}[wanted]
	if list {
		expected = "a list"
	}
	if n, err := own.Int64(); err == nil && expected == "" {
		return at, fmt.Sprintf("expected text: write \"%d\"", n)
	}
	return at, fmt.Sprintf("expected %s, not %s", cmp.Or(expected, "text"), got)
}

// valueless finds a field at a path without a value on its line, whose value to CUE is the
// field of the next.
func (x *explainer) valueless(path []string) (*ast.Field, bool) {
	for _, f := range x.fieldsAt(path) {
		if s, ok := f.Value.(*ast.StructLit); ok && !s.Lbrace.IsValid() && s.Pos().Line() > f.Label.Pos().Line() {
			return f, true
		}
	}
	return nil, false
}

// portsIn is the list of ports that a path leads to, or to an item of, "" for none.
func portsIn(path []string) string {
	for _, name := range path[max(0, len(path)-2):] {
		if slices.Contains([]string{"tcp", "udp", "sctp"}, name) {
			return name
		}
	}
	return ""
}

// rangeAt is the range of ports that lacks its quotes at a position, its lower end first,
// "" for none, and what is written in its place.
func (x *explainer) rangeAt(at rule.Pos) (term, string) {
	t, _ := x.termAt(at)
	first, last, _ := strings.Cut(t.text, "-")
	if !t.difference || !isIndex(first) || !isIndex(last) {
		return t, ""
	}
	if a, b := len(first), len(last); a > b || a == b && first > last {
		first, last = last, first
	}
	return t, first + "-" + last
}

// kindName is how messages speak of a value.
func kindName(v cue.Value) string {
	kind := v.IncompleteKind()
	if kind != cue.BottomKind && kind&^cue.NumberKind == 0 {
		return "a number"
	}
	return cmp.Or(map[cue.Kind]string{
		cue.NullKind: "null", cue.BoolKind: "true or false", cue.StringKind: "a text", cue.BytesKind: "bytes",
		cue.ListKind: "a list", cue.StructKind: "fields",
	}[kind], "this")
}

// demanded is the form of what stands at a path, nil where there is to be nothing.
func (x *explainer) demanded(path []string) *value.Form {
	f := x.form
	for _, name := range path {
		kind := cue.StructKind
		if isIndex(name) && f.Kinds()&cue.ListKind != 0 {
			kind = cue.ListKind
		}
		if f = f.At(kind, unquoted(name)); f == nil {
			return nil
		}
	}
	return f
}
