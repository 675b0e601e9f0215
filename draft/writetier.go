package draft

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

func (p *Policy) hasDefault() bool { return p.defaultTier() != "" }

// defaultTier is the tier of the project's default group, "" where it is none.
func (p *Policy) defaultTier() string {
	for _, t := range p.Tiers {
		if t.live.Name == defaultGroup {
			return t.name
		}
	}
	return ""
}

func (p *Policy) writeTiers(w *writer) {
	w.line("")
	if len(p.Tiers) == 0 {
		w.comment("No group here can become a tier.")
		w.line("tiers: {}")
		return
	}
	w.open("tiers")
	for _, t := range p.Tiers {
		if t.writes() {
			p.writeTier(w, t)
		}
	}
	w.close("{}")
}

func (p *Policy) writeTier(w *writer, t *tier) {
	if t.known {
		w.open(label(t.name))
		p.writeRules(w, t)
		w.close("{}")
		return
	}
	description, why, _ := describe(t.live.Description, p.Name, t.name)
	if t.live.Name == defaultGroup {
		w.comment("The project's default group, which servers get if they ask for no other.")
	}
	if why != "" {
		w.comment("%s", why)
	}
	if !p.noPorts {
		w.comment("%s", map[bool]string{true: "No port carries it.", false: rule.Counted(t.ports, "port") + "."}[t.ports == 0])
	}
	if t.covered != nil {
		words := ""
		if t.unsaid != nil {
			words = " Described as " + strings.Join(t.unsaid, ", ") + "."
		}
		w.comment("Left out, because others cover them: %s.%s", p.words(t.covered), words)
	}
	if description != "" && p.imposed[imposed{t.live.ID, "description"}] {
		w.comment("A pattern in the policy sets its description. The cloud's is %q.", description)
		description = ""
	}
	tags, lost := tagsOf(t.live.Tags)
	if tags != nil && p.imposed[imposed{t.live.ID, "tags"}] {
		w.comment("A pattern in the policy sets its tags. These stay in the cloud too: %s.", strings.Join(tags, ", "))
		tags = nil
	}
	if lost != nil {
		w.comment("Tags that stay in the cloud, since a policy cannot express them: %s.", strings.Join(lost, ", "))
	}
	w.open(label(t.name))
	if group := p.groupName(t); group != t.live.Name {
		w.field("group: %s", quote(t.live.Name))
	}
	if description != "" {
		w.field("description: %s", quote(description))
	}
	if !t.live.Stateful && (p.existing == nil || p.existing.tier(t.name).Stateful) {
		w.field("stateful: false")
	}
	if tags != nil {
		w.list("tags", tags)
	}
	if t.families != 0 {
		w.field("families: %s%s", t.families.list(), t.whyFamilies())
	}
	p.writeRules(w, t)
	// A pattern says all of such a tier; {} beside it would be no change to cue trim.
	empty := "{}"
	if p.existing != nil || p.prefix+p.suffix != "" && t.name != p.defaultTier() || p.born != nil && t.born {
		empty = "_"
	}
	w.close(empty)
}

func (p *Policy) writeRules(w *writer, t *tier) {
	level := cmp.Or(t.families, p.families)
	if p.existing != nil {
		level = familiesWhere(p.existing.tier(t.name).Families.Has)
	}
	for _, d := range []rule.Direction{rule.Ingress, rule.Egress} {
		list := slices.DeleteFunc(slices.Clone(t.statements), func(s *statement) bool {
			return s.direction != d || s.born && s.texts == nil
		})
		if len(list) == 0 {
			continue
		}
		w.open(d.String())
		for _, s := range list {
			p.statement(w, t, s, p.sayFamilies || !s.fits(level))
		}
		w.close("{}")
	}
}

// whyFamilies says so where nothing comes in by another family than the tier's.
func (t *tier) whyFamilies() string {
	incoming := families(0)
	for _, s := range t.statements {
		if s.direction == rule.Ingress {
			incoming |= s.families
		}
	}
	if incoming != t.families || incoming == both {
		return ""
	}
	return fmt.Sprintf(" // nothing comes in by %s", otherFamily[t.families])
}

var otherFamily = map[families]string{only4: "IPv6", only6: "IPv4"}

// statement writes a rule. A pattern says what is born, so a tier has only words to add.
func (p *Policy) statement(w *writer, t *tier, s *statement, sayFamilies bool) {
	for _, note := range s.notes {
		w.comment("%s.", note)
	}
	texts := s.texts
	description := ""
	if len(texts) > 0 && unusable(texts[0]) == "" {
		description, texts = texts[0], texts[1:]
	}
	if len(texts) > 0 {
		quoted := make([]string, len(texts))
		for i, text := range texts {
			quoted[i] = fmt.Sprintf("%q", text)
		}
		too := ""
		if description != "" {
			too = " too"
		}
		w.comment("%s: described as %s%s.", s.key, strings.Join(quoted, ", "), too)
	}
	if s.born && description == "" {
		return
	}
	if description == "" && s.about != (rule.Origin{}) && s.key != s.atom.name {
		description = s.atom.name // the key says no longer what the cloud says
	}
	w.open(label(s.key))
	if !s.born {
		switch {
		case s.atom.own() && !s.shared:
			for _, ports := range s.atom.ports {
				w.field("%s", ports)
			}
		case s.key != s.atom.name:
			w.field("service: %s", quote(s.atom.name))
		}
		w.list(map[rule.Direction]string{rule.Ingress: "from", rule.Egress: "to"}[s.direction], p.peerList(t, s.remotes, s.sets))
		if sayFamilies {
			w.field("families: %s", s.families.list())
		}
	}
	if description != "" {
		w.field("description: %s", quote(description))
	}
	for _, about := range []struct{ field, value string }{{"owner", s.about.Owner}, {"ticket", s.about.Ticket}} {
		if about.value != "" {
			w.field("%s: %s", about.field, quote(about.value))
		}
	}
	if s.about.Expires != "" {
		w.field("expires: %s // as the cloud describes it", quote(s.about.Expires))
	}
	w.close("{}")
}
