package plan

import "testing"

// TestUnread has files that are none of sgc's, or no longer.
func TestUnread(t *testing.T) {
	for _, test := range []struct{ data, plan, snapshot string }{
		{"", "not a plan of sgc: it is empty", "not a snapshot of sgc: it is empty"},
		{" \n", "not a plan of sgc: it is empty", "not a snapshot of sgc: it is empty"},
		{"[{}]", "not a plan of sgc: it is an array of JSON", "not a snapshot of sgc: it is an array of JSON"},
		{`"x"`, "not a plan of sgc: it is a string of JSON", "not a snapshot of sgc: it is a string of JSON"},
		{`{"version": 1, "policy": 7}`, "this is a plan of version 1, and this sgc reads version 2: plan again", "not a snapshot of sgc: policy cannot be a number of JSON"},
		{`{"version": 1, "policy": "p"} {"version": 1, "policy": "q"}`, "this is a plan of version 1, and this sgc reads version 2: plan again", "not a snapshot of sgc: something follows its end"},
		{`{"version": 3}`, "this is a plan of version 3, and this sgc reads version 2: plan again", "this is a snapshot of version 3, and this sgc reads version 2 and before: restore it with the sgc that saved it"},
		{`{"version": 2, "day": 7}`, "not a plan of sgc: day cannot be a number of JSON", "not a snapshot of sgc, of version 2 or before"},
		{`{"version": 2, "plans": [{"policy": 7}]}`, "not a plan of sgc: plans.policy cannot be a number of JSON", "not a snapshot of sgc, of version 2 or before"},
		{`{"version": 2, "plans": [{"groups": [{"tier": []}]}]}`, "not a plan of sgc: plans.groups.tier cannot be an array of JSON", "not a snapshot of sgc, of version 2 or before"},
		{`{"version": 2, "policies": [{"policy": true}]}`, "not a plan of sgc: policies.policy cannot be a bool of JSON", "not a snapshot of sgc, of version 2 or before"},
		{`{"version": 1,`, "not a plan of sgc: it ends in the middle", "not a snapshot of sgc: it ends in the middle"},
		{"name: web", "not a plan of sgc: invalid character 'a' in literal null (expecting 'u')", "not a snapshot of sgc: invalid character 'a' in literal null (expecting 'u')"},
	} {
		if _, err := ParseDocument([]byte(test.data)); err == nil || err.Error() != test.plan {
			t.Errorf("%q: %v, not %s", test.data, err, test.plan)
		}
		if _, err := ParseSnapshot([]byte(test.data)); err == nil || err.Error() != test.snapshot {
			t.Errorf("%q: %v, not %s", test.data, err, test.snapshot)
		}
	}
}
