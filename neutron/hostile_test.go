package neutron_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/sandbox"
	"sgc.dev/sgc/sandbox/sandboxtest"
)

// between puts a server between sgc and the cloud. It answers what answer says
// true to, and passes the rest on.
func between(t *testing.T, answer func(http.ResponseWriter, *http.Request) bool) *sandbox.Cloud {
	t.Helper()
	c := sandboxtest.Open(t)
	cloud, err := url.Parse(os.Getenv("OS_AUTH_URL"))
	if err != nil {
		t.Fatal(err)
	}
	own, path := "http://"+cloud.Host, cloud.Path
	cloud.Path = ""
	var s *httptest.Server
	pass := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(cloud)
			r.Out.Header.Del("Accept-Encoding")
		},
		ModifyResponse: func(r *http.Response) error {
			body, err := io.ReadAll(r.Body)
			body = bytes.ReplaceAll(body, []byte(own), []byte(s.URL))
			r.Body = io.NopCloser(bytes.NewReader(body))
			r.Header.Set("Content-Length", fmt.Sprint(len(body)))
			return err
		},
	}
	s = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !answer(w, r) {
			pass.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(s.Close)
	t.Setenv("OS_AUTH_URL", s.URL+path)
	return c
}

// read connects and reads the groups.
func read(t *testing.T) (groups int, err error) {
	t.Helper()
	client, err := neutron.Connect(t.Context(), neutron.Options{Pause: time.Nanosecond})
	if err != nil {
		return 0, err
	}
	s, err := client.Read(t.Context())
	if err != nil {
		return 0, err
	}
	return len(s.Groups), nil
}

// isList says whether a call is for the groups.
func isList(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/v2.0/security-groups") }

// TestRedirects follows a call that is sent on to the same server, and no other:
// nobody else learns a password or a token.
func TestRedirects(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.Errorf("another server is called: %s %s", r.Method, r.URL)
	}))
	defer other.Close()
	onlyPort, err := url.Parse(other.URL)
	if err != nil {
		t.Fatal(err)
	}
	isToken := func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/auth/tokens") }
	const elsewhere = ", where password and token must not go; if that is the cloud, auth_url (OS_AUTH_URL) or the address in its catalog is to name it"
	for _, test := range []struct {
		name   string
		status int
		call   func(*http.Request) bool
		to     func(*http.Request) string
		want   string // the end of the error, "" where it is followed
	}{
		{"the token, another port", 307, isToken, func(r *http.Request) string { return other.URL + r.URL.Path }, "sends the call on to " + other.URL + elsewhere},
		{"the token, another name", 308, isToken, func(r *http.Request) string { return "http://localhost:" + onlyPort.Port() + "/x" }, "sends the call on to http://localhost:" + onlyPort.Port() + elsewhere},
		{"the token, another scheme", 307, isToken, func(r *http.Request) string { return "https://" + r.Host + r.URL.Path }, "sends the call on to https://HOST" + elsewhere},
		{"the token, as a GET", 302, isToken, func(r *http.Request) string { return "/v3/x" },
			"sends a POST on to /v3/x as a GET; auth_url (OS_AUTH_URL) or the address in its catalog is to name that"},
		{"the groups, another port", 301, isList, func(r *http.Request) string { return other.URL + r.URL.Path }, "sends the call on to " + other.URL + elsewhere},
		{"the groups, a name and a password in the address", 307, isList, func(r *http.Request) string { return "http://u:p@" + onlyPort.Host + r.URL.Path }, "sends the call on to " + other.URL + elsewhere},
		{"the groups, for ever", 307, isList, func(r *http.Request) string { return r.URL.Path }, "sends the call on for ever"},
		{"the token, the same server", 307, isToken, func(r *http.Request) string { return r.URL.Path + "?on=1" }, ""},
		{"the groups, the same server", 301, isList, func(r *http.Request) string { return r.URL.String() + "&on=1" }, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			calls := 0
			between(t, func(w http.ResponseWriter, r *http.Request) bool {
				if !test.call(r) {
					return false
				}
				if query, on := strings.CutSuffix(r.URL.RawQuery, "on=1"); on {
					r.URL.RawQuery = strings.TrimSuffix(query, "&")
					return false
				}
				calls++
				w.Header().Set("Location", test.to(r))
				w.WriteHeader(test.status)
				return true
			})
			n, err := read(t)
			switch {
			case test.want == "" && (err != nil || n == 0):
				t.Errorf("%d groups, %v", n, err)
			case test.want != "":
				at, _ := url.Parse(os.Getenv("OS_AUTH_URL"))
				want := ": http://" + at.Host + " " + strings.ReplaceAll(test.want, "HOST", at.Host)
				if err == nil || !strings.HasSuffix(err.Error(), want) || strings.Count(err.Error(), "://") > 3 {
					t.Errorf("%v\ndoes not end in\n%s", err, want)
				}
			}
			if calls > 6 {
				t.Errorf("%d calls", calls)
			}
		})
	}
}

// TestNoList takes no answer for an empty project that is none.
func TestNoList(t *testing.T) {
	const id = "5e000000-0000-4000-8000-00000000000a"
	for body, want := range map[string]string{
		`{}`:                                          "the answer is no list of security_groups",
		`{"security_groups": null}`:                   "the answer is no list of security_groups",
		`{"security_groups": {"a": 1}}`:               "the answer is no list of security_groups",
		`{"security_groups": [null]}`:                 `the answer is no list of security_groups: a security group: "" is no id`,
		`{"security_groups": [{}]}`:                   `the answer is no list of security_groups: a security group: "" is no id`,
		`{"security_groups": [[]]}`:                   "the answer is no list of security_groups: json: cannot unmarshal array into Go value of type wire.group",
		`{"security_groups": [{"id": 3}]}`:            "the answer is no list of security_groups: json: cannot unmarshal number into Go struct field group.Group.id of type string",
		`{"security_groups": [{"id": "` + id + `"}]}`: "the answer is no list of security_groups: security group " + id + " has no project_id",
		`{"security_groups": [{"id": "\u001b]0;owned\u0007", "project_id": "p"}]}`:                                                                                                    `the answer is no list of security_groups: a security group: "\x1b]0;owned\a" is no id`,
		`{"security_groups": [{"id": "..", "project_id": "p"}]}`:                                                                                                                      `the answer is no list of security_groups: a security group: ".." is no id`,
		`{"security_groups": [{"id": "` + id + `", "project_id": "p", "security_group_rules": [{"id": "a/b"}]}]}`:                                                                     "the answer is no list of security_groups: a rule of security group " + id + `: "a/b" is no id`,
		`{"security_groups": [{"id": "` + id + `", "project_id": "p", "security_group_rules": [{"id": "a", "direction": "ingress", "ethertype": "IPv4", "remote_group_id": "\n"}]}]}`: "the answer is no list of security_groups: a rule of security group " + id + `: "\n" is no id`,
	} {
		between(t, func(w http.ResponseWriter, r *http.Request) bool {
			if isList(r) {
				io.WriteString(w, body)
			}
			return isList(r)
		})
		if _, err := read(t); err == nil || err.Error() != "cannot read the security groups: "+want {
			t.Errorf("%s:\n%v", body, err)
		}
	}
}

// TestIncomplete takes what a cloud does not write for no null, which would allow more, and
// nothing that can be read in two ways.
func TestIncomplete(t *testing.T) {
	const (
		id    = "5e000000-0000-4000-8000-00000000000a"
		group = `"id": "` + id + `", "project_id": "p", "name": "web", "description": "", "security_group_rules": [`
		whole = `"id": "r1", "security_group_id": "` + id + `", "direction": "ingress", "ethertype": "IPv4", "protocol": null, "port_range_min": null, "port_range_max": null, "remote_ip_prefix": null, "remote_group_id": null`
	)
	without := func(text, key string) string {
		return strings.Replace(text, `"`+key+`": `, `"x_`+key+`": `, 1)
	}
	bodies := map[string]string{}
	for _, key := range []string{"project_id", "name", "description", "security_group_rules"} {
		bodies["{"+without(group, key)+"]}"] = "security group " + id + " has no " + key
	}
	for _, key := range []string{"direction", "ethertype", "protocol", "port_range_min", "port_range_max", "remote_ip_prefix", "remote_group_id"} {
		bodies["{"+group+"{"+without(whole, key)+"}]}"] = "rule r1 of security group " + id + " has no " + key
	}
	bodies["{"+strings.TrimSuffix(group, "[")+"null}"] = "security group " + id + " has no security_group_rules"
	bodies["{"+group+"{"+whole+`, "protocol": "tcp"}]}`] = `"protocol" is there twice`
	bodies["{"+group+"{"+without(whole, "protocol")+`, "Protocol": "tcp"}]}`] = `"protocol" is written "Protocol"`
	bodies["{"+group+"{"+strings.Replace(whole, id, "other", 1)+"}]}"] = "rule r1 of security group " + id + ` says that it is of security group "other"`
	bodies["{"+group+"{"+whole+"}]}"] = ""
	for body, want := range bodies {
		between(t, func(w http.ResponseWriter, r *http.Request) bool {
			switch {
			case isList(r):
				io.WriteString(w, `{"security_groups": [`+body+`]}`)
			case strings.HasSuffix(r.URL.Path, id):
				io.WriteString(w, `{"security_group": `+body+`}`)
			default:
				return false
			}
			return true
		})
		client, err := neutron.Connect(t.Context(), neutron.Options{Pause: time.Nanosecond})
		if err != nil {
			t.Fatal(err)
		}
		_, all := client.Read(t.Context())
		_, one := client.ReadGroup(t.Context(), id)
		for _, err := range []error{all, one} {
			if (err == nil) != (want == "") || err != nil && !strings.HasSuffix(err.Error(), want) {
				t.Errorf("%s:\n%v, not %s", body, err, want)
			}
		}
	}
}

// TestEcho shows nobody what a server in trouble has been sent.
func TestEcho(t *testing.T) {
	isToken := func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/auth/tokens") }
	inJSON := func(kind string) func(string) string {
		return func(sent string) string {
			body, err := json.Marshal(map[string]any{kind: map[string]string{"type": "Bad", "message": "sent: " + sent}})
			if err != nil {
				t.Fatal(err)
			}
			return string(body)
		}
	}
	inText := func(sent string) string { return "sent: " + sent }
	for name, test := range map[string]struct {
		call   func(*http.Request) bool
		status int
		body   func(sent string) string
	}{
		"the password, 401 in JSON": {isToken, 401, inJSON("error")},
		"the password, 401 in text": {isToken, 401, inText},
		"the password, 400 in text": {isToken, 400, inText},
		"the token, 400 in JSON":    {isList, 400, inJSON("NeutronError")},
		"the token, 403 in text":    {isList, 403, inText},
		"the token, 500 in text":    {isList, 500, inText},
	} {
		var secrets []string
		c := between(t, func(w http.ResponseWriter, r *http.Request) bool {
			if !test.call(r) {
				return false
			}
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			token := r.Header.Get("X-Auth-Token")
			if token != "" {
				secrets = append(secrets, token)
			}
			w.WriteHeader(test.status)
			io.WriteString(w, test.body(string(body)+token))
			return true
		})
		_, err := read(t)
		if err == nil || !strings.Contains(err.Error(), "sent: ") || !strings.Contains(err.Error(), "…") {
			t.Errorf("%s: %v", name, err)
		}
		for _, secret := range append(secrets, c.Demo().Password) {
			if strings.Contains(fmt.Sprint(err), secret) {
				t.Errorf("%s: %v\nhas %s in it", name, err, secret)
			}
		}
	}
}

// TestTenant reads the groups of a cloud that calls a project a tenant.
func TestTenant(t *testing.T) {
	var c *sandbox.Cloud
	c = between(t, func(w http.ResponseWriter, r *http.Request) bool {
		if isList(r) {
			fmt.Fprintf(w, `{"security_groups": [{"id": "b1", "name": "theirs", "description": "", "tenant_id": "f2", "security_group_rules": []}, {"id": "c3", "name": "ours", "description": "", "tenant_id": %q, "security_group_rules": []}]}`, c.Demo().ProjectID)
		}
		return isList(r)
	})
	if n, err := read(t); n != 1 || err != nil {
		t.Errorf("%d groups, %v", n, err)
	}
}

// TestEndless ends what a cloud does not: pages, and a page, of which the memory holds no more.
func TestEndless(t *testing.T) {
	const many = "cannot read the security groups: there are more than 500000 objects or 4000000 values in it, which no project needs"
	for name, test := range map[string]struct {
		answer func(w http.ResponseWriter, call int)
		want   string
	}{
		"the same pages": {func(w http.ResponseWriter, call int) {
			fmt.Fprintf(w, `{"security_groups": [{"id": "d4", "project_id": "p", "name": "", "description": "", "security_group_rules": []}], "security_groups_links": [{"rel": "next", "href": "http://x.invalid/?marker=%d"}]}`, call)
		}, `cannot read the security groups: the list has no end: there is nothing new in the page before "http://x.invalid/?marker=2"`},
		"a page for each group": {func(w http.ResponseWriter, call int) {
			fmt.Fprintf(w, `{"security_groups": [{"id": "e%d", "project_id": "p", "name": "", "description": "", "security_group_rules": []}], "security_groups_links": [{"rel": "next", "href": "http://x.invalid/?marker=%d"}]}`, call, call)
		}, "cannot read the security groups: the list has more than 1000 pages, which no project needs"},
		"empty pages": {func(w http.ResponseWriter, call int) {
			fmt.Fprintf(w, `{"security_groups": [], "security_groups_links": [{"rel": "next", "href": "http://x.invalid/?marker=%d"}]}`, call)
		}, `cannot read the security groups: the list has no end: there is nothing new in the page before "http://x.invalid/?marker=1"`},
		"new pages": {func(w http.ResponseWriter, call int) {
			fmt.Fprintf(w, `{"security_groups": [{"id": "e%d", "project_id": "p", "name": "", "description": "%s", "security_group_rules": []}], "security_groups_links": [{"rel": "next", "href": "http://x.invalid/?marker=%d"}]}`,
				call, strings.Repeat("x", 36<<20), call)
		}, "cannot read the security groups: it is longer than 96 MiB, which no project needs"},
		"empty rules, packed": {func(w http.ResponseWriter, call int) {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			fmt.Fprintf(z, `{"security_groups": [{"id": "d4", "project_id": "p", "security_group_rules": [{}%s]}]}`, strings.Repeat(",{}", 600_000))
			z.Close()
		}, many},
		"empty tags": {func(w http.ResponseWriter, call int) {
			fmt.Fprintf(w, `{"security_groups": [{"id": "d4", "project_id": "p", "tags": [""%s]}]}`, strings.Repeat(`,""`, 5_000_000))
		}, many},
		"new pages of many objects": {func(w http.ResponseWriter, call int) {
			const each = 5_000
			odd := "[{}" + strings.Repeat(`, {"is": "an object"}`, 19) + "]"
			fmt.Fprint(w, `{"security_groups": [`)
			for n := range each {
				fmt.Fprintf(w, `{"id": "e%d", "project_id": "p", "name": "", "description": "", "security_group_rules": [], "odd": %s},`, call*each+n, odd)
			}
			fmt.Fprintf(w, `{"id": "f%d", "project_id": "p", "name": "", "description": "", "security_group_rules": []}], "security_groups_links": [{"rel": "next", "href": "http://x.invalid/?marker=%d"}]}`, call, call)
		}, many},
		"one page": {func(w http.ResponseWriter, call int) {
			spaces := bytes.Repeat([]byte(" "), 1<<20)
			for {
				if _, err := w.Write(spaces); err != nil {
					return
				}
			}
		}, "cannot read the security groups: it is longer than 96 MiB, which no project needs"},
	} {
		t.Run(name, func(t *testing.T) {
			calls := 0
			between(t, func(w http.ResponseWriter, r *http.Request) bool {
				if isList(r) {
					calls++
					test.answer(w, calls)
				}
				return isList(r)
			})
			if _, err := read(t); err == nil || err.Error() != test.want {
				t.Errorf("%v", err)
			}
			if calls > 5 && name != "a page for each group" {
				t.Errorf("%d calls", calls)
			}
		})
	}
}
