// Package plan compares what a policy wants with what a cloud has, and says what
// to do about it: as data, which is printed, saved, checked and carried out by
// others. It is pure.
//
// A group that allows exactly what its tier does is left alone, whatever its
// rules look like. In one that changes, live rules inside the tier stay, what
// they leave uncovered is created, and only rules that allow more go. Whoever
// carries a plan out goes through it in its order: all groups, then what is
// created, then what is deleted, tags, the groups that go, and at last the marks
// that go; so at every step what old and new both allow is allowed, and what is
// unfinished is marked as the policy's.
package plan

import (
	"slices"

	"sgc.dev/sgc/rule"
)

// Action is what becomes of a group.
type Action string

const (
	Create  Action = "create"  // it does not exist
	Change  Action = "change"  // it is the policy's, and differs
	Adopt   Action = "adopt"   // it is nobody's, or that of a policy that gives it away, and becomes the policy's
	Keep    Action = "keep"    // it is the policy's and as the policy wants it
	Delete  Action = "delete"  // it is the policy's, which has no such tier (any more)
	Release Action = "release" // it is the policy's, and is given back with the rules that it has
)

// Plan is how one policy's groups of a project come to be as the policy says.
type Plan struct {
	Policy    string    `json:"policy"`
	Groups    []Group   `json:"groups"`          // in the order of the policy's tiers, then those that go
	Later     []Later   `json:"later,omitempty"` // tiers of the policy that are not among the groups
	Externals Externals `json:"externals"`
	Notes     []Problem `json:"notes,omitempty"` // what the user should know, and nothing stops
	// DeletesFirst turns the order round: what is deleted goes before what is
	// created, which interrupts what both allow, and needs less quota.
	DeletesFirst bool `json:"deletesFirst"`
}

// Group is what is to be done about one group.
type Group struct {
	Action      Action          `json:"action"`
	Tier        string          `json:"tier"`
	ID          string          `json:"id,omitempty"`       // "" of a group to be created
	Name        string          `json:"name"`               // it has, or will have
	Description string          `json:"description"`        // it will have, with the mark unless it is given back
	Stateful    bool            `json:"stateful"`           // it will be
	Revision    int             `json:"revision,omitempty"` // of the group that was compared; 0 of one to be created, or in which others may open access
	Fields      []Field         `json:"fields,omitempty"`
	Unmark      Field           `json:"unmark,omitzero"`  // the description, where it loses the mark: once all else is done
	Tag         []string        `json:"tag,omitempty"`    // tags that it gets
	Tagged      []string        `json:"tagged,omitempty"` // tags that it is to have and has
	Untag       []string        `json:"untag,omitempty"`  // tags that it loses; those of others are never among them
	Create      []rule.Entry    `json:"create"`           // each with the policy lines it comes from
	Remove      []rule.LiveRule `json:"remove"`           // of a group that is deleted: what goes along with it
	Stay        []rule.LiveRule `json:"stay"`
	Left        []rule.LiveRule `json:"left,omitempty"`   // to others: they neither go nor count
	Others      []rule.Entry    `json:"others,omitempty"` // what others may open
	Lapsed      []string        `json:"lapsed,omitempty"` // ids of rules in Remove that close what has expired, and nothing else
	Drift       []Drift         `json:"drift,omitempty"`
	Why         string          `json:"why,omitempty"` // of a group that goes although its tier stays, or that was another policy's
	Pos         rule.Pos        `json:"position"`      // of the tier
	Near        []Unowned       `json:"-"`             // of one to be created: those that the tier may mean, nobody's and called almost so
}

// Field is a property of an existing group that changes: name, description or stateful.
type Field struct {
	Name string `json:"name"`
	Old  string `json:"old"`
	New  string `json:"new"`
}

// Drift is a rule that stays although its description is not the policy's. A
// description cannot be changed: the rule would have to go and come again, which
// cuts what it lets through.
type Drift struct {
	Rule rule.LiveRule `json:"rule"`
	Want string        `json:"want"`
}

// Externals are the ids of what the policy names but does not own, by the
// policy's own name for it.
type Externals struct {
	Groups        map[string]string `json:"groups"`
	AddressGroups map[string]string `json:"addressGroups"`
}

// Empty says whether there is nothing to do.
func (p Plan) Empty() bool {
	for _, g := range p.Groups {
		if !g.Empty() {
			return false
		}
	}
	return true
}

// Born is the description that the group is created with.
func (g Group) Born() string {
	if g.Unmark != (Field{}) {
		return g.Unmark.Old
	}
	return g.Description
}

// Empty says whether there is nothing to do about the group.
func (g Group) Empty() bool {
	return g.Action == Keep && len(g.Fields)+len(g.Tag)+len(g.Untag)+len(g.Create)+len(g.Remove) == 0 && g.Unmark == (Field{})
}

// stays says whether the group is the policy's in the end.
func (g Group) stays() bool { return g.Action != Delete && g.Action != Release }

func (p *Plan) tierStays(tier string) bool {
	return slices.ContainsFunc(p.Groups, func(g Group) bool { return g.stays() && g.Tier == tier })
}
