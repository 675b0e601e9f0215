package sandbox_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"sgc.dev/sgc/sandbox"
)

// client is an account that calls a cloud with a token of its own.
type client struct {
	t      *testing.T
	auth   string // Keystone's address
	server *sandbox.Server
	token  string
}

// listen serves a cloud until the test ends.
func listen(t *testing.T, c *sandbox.Cloud) *sandbox.Server {
	t.Helper()
	s, err := c.Listen()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// login gets a token as clients do.
func login(t *testing.T, s *sandbox.Server, a sandbox.Account) *client {
	t.Helper()
	c := loginAt(t, s.URL(), a)
	c.server = s
	return c
}

// loginAt gets a token of any Keystone. The account's project has its name.
func loginAt(t *testing.T, auth string, a sandbox.Account) *client {
	t.Helper()
	c := &client{t: t, auth: auth}
	body := object{"auth": object{
		"identity": object{"methods": []string{"password"}, "password": object{"user": object{
			"name": a.Name, "password": a.Password, "domain": object{"name": "Default"}}}},
		"scope": object{"project": object{"name": a.Name, "domain": object{"id": "default"}}},
	}}
	answer, header := c.raw("POST", auth+"/auth/tokens", body, nil)
	if answer.status != http.StatusCreated {
		t.Fatalf("no token: %d %s", answer.status, answer.text)
	}
	c.token = header.Get("X-Subject-Token")
	return c
}

type object = map[string]any

type answer struct {
	status int
	text   string
	body   object
}

func (c *client) raw(method, url string, body any, header http.Header) (answer, http.Header) {
	c.t.Helper()
	a, h, err := c.try(method, url, body, header)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, url, err)
	}
	return a, h
}

func (c *client) try(method, url string, body any, header http.Header) (answer, http.Header, error) {
	var reader io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		reader = bytes.NewReader(encoded)
	}
	r, err := http.NewRequest(method, url, reader)
	if err != nil {
		c.t.Fatal(err)
	}
	for name, values := range header {
		r.Header[name] = values
	}
	if c.token != "" {
		r.Header.Set("X-Auth-Token", c.token)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return answer{}, nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{}, nil, err
	}
	a := answer{status: response.StatusCode, text: string(text)}
	json.Unmarshal(text, &a.body) // some answers are no objects
	return a, response.Header, nil
}

// call calls Neutron.
func (c *client) call(method, path string, body any) answer {
	c.t.Helper()
	a, _ := c.raw(method, c.server.NetworkURL()+path, body, nil)
	return a
}

// want calls Neutron and holds it to a status.
func (c *client) want(status int, method, path string, body any) answer {
	c.t.Helper()
	a := c.call(method, path, body)
	if a.status != status {
		c.t.Fatalf("%s %s: %d, not %d: %s", method, path, a.status, status, a.text)
	}
	return a
}

const (
	groupsPath = "/v2.0/security-groups"
	rulesPath  = "/v2.0/security-group-rules"
)

// group makes a group and returns its id.
func (c *client) group(name string) string {
	c.t.Helper()
	a := c.want(201, "POST", groupsPath, object{"security_group": object{"name": name}})
	return a.body["security_group"].(object)["id"].(string)
}

// ruleBody is a rule that lets TCP in at one port.
func ruleBody(group string, port int) object {
	return object{"security_group_id": group, "direction": "ingress", "protocol": "tcp", "port_range_min": port, "port_range_max": port}
}
