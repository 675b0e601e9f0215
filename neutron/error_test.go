package neutron

import "testing"

// TestFinal tells what is refused for ever from what may do another time.
func TestFinal(t *testing.T) {
	for _, test := range []struct {
		status int
		kind   string
		want   bool
	}{
		{400, "SecurityGroupInvalidPortRange", true},
		{401, "", false},
		{403, "PolicyNotAuthorized", true},
		{404, noGroup, false},
		{404, "", false},
		{408, "", false},
		{409, "SecurityGroupDefaultAlreadyExists", true},
		{409, "SecurityGroupCannotRemoveDefault", true},
		{409, "OverQuota", false},
		{409, "SecurityGroupInUse", false},
		{412, "RevisionNumberConstraintFailed", false},
		{413, "", true},
		{429, "", false},
		{500, "", false},
		{503, "", false},
	} {
		if got := (&Refusal{Status: test.status, Type: test.kind}).Final(); got != test.want {
			t.Errorf("%d %s: %t", test.status, test.kind, got)
		}
	}
}
