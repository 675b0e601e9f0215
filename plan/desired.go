package plan

import (
	"slices"

	"sgc.dev/sgc/rule"
)

// Desired is the groups of one policy as a cloud shall have them: those of a
// compiled policy ([FromSet]), or of a moment that is to come back ([Snapshot.Desired]).
type Desired struct {
	Policy        string
	Groups        []DesiredGroup
	Foreign       []rule.External // groups of others that it names
	AddressGroups []rule.External // that it names
	// Whole says that the groups shall have no tags but those listed.
	Whole bool
	Notes []Problem // what will not be as one may expect
}

// DesiredGroup is a group as it shall be.
type DesiredGroup struct {
	Tier        string
	ID          string // where it is known which group it is; else the mark or the name says so
	Name        string
	Description string // as in the cloud, with the mark
	Stateful    bool
	Tags        []string
	Rules       []rule.Entry    // the fewest
	Opaque      []rule.LiveRule // of a moment that is to come back: what cannot be expressed
	Pos         rule.Pos
}

// born is the description that the group is created with. One that is nobody's in the end is
// the policy's until it is complete, by the id that it had.
func (g DesiredGroup) born(policy string) string {
	if _, _, marked := rule.ParseMark(g.Description); marked {
		return g.Description
	}
	return rule.Mark(policy, g.ID)
}

// FromSet is the groups of a compiled policy.
func FromSet(set *rule.Set) Desired {
	d := Desired{Policy: set.Policy, Foreign: set.Foreign, AddressGroups: set.AddressGroups}
	for _, g := range set.Groups {
		d.Groups = append(d.Groups, DesiredGroup{
			Tier:        g.Tier,
			Name:        g.Name,
			Description: g.CloudDescription(set.Policy),
			Stateful:    g.Stateful,
			Tags:        slices.Concat(g.Tags, rule.OwnershipTags(set.Policy, g.Tier)),
			Rules:       g.Rules,
			Pos:         g.Pos,
		})
	}
	return d
}
