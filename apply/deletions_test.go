package apply_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/sandbox"
	"sgc.dev/sgc/sandbox/sandboxtest"
)

// TestOVN destroys groups that name each other where deletions at once race.
func TestOVN(t *testing.T) {
	c := sandboxtest.Open(t)
	c.SetOVN(100 * time.Millisecond)
	mustApply(t, job(circle()))
	mustApply(t, destruction(circle()))
	if answers := statuses(c, deleteGroup); answers[http.StatusConflict] > 0 || answers[http.StatusNoContent] != 3 {
		t.Errorf("%v", answers)
	}
}

// TestNamingFirst destroys groups of which one names the next: the naming goes before the
// named, which would take its rule along.
func TestNamingFirst(t *testing.T) {
	set := policy(map[string][]int{"app": {1}, "db": {3}, "web": {5}})
	set.Groups[1].Rules = append(set.Groups[1].Rules, entry(7, rule.Tier("app")))
	set.Groups[2].Rules = append(set.Groups[2].Rules, entry(9, rule.Tier("db")))
	c := sandboxtest.Open(t)
	mustApply(t, job(set))
	var want, got []string
	for _, name := range []string{"web", "db", "app"} {
		want = append(want, named(c, name).ID)
	}
	mustApply(t, destruction(set))
	for _, call := range c.Calls() {
		if counted([]sandbox.Call{call})[deleteGroup] == 1 {
			got = append(got, idOf(call))
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q went, not %q", got, want)
	}
}

// TestInUse tells a refusal that is about ports from one that is not.
func TestInUse(t *testing.T) {
	const other = `{"NeutronError": {"type": "SecurityGroupInUse", "message": "Port_Group pg_1 does not exist", "detail": ""}}`
	t.Run("by nothing", func(t *testing.T) {
		c := sandboxtest.Open(t)
		mustApply(t, job(circle()))
		c.Inject(sandbox.Fault{Method: "DELETE", Path: "/v2.0/security-groups/*", Nth: 2, Status: http.StatusConflict, Body: other})
		mustApply(t, destruction(circle()))
		if answers := statuses(c, deleteGroup); answers[http.StatusConflict] != 1 || answers[http.StatusNoContent] != 3 {
			t.Errorf("%v", answers)
		}
	})
	t.Run("for good", func(t *testing.T) {
		c := sandboxtest.Open(t)
		mustApply(t, job(circle()))
		c.Inject(sandbox.Fault{Method: "DELETE", Path: "/v2.0/security-groups/*", Status: http.StatusConflict, Body: other})
		err := run(t.Context(), destruction(circle()), nil)
		if err == nil || !strings.Contains(err.Error(), "Port_Group pg_1 does not exist") || strings.Contains(err.Error(), "take it off") {
			t.Error(err)
		}
	})
	t.Run("by a port", func(t *testing.T) {
		c := sandboxtest.Open(t)
		mustApply(t, job(circle()))
		port, group := "", ""
		once(c, deleteGroup, func(call sandbox.Call) {
			group = idOf(call)
			port = c.AddPort(c.Demo(), group)
		})
		err := run(t.Context(), destruction(circle()), nil)
		for _, part := range []string{"409 SecurityGroupInUse: Security Group " + group + " in use", "port " + port + " uses it: take the group off first"} {
			if !strings.Contains(fmt.Sprint(err), part) {
				t.Errorf("%v does not say %s", err, part)
			}
		}
		if n := statuses(c, deleteGroup)[http.StatusConflict]; n != 1 {
			t.Errorf("it was asked %d times", n)
		}
	})
}
