package rule

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// State is the security groups of one project as its cloud has them. It is
// observed and canonical: two rules that mean the same are ==, as in a [Set].
type State struct {
	Project string      `json:"project"` // its id
	Groups  []LiveGroup `json:"groups"`
}

// Owned is the groups with the mark of a policy, by tier, the eldest first: of
// several, two that look agree on it.
func (s *State) Owned(policy string) map[string][]*LiveGroup {
	owned := map[string][]*LiveGroup{}
	for i := range s.Groups {
		if p, tier, ok := ParseMark(s.Groups[i].Description); ok && p == policy {
			owned[tier] = append(owned[tier], &s.Groups[i])
		}
	}
	for _, groups := range owned {
		slices.SortFunc(groups, func(a, b *LiveGroup) int {
			return cmp.Or(strings.Compare(a.Created, b.Created), strings.Compare(a.ID, b.ID))
		})
	}
	return owned
}

// CheckIDs says whether all ids can be such. See [CheckID].
func (s *State) CheckIDs() error {
	if s.Project != "" {
		if err := CheckID(s.Project); err != nil {
			return fmt.Errorf("the project: %w", err)
		}
	}
	for _, g := range s.Groups {
		if err := g.CheckIDs(); err != nil {
			return err
		}
	}
	return nil
}

// CheckIDs is [State.CheckIDs] of one group.
func (g LiveGroup) CheckIDs() error {
	if err := CheckID(g.ID); err != nil {
		return fmt.Errorf("a security group: %w", err)
	}
	for _, l := range g.Rules {
		err := CheckID(l.ID)
		if kind := l.Rule.Remote.Kind(); err == nil && (kind == RemoteGroup || kind == RemoteAddressGroup) {
			err = CheckID(l.Rule.Remote.Name())
		}
		if err == nil && l.Group != "" {
			err = CheckID(l.Group)
		}
		if err != nil {
			return fmt.Errorf("a rule of security group %s: %w", g.ID, err)
		}
	}
	return nil
}

// LiveGroup is a security group that exists.
type LiveGroup struct {
	ID          string     `json:"id"`
	Name        string     `json:"name"`        // need not be unique
	Description string     `json:"description"` // with the mark, where the group has one
	Stateful    bool       `json:"stateful"`
	Tags        []string   `json:"tags"`
	Revision    int        `json:"revision"` // grows with every change of the group or its rules
	Created     string     `json:"created"`  // when, as the cloud writes it: "2026-11-24T06:05:22Z"
	Updated     string     `json:"-"`        // when it came or a rule of it changed last; "" where that is not known
	Touched     string     `json:"-"`        // when anything of it changed last, also by a rule that went; "" where that is not known
	Rules       []LiveRule `json:"rules"`
}

// LiveRule is a rule that exists. A remote group stands in its Rule by id, as
// [ForeignGroup], whoever owns it; so does a remote address group.
type LiveRule struct {
	ID          string `json:"id"`
	Rule        Rule   `json:"rule"`            // the zero Rule where this vocabulary cannot express what the cloud has
	Words       string `json:"words,omitempty"` // of a rule that cannot be expressed: what it is, as the cloud has it
	Group       string `json:"group,omitempty"` // of such a rule: the id of the remote group, if it has one
	Description string `json:"description"`
	Created     string `json:"-"` // when; "" where that is not known
}

// Opaque says whether the rule cannot be expressed: it allows something, and
// nobody but the cloud can say what.
func (l LiveRule) Opaque() bool { return l.Rule == Rule{} }

// Names says whether the group with that id is the rule's remote: who deletes the
// group deletes the rule.
func (l LiveRule) Names(group string) bool {
	if l.Opaque() {
		return l.Group == group
	}
	return l.Rule.Remote == ForeignGroup(group)
}

// String is the rule in words, those of the cloud where it is opaque.
func (l LiveRule) String() string {
	if l.Opaque() {
		return l.Words
	}
	return l.Rule.String()
}
