package tables

import (
	"fmt"
	"net/http"
	"slices"

	"sgc.dev/sgc/sandbox/api"
)

// share lets another project see and use a security group: an RBAC policy.
type share struct {
	id, owner, target string // target is a project or * for all
}

func (s *share) view(g *group) api.Object {
	return api.Object{"id": s.id, "object_type": "security_group", "object_id": g.ID, "action": "access_as_shared",
		"target_tenant": s.target, "project_id": s.owner, "tenant_id": s.owner}
}

// Share lets another project see a group and use it as remote and on ports. It
// panics where there is no such group.
func (t *Tables) Share(groupID, projectID string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	g := t.groups[groupID]
	g.shares = append(g.shares, &share{t.ids.NewUUID("share", g.ID, projectID), g.ProjectID, projectID})
}

func (g *group) sharedWith(project string) bool {
	return slices.ContainsFunc(g.shares, func(s *share) bool { return s.target == project || s.target == "*" })
}

// shares is the resource rbac_policy, of security groups alone.
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

// share finds a policy that the caller sees, with its group.
func (t *Tables) share(who api.Account, id string) (*share, *group, error) {
	for _, g := range t.groups {
		for _, s := range g.shares {
			if s.id == id && (who.Admin || s.owner == who.ProjectID) {
				return s, g, nil
			}
		}
	}
	return nil, nil, api.Missing("RbacPolicyNotFound", "RBAC policy of type unknown with ID %s not found", id)
}

func (ss shares) visible(who api.Account) []api.Object {
	var views []api.Object
	for _, g := range ss.groups {
		for _, s := range g.shares {
			if who.Admin || s.owner == who.ProjectID {
				views = append(views, s.view(g))
			}
		}
	}
	return views
}

func (ss shares) show(who api.Account, id string) (api.Object, error) {
	s, g, err := ss.share(who, id)
	if err != nil {
		return nil, err
	}
	return s.view(g), nil
}

func (ss shares) create(who api.Account, items []api.Object, bulk bool) ([]api.Object, error) {
	item := items[0]
	target := item["target_tenant"].(string)
	g := ss.groups[item["object_id"].(string)]
	switch {
	case bulk:
		return nil, api.BadRequest("Unable to find 'rbac_policy' in request body")
	case item["object_type"] != "security_group":
		return nil, api.InvalidInput("'%s' is not a valid RBAC object type", api.Text(item["object_type"]))
	case target == "*" && !who.Admin:
		return nil, api.Failed(http.StatusForbidden, "PolicyNotAuthorized", "((((rule:create_rbac_policy and rule:create_rbac_policy:object_type) and "+
			"rule:create_rbac_policy:object_id) and rule:create_rbac_policy:target_tenant) and rule:create_rbac_policy:action) is disallowed by policy")
	case item["action"] != "access_as_shared":
		return nil, api.Invalid("InvalidActionForType", "Invalid action '%s' for object type 'security_group'. Valid actions: ('access_as_shared',)", api.Text(item["action"]))
	case g == nil || !g.mayChange(who):
		return nil, api.InvalidInput("%s", refusedBy("Invalid input for operation: Only admins can manipulate policies on objects they do not own."))
	case slices.ContainsFunc(g.shares, func(s *share) bool { return s.target == target }):
		return nil, api.Conflict("DuplicateRbacPolicy", "An RBAC policy already exists with those values.")
	}
	if err := ss.room(item["project_id"].(string), "rbac_policy", 1); err != nil {
		return nil, err
	}
	s := &share{ss.ids.NewUUID("share", g.ID, target), item["project_id"].(string), target}
	g.shares = append(g.shares, s)
	return []api.Object{s.view(g)}, nil
}

func (ss shares) update(who api.Account, id string, item api.Object, _ constraint) (api.Object, error) {
	s, g, err := ss.share(who, id)
	if err != nil {
		return nil, err
	}
	if target, ok := item["target_tenant"].(string); ok {
		s.target = target
	}
	return s.view(g), nil
}

// remove refuses while a port of the other project carries the group. Rules that
// name the group stay.
func (ss shares) remove(who api.Account, id string, _ constraint) error {
	s, g, err := ss.share(who, id)
	if err != nil {
		return err
	}
	for _, p := range ss.ports {
		if slices.Contains(p.groups, g.ID) && p.project != g.ProjectID && (s.target == "*" || s.target == p.project) {
			inUse := fmt.Sprintf("RBAC policy on object %s cannot be removed because other objects depend on it.\nDetails: ", g.ID)
			return api.Conflict("RbacPolicyInUse", "%s%s", inUse, refusedBy(inUse+"project_id="+p.project))
		}
	}
	g.shares = slices.DeleteFunc(g.shares, func(other *share) bool { return other == s })
	return nil
}

// refusedBy is how Neutron reports that one of its parts refused a policy; the
// number is its own, and another one each time that it starts.
func refusedBy(reason string) string {
	const part = "neutron.objects.securitygroup.RbacNeutronDbObjectMixin.validate_rbac_policy_change-8764694010341"
	return fmt.Sprintf("Callback %s failed with \"%s\"", part, reason)
}
