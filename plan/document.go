package plan

import (
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"

	"sgc.dev/sgc/rule"
)

// Version is the version of plans and snapshots as JSON. It grows when a field changes its
// meaning or goes away; new fields alone do not change it.
const Version = 2

// Document is plans of one run, as files keep them and machines read them: what is to be
// done, and beside it all that the plans were made from. A file may have been written by
// anybody: it is never believed, but its plans are made once more and compared ([Document.Differs]).
type Document struct {
	Target   string // what the run calls the project; "" where there is one alone
	Place    Place
	Day      string // on which it was judged what has expired
	Options  Options
	Plans    []*Plan
	Unowned  []Unowned   // groups that belong to no policy once the plans are carried out
	Policies []*rule.Set // what the plans were made from; nil where they cannot be made again
}

type documentShape struct {
	Version  int         `json:"version"`
	Target   string      `json:"target,omitempty"`
	Empty    bool        `json:"empty"` // there is nothing to do
	Place    Place       `json:"place"`
	Day      string      `json:"day,omitempty"`
	Options  Options     `json:"options"`
	Plans    []planShape `json:"plans"`
	Unowned  []Unowned   `json:"unowned,omitempty"`
	Policies []*rule.Set `json:"policies,omitempty"`
}

// planShape is a plan, with what people and their tools ask first.
type planShape struct {
	Plan
	Empty  bool         `json:"empty"`
	Groups []groupShape `json:"groups"`
}

type groupShape struct {
	Group
	Opens  []string `json:"opens"` // "anyone → app tcp/443 (IPv6)"
	Closes []string `json:"closes"`
}

func (d *Document) shape() documentShape {
	shape := documentShape{Version: Version, Target: d.Target, Empty: true, Place: d.Place, Day: d.Day, Options: d.Options, Plans: []planShape{}, Unowned: d.Unowned, Policies: d.Policies}
	for _, p := range d.Plans {
		one := planShape{Plan: *p, Empty: p.Empty(), Groups: []groupShape{}}
		for _, g := range p.Groups {
			opens, closes := g.Flows()
			g.Create, g.Remove, g.Stay = list(g.Create), list(g.Remove), list(g.Stay)
			one.Groups = append(one.Groups, groupShape{g, list(opens), list(closes)})
		}
		shape.Plans = append(shape.Plans, one)
		shape.Empty = shape.Empty && one.Empty
	}
	return shape
}

// Write writes the document so that [ParseDocument] reads it again.
func (d *Document) Write(w io.Writer) error { return writeShape(w, d.shape()) }

func writeShape(w io.Writer, shape any) error {
	e := json.NewEncoder(rule.PrintableJSON(w))
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(shape)
}

// ParseDocument reads what [Document.Write] wrote, of this version.
func ParseDocument(data []byte) (*Document, error) {
	const kind = "a plan"
	var shape documentShape
	err := json.Unmarshal(data, &shape)
	if first := firstVersion(data); first != Version && first != 0 { // before version 2, several documents followed one another
		return nil, fmt.Errorf("this is a plan of version %d, and this sgc reads version %d: plan again", first, Version)
	}
	if err != nil {
		return nil, unread(kind, data, err)
	}
	d := shape.document()
	if err = checkWritten(data, d.Write); err == nil {
		err = d.check()
	}
	if err != nil {
		return nil, fmt.Errorf("not %s of sgc: %w", kind, err)
	}
	return d, nil
}

func (shape documentShape) document() *Document {
	d := &Document{shape.Target, shape.Place, shape.Day, shape.Options, nil, shape.Unowned, shape.Policies}
	for _, p := range shape.Plans {
		plan := p.Plan
		plan.Groups = nil
		for _, g := range p.Groups {
			plan.Groups = append(plan.Groups, g.Group)
		}
		d.Plans = append(d.Plans, &plan)
	}
	return d
}

var day = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)

// check refuses days that are none, and policies that no compiler makes: what they name becomes marks and ids.
func (d *Document) check() error {
	if d.Policies == nil {
		return fmt.Errorf("it does not say what its plans were made from")
	}
	if d.Day != "" && !day.MatchString(d.Day) {
		return fmt.Errorf("day %q is not a date such as 2027-01-31", d.Day)
	}
	policies := map[string]bool{}
	for i, set := range d.Policies {
		if set == nil {
			return fmt.Errorf("policies[%d] is null", i)
		}
		if err := rule.CheckPolicyName(set.Policy); err != nil {
			return err
		}
		if policies[set.Policy] {
			return fmt.Errorf("policy %s occurs twice", set.Policy)
		}
		policies[set.Policy] = true
		if err := set.Check(); err != nil {
			return fmt.Errorf("policy %s: %w", set.Policy, err)
		}
	}
	return nil
}

// Expired says which rules of the policies have expired since the plans were made, given
// the day of today ("2027-01-31"), and which are said to have and have not.
func (d *Document) Expired(today string) Problems {
	var problems Problems
	for _, set := range d.Policies {
		for _, g := range set.Groups {
			for _, e := range g.Expired {
				if last := e.LastDay(); last == "" || last >= today {
					problems = append(problems, Problem{position(e), fmt.Sprintf("group %s: %s is said to have expired, and has not; plan again", g.Name, e.Rule)})
				}
			}
			for _, e := range slices.Concat(g.Rules, g.Others) {
				if last := e.LastDay(); last != "" && last < today {
					problems = append(problems, Problem{position(e), fmt.Sprintf("group %s: %s expired after %s; plan again", g.Name, e.Rule, last)})
				}
			}
		}
	}
	return problems
}

// position is the first policy line that the rule comes from.
func position(e rule.Entry) rule.Pos {
	if len(e.Origins) == 0 {
		return rule.Pos{}
	}
	return e.Origins[0].Pos
}

// Differs says in what the document is not the one that has been made from the same
// policies just now: the cloud has changed, or somebody has written into the file. Notes
// are not compared, nor are groups that belong to no policy, nor the place, for which there
// is [Place.Differs].
func (d *Document) Differs(now *Document) Problems {
	if problems := Stale(d.Plans, now.Plans); problems != nil {
		for i := range problems {
			problems[i].Message += "; plan again"
		}
		return problems
	}
	is, should := d.comparable(), now.comparable()
	if err := difference("", "differs", is, should); err != nil {
		return Problems{{Message: fmt.Sprintf("the plan in the file is not what its policies come to in this cloud now: %v; plan again", err)}}
	}
	return nil
}

// comparable is the document as a tree without what is not compared. Rules that exist are in
// the order of their ids: a cloud lists them in any.
func (d *Document) comparable() any {
	shape := d.shape()
	shape.Target, shape.Place, shape.Unowned = "", Place{}, nil
	for i := range shape.Plans {
		shape.Plans[i].Notes = nil
		for j := range shape.Plans[i].Groups {
			g := &shape.Plans[i].Groups[j]
			g.Remove, g.Stay = byID(g.Remove), byID(g.Stay)
			g.Drift = slices.SortedFunc(slices.Values(g.Drift), func(a, b Drift) int { return compareIDs(a.Rule, b.Rule) })
			if g.Others != nil { // what they do meanwhile is none of the plan
				g.Left, g.Opens, g.Closes = nil, nil, nil
			}
			g.Lapsed = slices.Sorted(slices.Values(g.Lapsed))
		}
	}
	data, err := json.Marshal(shape)
	if err != nil { // a rule that is none, which Make does not make and ParseDocument refuses
		return err.Error()
	}
	t, _ := tree(data)
	return t
}

// list is never null in JSON.
func list[E any](l []E) []E {
	if l == nil {
		return []E{}
	}
	return l
}
