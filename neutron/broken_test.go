package neutron

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sgc.dev/sgc/clouds"
)

const (
	brokenPassword = "pass-phrase/of\"four words"
	brokenToken    = "gAAAAABmX2sQ_5tRk9vKcWz7yQ-token-of-the-first-log-in"
	shortToken     = "short-and-never-seen"
	unknownToken   = "gAAAAABq7Zp-of_a_log_in_that_was_never_answered_so_that_nobody_here_has_seen_it_Kx3vQ9dLw0="
)

// A broken is a cloud that answers wrongly what it is told to. What answer does not answer, it
// answers rightly: a log-in with a token, all lists with nothing.
type broken struct {
	*httptest.Server
	logIns, calls atomic.Int32 // calls of Neutron
	network       string       // where its catalog says that Neutron is
}

func breakCloud(t *testing.T, start func(http.Handler) *httptest.Server, answer func(w http.ResponseWriter, r *http.Request) bool) *broken {
	b := &broken{}
	b.Server = start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		isLogIn := strings.HasSuffix(r.URL.Path, "/auth/tokens")
		if isLogIn {
			b.logIns.Add(1)
		} else {
			b.calls.Add(1)
		}
		switch {
		case answer(w, r):
		case isLogIn:
			w.Header().Set("X-Subject-Token", brokenToken)
			w.WriteHeader(http.StatusCreated)
			fmt.Fprintf(w, `{"token": {"project": {"id": "p1", "name": "shop", "domain": {"name": "Projects"}}, "catalog": [{"type": "network", "endpoints": [{"interface": "public", "region_id": "r1", "url": %q}]}]}}`, b.network)
		default:
			io.WriteString(w, `{"security_groups": [], "address_groups": [], "extensions": []}`)
		}
	}))
	t.Cleanup(b.Close)
	b.network = b.URL
	for _, pair := range os.Environ() {
		if name, _, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "OS_") {
			t.Setenv(name, "")
		}
	}
	for name, value := range map[string]string{
		"OS_AUTH_URL": b.URL + "/v3", "OS_USERNAME": "alice", "OS_USER_DOMAIN_NAME": "Users", "OS_PASSWORD": brokenPassword, "OS_PROJECT_ID": "p1",
	} {
		t.Setenv(name, value)
	}
	return b
}

// isNeutron says whether a call is not a log-in.
func isNeutron(r *http.Request) bool { return !strings.HasSuffix(r.URL.Path, "/auth/tokens") }

// useAll logs in and makes a call of every kind, and returns what goes wrong.
func useAll(t *testing.T, o Options) (errs []error) {
	o.Pause = time.Nanosecond
	c, err := Connect(t.Context(), o)
	if err != nil {
		return []error{err}
	}
	note := func(err error) {
		if err != nil {
			errs = append(errs, err)
		}
	}
	_, err = c.Read(t.Context())
	note(err)
	_, err = c.ReadGroup(t.Context(), "g1")
	note(err)
	_, err = c.CreateGroups(t.Context(), []NewGroup{{Name: "web"}})
	note(err)
	_, err = c.CreateRules(t.Context(), Ref{"g1", "web"}, nil, nil)
	note(err)
	note(c.UpdateGroup(t.Context(), Ref{"g1", "web"}, 1, nil))
	note(c.SetTags(t.Context(), Ref{"g1", "web"}, nil))
	note(c.DeleteRule(t.Context(), Ref{"g1", "web"}, "r1"))
	note(c.DeleteGroup(t.Context(), Ref{"g1", "web"}, 1))
	return errs
}

// leaked is a part of a secret that a text has, of eight characters.
func leaked(text string) string {
	for _, secret := range []string{brokenPassword, brokenToken, unknownToken, shortToken} {
		for at := range len(secret) - 7 {
			if strings.Contains(text, secret[at:at+8]) {
				return secret[at : at+8]
			}
		}
	}
	return ""
}

// TestLeaks has servers say what they were sent, in every part of an answer that a message may
// quote: no message has a part of it that is worth anything.
func TestLeaks(t *testing.T) {
	raw := func(format string) func(http.ResponseWriter, string) {
		return func(w http.ResponseWriter, secret string) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			fmt.Fprintf(conn, format, secret)
			conn.Close()
		}
	}
	body := func(status int, format string) func(http.ResponseWriter, string) {
		return func(w http.ResponseWriter, secret string) {
			quoted, _ := json.Marshal(secret)
			w.WriteHeader(status)
			io.WriteString(w, strings.NewReplacer("JSON", strings.Trim(string(quoted), `"`), "RAW", secret).Replace(format))
		}
	}
	for what, answer := range map[string]func(w http.ResponseWriter, secret string){
		"status line":     raw("HTP %s\r\n\r\n"),
		"status":          raw("HTTP/1.1 %s\r\n\r\n"),
		"status in words": raw("HTTP/1.1 400 %s\r\nContent-Length: 0\r\n\r\n"),
		"header's end":    raw("HTTP/1.1 201 Created\r\nX-Subject-Token: %s\x01\r\n\r\n"),
		"header":          raw("HTTP/1.1 200 OK\r\n%s\r\n\r\n"),
		"length":          raw("HTTP/1.1 200 OK\r\nContent-Length: %s\r\n\r\n"),
		"encoding":        raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: %s\r\n\r\n"),
		"chunk":           raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%s\r\n"),
		"redirect": func(w http.ResponseWriter, s string) {
			w.Header().Set("Location", "http://"+s+".invalid/")
			w.WriteHeader(307)
		},
		"redirect to no place":   func(w http.ResponseWriter, s string) { w.Header().Set("Location", "http://%zz"+s); w.WriteHeader(307) },
		"redirect to a path":     func(w http.ResponseWriter, s string) { w.Header().Set("Location", "/"+s); w.WriteHeader(302) },
		"text":                   body(400, "sent: RAW"),
		"long text":              body(400, strings.Repeat("x", 290)+"RAW"),
		"page":                   body(200, "<html>RAW</html>"),
		"text as an answer":      body(200, "RAW"),
		"error":                  body(400, `{"NeutronError": {"type": "JSON", "message": "JSON RAW"}}`),
		"kind of an error":       body(409, `{"NeutronError": {"type": "JSON", "message": "no"}}`),
		"Keystone's error":       body(401, `{"error": {"message": "JSON"}}`),
		"answer":                 body(201, `"JSON"`),
		"key":                    body(200, `{"JSON": 1}`),
		"id":                     body(200, `{"security_groups": [{"id": "JSON"}], "security_group": {"id": "JSON"}, "token": {"project": {"id": "JSON"}}}`),
		"id of a rule":           body(200, `{"security_groups": [{"id": "g", "project_id": "p1", "security_group_rules": [{"id": "JSON"}]}]}`),
		"project":                body(201, `{"security_groups": [{"id": "g", "project_id": "JSON", "name": "web"}], "token": {"project": {"id": "p1", "name": "JSON"}, "catalog": []}}`),
		"region":                 body(201, `{"token": {"project": {"id": "p1"}, "catalog": [{"type": "network", "endpoints": [{"interface": "public", "region_id": "JSON"}, {"interface": "public", "region_id": "b"}]}]}}`),
		"address":                body(201, `{"token": {"project": {"id": "p1"}, "catalog": [{"type": "network", "endpoints": [{"interface": "public", "url": "http://%zz JSON"}]}]}}`),
		"next page":              body(200, `{"security_groups": [], "security_groups_links": [{"rel": "next", "href": "JSON"}]}`),
		"member of a wrong kind": body(200, `{"security_groups": [{"id": ["JSON"]}], "security_group": "JSON", "token": "JSON"}`),
	} {
		for name, sent := range map[string]func(*http.Request) string{
			"short":   func(*http.Request) string { return shortToken },
			"unknown": func(*http.Request) string { return unknownToken },
			"whole":   func(r *http.Request) string { return brokenPassword + r.Header.Get("X-Auth-Token") },
			"parts": func(r *http.Request) string {
				return brokenPassword[2:14] + r.Header.Get("X-Auth-Token")[:min(20, len(r.Header.Get("X-Auth-Token")))]
			},
		} {
			if name == "short" && !slices.Contains([]string{"status line", "status", "header", "header's end", "length", "encoding"}, what) {
				continue // what net/http does not refuse is text, and may be short
			}
			for _, where := range []string{"Keystone", "Neutron"} {
				t.Run(what+", "+name+", "+where, func(t *testing.T) {
					failed := false
					breakCloud(t, httptest.NewServer, func(w http.ResponseWriter, r *http.Request) bool {
						if isNeutron(r) != (where == "Neutron") {
							return false
						}
						failed = true
						answer(w, sent(r))
						return true
					})
					errs := useAll(t, Options{})
					if len(errs) == 0 || !failed {
						t.Error("nothing went wrong")
					}
					for _, err := range errs {
						if part := leaked(err.Error()); part != "" {
							t.Errorf("%q is in: %v", part, err)
						}
					}
				})
			}
		}
	}
}

// TestTold takes no answer that tells a secret, however it is escaped: what it tells would be shown
// and saved.
func TestTold(t *testing.T) {
	escaped := func(text string) string {
		var b strings.Builder
		for _, r := range text {
			fmt.Fprintf(&b, `\u%04X`, r)
		}
		return b.String()
	}
	for _, told := range []string{
		brokenToken, escaped(brokenToken), escaped(brokenToken[:1]) + brokenToken[1:], escaped(brokenPassword), strings.ReplaceAll(brokenPassword, `"`, `\"`),
	} {
		breakCloud(t, httptest.NewServer, func(w http.ResponseWriter, r *http.Request) bool {
			if isNeutron(r) {
				fmt.Fprintf(w, `{"security_groups": [{"id": "g", "project_id": "p1", "name": "x%s", "description": "", "security_group_rules": []}]}`, told)
			}
			return isNeutron(r)
		})
		c, err := Connect(t.Context(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Read(t.Context()); err == nil || !strings.HasSuffix(err.Error(), " has the password or a token in it, which no cloud tells") {
			t.Errorf("%s: %v", told, err)
		}
	}
}

// TestToldName shows no part of a password as the name of the project or its domain.
func TestToldName(t *testing.T) {
	b := breakCloud(t, httptest.NewServer, func(http.ResponseWriter, *http.Request) bool { return false })
	b.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Subject-Token", brokenToken)
		w.WriteHeader(http.StatusCreated)
		fmt.Fprintf(w, `{"token": {"project": {"id": "p1", "name": %q, "domain": {"name": %q}}, "catalog": [{"type": "network", "endpoints": [{"interface": "public", "region_id": "r1", "url": %q}]}]}}`,
			brokenPassword[:15], brokenPassword[4:], b.URL)
	})
	c, err := Connect(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if text := c.Place().String(); leaked(text) != "" || !strings.Contains(text, "…") {
		t.Error(text)
	}
}

// TestNoAnswer says that an answer of success is empty, where there should be something in it.
func TestNoAnswer(t *testing.T) {
	breakCloud(t, httptest.NewServer, func(w http.ResponseWriter, r *http.Request) bool { return isNeutron(r) })
	c, err := Connect(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Read(t.Context()); fmt.Sprint(err) != "cannot read the security groups: the answer is empty" {
		t.Error(err)
	}
}

// TestPage takes a page for no answer, and asks once.
func TestPage(t *testing.T) {
	const page = "<!DOCTYPE html><title>Log in</title>"
	b := breakCloud(t, httptest.NewServer, func(w http.ResponseWriter, r *http.Request) bool {
		if isNeutron(r) {
			io.WriteString(w, page)
		}
		return isNeutron(r)
	})
	errs := useAll(t, Options{})
	const calls = 8
	if len(errs) != calls || b.calls.Load() != calls {
		t.Errorf("%d errors, %d calls", len(errs), b.calls.Load())
	}
	for _, err := range errs {
		if !strings.HasSuffix(err.Error(), "the answer of "+b.URL+" is not JSON: most likely it is a page, of a proxy or to log in, and the address is another server's") {
			t.Error(err)
		}
	}
	b = breakCloud(t, httptest.NewServer, func(w http.ResponseWriter, r *http.Request) bool {
		w.WriteHeader(http.StatusCreated)
		io.WriteString(w, page)
		return true
	})
	if errs := useAll(t, Options{}); len(errs) != 1 || b.logIns.Load() != 1 || !strings.Contains(errs[0].Error(), "is not JSON") {
		t.Errorf("%v, after %d calls", errs, b.logIns.Load())
	}
}

// TestNoRenewal has tokens end and Keystone hang, or be in trouble: the log-in is tried as often
// as any call, and the call that needs it is not made again for that.
func TestNoRenewal(t *testing.T) {
	for _, trouble := range []int{0, http.StatusServiceUnavailable} {
		hang, ended := make(chan struct{}), atomic.Bool{}
		b := breakCloud(t, httptest.NewServer, func(w http.ResponseWriter, r *http.Request) bool {
			switch {
			case !ended.Load():
				return false
			case isNeutron(r):
				w.WriteHeader(http.StatusUnauthorized)
			case trouble != 0:
				w.WriteHeader(trouble)
			default:
				<-hang
			}
			return true
		})
		c, err := Connect(t.Context(), Options{Timeout: 20 * time.Millisecond, Pause: time.Nanosecond})
		if err != nil {
			t.Fatal(err)
		}
		ended.Store(true)
		for try := uint(1); ; try++ { // as a plan is carried out
			if err = c.DeleteRule(t.Context(), Ref{"g1", "web"}, "r1"); Uncertain(err) {
				t.Errorf("it may have acted: %v", err)
			}
			if err = c.Again(t.Context(), err, try); err != nil {
				break
			}
		}
		want := "cannot renew the token: no answer from " + b.URL + " in time; --timeout sets how long to wait"
		if trouble != 0 {
			want = "cannot renew the token: 503 Service Unavailable"
		}
		if err.Error() != want {
			t.Error(err)
		}
		if calls, logIns := b.calls.Load(), b.logIns.Load()-1; calls != 1 || logIns != attempts {
			t.Errorf("%d calls and %d log-ins", calls, logIns)
		}
		close(hang)
	}
}

// TestPatience ends a call that would be made again, and all later ones, once a cloud has not
// answered for so long; an answer begins that time anew, and one that says to come back does not.
func TestPatience(t *testing.T) {
	status := atomic.Int32{}
	b := breakCloud(t, httptest.NewServer, func(w http.ResponseWriter, r *http.Request) bool {
		if code := int(status.Load()); isNeutron(r) && code != 0 {
			w.Header().Set("Retry-After", "20")
			w.WriteHeader(code)
			return true
		}
		return false
	})
	c, err := Connect(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if most := c.retries.patience.Most; most != 2*time.Minute {
		t.Errorf("%s", most)
	}
	c.retries.patience.Most = 10 * time.Second
	for _, code := range []int{429, 500, 503, 504} {
		before := b.calls.Load()
		status.Store(int32(code))
		_, err = c.Read(t.Context())
		want := fmt.Sprintf("cannot read the security groups: %d %s; --timeout sets how long to wait", code, http.StatusText(code))
		if fmt.Sprint(err) != want || b.calls.Load() != before+1 {
			t.Errorf("%v, after %d calls", err, b.calls.Load()-before)
		}
	}
	c.retries.patience.Since = time.Now().Add(-time.Hour)
	before := b.calls.Load()
	_, err = c.Read(t.Context())
	if want := "cannot read the security groups: no answer from " + b.URL + " in time; --timeout sets how long to wait"; fmt.Sprint(err) != want || b.calls.Load() != before {
		t.Errorf("%v, after %d calls", err, b.calls.Load()-before)
	}
	c.retries.patience.Since = time.Now()
	status.Store(404)
	if _, err = c.Read(t.Context()); !refused(err, 404) || !c.retries.patience.Lasts(time.Hour) {
		t.Errorf("no answer: %v", err)
	}
}

// TestDripping ends an answer that never ends: what has come of it is no answer.
func TestDripping(t *testing.T) {
	b := breakCloud(t, httptest.NewServer, func(w http.ResponseWriter, r *http.Request) bool {
		for isNeutron(r) {
			if _, err := io.WriteString(w, " "); err != nil {
				break
			}
			w.(http.Flusher).Flush()
			time.Sleep(time.Millisecond)
			if r.Context().Err() != nil {
				break
			}
		}
		return isNeutron(r)
	})
	c, err := Connect(t.Context(), Options{Pause: time.Nanosecond, Timeout: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Read(t.Context())
	if want := "cannot read the security groups: no answer from " + b.URL + " in time; --timeout sets how long to wait"; fmt.Sprint(err) != want || b.calls.Load() != attempts || c.retries.patience.Since.IsZero() {
		t.Errorf("%v, after %d calls", err, b.calls.Load())
	}
}

// TestPlainHTTP sends no token that has come by https over plain HTTP, wherever the address is
// from, unless that is asked for.
func TestPlainHTTP(t *testing.T) {
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Auth-Token") != brokenToken {
			t.Error("no token")
		}
		io.WriteString(w, `{"security_groups": []}`)
	}))
	defer plain.Close()
	b := breakCloud(t, httptest.NewTLSServer, func(http.ResponseWriter, *http.Request) bool { return false })
	for _, override := range []bool{false, true} {
		if b.network = plain.URL; override {
			b.network = b.URL
			t.Chdir(t.TempDir())
			if err := os.WriteFile("clouds.yaml", fmt.Appendf(nil, "clouds: {it: {network_endpoint_override: %q}}", plain.URL), 0o600); err != nil {
				t.Fatal(err)
			}
			t.Setenv("OS_CLOUD", "it")
		}
		for _, asked := range []bool{false, true} {
			c, err := Connect(t.Context(), Options{Choice: clouds.Choice{Insecure: true}, PlainHTTP: asked})
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Read(t.Context())
			want := "cannot read the security groups: the token came by https, and would go on to " + plain.URL + " in the clear; --plain-http sends it all the same"
			if asked && err != nil || !asked && fmt.Sprint(err) != want {
				t.Errorf("override %t, asked for %t: %v", override, asked, err)
			}
		}
	}
}

// TestEndedLogIn ends with whoever waits for it, and says so.
func TestEndedLogIn(t *testing.T) {
	breakCloud(t, httptest.NewServer, func(w http.ResponseWriter, r *http.Request) bool {
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	})
	ctx, end := context.WithCancel(t.Context())
	if _, err := Connect(ctx, Options{Pause: time.Hour, Notice: func(string) { end() }}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
