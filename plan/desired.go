package plan

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"sgc.dev/sgc/rule"
)

// Desired is the groups of one policy as a cloud shall have them: those of a
// compiled policy ([FromSet]), or of a moment that is to come back ([Snapshot.Desired]).
type Desired struct {
	Policy        string
	Groups        []DesiredGroup
	Release       []string        // tiers whose groups are given back; then no other group is looked at
	Given         []DesiredGroup  // those tiers, and all others of the policy, as they were
	Foreign       []rule.External // groups of others that it names
	AddressGroups []rule.External
	Unowned       []string // ids of groups that are given back where no tier is left for them
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
	KeepText    bool   // what stands before the mark is the group's own, whatever it is
	Stateful    bool
	Tags        []string
	Rules       []rule.Entry    // the fewest
	Expired     []rule.Entry    // what the policy opened until a day that is over
	Others      []rule.Entry    // what others may open
	Made        []rule.Rule     // of a moment that is to come back: what has been opened since, and not by others
	Opaque      []rule.LiveRule // of a moment that is to come back: what cannot be expressed
	Pos         rule.Pos
}

// born is the description that the group is created with. One that is not the policy's in the
// end is so until it is complete, by the id that it had.
func (g DesiredGroup) born(policy string) string {
	if owner, _, _ := rule.ParseMark(g.Description); owner == policy {
		return g.Description
	}
	return rule.Mark(policy, g.ID)
}

// described is the description that a live group is to have. The text of a group whose
// tier says nothing stays, as long as the mark fits behind it.
func (g DesiredGroup) described(live *rule.LiveGroup) (string, error) {
	text := rule.Unmarked(live.Description)
	if !g.KeepText || text == "" {
		return g.Description, nil
	}
	whole := text + " " + g.Description
	if n := utf8.RuneCountInString(whole); n > rule.MaxText {
		return "", fmt.Errorf("security group %s (%s) has a description of %d characters, and with the mark %s it would be %d, more than the %d that a cloud stores: shorten it, or give the tier a description, which replaces it",
			live.Name, live.ID, utf8.RuneCountInString(text), g.Description, n, rule.MaxText)
	}
	return whole, nil
}

// FromSet is the groups of a compiled policy.
func FromSet(set *rule.Set) Desired {
	d := Desired{Policy: set.Policy, Foreign: set.Foreign, AddressGroups: set.AddressGroups}
	for _, g := range set.Groups {
		d.Groups = append(d.Groups, DesiredGroup{
			Tier:        g.Tier,
			Name:        g.Name,
			Description: g.CloudDescription(set.Policy),
			KeepText:    g.Description == "",
			Stateful:    g.Stateful,
			Tags:        slices.Concat(g.Tags, rule.OwnershipTags(set.Policy, g.Tier)),
			Rules:       g.Rules,
			Expired:     g.Expired,
			Others:      g.Others,
			Pos:         g.Pos,
		})
	}
	return d
}

// Gone is that no group of the policy is left.
func Gone(set *rule.Set) Desired {
	return Desired{Policy: set.Policy, Foreign: set.Foreign, AddressGroups: set.AddressGroups}
}

// Released is that the policy gives the groups of these tiers back, and that nothing else
// is looked at.
func Released(set *rule.Set, tiers []string) Desired {
	d := Gone(set)
	d.Release, d.Given = tiers, FromSet(set).Groups
	return d
}
