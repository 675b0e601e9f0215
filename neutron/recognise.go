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
