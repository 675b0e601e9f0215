package explain

import (
	"fmt"
	"slices"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/format"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/written"
)

// tagFaults is what is wrong with the tags of a package, which is all that can be
// said of it: what else there seems to be mostly follows.
func (x *explainer) tagFaults() fault.Faults {
	tags := written.TagsOf(x.pkg.Files)
	if len(tags) == 0 || x.own.Validate(cue.Concrete(true)) == nil {
		return fault.Faults{}
	}
	var found fault.Errors
	refs := written.ReferencesIn(x.pkg.Files)
	for _, t := range tags {
		v := x.at(t.Path)
		chosen, _ := v.Default()
		given := slices.ContainsFunc(x.pkg.Tags, func(s string) bool { return strings.HasPrefix(s, t.Key+"=") })
		message := ""
		switch {
		case given && v.Err() != nil:
			message = wrongTag(t)
		case !given && v.Exists() && !chosen.IsConcrete() && (refs.Uses(t.Path[0]) || !strings.HasPrefix(t.Path[0], "_")):
			message = fmt.Sprintf("needs the tag %q: say %s", t.Key, sayTag(t.Key, v))
		default:
			continue
		}
		found = append(found, &fault.Error{Pos: written.Position(t.Field.Label.Pos()), Path: pathOf(t.Path), Message: message})
	}
	return fault.Faults{Stage: fault.Checking, List: found}
}

// sayTag is how the command line gives a tag, with the values where they are few.
func sayTag(key string, v cue.Value) string {
	const most = 5
	op, values := v.Eval().Expr()
	var ways []string
	for _, v := range values {
		s, err := v.String()
		if err != nil || op != cue.OrOp || len(values) > most {
			return "-t " + key + "=…"
		}
		ways = append(ways, "-t "+key+"="+s)
	}
	return strings.Join(ways, " or ")
}

// wrongTagOf explains a value from the command line that is not of its tag's type.
func (x *explainer) wrongTagOf(key string) (rule.Pos, []string, string) {
	for _, t := range written.TagsOf(x.pkg.Files) {
		if t.Key == key {
			return written.Position(t.Field.Label.Pos()), t.Path, wrongTag(t)
		}
	}
	return x.start(), nil, fmt.Sprintf("the tag %q takes another type: give another value with -t", key)
}

func wrongTag(t written.Tag) string {
	wanted, _ := format.Node(t.Written())
	if t.Type == "" && slices.Contains([]string{"int", "number", "bool"}, string(wanted)) {
		return fmt.Sprintf("what -t gives is a text, and this takes %s: write @tag(%s,type=%s)", wanted, t.Key, wanted)
	}
	return fmt.Sprintf("the tag %q takes %s: give another value with -t", t.Key, strings.NewReplacer("*", "", " | ", " or ").Replace(string(wanted)))
}
