package neutron

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// candidate is something that the policy may mean by a name or an id.
type candidate struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	ProjectID string `json:"project_id"`
	Shared    bool   `json:"shared"`
}

func (c candidate) key() string  { return c.ID }
func (c candidate) check() error { return rule.CheckID(c.ID) }

// Resolve finds what a policy names but does not own: groups in the state, and
// those of others by one call; address groups by one. The error is
// [plan.Problems].
func (c *Client) Resolve(ctx context.Context, d plan.Desired, s *rule.State) (plan.Externals, error) {
	groups := candidates(s)
	if query := missing(d.Foreign, groups); query != nil {
		more, err := c.lookUp(ctx, query, groupsPath, "security_groups")
		if err != nil {
			return plan.Externals{}, err
		}
		groups = append(groups, more...)
	}
	var addressGroups []candidate
	if len(d.AddressGroups) > 0 {
		var err error
		addressGroups, err = c.lookUp(ctx, url.Values{}, addressGroupsPath, "address_groups")
		if refused(err, http.StatusNotFound) {
			return plan.Externals{}, noAddressGroups(d)
		}
		if err != nil {
			return plan.Externals{}, err
		}
	}
	return resolve(d, c.project, groups, addressGroups)
}

// ResolveOffline finds the groups among those of a saved state. Ids are taken for
// granted, since the state need not have the groups of others.
func ResolveOffline(d plan.Desired, s *rule.State) (plan.Externals, error) {
	groups, addressGroups := known(d, s)
	return resolve(d, s.Project, groups, addressGroups)
}

// known is what can be found without a call: the project's own groups, and ids that the
// policy has.
func known(d plan.Desired, s *rule.State) (groups, addressGroups []candidate) {
	groups = candidates(s)
	for _, e := range d.Foreign {
		if e.ID != "" {
			groups = append(groups, candidate{ID: e.ID})
		}
	}
	for _, e := range d.AddressGroups {
		if e.ID != "" {
			addressGroups = append(addressGroups, candidate{ID: e.ID})
		}
	}
	return groups, addressGroups
}

func candidates(s *rule.State) []candidate {
	var list []candidate
	for _, g := range s.Groups {
		list = append(list, candidate{ID: g.ID, Name: g.Name, ProjectID: s.Project})
	}
	return list
}

// missing is the query for the groups that are not among the project's own, nil for none.
func missing(wanted []rule.External, own []candidate) url.Values {
	query := url.Values{}
	for _, e := range wanted {
		switch {
		case slices.ContainsFunc(own, func(g candidate) bool { return g.ID == e.ID || e.Name != "" && g.Name == e.Name }):
		case e.ID != "":
			query.Add("id", e.ID)
		default:
			query.Add("name", e.Name)
		}
	}
	if len(query) == 0 {
		return nil
	}
	return query
}

// lookUp lists what the query asks for, or more, by one call where it is not too long:
// Neutron joins two kinds of filter by "and", so where there are two it filters nothing.
func (c *Client) lookUp(ctx context.Context, query url.Values, path, key string) ([]candidate, error) {
	fields := url.Values{"fields": {"id", "name", "project_id", "shared"}}
	queries := []url.Values{fields}
	if len(query) == 1 {
		for filter, values := range query {
			queries = c.queries(path, filter, values, fields)
		}
	}
	return pagesOf[candidate](ctx, c, "look for "+doingOf[key], path, key, queries)
}

// noAddressGroups says, at each address group of the policy, that the cloud knows of none.
func noAddressGroups(d plan.Desired) plan.Problems {
	var problems plan.Problems
	for _, e := range d.AddressGroups {
		problems = append(problems, plan.Problem{Pos: e.Pos, Message: "the cloud has no address groups: it lacks the extension address-group"})
	}
	return problems
}

var doingOf = map[string]string{"security_groups": "the security groups of others", "address_groups": "address groups"}

func resolve(d plan.Desired, project string, groups, addressGroups []candidate) (plan.Externals, error) {
	x := plan.Externals{Groups: map[string]string{}, AddressGroups: map[string]string{}}
	problems := find("security group", d.Foreign, groups, project, x.Groups)
	problems = append(problems, find("address group", d.AddressGroups, addressGroups, project, x.AddressGroups)...)
	if problems != nil {
		return x, problems
	}
	return x, nil
}

// find fills in ids: exactly one for each name, and no two names for one id.
func find(what string, wanted []rule.External, have []candidate, project string, ids map[string]string) plan.Problems {
	var problems plan.Problems
	refuse := func(e rule.External, format string, args ...any) {
		problems = append(problems, plan.Problem{Pos: e.Pos, Message: fmt.Sprintf(format, args...)})
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
func matching(e rule.External, have []candidate, project string) []string {
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
