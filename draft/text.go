package draft

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cuelang.org/go/cue/format"

	"sgc.dev/sgc/rule"
)

// Text is the policy as CUE, formatted.
func (p *Policy) Text() ([]byte, error) {
	w := newWriter()
	p.header(w)
	w.line("package %s", p.Package)
	if p.existing == nil {
		w.line("")
		w.line("name: %s", quote(p.Name))
	}
	if p.families != both {
		w.line("")
		w.line("families: %s%s", p.families.list(), p.whyFamilies())
	}
	p.writeSets(w)
	p.writeServices(w)
	p.writeExternals(w)
	if p.existing == nil {
		p.writePatterns(w)
	}
	p.writeTiers(w)
	p.writeServers(w)
	p.writeLeftOut(w)
	text, err := format.Source(w.top().Bytes())
	if err != nil {
		return nil, fmt.Errorf("the imported text is not valid CUE, which is a bug in sgc: %w", err)
	}
	return text, nil
}

func (p *Policy) header(w *writer) {
	when := ""
	if p.updated != "" {
		when = ", the last of which changed at " + p.updated
	}
	w.comment("Imported from %s.", p.where)
	if p.existing != nil {
		p.headerBeside(w, when)
		return
	}
	w.comment("%s with %s%s.", rule.Counted(len(p.Tiers), "group"), rule.Counted(p.ruleCount, "rule"), when)
	flags := p.adoptFlags()
	if p.releases {
		w.comment("Some belong to %s: release them there first, with sgc release.", policies(p.owners))
	}
	changes := "marks and tags"
	if slices.ContainsFunc(p.Tiers, func(t *tier) bool { return p.cuts(t) }) {
		changes = "marks, tags and descriptions that are cut"
	}
	w.comment(`"sgc plan %s" shows that nothing but %s changes; "sgc apply %s" takes the groups over.`, flags, changes, flags)
}

func (p *Policy) headerBeside(w *writer, when string) {
	w.comment("What policy %s did not allow of %s with %s%s.", p.Name, rule.Counted(len(p.Tiers), "group"), rule.Counted(p.ruleCount, "rule"), when)
	for _, part := range []struct {
		title string
		lines []string
	}{{GoneTitle, p.Gone()}, {GoingTitle, p.Going()}} {
		if part.lines != nil {
			w.comment("%s:", strings.ToUpper(part.title[:1])+part.title[1:])
		}
		for _, line := range part.lines {
			w.comment("    %s", line)
		}
	}
}

func (p *Policy) whyFamilies() string {
	return fmt.Sprintf(" // nothing comes in by %s, in any group", otherFamily[p.families])
}

func (p *Policy) writeLeftOut(w *writer) {
	words := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	before := "" // what the files of the policy say, wherever their lines end
	if p.existing != nil {
		before = words(strings.ReplaceAll(p.existing.Text, "\n//", "\n"))
	}
	for _, out := range p.Sorting.LeftOut {
		var ids []string
		for _, g := range out.Groups {
			ids = append(ids, fmt.Sprintf("%q %s", g.Name, g.ID))
		}
		sentence := fmt.Sprintf("Left out: %s: %s.", strings.Join(ids, ", "), out.Why)
		if strings.Contains(before, words(rule.Printable(sentence))) {
			continue
		}
		w.line("")
		w.comment("%s", sentence)
		for _, text := range out.Rules {
			w.comment("    %s", text)
		}
		if out.Adopt {
			p.writeTwins(w, out.Groups)
		}
	}
}

// writeTwins says of groups of one name what tells them apart, and how one becomes a tier:
// that which rules name, where they name one.
func (p *Policy) writeTwins(w *writer, twins []*rule.LiveGroup) {
	chosen, key := twins[0], ""
	for _, g := range twins {
		words := rule.Counted(len(g.Rules), "rule")
		if !p.noPorts {
			words = rule.Counted(p.carried[g.ID], "port") + ", " + words
		}
		if name := p.peers[rule.ForeignGroup(g.ID)]; name != "" {
			words += ", named by rules"
			if key == "" {
				chosen, key = g, name
			}
		}
		w.comment("    %s: %s", g.ID, words)
	}
	tier, instead := made(p.short(chosen.Name), "tier"), ""
	if key != tier { // else the key is free then
		tier = maps.Clone(p.names).unique(tier)
	}
	if key != "" {
		instead = " instead of groups: " + label(key)
	}
	if key != "" && key != tier {
		instead += fmt.Sprintf(", so that rules name %s", label(tier))
	}
	write := "it"
	if p.existing != nil || p.prefix+tier+p.suffix != chosen.Name {
		write = fmt.Sprintf("%s: group: %s", label(tier), quote(chosen.Name))
	}
	one := "One of them"
	if len(twins) == 1 {
		one = "It"
	}
	w.comment("%s can be a tier: write %s under tiers%s, and take it over with", one, write, instead)
	w.comment("    sgc apply --adopt-group %s=%s", tier, chosen.ID)
}
