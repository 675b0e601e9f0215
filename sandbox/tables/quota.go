package tables

import (
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"

	"sgc.dev/sgc/sandbox/api"
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
func (t *Tables) SetQuota(projectID string, groups, rules int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	own := maps.Clone(t.quotas[projectID])
	if own == nil {
		own = quota{}
	}
	own["security_group"], own["security_group_rule"] = groups, rules
	t.quotas[projectID] = own
}

// SetReserved has Neutron count as many security groups and rules of a project as
// reserved, for calls that others have under way: they take room too.
func (t *Tables) SetReserved(projectID string, groups, rules int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reserved[projectID] = quota{"security_group": groups, "security_group_rule": rules}
}

// limits are those that hold for a project.
func (t *Tables) limits(project string) api.Object {
	all := api.Object{}
	for _, d := range quotaDefaults() {
		all[d.resource] = d.limit
	}
	for resource, limit := range t.quotas[project] {
		all[resource] = limit
	}
	return all
}

// used counts what a project has. A rule counts for who made it.
func (t *Tables) used(project, resource string) int {
	n := 0
	switch resource {
	case "security_group":
		for _, g := range t.groups {
			if g.ProjectID == project {
				n++
			}
		}
	case "security_group_rule":
		for _, g := range t.groups {
			for _, r := range g.rules {
				if r.ProjectID == project {
					n++
				}
			}
		}
	case "rbac_policy":
		for _, o := range t.shareables() {
			for _, s := range *o.shares {
				if s.owner == project {
					n++
				}
			}
		}
	case "network":
		for _, at := range t.networks {
			if at.project == project {
				n++
			}
		}
	case "port":
		for _, p := range t.ports {
			if p.project == project {
				n++
			}
		}
	}
	return n
}

// taken is what counts against a limit.
func (t *Tables) taken(project, resource string) int {
	return t.used(project, resource) + t.reserved[project][resource]
}

// room says whether a project may have n more.
func (t *Tables) room(project, resource string, n int) error {
	if limit := t.limits(project)[resource].(int); limit >= 0 && n > 0 && t.taken(project, resource)+n > limit {
		return api.OverQuota(resource)
	}
	return nil
}

// quotaTable says what a PUT may have: each limit from -1 on.
func quotaTable() api.Attributes {
	table := api.Attributes{{Name: "tenant_id"}, {Name: "project_id"}, {Name: "force", Put: true}, {Name: "check_limit", Put: true}}
	for _, d := range quotaDefaults() {
		table = append(table, api.Attribute{Name: d.resource, Put: true, Convert: toInteger, Check: checkLimit})
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
func (t *Tables) quotaCall(who api.Account, r api.Request, rest []string) (api.Answer, error) {
	admin := who.Admin
	switch {
	case len(rest) == 0 && r.Method == http.MethodGet:
		if !admin {
			return api.Answer{}, api.Forbidden("get_quota")
		}
		return api.Answer{Status: http.StatusOK, Body: api.Object{"quotas": t.ownQuotas()}}, nil
	case len(rest) == 0 && r.Method == http.MethodPost:
		return api.Answer{}, api.Failed(http.StatusNotImplemented, "HTTPNotImplemented", "POST requests are not supported on this resource.")
	case len(rest) == 0:
		return api.Answer{}, api.NotAllowed()
	case len(rest) == 2 && r.Method == http.MethodGet:
		return t.quotaView(who, rest[0], rest[1])
	case len(rest) > 1:
		return api.Answer{}, api.Hidden()
	case rest[0] == "tenant" && who.ProjectID == "":
		return api.Answer{}, api.Invalid("QuotaMissingTenant", "Tenant-id was missing from quota request.")
	case rest[0] == "tenant" && (r.Method == http.MethodGet || r.Method == http.MethodPatch):
		return api.Answer{Status: http.StatusOK, Body: api.Object{"tenant": api.Object{"tenant_id": who.ProjectID}}}, nil
	}
	project := rest[0]
	switch r.Method {
	case http.MethodGet, http.MethodPost, http.MethodPatch: // which change nothing
		if !admin && project != who.ProjectID {
			return api.Answer{}, api.Forbidden("get_quota")
		}
	case http.MethodPut:
		item, err := quotaItem(r.Body, who)
		if err != nil {
			return api.Answer{}, err
		}
		if !admin {
			return api.Answer{}, api.Forbidden("update_quota")
		}
		if err := t.changeQuota(project, item); err != nil {
			return api.Answer{}, err
		}
	case http.MethodDelete:
		if !admin {
			return api.Answer{}, api.Forbidden("delete_quota")
		}
		if _, ok := t.quotas[project]; !ok {
			return api.Answer{}, api.Missing("TenantQuotaNotFound", "Quota for project %s could not be found.", project)
		}
		delete(t.quotas, project)
		return api.Answer{Status: http.StatusNoContent}, nil
	default:
		return api.Answer{}, api.NotAllowed()
	}
	return api.Answer{Status: http.StatusOK, Body: api.Object{"quota": t.limits(project)}}, nil
}

// changeQuota sets the limits that a PUT names. From 2025.1 on none may be less
// than what is used, unless force is true.
func (t *Tables) changeQuota(project string, item api.Object) error {
	own := quota{}
	maps.Copy(own, t.quotas[project])
	for _, resource := range slices.Sorted(maps.Keys(item)) {
		limit, ok := item[resource].(int)
		if !ok {
			continue // force and check_limit
		}
		if used := t.taken(project, resource); limit >= 0 && limit < used && item["force"] != true {
			return api.BadRequest("Quota limit %d for %s must be greater than or equal to already used %d", limit, resource, used)
		}
		own[resource] = limit
	}
	if len(own) > 0 {
		t.quotas[project] = own
	}
	return nil
}

// quotaItem reads the body of a PUT; without one Neutron crashes.
func quotaItem(body []byte, who api.Account) (api.Object, error) {
	decoded, err := api.Decode(body)
	if whole, ok := decoded.(api.Object); err == nil && (!ok || whole["quota"] == nil) {
		return nil, api.Crash()
	}
	if err != nil {
		return nil, err
	}
	return api.BodyItem(body, "quota", "quotas", quotaTable(), who)
}

func (t *Tables) quotaView(who api.Account, project, which string) (api.Answer, error) {
	switch which {
	case "details":
		if !who.Admin && project != who.ProjectID {
			return api.Answer{}, api.Failed(http.StatusForbidden, "AdminRequired",
				"User does not have admin privileges: Only admin is authorized to access quotas for another project.")
		}
		all := api.Object{}
		for resource, limit := range t.limits(project) {
			all[resource] = api.Object{"limit": limit, "used": t.used(project, resource), "reserved": t.reserved[project][resource]}
		}
		return api.Answer{Status: http.StatusOK, Body: api.Object{"quota": all}}, nil
	case "default":
		all := api.Object{}
		for _, d := range quotaDefaults() {
			all[d.resource] = d.limit
		}
		return api.Answer{Status: http.StatusOK, Body: api.Object{"quota": all}}, nil
	}
	return api.Answer{}, api.Hidden()
}

// ownQuotas are the limits of all projects that have some of their own.
func (t *Tables) ownQuotas() []api.Object {
	all := []api.Object{}
	for _, project := range slices.Sorted(maps.Keys(t.quotas)) {
		all = append(all, withProject(t.limits(project), project))
	}
	return all
}

func withProject(o api.Object, project string) api.Object {
	o["project_id"], o["tenant_id"] = project, project
	return o
}
