package conformance

import (
	"net/http"
	"testing"
)

// An account is a user with one project: its tokens and its credentials.
type account struct {
	keystone  api
	neutron   api
	projectID string
	env       []string // the credentials, as the openstack command reads them
	process   string   // one of the cloud's, by its id: scripts run in the Debian release that it runs in
}

// login asks Keystone for a token. It also returns the URL of Neutron.
func login(t testing.TB, keystone, user, password, project string) (account, string) {
	t.Helper()
	domain := body{"id": "default"}
	var answer struct {
		Token struct {
			Project struct{ ID string }
			Catalog []struct {
				Type      string
				Endpoints []struct{ Interface, URL string }
			}
		}
	}
	header := api{url: keystone}.must(t, http.MethodPost, "/auth/tokens", body{"auth": body{
		"identity": body{
			"methods":  []string{"password"},
			"password": body{"user": body{"name": user, "password": password, "domain": domain}},
		},
		"scope": body{"project": body{"name": project, "domain": domain}},
	}}, &answer)
	var network string
	for _, service := range answer.Token.Catalog {
		if service.Type == "network" {
			network = service.Endpoints[0].URL
		}
	}
	if network == "" {
		t.Fatalf("no network service in the catalog: %+v", answer)
	}
	token := header.Get("X-Subject-Token")
	return account{
		keystone:  api{keystone, token},
		neutron:   api{network, token},
		projectID: answer.Token.Project.ID,
		env: []string{
			"OS_AUTH_URL=" + keystone, "OS_IDENTITY_API_VERSION=3", "OS_REGION_NAME=RegionOne",
			"OS_USERNAME=" + user, "OS_PASSWORD=" + password, "OS_USER_DOMAIN_ID=default",
			"OS_PROJECT_NAME=" + project, "OS_PROJECT_DOMAIN_ID=default",
		},
	}, network
}
