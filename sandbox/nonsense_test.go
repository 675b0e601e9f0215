package sandbox_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"sgc.dev/sgc/internal/rounds"
	"sgc.dev/sgc/sandbox"
	"sgc.dev/sgc/sandbox/tables"
)

// TestNonsense sends odd values in every attribute of every collection, in bodies
// and as filters: each call is answered, and with what JSON cannot be the state
func TestNonsense(t *testing.T) {
	cloud := sandbox.New()
	admin := cloud.AddAccount("admin", true)
	s := listen(t, cloud)
	values := []any{nil, true, false, 0, 5, -1, 1.5, 1e30, "", "0", " 6 ", "web", "\u00e9", "\U0001f525", strings.Repeat("x", 300), "a'b",
		[]any{}, []any{nil}, []any{"a", "a"}, []any{object{}}, object{}, object{"a": []any{1}}}
	step := max(1, 4/rounds.Of(1)) // of four values one, of the next attribute another one
	for _, account := range []sandbox.Account{cloud.Demo(), admin} {
		c := login(t, s, account)
		group := c.group("web")
		network := c.want(201, "POST", "/v2.0/networks", object{"network": object{}}).body["network"].(object)["id"]
		// What a POST cannot do without.
		needed := map[string]object{
			"security-group-rules": {"security_group_id": group, "direction": "ingress"},
			"ports":                {"network_id": network},
			"rbac-policies":        {"object_type": "security_group", "object_id": group, "action": "access_as_shared", "target_tenant": "x"},
		}
		for path, names := range tables.Attributes() {
			single := tables.Single(path)
			list := c.want(200, "GET", "/v2.0/"+path, nil).body[strings.ReplaceAll(path, "-", "_")].([]any)
			id := "none"
			if len(list) > 0 {
				id = list[0].(object)["id"].(string)
			}
			for n, name := range names {
				for v, value := range values {
					if (n+v)%step != 0 {
						continue
					}
					item := object{name: value, "tenant_id": value}
					for key, needed := range needed[path] {
						if key != name {
							item[key] = needed
						}
					}
					c.answered("POST", "/v2.0/"+path, object{single: item})
					delete(item, "tenant_id")
					c.answered("POST", "/v2.0/"+path, object{single: item})
					c.answered("POST", "/v2.0/"+path, object{single + "s": []any{item, value}})
					c.answered("PUT", "/v2.0/"+path+"/"+id, object{single: object{name: value}})
					c.answered("GET", "/v2.0/"+path+"?"+url.QueryEscape(name)+"="+url.QueryEscape(fmt.Sprint(value)), nil)
				}
			}
			for _, query := range []string{"limit=9223372036854775807", "limit=1&page_reverse=true", "limit=x", "marker=x&limit=1", "sort_key=id&sort_dir=desc", "fields", "=", "&&", "%zz=1"} {
				c.answered("GET", "/v2.0/"+path+"?"+query, nil)
			}
			for _, value := range values {
				for _, body := range []any{value, object{single: value}, object{single + "s": value}} {
					c.answered("POST", "/v2.0/"+path, body)
					c.answered("PUT", "/v2.0/"+path+"/"+id, body)
				}
			}
		}
		for _, value := range values {
			for _, body := range []any{value, object{"tags": value}, object{"tags": []any{value}}, object{"quota": value}, object{"quota": object{"network": value}},
				object{"auth": value}, object{"auth": object{"identity": value}}, object{"addresses": value}, object{"addresses": []any{value}}} {
				for _, path := range []string{groupsPath + "/" + group + "/tags", "/v2.0/quotas/x", "/v2.0/address-groups/none/add_addresses"} {
					c.answered("PUT", path, body)
				}
				c.raw("POST", s.URL()+"/auth/tokens", body, nil)
			}
		}
	}
	if groups := cloud.Groups(cloud.Demo().ProjectID); len(groups) > 10 {
		t.Errorf("%d groups where the quota is 10", len(groups))
	}
}

// answered holds a call to an answer that is one of Neutron's: a server that
// panics cuts the connection.
func (c *client) answered(method, path string, body any) {
	c.t.Helper()
	a, _, err := c.try(method, c.server.NetworkURL()+path, body, nil)
	if err != nil || a.status < 200 || a.status == 401 {
		c.t.Errorf("%s %s %v: %d %v", method, path, body, a.status, err)
	}
}
