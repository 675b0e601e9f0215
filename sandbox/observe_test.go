package sandbox_test

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"sync"
	"testing"

	"sgc.dev/sgc/sandbox"
)

// TestObserve looks at the state after each call, and changes it.
func TestObserve(t *testing.T) {
	cloud := sandbox.New()
	demo := login(t, listen(t, cloud), cloud.Demo())
	var seen []string
	cloud.Observe(func(call sandbox.Call) {
		rules := 0
		for _, g := range cloud.Groups(cloud.Demo().ProjectID) {
			rules += len(g.Rules)
		}
		seen = append(seen, fmt.Sprintf("%s %s %d: %d rules", call.Method, call.Path, call.Status, rules))
		if len(seen) == 2 { // another writer, just after this call
			groups := cloud.Groups(cloud.Demo().ProjectID)
			port := 443
			cloud.PlantRule(groups[1].ID, sandbox.Rule{Direction: "ingress", Ethertype: "IPv4", Protocol: "tcp", PortRangeMin: &port, PortRangeMax: &port})
		}
	})
	g := demo.group("web")
	demo.want(201, "POST", rulesPath, object{"security_group_rule": ruleBody(g, 80)})
	demo.want(409, "POST", rulesPath, object{"security_group_rule": ruleBody(g, 443)})
	cloud.Observe(nil)
	demo.want(204, "DELETE", groupsPath+"/"+g, nil)
	want := []string{
		"POST /v2.0/security-groups 201: 6 rules",
		"POST /v2.0/security-group-rules 201: 7 rules",
		"POST /v2.0/security-group-rules 409: 8 rules",
	}
	if !slices.Equal(seen, want) {
		t.Errorf("seen:\n%q", seen)
	}
	if calls := cloud.Calls(); len(calls) != 5 || calls[4].Method != "DELETE" || calls[4].Status != 204 {
		t.Errorf("calls: %+v", calls)
	}
}

// TestIntercept changes the state before each call acts: what was read is so no longer.
func TestIntercept(t *testing.T) {
	cloud := sandbox.New()
	demo := login(t, listen(t, cloud), cloud.Demo())
	web := cloud.PlantGroup(sandbox.Group{Name: "web"})
	db := cloud.PlantGroup(sandbox.Group{Name: "db"})
	var seen []sandbox.Call
	cloud.Intercept(func(call sandbox.Call) {
		seen = append(seen, call)
		switch call.Path {
		case groupsPath + "/" + web.ID:
			cloud.EditGroup(web.ID, func(g *sandbox.Group) { g.Name = "mail" })
		case groupsPath + "/" + db.ID:
			cloud.RemoveGroup(db.ID)
		}
	})
	cloud.Inject(sandbox.Fault{Path: groupsPath, Status: 503})
	if a := demo.want(200, "GET", groupsPath+"/"+web.ID+"?fields=name", nil); a.body["security_group"].(object)["name"] != "mail" {
		t.Errorf("the group is %v", a.body)
	}
	a, _ := demo.raw("PUT", demo.server.NetworkURL()+groupsPath+"/"+web.ID, object{"security_group": object{"description": "the web"}},
		http.Header{"If-Match": {"revision_number=1"}})
	if a.status != 412 {
		t.Errorf("a revision that has passed: %d %s", a.status, a.text)
	}
	demo.want(404, "DELETE", groupsPath+"/"+db.ID, nil)
	demo.want(503, "GET", groupsPath, nil)
	cloud.Intercept(nil)
	demo.want(503, "GET", groupsPath, nil)
	want := []sandbox.Call{
		{Method: "GET", Path: groupsPath + "/" + web.ID, Query: "fields=name"},
		{Method: "PUT", Path: groupsPath + "/" + web.ID},
		{Method: "DELETE", Path: groupsPath + "/" + db.ID},
		{Method: "GET", Path: groupsPath},
	}
	if !reflect.DeepEqual(seen, want) {
		t.Errorf("intercepted: %+v", seen)
	}
}

// TestCalls records the parts of a call.
func TestCalls(t *testing.T) {
	cloud := sandbox.New()
	demo := login(t, listen(t, cloud), cloud.Demo())
	demo.want(200, "GET", groupsPath+"?name=a%20b&fields=id", nil)
	demo.token = "bogus"
	demo.want(401, "GET", groupsPath, nil)
	want := []sandbox.Call{
		{Method: "POST", Path: "/v3/auth/tokens", Status: 201},
		{Method: "GET", Path: groupsPath, Query: "name=a%20b&fields=id", Status: 200},
		{Method: "GET", Path: groupsPath, Status: 401},
	}
	if calls := cloud.Calls(); !reflect.DeepEqual(calls, want) {
		t.Errorf("calls: %+v", calls)
	}
}

// TestParallel has many clients at once: calls take place one after another,
// nothing is lost, and of two that make the same rule one makes it.
func TestParallel(t *testing.T) {
	const clients, rounds = 8, 12
	cloud := sandbox.New()
	cloud.SetQuota(cloud.Demo().ProjectID, -1, -1)
	s := listen(t, cloud)
	shared := login(t, s, cloud.Demo()).group("shared")
	var acting, observed int
	cloud.Observe(func(sandbox.Call) {
		if acting++; acting != 1 {
			t.Errorf("%d calls act at once", acting)
		}
		cloud.Groups(cloud.Demo().ProjectID)
		observed++
		acting--
	})
	var wait sync.WaitGroup
	var mu sync.Mutex
	made := 0
	for n := range clients {
		demo := login(t, s, cloud.Demo())
		wait.Go(func() {
			for round := range rounds {
				a, _, err := demo.try("POST", s.NetworkURL()+groupsPath, object{"security_group": object{"name": fmt.Sprintf("g%d-%d", n, round)}}, nil)
				if err != nil || a.status != 201 {
					t.Errorf("group: %d %v", a.status, err)
				}
				chunk := []object{ruleBody(shared, 1000+10*round), ruleBody(shared, 1001+10*round)}
				a, _, err = demo.try("POST", s.NetworkURL()+rulesPath, object{"security_group_rules": chunk}, nil)
				switch {
				case err == nil && a.status == 201:
					mu.Lock()
					made++
					mu.Unlock()
				case err != nil || a.status != 409:
					t.Errorf("rules: %d %v", a.status, err)
				}
			}
		})
	}
	wait.Wait()
	groups := cloud.Groups(cloud.Demo().ProjectID)
	if len(groups) != 2+clients*rounds {
		t.Errorf("%d groups", len(groups))
	}
	if made != rounds || len(groups[1].Rules) != 2+2*rounds {
		t.Errorf("%d chunks made, %d rules", made, len(groups[1].Rules))
	}
	if want := clients + 2*clients*rounds; observed != want || len(cloud.Calls()) != 2+want {
		t.Errorf("%d calls observed, %d recorded", observed, len(cloud.Calls()))
	}
}
