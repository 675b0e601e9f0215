package sandbox_test

import (
	"reflect"
	"testing"

	"sgc.dev/sgc/sandbox"
)

// TestReserved takes room for what others are just making: two of 5 groups and 3 of
// 12 rules, where the project has its default group.
func TestReserved(t *testing.T) {
	cloud := sandbox.New()
	project := cloud.Demo().ProjectID
	demo := login(t, listen(t, cloud), cloud.Demo())
	demo.want(200, "GET", groupsPath+"?project_id="+project, nil)
	cloud.SetQuota(project, 5, 12)
	cloud.SetReserved(project, 2, 3)
	details := demo.want(200, "GET", "/v2.0/quotas/"+project+"/details.json", nil).body["quota"].(object)
	for resource, want := range map[string]object{
		"security_group":      {"limit": 5.0, "used": 1.0, "reserved": 2.0},
		"security_group_rule": {"limit": 12.0, "used": 4.0, "reserved": 3.0},
		"port":                {"limit": 500.0, "used": 0.0, "reserved": 0.0},
	} {
		if !reflect.DeepEqual(details[resource], want) {
			t.Errorf("%s: %v, not %v", resource, details[resource], want)
		}
	}
	g := demo.group("web")
	many := func(n int) object {
		var rules []object
		for i := range n {
			rules = append(rules, ruleBody(g, 80+i))
		}
		return object{"security_group_rules": rules}
	}
	demo.want(409, "POST", rulesPath, many(4))
	demo.want(201, "POST", rulesPath, many(3))
	cloud.SetQuota(project, 5, -1)
	demo.group("db")
	demo.want(409, "POST", groupsPath, object{"security_group": object{"name": "mail"}})
	cloud.SetReserved(project, 1, 3)
	demo.group("mail")
	admin := login(t, demo.server, cloud.AddAccount("admin", true))
	admin.want(400, "PUT", "/v2.0/quotas/"+project, object{"quota": object{"security_group": 4}})
	admin.want(200, "PUT", "/v2.0/quotas/"+project, object{"quota": object{"security_group": 5}})
}

// TestQuotaHidden refuses to say what the quota is.
func TestQuotaHidden(t *testing.T) {
	cloud := sandbox.New()
	demo := login(t, listen(t, cloud), cloud.Demo())
	path := "/v2.0/quotas/" + cloud.Demo().ProjectID + "/details.json"
	for _, status := range []int{403, 404} {
		cloud.Inject(sandbox.Fault{Path: "/v2.0/quotas/*/details.json", Nth: 1, Status: status})
		demo.want(status, "GET", path, nil)
	}
	demo.want(200, "GET", path, nil)
}
