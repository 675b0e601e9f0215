package conformance

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/sandbox"
)

// sandboxRelease is the one that the sandbox answers as.
const sandboxRelease = release("2025.1")

// TestCasesSandbox puts the cases to the sandbox: those that need fresh projects
// to one of their own, the others to one that they share.
func TestCasesSandbox(t *testing.T) {
	shared := newSandboxPlace(t)
	if err := unlimited(shared, "member", "other"); err != nil {
		t.Fatal(err)
	}
	for _, c := range readCases(t) {
		if !c.holdsFor(sandboxRelease) {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			at := shared.own()
			if c.fresh {
				at = newSandboxPlace(t)
			}
			if !c.alone {
				t.Parallel()
			}
			if err := c.run(at, nil); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestCasesNotice alters the answer of each call of each case, one at a time:
// another status, nothing in the body. Every case must notice.
func TestCasesNotice(t *testing.T) {
	status := func(r response) response { r.status++; return r }
	body := func(r response) response { r.text, r.body = []byte("{}"), object{}; return r }
	for _, c := range readCases(t) {
		if !c.holdsFor(sandboxRelease) {
			continue
		}
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for n, s := range append(slices.Clone(c.given), c.steps...) {
				for what, change := range map[string]func(response) response{"status": status, "body": body} {
					if what == "body" && !s.looks && s.kind == "" && s.text == "" {
						continue
					}
					err := c.run(newSandboxPlace(t), func(at int, r response) response {
						if at == n {
							return change(r)
						}
						return r
					})
					if err == nil {
						t.Errorf("step %d with another %s passes", n+1, what)
					}
				}
			}
		})
	}
}

// sandboxPlace is a cloud of its own for each case.
type sandboxPlace struct {
	cloud    *sandbox.Cloud
	server   *sandbox.Server
	accounts map[string]sandbox.Account
	parties  map[string]party
}

func newSandboxPlace(t *testing.T) sandboxPlace {
	t.Helper()
	cloud := sandbox.New()
	server, err := cloud.Listen()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	return sandboxPlace{cloud, server, map[string]sandbox.Account{
		"member": cloud.Demo(), "other": cloud.AddAccount("other", false), "admin": cloud.AddAccount("admin", true),
	}, map[string]party{}}
}

// own is the same place for another case.
func (s sandboxPlace) own() sandboxPlace {
	s.parties = maps.Clone(s.parties)
	return s
}

func (s sandboxPlace) party(name string) (party, error) {
	if p, ok := s.parties[name]; ok {
		return p, nil
	}
	p := party{keystone: strings.TrimSuffix(s.server.URL(), "/v3"), neutron: s.server.NetworkURL()}
	if name == "credential" {
		id, secret := s.cloud.AddApplicationCredential(s.accounts["member"])
		p.facts = map[string]string{"id": id, "secret": secret, "name": s.accounts["member"].Name}
		s.parties[name] = p
		return p, nil
	}
	a, ok := s.accounts[name]
	if !ok {
		return p, fmt.Errorf("there is no %s", name)
	}
	p.facts = map[string]string{"project": a.ProjectID, "project_name": a.Name, "user": a.UserID, "user_name": a.Name, "password": a.Password,
		"keystone": p.keystone, "network": p.neutron}
	token, err := p.login(object{"methods": []string{"password"}, "password": object{"user": object{"id": a.UserID, "password": a.Password}}}, a.ProjectID)
	p.facts["token"] = token
	s.parties[name] = p
	return p, err
}

// login gets a token: by an identity, as Keystone has it, for a project, or for none.
func (p party) login(identity object, project string) (string, error) {
	auth := object{"identity": identity}
	if project != "" {
		auth["scope"] = object{"project": object{"id": project}}
	}
	s := step{as: "nobody", method: http.MethodPost, path: "keystone/v3/auth/tokens", send: object{"auth": auth}}
	r, err := s.call(variables{place: fixed{"member": p}})
	if err == nil && r.status != http.StatusCreated {
		err = fmt.Errorf("no token: %d %s", r.status, r.text)
	}
	return r.header.Get("X-Subject-Token"), err
}

// fixed is a place of parties that are known.
type fixed map[string]party

func (f fixed) party(name string) (party, error) { return f[name], nil }
