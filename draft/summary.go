package draft

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// Summary says, for people, what has been proven, what has not been imported, and what
// there is to do.
func (p *Policy) Summary(w io.Writer, proof Proof) error {
	var text strings.Builder
	say := func(form string, args ...any) {
		text.WriteString(rule.Printable(fmt.Sprintf(form, args...)) + "\n")
	}
	flags := p.adoptFlags()
	if p.existing != nil {
		say("proven: with what is new, the policy allows what it did and what %s with %s allow, and nothing else (%s at their edges compared)",
			rule.Counted(proof.Groups, "group"), rule.Counted(proof.Rules, "rule"), rule.Counted(proof.Packets, "packet"))
	} else {
		released := ""
		if p.releases {
			released = fmt.Sprintf(" once the groups of %s are released", policies(p.owners))
		}
		say("proven: the policy allows exactly what the cloud does, in %s with %s (%s at their edges compared), and \"sgc plan %s\" creates and removes none%s",
			rule.Counted(proof.Groups, "group"), rule.Counted(proof.Rules, "rule"), rule.Counted(proof.Packets, "packet"), flags, released)
	}
	statements, covered, twice := len(p.born), 0, 0
	for _, t := range p.Tiers {
		for _, s := range t.statements {
			if !s.born {
				statements++
			}
		}
		covered += len(t.covered)
		twice += t.twice
	}
	counts := rule.Counted(statements, "rule") + " in the policy"
	if p.existing != nil {
		counts = rule.Counted(statements, "new rule")
	}
	if covered > 0 {
		counts += fmt.Sprintf("; left out, because others cover them: %d", covered)
	}
	if twice > 0 {
		counts += fmt.Sprintf("; twice in a group: %d", twice)
	}
	say("%s", counts)
	list(say, "open to the world", "; ", p.world())
	list(say, "set to expire on the day that the cloud's description names", "; ", p.ending())
	list(say, "to be named", ", ", p.toName())
	switch {
	case p.existing != nil:
	case p.noPorts:
		say("no servers: a saved state has no ports, so sgc can, graph and assertions speak of tiers")
	default:
		var idle []string
		for _, t := range p.Tiers {
			if t.ports == 0 {
				idle = append(idle, t.name)
			}
		}
		list(say, "no port carries", ", ", idle)
		list(say, "servers also carry groups that no tier describes; sgc can, graph and assertions do not know what those open", "; ", p.undescribed())
	}
	for _, t := range p.Tiers {
		if owner, _, marked := rule.ParseMark(t.live.Description); marked && owner != p.Name {
			takes := fmt.Sprintf("\"sgc apply %s\" takes it over", flags)
			if p.releases {
				takes = "release it there first, with sgc release"
			}
			say("%s is policy %s's: %s, and until then each of the two undoes what the other does", t.live.Name, owner, takes)
		}
		if why := p.maker(t.live); why != "" && p.Managed {
			say("%s: %s, and may undo what sgc does", t.live.Name, why)
		}
		if _, _, once := describe(t.live.Description, p.Name, t.name); once != "" {
			say("%s: %s", t.name, once)
		}
	}
	p.left(say)
	_, err := io.WriteString(w, text.String())
	return err
}

// SayLeft says which groups have not become tiers, and why.
func (p *Policy) SayLeft(w io.Writer) {
	p.left(func(form string, args ...any) { fmt.Fprintln(w, rule.Printable(fmt.Sprintf(form, args...))) })
}

func (p *Policy) left(say func(string, ...any)) {
	notAsked := 0
	for _, o := range p.Sorting.Others {
		if o.Why == notAskedFor {
			notAsked++
		} else {
			say("not imported: %s (%s): %s%s", o.Name, o.ID, o.Why, hint(o.Why))
		}
	}
	if notAsked > 0 {
		say("not selected: %s", rule.Counted(notAsked, "group"))
	}
	for _, out := range p.Sorting.LeftOut {
		for _, g := range out.Groups {
			say("left out: %q (%s): %s", g.Name, g.ID, out.Why)
		}
	}
	if g := p.Sorting.Untouched; g != nil {
		say("left out: default (%s), which is as the cloud gives it", g.ID)
	}
}

// Hint is what would make tiers of the groups that are left to others, "" for nothing.
func (p *Policy) Hint() string {
	var managed, owned string
	for _, o := range p.Sorting.Others {
		switch _, _, marked := rule.ParseMark(o.Description); {
		case !p.selected(o.LiveGroup):
		case marked:
			owned = "--include-owned makes tiers of groups that other policies have"
		case p.maker(o.LiveGroup) != "":
			managed = "--include-managed makes tiers of groups that controllers have made"
		}
	}
	return strings.Join(slices.DeleteFunc([]string{managed, owned}, func(flag string) bool { return flag == "" }), ", ")
}

// list says a line of items, not too many.
func list(say func(string, ...any), title, separator string, items []string) {
	const most = 20
	rest := ""
	if len(items) > most {
		rest = fmt.Sprintf("%sand %d more", separator, len(items)-most)
		items = items[:most]
	}
	if items != nil {
		say("%s: %s%s", title, strings.Join(items, separator), rest)
	}
}

func policies(names []string) string {
	if len(names) == 1 {
		return "policy " + names[0]
	}
	return "policies " + strings.Join(names, ", ")
}

// toName is what is called by its port, its network, its id or what it is for want of a better name.
func (p *Policy) toName() []string {
	var names []string
	for _, s := range p.sets {
		names = append(names, s.name)
	}
	for _, e := range slices.Concat(p.groups, p.addressGroups) {
		if strings.HasSuffix(e.key, "group-"+short(e.id)) {
			names = append(names, e.key)
		}
	}
	for _, t := range p.Tiers {
		if name := p.short(t.live.Name); !t.known && !isName(name) && strings.HasPrefix(t.name, "tier") && !strings.HasPrefix(name, "tier") {
			names = append(names, t.name)
		}
	}
	seen := map[string]bool{}
	for _, t := range p.Tiers {
		for _, s := range t.statements {
			if s.atom.own() && s.atom.exist == both && !seen[s.atom.name] {
				seen[s.atom.name] = true
				names = append(names, s.atom.name)
			}
		}
	}
	return names
}

// ending is what has a last day, by tier.
func (p *Policy) ending() []string {
	var rules []string
	for _, t := range p.Tiers {
		for _, s := range t.statements {
			if s.about.Expires != "" {
				rules = append(rules, fmt.Sprintf("%s: %s (%s)", t.name, s.key, s.about.Expires))
			}
		}
	}
	return rules
}

// world is what everybody reaches, by tier.
func (p *Policy) world() []string {
	var tiers []string
	for _, t := range p.Tiers {
		var keys []string
		for _, s := range t.statements {
			if s.direction == rule.Ingress && slices.Contains(s.remotes, rule.Anyone()) {
				keys = append(keys, s.key)
			}
		}
		if keys != nil {
			tiers = append(tiers, t.name+": "+strings.Join(keys, ", "))
		}
	}
	return tiers
}
