package plan

import (
	"fmt"
	"slices"

	"sgc.dev/sgc/rule"
)

// Candidate is something that a policy may mean by a name or an id.
type Candidate struct {
	ID        string
	Name      string
	ProjectID string
	Shared    bool // with the project
}

// Known is what can be found without a call: the project's own groups, and ids that the
// policy has.
func Known(d Desired, s *rule.State) (groups, addressGroups []Candidate) {
	groups = Candidates(s)
	for _, e := range d.Foreign {
		if e.ID != "" {
			groups = append(groups, Candidate{ID: e.ID})
		}
	}
	for _, e := range d.AddressGroups {
		if e.ID != "" {
			addressGroups = append(addressGroups, Candidate{ID: e.ID})
		}
	}
	return groups, addressGroups
}

// Candidates is the project's own groups.
func Candidates(s *rule.State) []Candidate {
	var list []Candidate
	for _, g := range s.Groups {
		list = append(list, Candidate{ID: g.ID, Name: g.Name, ProjectID: s.Project})
	}
	return list
}

// Resolve finds ids for what a policy names but does not own, among candidates. The error is
// [Problems].
func Resolve(d Desired, project string, groups, addressGroups []Candidate) (Externals, error) {
	x := Externals{Groups: map[string]string{}, AddressGroups: map[string]string{}}
	problems := pick("security group", d.Foreign, groups, project, x.Groups)
	problems = append(problems, pick("address group", d.AddressGroups, addressGroups, project, x.AddressGroups)...)
	if problems != nil {
		return x, problems
	}
	return x, nil
}

// pick fills in ids: exactly one for each name, and no two names for one id.
func pick(what string, wanted []rule.External, have []Candidate, project string, ids map[string]string) Problems {
	var problems Problems
	refuse := func(e rule.External, format string, args ...any) {
		problems = append(problems, Problem{Pos: e.Pos, Message: fmt.Sprintf(format, args...)})
	}
	keys := map[string]string{} // by id
	for _, e := range wanted {
		found := matching(e, have, project)
		switch {
		case len(found) == 0 && e.ID != "":
			refuse(e, "there is no %s with the id %s in this project, nor shared with it", what, e.ID)
		case len(found) == 0:
			refuse(e, "there is no %s called %q in this project, nor shared with it; where it belongs to another project, give its id", what, e.Name)
		case len(found) > 1:
			refuse(e, "%d of this project's %ss are called %q (%s): give the id of the one that is meant", len(found), what, e.Name, joined(found))
		case keys[found[0]] != "":
			refuse(e, "%s and %s are the same %s, %s: keep one of the names", keys[found[0]], e.Key, what, found[0])
		default:
			keys[found[0]] = e.Key
			ids[e.Key] = found[0]
		}
	}
	return problems
}

// matching is the ids of what e may mean; the project's own goes before what
// others share. An administrator sees what nobody shares: an id alone takes that.
func matching(e rule.External, have []Candidate, project string) []string {
	var own, shared []string
	for _, g := range have {
		switch {
		case e.ID != "" && g.ID == e.ID:
			return []string{g.ID}
		case e.ID != "" || g.Name != e.Name:
		case g.ProjectID == project:
			own = append(own, g.ID)
		case g.Shared:
			shared = append(shared, g.ID)
		}
	}
	if own == nil {
		own = shared
	}
	slices.Sort(own)
	return slices.Compact(own)
}

func joined(ids []string) string {
	text := ids[0]
	for _, id := range ids[1:] {
		text += ", " + id
	}
	return text
}
