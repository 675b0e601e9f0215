package explain

import (
	"fmt"
	"maps"

	"cuelang.org/go/cue"

	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/value"
)

// addresses explains an address set, which is a list or a struct: CUE would
// explain at length why it is neither.
func (x *explainer) addresses(path []string) {
	x.cover(path)
	own := value.Settled(value.Within(x.own, cuePath(path)))
	if isChoice(own) {
		x.add(fault.Checking, x.nearest(path), path, undecided)
		return
	}
	definition := "#AddressSet"
	switch own.IncompleteKind() {
	case cue.ListKind:
		definition = "#Networks"
	case cue.StructKind:
	default:
		example := "192.0.2.0/24"
		if s, err := own.String(); err == nil {
			example = s
		}
		x.add(fault.Checking, x.nearest(path), path, fmt.Sprintf("an address set is a list, not %s: write [%q]", kindName(own), example))
		return
	}
	want := x.schema.LookupPath(cue.ParsePath(definition))
	inner := newExplainer(x.pkg, &value.Value{Own: x.own, Definitions: x.schema}, x.suggest)
	inner.form = definition
	inner.explain(own.Unify(want).Validate(cue.Concrete(true)))
	for s, list := range inner.found {
		x.found[s] = append(x.found[s], list...)
	}
	maps.Copy(x.wrong, inner.wrong)
	maps.Copy(x.meant, inner.meant)
}
