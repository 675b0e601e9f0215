//go:build conformance

package conformance

import (
	"crypto/rand"
	"net/http"
	"slices"
	"testing"
)

// demo is the account that the cloud was born with, by way of clouds.yaml.
func (c *cloud) demo(t testing.TB) account {
	t.Helper()
	auth := c.clouds["demo"].Auth
	a, _ := login(t, auth.URL, auth.Username, auth.Password, auth.Project)
	a.process = c.database
	a.env = []string{"OS_CLIENT_CONFIG_FILE=" + c.dir + "/clouds.yaml", "OS_CLOUD=demo"}
	return a
}

// tenant makes a project with one user of role member, which nobody else uses.
func (c *cloud) tenant(t testing.TB) account {
	t.Helper()
	const password = "correct horse"
	name := "tenant-" + rand.Text()
	admin := c.admin.keystone
	var project struct{ Project struct{ ID string } }
	admin.must(t, http.MethodPost, "/projects", body{"project": body{"name": name, "domain_id": "default"}}, &project)
	var user struct{ User struct{ ID string } }
	admin.must(t, http.MethodPost, "/users", body{"user": body{"name": name, "domain_id": "default", "password": password}}, &user)
	t.Cleanup(func() {
		admin.must(t, http.MethodDelete, "/users/"+user.User.ID, nil, nil)
		admin.must(t, http.MethodDelete, "/projects/"+project.Project.ID, nil, nil)
	})
	var roles struct{ Roles []struct{ ID, Name string } }
	admin.must(t, http.MethodGet, "/roles", nil, &roles)
	for _, role := range roles.Roles {
		if role.Name == "member" {
			admin.must(t, http.MethodPut, "/projects/"+project.Project.ID+"/users/"+user.User.ID+"/roles/"+role.ID, nil, nil)
		}
	}
	a, _ := login(t, admin.url, name, password, name)
	a.process = c.database
	return a
}

// quota sets how many groups and rules the account's project may have; -1 is without limit.
func (c *cloud) quota(t testing.TB, a account, groups, rules int) {
	t.Helper()
	c.admin.neutron.must(t, http.MethodPut, "/v2.0/quotas/"+a.projectID,
		body{"quota": body{"security_group": groups, "security_group_rule": rules}}, nil)
}

// groups is every security group of the project but the default one, by name, then id.
func (a account) groups(t testing.TB) []liveGroup {
	t.Helper()
	var answer struct {
		Groups []liveGroup `json:"security_groups"`
	}
	a.neutron.must(t, http.MethodGet, "/v2.0/security-groups?sort_key=name&sort_key=id&sort_dir=asc&sort_dir=asc&project_id="+a.projectID, nil, &answer)
	return slices.DeleteFunc(answer.Groups, func(g liveGroup) bool { return g.Name == "default" })
}

// group makes a group by hand, as born, and returns it.
func (a account) group(t testing.TB, name, description string) liveGroup {
	t.Helper()
	var answer struct {
		Group liveGroup `json:"security_group"`
	}
	a.neutron.must(t, http.MethodPost, "/v2.0/security-groups",
		body{"security_group": body{"name": name, "description": description}}, &answer)
	return answer.Group
}

// rule makes a rule by hand. fields are Neutron's.
func (a account) rule(fields body) (liveRule, error) {
	var answer struct {
		Rule liveRule `json:"security_group_rule"`
	}
	_, err := a.neutron.call(http.MethodPost, "/v2.0/security-group-rules", body{"security_group_rule": fields}, &answer)
	return answer.Rule, err
}
