package draft

import (
	"errors"
	"slices"
	"strings"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// LeaveOut takes out of what is asked for what cannot stand beside the policy, given what is
// wrong with the import and, where it compiles, what the two come to. It says whether there
// is less to try again: it is false where the import is not at fault.
func (o *Options) LeaveOut(p *Policy, whole *rule.Set, wrong error) bool {
	var faults schema.Errors
	var problems plan.Problems
	var unproven Unproven
	if o.Unfit == nil {
		o.Unfit, o.imposed, o.unsaid = map[string]string{}, map[imposed]bool{}, map[unsaid]string{}
	}
	before := len(o.Unfit) + len(o.imposed) + len(o.unsaid)
	switch {
	case errors.As(wrong, &faults):
		for _, fault := range faults {
			o.leaveOut(p, fault.Path, "it does not fit into the policy: "+strings.TrimPrefix(fault.Error(), fault.Pos.String()+": "))
		}
	case errors.As(wrong, &problems) && whole != nil:
		for _, problem := range problems {
			at := slices.IndexFunc(whole.Foreign, func(e rule.External) bool { return e.Pos == problem.Pos })
			if at >= 0 {
				o.leaveOut(p, "groups."+whole.Foreign[at].Key, "no policy can say one of its rules: "+strings.TrimSuffix(problem.Message, ": name the tier instead"))
			}
		}
	case errors.As(wrong, &unproven) && !p.sayFamilies:
		o.sayFamilies = true
		return true
	case errors.As(wrong, &unproven):
		for _, reason := range unproven.Reasons {
			if reason.Tier != "" {
				o.leaveOut(p, "tiers."+reason.Tier, "the policy would turn it into something else: "+reason.String())
			}
		}
	}
	return len(o.Unfit)+len(o.imposed)+len(o.unsaid) > before
}

// leaveOut takes out what has to do with a field of the text: a description or tags, of
// which a pattern says others, or a tier.
func (o *Options) leaveOut(p *Policy, path, why string) {
	section, rest, _ := strings.Cut(strings.ReplaceAll(path, `"`, ""), ".") // names with dots stand in quotes
	within := func(name string) bool { return rest == name || strings.HasPrefix(rest, name+".") }
	var at []*tier
	for _, t := range p.Tiers {
		switch {
		case section == "tiers" && within(t.name):
			if at != nil && len(at[0].name) > len(t.name) {
				continue // as in a.b, which is no field of a
			}
			at = []*tier{t}
		case section != "tiers" && slices.ContainsFunc(t.statements, func(s *statement) bool { return p.uses(t, s, within) }):
			at = append(at, t)
		}
	}
	for _, t := range at {
		field := strings.TrimPrefix(rest, t.name+".")
		said := slices.IndexFunc(t.statements, func(s *statement) bool {
			at := s.direction.String() + "." + s.key
			return t.known && section == "tiers" && (field == at || strings.HasPrefix(field, at+"."))
		})
		switch {
		case said >= 0:
			o.unsaid[unsaid{t.live.ID, t.statements[said].direction, t.statements[said].key}] = why
		case !t.known && section == "tiers" && (field == "description" || field == "tags"):
			o.imposed[imposed{t.live.ID, field}] = true
		case o.Unfit[t.live.ID] == "":
			o.Unfit[t.live.ID] = why
		}
	}
}

// imposed is a field of a new tier, by the id of its group, that the policy's patterns say.
type imposed struct{ id, field string }

// unsaid is a statement of a tier that there is, by the id of its group.
type unsaid struct {
	id        string
	direction rule.Direction
	key       string
}

// unfitRule is a rule of a group that cannot stand beside what the policy says of its tier.
type unfitRule struct {
	rule.LiveRule
	why string
}

func (t *tier) unfits(rules []rule.LiveRule, why string) {
	for _, l := range rules {
		t.unfit = append(t.unfit, unfitRule{l, why})
	}
}

// drop takes out of the tier the statements that cannot stand there, and the rules in them.
func (t *tier) drop(out map[unsaid]string) {
	t.statements = slices.DeleteFunc(t.statements, func(s *statement) bool {
		why := out[unsaid{t.live.ID, s.direction, s.key}]
		if why != "" {
			t.unfits(slices.DeleteFunc(slices.Clone(t.live.Rules), func(l rule.LiveRule) bool { return l.Opaque() || !slices.Contains(s.from, l.Rule) }), why)
		}
		return why != ""
	})
}

// uses says whether a statement names something of the sections beside the tiers.
func (p *Policy) uses(t *tier, s *statement, named func(string) bool) bool {
	return s.shared && named(s.atom.name) || slices.ContainsFunc(p.peerList(t, s.remotes, s.sets), func(peer string) bool { return named(strings.Trim(peer, `"`)) })
}
