package neutron_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/sandbox"
)

func dial(t *testing.T) *neutron.Client {
	t.Helper()
	client, err := neutron.Connect(t.Context(), neutron.Options{Pause: time.Nanosecond})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// plant makes that many groups, and returns their ids.
func plant(c *sandbox.Cloud, count int) []string {
	var ids []string
	for i := range count {
		ids = append(ids, c.PlantGroup(sandbox.Group{ProjectID: c.Demo().ProjectID, Name: fmt.Sprint("g", i)}).ID)
	}
	return ids
}

// shortLines refuses questions as long as those that proxies refuse, and counts the others.
func shortLines(t *testing.T, path string, calls *int) *sandbox.Cloud {
	return between(t, func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, path) || r.Method != http.MethodGet {
			return false
		}
		*calls++
		if len("GET "+r.RequestURI+" HTTP/1.1") >= 8000 {
			w.WriteHeader(http.StatusRequestURITooLong)
			return true
		}
		return false
	})
}

// TestPorts asks for the ports of more groups than one question may name, page by page.
// A port that two answers have is counted once, and for each of its groups.
func TestPorts(t *testing.T) {
	for _, page := range []int{0, 2} {
		calls := 0
		c := shortLines(t, "/ports", &calls)
		c.SetPageLimit(page)
		ids := plant(c, 400)
		last := len(ids) - 1
		want := map[string][]string{}
		for _, groups := range [][]string{{ids[0]}, {ids[0], ids[1]}, {ids[0], ids[last]}, {ids[200], ids[last]}, {ids[last]}} {
			port := c.AddPort(c.Demo(), groups...)
			for _, id := range groups {
				want[id] = append(want[id], port)
			}
		}
		f, err := dial(t).Facts(t.Context(), plan.Needs{PortsOf: ids})
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			var got []string
			for _, port := range f.Ports[id] {
				got = append(got, port.ID)
			}
			slices.Sort(got)
			slices.Sort(want[id])
			if !slices.Equal(got, want[id]) {
				t.Errorf("pages of %d: group %s has the ports %v, not %v", page, id, got, want[id])
			}
		}
		if page == 0 && calls != 3 {
			t.Errorf("%d calls", calls)
		}
	}
}

// TestManyOthers looks for more groups of others than one question may name.
func TestManyOthers(t *testing.T) {
	calls := 0
	c := shortLines(t, "/security-groups", &calls)
	other := c.AddAccount("other", false)
	var d plan.Desired
	want := map[string]string{}
	for i := range 300 {
		g := c.PlantGroup(sandbox.Group{ProjectID: other.ProjectID, Name: fmt.Sprintf("é é é %d", i)})
		c.Share(g.ID, c.Demo().ProjectID)
		key := fmt.Sprint("k", i)
		d.Foreign = append(d.Foreign, rule.External{Key: key, Name: g.Name})
		want[key] = g.ID
	}
	x, err := dial(t).Resolve(t.Context(), d, &rule.State{Project: c.Demo().ProjectID})
	if err != nil {
		t.Fatal(err)
	}
	if len(x.Groups) != len(want) || calls < 2 {
		t.Errorf("%d groups in %d calls", len(x.Groups), calls)
	}
	for key, id := range want {
		if x.Groups[key] != id {
			t.Errorf("%s is %q, not %s", key, x.Groups[key], id)
		}
	}
}

// TestQuota counts what others are about to use, and goes on where the quota is not for
// the user to read.
func TestQuota(t *testing.T) {
	limits := func(groups, rules plan.Room) plan.Facts {
		return plan.Facts{Quota: plan.Quota{Groups: groups, Rules: rules}}
	}
	unread := func(why string) plan.Facts {
		f := limits(plan.Room{Limit: -1}, plan.Room{Limit: -1})
		f.QuotaUnread = why
		return f
	}
	for name, c := range map[string]struct {
		status int
		body   string
		want   plan.Facts
		err    string
	}{
		"used and reserved": {200, `{"quota": {"security_group": {"limit": 10, "used": 3, "reserved": 4}, "security_group_rule": {"limit": 100, "used": 50, "reserved": 8}}}`,
			limits(plan.Room{Limit: 10, Used: 7}, plan.Room{Limit: 100, Used: 58}), "<nil>"},
		"not for the user": {403, `{"NeutronError": {"type": "PolicyNotAuthorized", "message": "rule:get_quota is disallowed by policy", "detail": ""}}`, unread("403 PolicyNotAuthorized"), "<nil>"},
		"not for anybody":  {404, `<html>`, unread("404 Not Found"), "<nil>"},
		"something else":   {400, `{"NeutronError": {"type": "Odd", "message": "No.", "detail": ""}}`, unread(""), "cannot read the quota: 400 Odd: No"},
	} {
		between(t, func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasSuffix(r.URL.Path, "/details.json") {
				return false
			}
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(c.status)
			io.WriteString(w, c.body)
			return true
		})
		f, err := dial(t).Facts(t.Context(), plan.Needs{Quota: true})
		if f.Quota != c.want.Quota || f.QuotaUnread != c.want.QuotaUnread || fmt.Sprint(err) != c.err {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
	}
}
