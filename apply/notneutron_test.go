package apply_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"sgc.dev/sgc/carryout"
	"sgc.dev/sgc/sandbox"
	"sgc.dev/sgc/sandbox/sandboxtest"
)

// TestNotNeutron has something that is not Neutron answer that there is no such thing:
// nothing has gone for that.
func TestNotNeutron(t *testing.T) {
	const page, rest = "<html><title>404 Not Found</title>nginx</html>", `{"error": {"code": 404, "message": "no route"}}`
	for _, test := range []struct {
		name, method, path, body, want string
	}{
		{"a rule goes", "DELETE", "/v2.0/security-group-rules/*", page, "cannot remove rule ID of security group app: 404 Not Found"},
		{"a rule goes, in JSON", "DELETE", "/v2.0/security-group-rules/*", rest, "cannot remove rule ID of security group app: 404 Not Found: no route"},
		{"a rule goes, and a group is gone", "DELETE", "/v2.0/security-group-rules/*", `{"NeutronError": {"type": "SecurityGroupNotFound", "message": "x"}}`,
			"cannot remove rule ID of security group app: 404 SecurityGroupNotFound: x"},
		{"a group goes", "DELETE", "/v2.0/security-groups/*", page, "cannot delete security group old: 404 Not Found"},
		{"a rule comes", "POST", "/v2.0/security-group-rules", page, "cannot create rules in security group app: 404 Not Found"},
		{"a group changes", "PUT", "/v2.0/security-groups/*", page, "cannot change security group db: 404 Not Found"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := sandboxtest.Open(t)
			mustApply(t, job(policy(map[string][]int{"app": {1, 2}, "db": {3}, "old": {4}})))
			c.Inject(sandbox.Fault{Method: test.method, Path: test.path, Status: http.StatusNotFound, Body: test.body, Nth: 1})
			next := policy(map[string][]int{"app": {2, 5}, "db": {3}})
			next.Groups[1].Description = "data"
			j := job(next)
			var left int
			var unfinished *carryout.Unfinished
			err := run(t.Context(), j, nil)
			if errors.As(err, &unfinished) {
				left = len(unfinished.Left)
			}
			if ids.ReplaceAllString(fmt.Sprint(err), "ID") != test.want || left == 0 {
				t.Errorf("%v, %d left", err, left)
			}
			mustApply(t, j)
			requireDone(t, c, next)
		})
	}
}
