package lint

import (
	"fmt"
	"slices"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// misnamedKeys is SGC017: a rule with ports of its own or another service, of which not
// all belong to the service that its key names. "any" is every protocol, and a rule that
// lists some is never that.
func misnamedKeys(v *view) []found {
	var list []found
	for _, r := range v.rules {
		if r.Named == nil || len(v.misplaced(r)) > 0 { // there the key is right, and the protocol wrong
			continue
		}
		var outside, all []string
		for _, m := range r.Service.Matches {
			if !slices.ContainsFunc(r.Named.Matches, func(s schema.Match) bool { return within(m, s) }) {
				add(&outside, wordOf(m))
			}
		}
		if outside == nil {
			continue
		}
		for _, m := range r.Named.Matches {
			add(&all, wordOf(m))
		}
		means := some(all)
		if r.Key == "any" {
			means = "every protocol"
		}
		list = append(list, v.fire("SGC017", r, r.Pos, fmt.Sprintf(
			"opens %s, but %q is the name of %s; give the rule another key", some(outside), r.Key, means)))
	}
	return list
}

// within says whether one match of a service holds all of another match. Ports
// that several matches hold together only are not found.
func within(m, service schema.Match) bool {
	return m.Protocol == service.Protocol && concrete(service).Span().Covers(concrete(m).Span())
}

// concrete is a match as far as ports go, for nobody in no direction.
func concrete(m schema.Match) rule.Rule { return rule.Rule{Protocol: m.Protocol, Ports: m.Ports} }

// wordOf is a match as sgc writes services: "tcp/22".
func wordOf(m schema.Match) string { return concrete(m).Service() }
