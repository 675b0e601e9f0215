package plan

import (
	"slices"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/diff"
	"sgc.dev/sgc/rule"
)

// Access is what access opens and what closes for the group, apart from which
// rules come and go. Rules that cannot be expressed are not part of it; those that are left
// to others are.
func (g Group) Access() (opens, closes []diff.Change) {
	before, after := g.beforeAfter()
	for _, l := range g.Left {
		before, after = append(before, rule.Entry{Rule: l.Rule}), append(after, rule.Entry{Rule: l.Rule})
	}
	return diff.Access(before, after)
}

// Flows is [Group.Access] in words, "anyone → app tcp/443 (IPv6)", with what goes
// in the cloud's own words where there are no others.
func (g Group) Flows() (opens, closes []string) { return g.flows(diff.Flows) }

// flows is [Group.Flows] with the words of one function for a list of changes.
func (g Group) flows(words func(tier string, changes []diff.Change) []string) (opens, closes []string) {
	opened, closed := g.Access()
	opens, closes = words(g.Tier, opened), words(g.Tier, closed)
	_, gone := split(g.Remove)
	for _, l := range gone {
		closes = append(closes, l.Words+", as the cloud has it")
	}
	return opens, closes
}

func (g Group) beforeAfter() (before, after []rule.Entry) {
	for _, l := range g.Remove {
		before = append(before, rule.Entry{Rule: l.Rule})
	}
	for _, l := range g.Stay {
		before = append(before, rule.Entry{Rule: l.Rule})
		after = append(after, rule.Entry{Rule: l.Rule})
	}
	return before, append(after, g.Create...)
}

// mostlyCloses says whether the group loses more than half of what it allows:
// of the shortest listing of it, more than half of the rules are not allowed
// whole any more. A rule that cannot be expressed counts as one; what has lapsed
// does not count.
func (g Group) mostlyCloses() bool {
	g.Remove = slices.DeleteFunc(slices.Clone(g.Remove), func(l rule.LiveRule) bool { return slices.Contains(g.Lapsed, l.ID) })
	before, after := g.beforeAfter()
	had := access.Of(rulesOf(before)...).Rules()
	will := access.Of(rulesOf(after)...)
	all, lost := len(had), 0
	for _, r := range had {
		if !will.Contains(r) {
			lost++
		}
	}
	_, stay := split(g.Stay)
	_, gone := split(g.Remove)
	all, lost = all+len(stay)+len(gone), lost+len(gone)
	return 2*lost > all
}
