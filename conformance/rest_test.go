package conformance

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

const (
	groupsPath = "/v2.0/security-groups"
	rulesPath  = "/v2.0/security-group-rules"
)

// An api is one OpenStack service as one user reaches it.
type api struct {
	url   string
	token string
}

// A refusal is a service's answer other than success.
type refusal struct {
	Status  int
	Type    string // Neutron's name of the error, as SecurityGroupRuleExists
	Message string
}

func (r *refusal) Error() string { return fmt.Sprintf("%d %s: %s", r.Status, r.Type, r.Message) }

// call sends in, where it is not nil, as JSON and reads the answer into out,
// where that is not nil. The error is a *refusal where the service said no.
//
// Now and then a busy Keystone does not check a token for Neutron, which then answers
// before it looks at the call: it is made again, a few times.
func (a api) call(method, path string, in, out any) (http.Header, error) {
	const most = 5
	for try := 1; ; try++ {
		header, err := a.once(method, path, in, out)
		var refused *refusal
		unchecked := errors.As(err, &refused) && refused.Status == http.StatusServiceUnavailable &&
			strings.Contains(refused.Message, "The Keystone service is temporarily unavailable")
		if !unchecked || try == most {
			return header, err
		}
		time.Sleep(time.Second)
	}
}

func (a api) once(method, path string, in, out any) (http.Header, error) {
	var body bytes.Buffer
	if in != nil {
		if err := json.NewEncoder(&body).Encode(in); err != nil {
			return nil, err
		}
	}
	request, err := http.NewRequest(method, a.url+path, &body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Auth-Token", a.token)
	client := http.Client{Timeout: 5 * time.Minute}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if response.StatusCode/100 != 2 {
		refused := refusal{Status: response.StatusCode, Message: string(answer)}
		var neutron struct{ NeutronError refusal }
		if json.Unmarshal(answer, &neutron) == nil && neutron.NeutronError.Type != "" {
			refused.Type, refused.Message = neutron.NeutronError.Type, neutron.NeutronError.Message
		}
		return nil, &refused
	}
	if out != nil {
		err = json.Unmarshal(answer, out)
	}
	return response.Header, err
}

// must is call, where the test cannot go on after an error.
func (a api) must(t testing.TB, method, path string, in, out any) http.Header {
	t.Helper()
	header, err := a.call(method, path, in, out)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return header
}

// A body is a JSON object under construction.
type body map[string]any
