package sandbox_test

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"sgc.dev/sgc/sandbox"
)

func groupNames(c *sandbox.Cloud) []string {
	var names []string
	for _, g := range c.Groups(c.Demo().ProjectID) {
		names = append(names, g.Name)
	}
	return names
}

// TestFaults injects each kind of fault at the POST of a group: what the client
// gets, and whether the server acted.
func TestFaults(t *testing.T) {
	post := sandbox.Fault{Method: "POST", Path: "/v2.0/security-groups", Nth: 1}
	with := func(change func(*sandbox.Fault)) sandbox.Fault {
		f := post
		change(&f)
		return f
	}
	for name, test := range map[string]struct {
		fault      sandbox.Fault
		status     int // 0 is a cut connection
		text       string
		retryAfter string
		acted      bool
	}{
		"status": {with(func(f *sandbox.Fault) { f.Status = 503 }), 503, "Service Unavailable", "", false},
		"status with words and a pause": {with(func(f *sandbox.Fault) { f.Status, f.Body, f.RetryAfter = 429, "slow down", 7*time.Second }),
			429, "slow down", "7", false},
		"cut before":       {with(func(f *sandbox.Fault) { f.CutBefore = true }), 0, "", "", false},
		"cut after":        {with(func(f *sandbox.Fault) { f.CutAfter = true }), 0, "", "", true},
		"delay":            {with(func(f *sandbox.Fault) { f.Delay = time.Millisecond }), 201, "", "", true},
		"delay and status": {with(func(f *sandbox.Fault) { f.Delay, f.Status = time.Millisecond, 500 }), 500, "Internal Server Error", "", false},
		"not this method":  {with(func(f *sandbox.Fault) { f.Status, f.Method = 503, "PUT" }), 201, "", "", true},
		"not this path":    {with(func(f *sandbox.Fault) { f.Status, f.Path = 503, "/v2.0/security-groups/*" }), 201, "", "", true},
		"any path":         {sandbox.Fault{Nth: 1, Status: 502}, 502, "Bad Gateway", "", false},
		"not this call":    {with(func(f *sandbox.Fault) { f.Status, f.Nth = 503, 2 }), 201, "", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			cloud := sandbox.New()
			s := listen(t, cloud)
			demo := login(t, s, cloud.Demo())
			cloud.Inject(test.fault)
			a, header, err := demo.try("POST", s.NetworkURL()+groupsPath, object{"security_group": object{"name": "web"}}, nil)
			switch {
			case test.status == 0 && err == nil:
				t.Errorf("the answer is %d, not a cut connection", a.status)
			case test.status != 0 && err != nil:
				t.Errorf("no answer: %v", err)
			case test.status != 0 && (a.status != test.status || test.text != "" && a.text != test.text || header.Get("Retry-After") != test.retryAfter):
				t.Errorf("the answer is %d %q, Retry-After %q", a.status, a.text, header.Get("Retry-After"))
			}
			if acted := slices.Contains(groupNames(cloud), "web"); acted != test.acted {
				t.Errorf("the server acted: %v", acted)
			}
			calls := cloud.Calls()
			if last := calls[len(calls)-1]; last.Status != test.status || last.Path != groupsPath {
				t.Errorf("the call is recorded as %+v", last)
			}
		})
	}
}

// TestFaultOrder holds the faults to their counts: each strikes the call that it
// names, the earliest wins, one without a number strikes for good.
func TestFaultOrder(t *testing.T) {
	cloud := sandbox.New()
	demo := login(t, listen(t, cloud), cloud.Demo())
	always := sandbox.Fault{Path: "/v2.0/quotas/*/details.json", Status: 500}
	second := sandbox.Fault{Method: "GET", Path: groupsPath, Nth: 2, Status: 503}
	both := sandbox.Fault{Path: groupsPath, Nth: 2, Status: 504}
	fourth := sandbox.Fault{Path: groupsPath, Nth: 4, Status: 502}
	for _, f := range []sandbox.Fault{always, second, both, fourth} {
		cloud.Inject(f)
	}
	for i, want := range []int{200, 503, 200, 502, 200} {
		if got := demo.call("GET", groupsPath, nil).status; got != want {
			t.Errorf("call %d: %d, not %d", i+1, got, want)
		}
		if i == 1 && !reflect.DeepEqual(cloud.Pending(), []sandbox.Fault{always, fourth}) {
			t.Errorf("pending are %+v", cloud.Pending())
		}
	}
	for range 2 {
		demo.want(500, "GET", "/v2.0/quotas/"+cloud.Demo().ProjectID+"/details.json", nil)
	}
	if !reflect.DeepEqual(cloud.Pending(), []sandbox.Fault{always}) {
		t.Errorf("pending are %+v", cloud.Pending())
	}
}

// TestFaultAtKeystone gives tokens only at the second try.
func TestFaultAtKeystone(t *testing.T) {
	cloud := sandbox.New()
	s := listen(t, cloud)
	cloud.Inject(sandbox.Fault{Method: "POST", Path: "/v3/auth/tokens", Nth: 1, Status: 503})
	a, _ := (&client{t: t, server: s}).raw("POST", s.URL()+"/auth/tokens", object{}, nil)
	if a.status != 503 {
		t.Errorf("the answer is %d", a.status)
	}
	login(t, s, cloud.Demo())
}

// TestDelayAbandoned leaves during a delay: the server acts all the same. It does
// not where it is closed before.
func TestDelayAbandoned(t *testing.T) {
	t.Parallel()
	for _, closed := range []bool{false, true} {
		cloud := sandbox.New()
		s := listen(t, cloud)
		demo := login(t, s, cloud.Demo())
		delay := time.Second // long enough to leave in it
		if closed {
			delay = time.Hour
		}
		cloud.Inject(sandbox.Fault{Path: groupsPath, Nth: 1, Delay: delay})
		ctx, cancel := context.WithCancel(context.Background())
		r, err := http.NewRequestWithContext(ctx, "POST", s.NetworkURL()+groupsPath, strings.NewReader(`{"security_group": {"name": "web"}}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Auth-Token", demo.token)
		gone := make(chan error)
		go func() {
			_, err := http.DefaultClient.Do(r)
			gone <- err
		}()
		for len(cloud.Pending()) > 0 {
			time.Sleep(time.Millisecond)
		}
		demo.want(200, "GET", "/v2.0/extensions", nil) // the cloud serves others meanwhile
		cancel()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Fatalf("the call ended with %v", err)
		}
		for n := 0; !closed && len(groupNames(cloud)) == 0 && n < 10000; n++ {
			time.Sleep(time.Millisecond)
		}
		s.Close() // waits for what acts
		if acted := len(groupNames(cloud)) > 0; acted == closed {
			t.Errorf("closed %t, the server acted: %t", closed, acted)
		}
	}
}

// TestLies answers that a group and a rule are gone, and keeps them.
func TestLies(t *testing.T) {
	cloud := sandbox.New()
	demo := login(t, listen(t, cloud), cloud.Demo())
	web := cloud.PlantGroup(sandbox.Group{Name: "web", Rules: []sandbox.Rule{{Direction: "ingress", Ethertype: "IPv6"}}})
	for _, path := range []string{groupsPath + "/" + web.ID, rulesPath + "/" + web.Rules[0].ID} {
		cloud.Inject(sandbox.Fault{Method: "DELETE", Path: path, Nth: 1, Status: 204})
		if a := demo.want(204, "DELETE", path, nil); a.text != "" {
			t.Errorf("%s: the answer is %q", path, a.text)
		}
		demo.want(200, "GET", path, nil)
	}
}
