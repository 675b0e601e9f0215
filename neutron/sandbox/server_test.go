package sandbox_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"sgc.dev/sgc/neutron/sandbox"
)

// TestPages follows the links of a list whose pages the cloud caps.
func TestPages(t *testing.T) {
	cloud := sandbox.New()
	demo := login(t, listen(t, cloud), cloud.Demo())
	want := map[string]bool{"default": true}
	for n := range 7 {
		name := fmt.Sprint("g", n)
		cloud.PlantGroup(sandbox.Group{Name: name})
		want[name] = true
	}
	cloud.SetPageLimit(3)
	query := "?limit=100"
	for page := 1; query != ""; page++ {
		body := demo.want(200, "GET", groupsPath+query, nil).body
		list := body["security_groups"].([]any)
		if len(list) > 3 || page > 4 {
			t.Fatalf("page %d has %d groups", page, len(list))
		}
		for _, g := range list {
			name := g.(object)["name"].(string)
			if !want[name] {
				t.Errorf("%q is there twice, or out of nowhere", name)
			}
			delete(want, name)
		}
		query = ""
		links, _ := body["security_groups_links"].([]any)
		for _, link := range links {
			if link := link.(object); link["rel"] == "next" {
				next, err := url.Parse(link["href"].(string))
				if err != nil {
					t.Fatal(err)
				}
				query = "?" + next.RawQuery
			}
		}
	}
	if len(want) > 0 {
		t.Errorf("not listed: %v", want)
	}
	cloud.SetPageLimit(0)
	if body := demo.want(200, "GET", groupsPath, nil).body; len(body["security_groups"].([]any)) != 8 || body["security_groups_links"] != nil {
		t.Errorf("without a cap: %v", body)
	}
}

// TestTokens ends tokens, at once and by their life.
func TestTokens(t *testing.T) {
	cloud := sandbox.New()
	s := listen(t, cloud)
	demo := login(t, s, cloud.Demo())
	demo.want(200, "GET", groupsPath, nil)
	cloud.ExpireTokens()
	a, header := demo.raw("GET", s.NetworkURL()+groupsPath, nil, nil)
	if a.status != 401 || header.Get("WWW-Authenticate") == "" {
		t.Errorf("an ended token: %d %v", a.status, header)
	}
	cloud.SetTokenLife(0)
	login(t, s, cloud.Demo()).want(401, "GET", groupsPath, nil)
	cloud.SetTokenLife(time.Hour)
	login(t, s, cloud.Demo()).want(200, "GET", groupsPath, nil)
}

// TestAuthentication proves who one is, in each way, and fails to.
func TestAuthentication(t *testing.T) {
	cloud := sandbox.New()
	s := listen(t, cloud)
	demo := cloud.Demo()
	other := cloud.AddAccount("other", false)
	id, secret := cloud.AddApplicationCredential(demo)
	old := login(t, s, demo).token
	user := func(password string) object {
		return object{"methods": []string{"password"}, "password": object{"user": object{"id": demo.UserID, "password": password}}}
	}
	credential := func(id, secret string) object {
		return object{"methods": []string{"application_credential"}, "application_credential": object{"id": id, "secret": secret}}
	}
	byToken := func(token string) object {
		return object{"methods": []string{"token"}, "token": object{"id": token}}
	}
	scope := func(id string) object { return object{"project": object{"id": id}} }
	for name, test := range map[string]struct {
		identity object
		scope    any
		status   int
		works    bool // with Neutron
	}{
		"password":                {user(demo.Password), scope(demo.ProjectID), 201, true},
		"no scope":                {user(demo.Password), nil, 201, false},
		"explicitly no scope":     {user(demo.Password), "unscoped", 201, false},
		"wrong password":          {user("wrong"), scope(demo.ProjectID), 401, false},
		"another project":         {user(demo.Password), scope(other.ProjectID), 401, false},
		"no such project":         {user(demo.Password), object{"project": object{"name": "none", "domain": object{"id": "default"}}}, 401, false},
		"no such domain":          {user(demo.Password), object{"project": object{"name": demo.Name, "domain": object{"id": "none"}}}, 401, false},
		"token":                   {byToken(old), scope(demo.ProjectID), 201, true},
		"bogus token":             {byToken("bogus"), scope(demo.ProjectID), 404, false},
		"application credential":  {credential(id, secret), nil, 201, true},
		"wrong secret":            {credential(id, "wrong"), nil, 401, false},
		"no such credential":      {credential("none", secret), nil, 404, false},
		"a way that is not known": {object{"methods": []string{"dance"}}, nil, 401, false},
		"no way at all":           {object{"methods": []string{}}, nil, 400, false},
	} {
		t.Run(name, func(t *testing.T) {
			auth := object{"identity": test.identity}
			if test.scope != nil {
				auth["scope"] = test.scope
			}
			c := &client{t: t, server: s}
			a, header := c.raw("POST", s.URL()+"/auth/tokens", object{"auth": auth}, nil)
			if a.status != test.status {
				t.Fatalf("%d %s", a.status, a.text)
			}
			if c.token = header.Get("X-Subject-Token"); (c.token != "") != (test.status == 201) {
				t.Errorf("the token is %q", c.token)
			}
			want := 401
			if test.works {
				want = 200
			}
			c.want(want, "GET", groupsPath, nil)
		})
	}
}

// TestSubject looks at a token and revokes it.
func TestSubject(t *testing.T) {
	cloud := sandbox.New()
	s := listen(t, cloud)
	demo, subject := login(t, s, cloud.Demo()), login(t, s, cloud.Demo())
	about := http.Header{"X-Subject-Token": {subject.token}}
	for _, step := range []struct {
		method string
		status int
	}{{"GET", 200}, {"HEAD", 200}, {"DELETE", 204}, {"GET", 404}, {"DELETE", 404}} {
		a, _ := demo.raw(step.method, s.URL()+"/auth/tokens", nil, about)
		if a.status != step.status {
			t.Errorf("%s: %d %s", step.method, a.status, a.text)
		}
		if step.method == "GET" && step.status == 200 {
			project := a.body["token"].(object)["project"].(object)
			if project["id"] != cloud.Demo().ProjectID {
				t.Errorf("the token is for %v", project)
			}
		}
	}
	subject.want(401, "GET", groupsPath, nil)
	demo.want(200, "GET", groupsPath, nil)
}

// TestVersions reads the documents that need no token, by the addresses that
// clients start from.
func TestVersions(t *testing.T) {
	cloud := sandbox.New()
	s := listen(t, cloud)
	root := strings.TrimSuffix(s.URL(), "/v3")
	for _, test := range []struct {
		url    string
		status int
		has    string
	}{
		{root, 300, `"v3.14"`},
		{root + "/", 300, s.URL() + "/"},
		{s.URL(), 200, `"version"`},
		{s.URL() + "/", 200, `"v3.14"`},
		{s.NetworkURL(), 200, `"v2.0"`},
		{s.NetworkURL() + "/", 200, s.NetworkURL() + "/v2.0/"},
		{s.NetworkURL() + "/v2.0/", 401, "requires authentication"},
		{strings.TrimSuffix(root, "/identity") + "/elsewhere", 404, ""},
	} {
		r, err := http.NewRequest("GET", test.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := http.DefaultTransport.RoundTrip(r) // follows no redirects
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != test.status || !strings.Contains(string(text), test.has) {
			t.Errorf("%s: %d %s", test.url, response.StatusCode, text)
		}
	}
}

// TestLargeBody bounds what the server reads.
func TestLargeBody(t *testing.T) {
	cloud := sandbox.New()
	s := listen(t, cloud)
	r, err := http.NewRequest("POST", s.NetworkURL()+groupsPath, bytes.NewReader(make([]byte, 9<<20)))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return // cut while it was sent
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("the answer is %d", response.StatusCode)
	}
}

// TestClose ends everything that the server started, while calls wait and
// connections idle, and twice does no harm.
func TestClose(t *testing.T) {
	before := runtime.NumGoroutine()
	cloud := sandbox.New()
	s, err := cloud.Listen()
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	cloud.Inject(sandbox.Fault{Path: "/", Delay: time.Hour})
	ended := make(chan error)
	for range 3 {
		go func() {
			_, err := (&http.Client{Transport: transport}).Get(s.NetworkURL())
			ended <- err
		}()
	}
	idle, err := (&http.Client{Transport: transport}).Get(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, idle.Body)
	idle.Body.Close()
	s.Close()
	for range 3 {
		if err := <-ended; err == nil {
			t.Error("a call that waited was answered")
		}
	}
	s.Close()
	transport.CloseIdleConnections()
	// Goroutines of the client end a moment after their connections.
	for range 1000 {
		if runtime.NumGoroutine() <= before {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	buffer := make([]byte, 1<<16)
	t.Errorf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, buffer[:runtime.Stack(buffer, true)])
}
