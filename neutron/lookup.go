package neutron

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// candidate is a [plan.Candidate] as Neutron writes it.
type candidate struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	ProjectID string `json:"project_id"`
	Shared    bool   `json:"shared"`
}

func (c candidate) Key() string  { return c.ID }
func (c candidate) Check() error { return rule.CheckID(c.ID) }

// Resolve finds what a policy names but does not own: groups in the state, and
// those of others by one call; address groups by one. The error is
// [plan.Problems].
func (c *Client) Resolve(ctx context.Context, d plan.Desired, s *rule.State) (plan.Externals, error) {
	groups := plan.Candidates(s)
	if query := unknown(d.Foreign, groups); query != nil {
		more, err := c.lookUp(ctx, query, groupsPath, "security_groups")
		if err != nil {
			return plan.Externals{}, err
		}
		groups = append(groups, more...)
	}
	var addressGroups []plan.Candidate
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
	return plan.Resolve(d, c.project, groups, addressGroups)
}

// unknown is the query for the groups that are not among the project's own, nil for none.
func unknown(wanted []rule.External, own []plan.Candidate) url.Values {
	query := url.Values{}
	for _, e := range wanted {
		switch {
		case slices.ContainsFunc(own, func(g plan.Candidate) bool { return g.ID == e.ID || e.Name != "" && g.Name == e.Name }):
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
func (c *Client) lookUp(ctx context.Context, query url.Values, path, key string) ([]plan.Candidate, error) {
	fields := url.Values{"fields": {"id", "name", "project_id", "shared"}}
	queries := []url.Values{fields}
	if len(query) == 1 {
		for filter, values := range query {
			queries = c.queries(path, filter, values, fields)
		}
	}
	list, err := pagesOf[candidate](ctx, c, "look for "+doingOf[key], path, key, queries)
	if err == nil && path == addressGroupsPath {
		err = c.markShared(ctx, list)
	}
	var found []plan.Candidate
	for _, one := range list {
		found = append(found, plan.Candidate(one))
	}
	return found, err
}

var doingOf = map[string]string{"security_groups": "the security groups of others", "address_groups": "address groups"}

// sharing is what lets other projects use something.
type sharing struct {
	ID      string `json:"id"`
	Object  string `json:"object_id"`
	Project string `json:"target_tenant"` // "*" is all
}

func (s sharing) Key() string  { return s.ID }
func (s sharing) Check() error { return rule.CheckID(s.ID) }

// markShared finds out which address groups are shared with the project. Neutron does not say so
// of them, and shows others to administrators alone.
func (c *Client) markShared(ctx context.Context, list []candidate) error {
	shared := map[string]bool{}
	if c.admin && slices.ContainsFunc(list, func(a candidate) bool { return a.ProjectID != c.project }) {
		sharings, err := pages[sharing](ctx, c, "read which address groups are shared", "rbac-policies", "rbac_policies", url.Values{"object_type": {"address_group"}})
		if err != nil && !refused(err, http.StatusNotFound) {
			return err
		}
		for _, s := range sharings {
			shared[s.Object] = shared[s.Object] || s.Project == c.project || s.Project == "*"
		}
	}
	for i, a := range list {
		list[i].Shared = !c.admin || shared[a.ID]
	}
	return nil
}

// noAddressGroups says, at each address group of the policy, that the cloud knows of none.
func noAddressGroups(d plan.Desired) plan.Problems {
	var problems plan.Problems
	for _, e := range d.AddressGroups {
		problems = append(problems, plan.Problem{Pos: e.Pos, Message: "the cloud has no address groups: it lacks the extension address-group"})
	}
	return problems
}

// Recognise is what the policy calls the groups and address groups that rules of its groups
// name: for people to read, and nothing depends on it. What the policy has no word for,
// or cannot be found any more, keeps its id. A call is made only where a rule names what
// is neither in the project nor in the policy by that id.
func (c *Client) Recognise(ctx context.Context, d plan.Desired, s *rule.State) (plan.Externals, error) {
	named := remotes(s.Owned(d.Policy))
	groups, addressGroups := plan.Known(d, s)
	var err error
	if query := unknown(d.Foreign, groups); query != nil && lacks(groups, named[rule.RemoteGroup]) {
		if groups, err = c.lookFurther(ctx, groups, query, groupsPath, "security_groups"); err != nil {
			return plan.Externals{}, err
		}
	}
	if unknown(d.AddressGroups, addressGroups) != nil && lacks(addressGroups, named[rule.RemoteAddressGroup]) {
		if addressGroups, err = c.lookFurther(ctx, addressGroups, nil, addressGroupsPath, "address_groups"); err != nil {
			return plan.Externals{}, err
		}
	}
	x, _ := plan.Resolve(d, c.project, groups, addressGroups)
	maps.DeleteFunc(x.Groups, func(_, id string) bool { return !named[rule.RemoteGroup][id] })
	maps.DeleteFunc(x.AddressGroups, func(_, id string) bool { return !named[rule.RemoteAddressGroup][id] })
	return x, nil
}

// lookFurther is [Client.lookUp] where it is no problem that the cloud has no such thing.
func (c *Client) lookFurther(ctx context.Context, have []plan.Candidate, query url.Values, path, key string) ([]plan.Candidate, error) {
	more, err := c.lookUp(ctx, query, path, key)
	if refused(err, http.StatusNotFound) {
		err = nil
	}
	return append(have, more...), err
}

// remotes is the ids that rules of groups name.
func remotes(owned map[string][]*rule.LiveGroup) map[rule.RemoteKind]map[string]bool {
	ids := map[rule.RemoteKind]map[string]bool{rule.RemoteGroup: {}, rule.RemoteAddressGroup: {}}
	for _, groups := range owned {
		for _, g := range groups {
			for _, l := range g.Rules {
				if of := ids[l.Rule.Remote.Kind()]; of != nil {
					of[l.Rule.Remote.Name()] = true
				}
			}
		}
	}
	return ids
}

// lacks says whether any of the ids is not among the candidates.
func lacks(have []plan.Candidate, ids map[string]bool) bool {
	for id := range ids {
		if !slices.ContainsFunc(have, func(c plan.Candidate) bool { return c.ID == id }) {
			return true
		}
	}
	return false
}
