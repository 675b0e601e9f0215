package lint

import (
	"fmt"
	"slices"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// misnamedKeys is SGC017: a rule with ports of its own or another service, of which not
// all belong to the service that its key names, in the policy or else in the catalog. "any" is
// every protocol, and a rule that lists some is never that.
func misnamedKeys(v *view) []found {
	var list []found
	var known map[string]schema.Service // read when the first rule asks
	for _, r := range v.rules {
		if !r.OwnPorts && r.Service.Name == r.Key || len(v.misplaced(r)) > 0 { // there the key is right, and the protocol wrong
			continue
		}
		if known == nil {
			known = servicesByName(v.Policy)
		}
		service, ok := known[r.Key]
		if !ok && r.Key != "any" {
			continue
		}
		var outside []string
		for _, m := range r.Service.Matches {
			if !slices.ContainsFunc(service.Matches, func(s schema.Match) bool { return within(m, s) }) {
				add(&outside, wordOf(m))
			}
		}
		if len(outside) == 0 {
			continue
		}
		means := "every protocol"
		if r.Key != "any" {
			var all []string
			for _, m := range service.Matches {
				add(&all, wordOf(m))
			}
			means = some(all)
		}
		list = append(list, v.fire("SGC017", r, r.Pos, fmt.Sprintf(
			"opens %s, but %q is the name of %s; give the rule another key", some(outside), r.Key, means)))
	}
	return list
}

// servicesByName is the services that a key may name: the policy's own stand
// before the catalog's. The catalog is part of the program, and a test holds that
// it can be read.
func servicesByName(p *schema.Policy) map[string]schema.Service {
	known := map[string]schema.Service{}
	catalog, err := schema.Catalog()
	if err != nil {
		panic(err)
	}
	for _, s := range slices.Concat(catalog, p.Services) {
		known[s.Name] = s
	}
	return known
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
