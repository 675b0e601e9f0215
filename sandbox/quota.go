package sandbox

import (
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
)

// quota is a number for each resource: the limits that a project has of its own,
// where -1 is none, or what is reserved.
type quota map[string]int

// quotaDefault is the limit of a resource where a project has none of its own.
type quotaDefault struct {
	resource string
	limit    int
}

func quotaDefaults() []quotaDefault {
	return []quotaDefault{{"network", 100}, {"port", 500}, {"rbac_policy", 10}, {"security_group", 10},
		{"security_group_rule", 100}, {"subnet", 100}, {"subnetpool", -1}}
}

// SetQuota sets a project's limits of security groups and of their rules; -1 is none.
func (c *Cloud) SetQuota(projectID string, groups, rules int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	own := maps.Clone(c.quotas[projectID])
	if own == nil {
		own = quota{}
	}
	own["security_group"], own["security_group_rule"] = groups, rules
	c.quotas[projectID] = own
}

// SetReserved has Neutron count as many security groups and rules of a project as
// reserved, for calls that others have under way: they take room too.
func (c *Cloud) SetReserved(projectID string, groups, rules int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reserved[projectID] = quota{"security_group": groups, "security_group_rule": rules}
}

// limits are those that hold for a project.
func (c *Cloud) limits(project string) object {
	all := object{}
	for _, d := range quotaDefaults() {
		all[d.resource] = d.limit
	}
	for resource, limit := range c.quotas[project] {
		all[resource] = limit
	}
	return all
}

// used counts what a project has. A rule counts for who made it.
func (c *Cloud) used(project, resource string) int {
	n := 0
	switch resource {
	case "security_group":
		for _, g := range c.groups {
			if g.ProjectID == project {
				n++
			}
		}
	case "security_group_rule":
		for _, g := range c.groups {
			for _, r := range g.rules {
				if r.ProjectID == project {
					n++
				}
			}
		}
	case "rbac_policy":
		for _, g := range c.groups {
			for _, s := range g.shares {
				if s.owner == project {
					n++
				}
			}
		}
	case "network":
		for _, at := range c.networks {
			if at.project == project {
				n++
			}
		}
	case "port":
		for _, p := range c.ports {
			if p.project == project {
				n++
			}
		}
	}
	return n
}

// taken is what counts against a limit.
func (c *Cloud) taken(project, resource string) int {
	return c.used(project, resource) + c.reserved[project][resource]
}

// room says whether a project may have n more.
func (c *Cloud) room(project, resource string, n int) error {
	if limit := c.limits(project)[resource].(int); limit >= 0 && n > 0 && c.taken(project, resource)+n > limit {
		return overQuota(resource)
	}
	return nil
}

// quotaTable says what a PUT may have: each limit from -1 on.
func quotaTable() attributes {
	table := attributes{{name: "tenant_id"}, {name: "project_id"}, {name: "force", put: true}, {name: "check_limit", put: true}}
	for _, d := range quotaDefaults() {
		table = append(table, attribute{name: d.resource, put: true, convert: toInteger, check: checkLimit})
	}
	return table
}

func checkLimit(v any) (string, error) {
	switch n := v.(int); {
	case n < -1:
		return fmt.Sprintf("'%d' is too small - must be at least '-1'", n), nil
	case n > math.MaxInt32:
		return fmt.Sprintf("'%d' is too large - must be no larger than '%d'", n, math.MaxInt32), nil
	}
	return "", nil
}

// quotaCall answers the calls at /v2.0/quotas.
func (c *Cloud) quotaCall(who token, r request, rest []string) (answer, error) {
	admin := who.account.Admin
	switch {
	case len(rest) == 0 && r.method == http.MethodGet:
		if !admin {
			return answer{}, forbidden("get_quota")
		}
		return answer{status: http.StatusOK, body: object{"quotas": c.ownQuotas()}}, nil
	case len(rest) == 0 && r.method == http.MethodPost:
		return answer{}, failure{http.StatusNotImplemented, "HTTPNotImplemented", "POST requests are not supported on this resource."}
	case len(rest) == 0:
		return answer{}, notAllowed()
	case len(rest) == 2 && r.method == http.MethodGet:
		return c.quotaView(who, rest[0], rest[1])
	case len(rest) > 1:
		return answer{}, hidden()
	case rest[0] == "tenant" && who.account.ProjectID == "":
		return answer{}, invalid("QuotaMissingTenant", "Tenant-id was missing from quota request.")
	case rest[0] == "tenant" && (r.method == http.MethodGet || r.method == http.MethodPatch):
		return answer{status: http.StatusOK, body: object{"tenant": object{"tenant_id": who.account.ProjectID}}}, nil
	}
	project := rest[0]
	switch r.method {
	case http.MethodGet, http.MethodPost, http.MethodPatch: // which change nothing
		if !admin && project != who.account.ProjectID {
			return answer{}, forbidden("get_quota")
		}
	case http.MethodPut:
		item, err := quotaItem(r.body, who)
		if err != nil {
			return answer{}, err
		}
		if !admin {
			return answer{}, forbidden("update_quota")
		}
		if err := c.changeQuota(project, item); err != nil {
			return answer{}, err
		}
	case http.MethodDelete:
		if !admin {
			return answer{}, forbidden("delete_quota")
		}
		if _, ok := c.quotas[project]; !ok {
			return answer{}, missing("TenantQuotaNotFound", "Quota for project %s could not be found.", project)
		}
		delete(c.quotas, project)
		return answer{status: http.StatusNoContent}, nil
	default:
		return answer{}, notAllowed()
	}
	return answer{status: http.StatusOK, body: object{"quota": c.limits(project)}}, nil
}

// changeQuota sets the limits that a PUT names. From 2025.1 on none may be less
// than what is used, unless force is true.
func (c *Cloud) changeQuota(project string, item object) error {
	own := quota{}
	maps.Copy(own, c.quotas[project])
	for _, resource := range slices.Sorted(maps.Keys(item)) {
		limit, ok := item[resource].(int)
		if !ok {
			continue // force and check_limit
		}
		if used := c.taken(project, resource); limit >= 0 && limit < used && item["force"] != true {
			return badRequest("Quota limit %d for %s must be greater than or equal to already used %d", limit, resource, used)
		}
		own[resource] = limit
	}
	if len(own) > 0 {
		c.quotas[project] = own
	}
	return nil
}

// quotaItem reads the body of a PUT; without one Neutron crashes.
func quotaItem(body []byte, who token) (object, error) {
	decoded, err := decode(body)
	if whole, ok := decoded.(object); err == nil && (!ok || whole["quota"] == nil) {
		return nil, crash()
	}
	if err != nil {
		return nil, err
	}
	return bodyItem(body, collection{single: "quota", plural: "quotas"}, quotaTable(), who)
}

func (c *Cloud) quotaView(who token, project, which string) (answer, error) {
	switch which {
	case "details":
		if !who.account.Admin && project != who.account.ProjectID {
			return answer{}, failure{http.StatusForbidden, "AdminRequired",
				"User does not have admin privileges: Only admin is authorized to access quotas for another project."}
		}
		all := object{}
		for resource, limit := range c.limits(project) {
			all[resource] = object{"limit": limit, "used": c.used(project, resource), "reserved": c.reserved[project][resource]}
		}
		return answer{status: http.StatusOK, body: object{"quota": all}}, nil
	case "default":
		all := object{}
		for _, d := range quotaDefaults() {
			all[d.resource] = d.limit
		}
		return answer{status: http.StatusOK, body: object{"quota": all}}, nil
	}
	return answer{}, hidden()
}

// ownQuotas are the limits of all projects that have some of their own.
func (c *Cloud) ownQuotas() []object {
	all := []object{}
	for _, project := range slices.Sorted(maps.Keys(c.quotas)) {
		all = append(all, withProject(c.limits(project), project))
	}
	return all
}

func withProject(o object, project string) object {
	o["project_id"], o["tenant_id"] = project, project
	return o
}
