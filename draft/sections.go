package draft

import (
	"fmt"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

func (p *Policy) writeSets(w *writer) {
	if p.sets == nil {
		return
	}
	w.section("addresses", "Networks that several rules share, named after the network or after those rules, or else numbered.")
	for _, s := range p.sets {
		var items []string
		for _, prefix := range s.prefixes {
			items = append(items, quote(network(prefix)))
		}
		if len(items) > 1 {
			w.comment("%s", s.used())
			w.list(label(s.name), items)
		} else {
			w.field("%s: [%s] // %s", label(s.name), items[0], rule.Printable(s.used()))
		}
	}
	w.close("{}")
}

func (p *Policy) writeServices(w *writer) {
	if p.services == nil {
		return
	}
	w.section("services", "Ports of no service in the catalog that more than one tier opens.")
	for _, s := range p.services {
		tiers := strings.Join(s.tiers, ", ")
		if len(s.tiers) > 4 {
			tiers = fmt.Sprintf("%d tiers", len(s.tiers))
		}
		if len(s.ports) == 1 {
			w.field("%s: %s // %s", label(s.name), s.ports[0], tiers)
			continue
		}
		w.comment("%s", tiers)
		w.open(label(s.name))
		for _, ports := range s.ports {
			w.field("%s", ports)
		}
		w.close("{}")
	}
	w.close("{}")
}

func (l portList) String() string { return l.field + ": [" + l.items + "]" }

func (p *Policy) writeExternals(w *writer) {
	for _, section := range []struct {
		title, field string
		list         []external
	}{
		{"Groups of others that rules refer to.", "groups", p.groups},
		{"Address groups that rules refer to. A cloud whose backend does not support them lets every address in.", "addressGroups", p.addressGroups},
	} {
		if section.list == nil {
			continue
		}
		w.section(section.field, section.title)
		for _, e := range section.list {
			if e.why != "" {
				w.comment("%s", e.why)
			}
			w.open(label(e.key))
			if e.id != "" {
				w.field("id: %s", quote(e.id))
			} else {
				w.field("name: %s", quote(e.name))
			}
			w.close("{}")
		}
		w.close("{}")
	}
}

// pattern is the tiers that a pattern is about.
func pattern(name string, not []string) string {
	var bounds []string
	for _, tier := range not {
		bounds = append(bounds, "!="+quote(tier))
	}
	if bounds == nil {
		bounds = []string{"string"}
	}
	text := strings.Join(bounds, " & ")
	switch {
	case name == "":
		return "[" + text + "]"
	case len(bounds) > 1:
		return "[" + name + "=(" + text + ")]"
	case not != nil:
		return "[" + name + "= " + text + "]"
	}
	return "[" + name + "=" + text + "]"
}

func (p *Policy) writePatterns(w *writer) {
	if p.prefix+p.suffix != "" {
		var not []string
		if p.hasDefault() {
			not = []string{p.defaultTier()}
		}
		begin, end := quote(p.prefix), quote(p.suffix)
		w.line("")
		w.line(`tiers: %s: group: %s\(T)%s // all names %s so`, pattern("T", not), begin[:len(begin)-1], end[1:],
			map[bool]string{true: "begin", false: "end"}[p.suffix == ""])
	}
	if p.born == nil {
		return
	}
	w.line("")
	if p.bornNot == nil {
		all := fmt.Sprintf("All %d", len(p.Tiers))
		if len(p.Tiers) == 2 {
			all = "Both"
		}
		w.comment("%s groups have the egress that every new group gets.", all)
	} else {
		w.comment("The egress that every new group gets.")
	}
	w.open("tiers: " + pattern("", p.bornNot) + ": egress")
	narrowed := p.families != both || slices.ContainsFunc(p.Tiers, func(t *tier) bool { return t.families != 0 })
	for _, s := range p.born {
		p.statement(w, nil, s, narrowed || !s.fits(both))
	}
	w.close("{}")
}
