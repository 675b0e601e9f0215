package conformance

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// A response is what a service answered.
type response struct {
	status int
	header http.Header
	text   []byte
	body   any  // where the text is JSON
	json   bool // whether it is
}

// run makes the calls of a case at a place, and says what was answered otherwise.
// alter stands between the answers and their judge: it is nil but in the test of this.
func (c serverCase) run(at place, alter func(n int, r response) response) error {
	vars := variables{at, map[string]any{"word": strings.ToLower(rand.Text())}}
	for n, s := range append(c.given[:len(c.given):len(c.given)], c.steps...) {
		r, err := s.call(vars)
		if err != nil {
			return fmt.Errorf("%s %s: %w", s.method, s.path, err)
		}
		if alter != nil {
			r = alter(n, r)
		}
		if vars, err = s.judge(r, vars); err != nil {
			return fmt.Errorf("step %d, %s %s: %w\n%s\nthe answer was %d %s", n+1, s.method, s.path, err, show(s.send), r.status, r.text)
		}
	}
	return nil
}

// unlimited lifts the quotas of parties, whose projects many cases share.
func unlimited(at place, parties ...string) error {
	quota := object{"security_group": -1, "security_group_rule": -1, "network": -1, "port": -1, "rbac_policy": -1}
	for _, name := range parties {
		s := step{as: "admin", method: http.MethodPut, path: "/v2.0/quotas/$" + name + ".project", send: object{"quota": quota}}
		r, err := s.call(variables{place: at})
		if err == nil && r.status != http.StatusOK {
			err = fmt.Errorf("the quotas of %s: %d %s", name, r.status, r.text)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// call makes the call of a step.
func (s step) call(vars variables) (response, error) {
	caller := s.as
	if caller == "" || caller == "nobody" {
		caller = "member"
	}
	p, err := vars.place.party(caller)
	if err != nil {
		return response{}, err
	}
	path, err := vars.text(s.path)
	if err != nil {
		return response{}, err
	}
	url := p.neutron + path
	if at, ok := strings.CutPrefix(path, "keystone"); ok {
		url = p.keystone + at
	}
	var body []byte
	if text, ok := s.send.(raw); ok {
		body = []byte(text)
	} else if s.send != nil {
		sent, err := vars.expand(s.send)
		if err != nil {
			return response{}, err
		}
		if body, err = json.Marshal(sent); err != nil {
			return response{}, err
		}
	}
	request, err := http.NewRequest(s.method, url, bytes.NewReader(body))
	if err != nil {
		return response{}, err
	}
	if len(body) > 0 {
		request.Header.Set("Content-Type", "application/json")
	}
	if s.as != "nobody" {
		request.Header.Set("X-Auth-Token", p.facts["token"])
	}
	for name, value := range s.with {
		text, err := vars.text(fmt.Sprint(value))
		if err != nil {
			return response{}, err
		}
		request.Header.Set(name, text)
	}
	return exchange(request)
}

func exchange(request *http.Request) (response, error) {
	client := http.Client{
		Timeout:       10 * time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	got, err := client.Do(request)
	if err != nil {
		return response{}, err
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		return response{}, err
	}
	r := response{status: got.StatusCode, header: got.Header, text: text}
	r.json = json.Unmarshal(text, &r.body) == nil
	return r, nil
}

// judge compares an answer with what the case says, and returns the variables
// with those that the answer gave values to.
func (s step) judge(r response, vars variables) (variables, error) {
	if fmt.Sprint(r.status) != s.status {
		return vars, fmt.Errorf("not answered %s", s.status)
	}
	for name, want := range s.header {
		next, err := match(want, r.header.Get(name), vars)
		if err != nil {
			return vars, fmt.Errorf("header %s: %w", name, err)
		}
		vars = next
	}
	if !strings.Contains(string(r.text), s.text) {
		return vars, fmt.Errorf("does not say %q", s.text)
	}
	if s.kind != "" {
		want := object{"error": object{"code": float64(r.status), "title": s.kind, "message": s.message}}
		if !strings.HasPrefix(s.path, "keystone") && r.status != http.StatusUnauthorized {
			want = object{"NeutronError": exactly{"type": s.kind, "message": s.message, "detail": ""}}
		}
		next, err := match(want, r.body, vars)
		if err != nil {
			return vars, err
		}
		vars = next
	}
	if !s.looks {
		return vars, nil
	}
	if !r.json {
		return vars, errors.New("is no JSON")
	}
	return match(s.body, r.body, vars)
}
