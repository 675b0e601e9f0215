package diff

import (
	"fmt"
	"slices"

	"sgc.dev/sgc/rule"
)

// Verb is what becomes of something. They are in the order in which a table has them.
type Verb uint8

const (
	Opens Verb = iota + 1
	Grants
	Closes
	Revokes
	Becomes
)

var verbs = [...]string{Opens: "opens", Grants: "others may open", Closes: "closes", Revokes: "others may no longer open", Becomes: "changes"}

func (v Verb) String() string { return verbs[v] }

// Row is a difference as a line of a table has it. Its texts are the policy's, and
// may be anything.
type Row struct {
	Verb    Verb
	Tier    string // "" where it is about the whole policy
	Text    string
	Flow    Flow          // zero for Becomes
	Origins []rule.Origin // the lines behind it
}

// Rows is all differences: what opens, then what closes, then what else differs.
func (p Policy) Rows() []Row {
	var rows []Row
	fields := func(tier string, list []Field) {
		for _, f := range list {
			rows = append(rows, Row{Verb: Becomes, Tier: tier, Text: f.String()})
		}
	}
	fields("", p.Fields)
	for _, g := range p.Groups {
		if g.Status != Changed {
			rows = append(rows, Row{Verb: Becomes, Tier: g.Tier, Text: "group " + string(g.Status)})
		}
		fields(g.Tier, g.Fields)
		for _, c := range []struct {
			verb    Verb
			changes []Change
		}{{Opens, g.Opens}, {Grants, g.Grants}, {Closes, g.Closes}, {Revokes, g.Revokes}} {
			for _, f := range FlowsOf(g.Tier, c.changes) {
				rows = append(rows, Row{c.verb, g.Tier, f.String(), f, f.Origins})
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b Row) int { return int(a.Verb) - int(b.Verb) })
	return rows
}

func (f Field) String() string {
	name := rule.Printable(f.Name)
	switch f.Status {
	case Created:
		return fmt.Sprintf("%s (created): %q", name, f.New)
	case Removed:
		return fmt.Sprintf("%s (removed): %q", name, f.Old)
	}
	return fmt.Sprintf("%s: %q → %q", name, f.Old, f.New)
}

// Title is both names, or the one that both have.
func (p Policy) Title() string {
	if p.Before == p.After {
		return p.After
	}
	return p.Before + " → " + p.After
}
