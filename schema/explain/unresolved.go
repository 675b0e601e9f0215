package explain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"cuelang.org/go/cue/ast"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/written"
)

// wordsElsewhere are words that other languages have, and what is written here instead.
var wordsElsewhere = fault.NewSayings(
	`^(?:True|TRUE|[yY]es|YES|[oO]n|ON)$`, "write true",
	`^(?:False|FALSE|[nN]o|NO|[oO]ff|OFF)$`, "write false",
	`^(?:[nN]one|nil|NULL|Null|undefined)$`, "leave the field out",
	`^(?:var|local|data|module)$`, "a value of the policy's own has a name with _, as in _admins, and is called by that",
	`^(?:list|strings|strconv|math|net|regexp|struct|time)$`, `write import "$0" below the package clause`,
	`^#(?:Policy|Tier|Ingress|Egress|Rule|Ports|Service|Addresses|AddressSet|Server|External|Assertion|Flow)$`, `import "sgc.dev/schema" and write schema.$0`,
	`^schema$`, `write import "sgc.dev/schema" below the package clause`,
)

// fieldNames are fields that are written without a colon before a list.
var fieldNames = regexp.MustCompile(`^(?:from|to|service|families|ingress|egress|tcp|udp|sctp|icmp4|icmp6|protocols|stateful|description|group|waive|expires|cidrs|never|always|only)$`)

// unusedImport begins CUE's message about an import without use.
const unusedImport = "imported and not used"

// sections are the fields of a policy whose fields have names that it is called by.
var sections = strings.Fields("tiers addresses groups addressGroups services servers")

// unresolved explains references that lead nowhere, and where they stand.
func (x *explainer) unresolved(at rule.Pos, path []string, format string, args []any) (rule.Pos, string) {
	name := ""
	if len(args) > 0 {
		name = fmt.Sprint(args[0])
	}
	t, ok := x.termAt(at)
	switch {
	case strings.HasPrefix(format, "reference %q not found"):
		if ok && t.difference {
			return t.at, asOneName(t)
		}
		if said, ok := x.meantData(name); ok {
			return at, said
		}
		if t.whole && t.text == name && portsIn(path) != "" && !strings.ContainsAny(name[:1], "_#") {
			return at, fmt.Sprintf("nothing is called %s: a port is a number: write it, or make the service %q the rule's key, without ports", name, name)
		}
		return at, x.nothingCalled(name, t)
	case strings.HasPrefix(format, "unreferenced alias or let clause"):
		return at, fmt.Sprintf("%s is never used: remove it, or, if it is a field, write a colon for the \"=\"", name)
	case strings.HasPrefix(format, unusedImport):
		return at, fmt.Sprintf("the import %s is never used: remove it", name)
	case strings.HasPrefix(format, "undefined field"), strings.HasPrefix(format, "cannot reference optional field"):
		return at, x.noField(name, t)
	}
	return at, ""
}

// asOneName is what to say of a name with dashes, or of a range, that lacks its quotes.
func asOneName(t term) string {
	return fmt.Sprintf("CUE reads %s as a difference: if it is one name, put it in quotes: %q", t.text, t.text)
}

// nothingCalled explains a name that refers to nothing; t is the term of which it is
// a part.
func (x *explainer) nothingCalled(name string, t term) string {
	said := "nothing is called " + name
	if say := wordsElsewhere.Of(name); say != "" {
		return said + ": " + say
	}
	if t.whole && t.text == name && !isOwn(name) {
		return fmt.Sprintf("%s: if it is a name or a text, put it in quotes: %q", said, name)
	}
	if fieldNames.MatchString(name) {
		return said + ": if it is the field, a colon is missing after it"
	}
	if meant := x.suggest.DidYouMean(name, x.names()); meant != "" {
		return said + strings.ReplaceAll(meant, `"`, "")
	}
	if !isOwn(name) {
		return fmt.Sprintf("%s: define it, or, if it is a text, put it in quotes: %q", said, name)
	}
	return said + ": define it, or remove what refers to it"
}

// names lists what expressions can call by its name: what begins with _ or #, fields at
// the top, and let clauses.
func (x *explainer) names() []string {
	var found []string
	written.EachField(x.pkg.Files, func(path []string, _ *ast.Field) {
		if name := path[len(path)-1]; len(path) == 1 || isOwn(name) {
			found = append(found, name)
		}
	})
	for _, f := range x.pkg.Files {
		for _, d := range f.Decls {
			if let, ok := d.(*ast.LetClause); ok {
				found = append(found, let.Ident.Name)
			}
		}
	}
	return found
}

// noField explains a reference to a field that is not there.
func (x *explainer) noField(name string, t term) string {
	said := "there is no field " + name
	of, _, ok := strings.Cut(t.text, "."+name)
	parts := strings.Split(of, ".")
	p, _, depth := x.follow(parts)
	if !ok || depth < len(parts) {
		return said
	}
	meant := name
	if known := p.Names(); !slices.Contains(known, name) {
		meant = rule.Closest(name, known)
	}
	switch {
	case meant == "":
		return said + " in " + of
	case t.whole && slices.Contains(sections, of):
		return fmt.Sprintf("%s here: names stand in quotes: write %q", said, meant)
	case meant != name:
		return fmt.Sprintf("%s, did you mean %s?", said, meant)
	}
	return said
}
