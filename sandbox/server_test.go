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

	"sgc.dev/sgc/sandbox"
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

// TestAddresses reads the documents at the addresses of the services, without a
// slash behind them, and beside them. Another cloud's are elsewhere.
func TestAddresses(t *testing.T) {
	s, other := listen(t, sandbox.New()), listen(t, sandbox.New())
	root := strings.TrimSuffix(s.URL(), "/identity/v3")
	ours, err := url.Parse(root)
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := url.Parse(other.NetworkURL())
	if err != nil {
		t.Fatal(err)
	}
	here := "http://" + ours.Host
	for _, test := range []struct {
		url    string
		status int
		has    string
	}{
		{root + "/identity", 300, s.URL() + "/"},
		{s.NetworkURL(), 200, s.NetworkURL() + "/v2.0/"},
		{root + "/elsewhere", 404, ""},
		{root + "/identityv3", 404, ""},
		{here + theirs.Path, 404, ""},
		{here + "/networking", 404, ""},
	} {
		a, _ := (&client{t: t, server: s}).raw("GET", test.url, nil, nil)
		if a.status != test.status || !strings.Contains(a.text, test.has) {
			t.Errorf("%s: %d %s", test.url, a.status, a.text)
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
