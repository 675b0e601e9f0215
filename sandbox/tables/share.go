package tables

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"sgc.dev/sgc/sandbox/api"
)

// share lets another project see and use a security group or an address group: an RBAC policy.
type share struct {
	id, owner, target string // target is a project or * for all
}

// A shareable is what can be shared.
type shareable struct {
	kind, id, project string
	shares            *[]*share
}

func (t *Tables) shareables() []shareable {
	var all []shareable
	for _, g := range t.groups {
		all = append(all, shareable{"security_group", g.ID, g.ProjectID, &g.shares})
	}
	for _, a := range t.addressGroups {
		all = append(all, shareable{"address_group", a.id, a.project, &a.shares})
	}
	return all
}

func (o shareable) view(s *share) api.Object {
	return api.Object{"id": s.id, "object_type": o.kind, "object_id": o.id, "action": "access_as_shared",
		"target_tenant": s.target, "project_id": s.owner, "tenant_id": s.owner}
}

// Share lets another project see a group or an address group and use it as remote, and a group
// on ports. It panics where there is no such thing.
func (t *Tables) Share(id, projectID string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := t.shareables()
	o := all[slices.IndexFunc(all, func(o shareable) bool { return o.id == id })]
	*o.shares = append(*o.shares, &share{t.ids.NewUUID("share", id, projectID), o.project, projectID})
}

// sharedWith says whether one of the policies is for a project.
func sharedWith(shares []*share, project string) bool {
	return slices.ContainsFunc(shares, func(s *share) bool { return s.target == project || s.target == "*" })
}

func (g *group) sharedWith(project string) bool { return sharedWith(g.shares, project) }

// shares is the resource rbac_policy, of security groups and address groups alone.
type shares struct{ *Tables }

func (shares) table() api.Attributes {
	return api.Attributes{
		{Name: "id", Filter: true, Sort: true},
		{Name: "object_type", Post: true, Required: true, Filter: true, Sort: true},
		{Name: "object_id", Post: true, Required: true, Check: checkUUID, Filter: true, Sort: true},
		{Name: "target_tenant", Post: true, Put: true, Required: true, Check: checkString(255), Filter: true, Sort: true},
		{Name: "tenant_id", Post: true, Check: checkString(255), Filter: true, Sort: true},
		{Name: "action", Post: true, Required: true, Filter: true, Sort: true},
		{Name: "project_id", Post: true, Filter: true, Sort: true},
	}
}

// share finds a policy that the caller sees, with what it is for.
func (t *Tables) share(who api.Account, id string) (*share, shareable, error) {
	for _, o := range t.shareables() {
		for _, s := range *o.shares {
			if s.id == id && (who.Admin || s.owner == who.ProjectID) {
				return s, o, nil
			}
		}
	}
	return nil, shareable{}, api.Missing("RbacPolicyNotFound", "RBAC policy of type unknown with ID %s not found", id)
}

func (ss shares) visible(who api.Account) []api.Object {
	var views []api.Object
	for _, o := range ss.shareables() {
		for _, s := range *o.shares {
			if who.Admin || s.owner == who.ProjectID {
				views = append(views, o.view(s))
			}
		}
	}
	return views
}

func (ss shares) show(who api.Account, id string) (api.Object, error) {
	s, o, err := ss.share(who, id)
	if err != nil {
		return nil, err
	}
	return o.view(s), nil
}

func (ss shares) create(who api.Account, items []api.Object, bulk bool) ([]api.Object, error) {
	item := items[0]
	target := item["target_tenant"].(string)
	all, kind := ss.shareables(), item["object_type"]
	at := slices.IndexFunc(all, func(o shareable) bool { return o.kind == kind && o.id == item["object_id"] })
	switch {
	case bulk:
		return nil, api.BadRequest("Unable to find 'rbac_policy' in request body")
	case kind != "security_group" && kind != "address_group":
		return nil, api.InvalidInput("'%s' is not a valid RBAC object type", api.Text(kind))
	case target == "*" && !who.Admin:
		return nil, api.Failed(http.StatusForbidden, "PolicyNotAuthorized", "((((rule:create_rbac_policy and rule:create_rbac_policy:object_type) and "+
			"rule:create_rbac_policy:object_id) and rule:create_rbac_policy:target_tenant) and rule:create_rbac_policy:action) is disallowed by policy")
	case item["action"] != "access_as_shared":
		return nil, api.Invalid("InvalidActionForType", "Invalid action '%s' for object type '%s'. Valid actions: ('access_as_shared',)", api.Text(item["action"]), api.Text(kind))
	case at < 0 || all[at].project != who.ProjectID && !who.Admin:
		return nil, api.InvalidInput("%s", refusedBy(api.Text(kind), "Invalid input for operation: Only admins can manipulate policies on objects they do not own."))
	case slices.ContainsFunc(*all[at].shares, func(s *share) bool { return s.target == target }):
		return nil, api.Conflict("DuplicateRbacPolicy", "An RBAC policy already exists with those values.")
	}
	if err := ss.room(item["project_id"].(string), "rbac_policy", 1); err != nil {
		return nil, err
	}
	s := &share{ss.ids.NewUUID("share", all[at].id, target), item["project_id"].(string), target}
	*all[at].shares = append(*all[at].shares, s)
	return []api.Object{all[at].view(s)}, nil
}

func (ss shares) update(who api.Account, id string, item api.Object, _ constraint) (api.Object, error) {
	s, o, err := ss.share(who, id)
	if err != nil {
		return nil, err
	}
	if target, ok := item["target_tenant"].(string); ok {
		s.target = target
	}
	return o.view(s), nil
}

// remove refuses while a port of the other project carries the group, or a rule of its names
// the address group. Rules that name the group stay.
func (ss shares) remove(who api.Account, id string, _ constraint) error {
	s, o, err := ss.share(who, id)
	if err != nil {
		return err
	}
	using := func(project string) bool { return project != o.project && (s.target == "*" || s.target == project) }
	var users []string
	for _, p := range ss.ports {
		if slices.Contains(p.groups, o.id) && using(p.project) {
			users = append(users, p.project)
		}
	}
	for _, g := range ss.groups {
		for _, r := range g.rules {
			if r.RemoteAddressGroupID == o.id && using(r.ProjectID) {
				users = append(users, r.ProjectID)
			}
		}
	}
	if users != nil {
		inUse := fmt.Sprintf("RBAC policy on object %s cannot be removed because other objects depend on it.\nDetails: ", o.id)
		return api.Conflict("RbacPolicyInUse", "%s%s", inUse, refusedBy(o.kind, inUse+"project_id="+users[0]))
	}
	*o.shares = slices.DeleteFunc(*o.shares, func(other *share) bool { return other == s })
	return nil
}

// refusedBy is how Neutron reports that one of its parts refused a policy; the
// number is its own, and another one each time that it starts.
func refusedBy(kind, reason string) string {
	module := strings.Replace(kind, "security_group", "securitygroup", 1)
	return fmt.Sprintf("Callback neutron.objects.%s.RbacNeutronDbObjectMixin.validate_rbac_policy_change-8764694010341 failed with \"%s\"", module, reason)
}
