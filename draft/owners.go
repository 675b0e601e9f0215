package draft

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// findOwners looks for the other policies that have groups of the import. A plan takes over
// those of one, which it finds by the tiers of the marks: where these do not lead to the
// groups of the import, and where there are several policies, they release the groups first.
func (p *Policy) findOwners(s *rule.State) {
	groups := map[string]string{} // by tier, "" for one that is yet to have its group
	if p.existing != nil {
		for _, t := range p.existing.Policy.Tiers {
			groups[t.Name] = ""
		}
	}
	for _, t := range p.Tiers {
		groups[t.name] = t.live.ID
		if owner, _, marked := rule.ParseMark(t.live.Description); marked && owner != p.Name {
			p.owners = append(p.owners, owner)
		}
	}
	slices.Sort(p.owners)
	p.owners = slices.Compact(p.owners)
	p.releases = len(p.owners) > 1 || slices.ContainsFunc(s.Groups, func(g rule.LiveGroup) bool {
		owner, tier, marked := rule.ParseMark(g.Description)
		id, is := groups[tier]
		return marked && slices.Contains(p.owners, owner) && is && id != g.ID
	})
}

// TakingOver is how a plan takes the groups over, and the state in which it does: with the
// marks of policies that release them gone.
func (p *Policy) TakingOver(s *rule.State) (plan.Options, *rule.State) {
	if !p.releases {
		from := strings.Join(p.owners, "")
		free := slices.ContainsFunc(p.Tiers, func(t *tier) bool { _, _, marked := rule.ParseMark(t.live.Description); return !marked })
		return plan.Options{Adopt: from == "" || free, AdoptFrom: from, AdoptGroups: p.byID()}, s
	}
	free := &rule.State{Project: s.Project, Groups: slices.Clone(s.Groups)}
	for i := range free.Groups {
		g := &free.Groups[i]
		if policy, _, marked := rule.ParseMark(g.Description); marked && policy != p.Name && p.has(g.ID) {
			g.Description = rule.Unmarked(g.Description)
			g.Tags = slices.DeleteFunc(slices.Clone(g.Tags), rule.IsOwnTag)
		}
	}
	return plan.Options{Adopt: true, AdoptGroups: p.byID()}, free
}

// byID is the groups that a plan takes over by their ids, by tier: others have their names too.
func (p *Policy) byID() map[string]string {
	ids := map[string]string{}
	for _, t := range p.Tiers {
		if _, _, marked := rule.ParseMark(t.live.Description); p.Sorting.ByID[t.live.ID] && !marked {
			ids[t.name] = t.live.ID
		}
	}
	return ids
}

// adoptFlags is what a plan is to be told to take the groups over.
func (p *Policy) adoptFlags() string {
	o, _ := p.TakingOver(&rule.State{})
	var flags []string
	if o.Adopt {
		flags = append(flags, "--adopt")
	}
	if o.AdoptFrom != "" {
		flags = append(flags, "--adopt-from "+o.AdoptFrom)
	}
	for _, tier := range slices.Sorted(maps.Keys(o.AdoptGroups)) {
		flags = append(flags, fmt.Sprintf("--adopt-group %s=%s", tier, o.AdoptGroups[tier]))
	}
	return strings.Join(flags, " ")
}
