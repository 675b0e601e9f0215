package plan

import "testing"

// TestUnread has files that are none of sgc's, or no longer.
func TestUnread(t *testing.T) {
	for _, test := range []struct{ data, plan, snapshot string }{
		{"", "not a plan of sgc: it is empty", "not a snapshot of sgc: it is empty"},
		{" \n", "not a plan of sgc: it is empty", "not a snapshot of sgc: it is empty"},
		{"[{}]", "not a plan of sgc: it is an array of JSON", "not a snapshot of sgc: it is an array of JSON"},
		{`"x"`, "not a plan of sgc: it is a string of JSON", "not a snapshot of sgc: it is a string of JSON"},
		{`{"version": 1, "policy": 7}`, "not a plan of sgc: policy is a number of JSON, which it is never", "not a snapshot of sgc: policy is a number of JSON, which it is never"},
		{`{"version": 1,`, "not a plan of sgc: it ends in the middle", "not a snapshot of sgc: it ends in the middle"},
		{"name: web", "not a plan of sgc: invalid character 'a' in literal null (expecting 'u')", "not a snapshot of sgc: invalid character 'a' in literal null (expecting 'u')"},
	} {
		if _, err := ParseAll([]byte(test.data)); err == nil || err.Error() != test.plan {
			t.Errorf("%q: %v, not %s", test.data, err, test.plan)
		}
		if _, err := ParseSnapshot([]byte(test.data)); err == nil || err.Error() != test.snapshot {
			t.Errorf("%q: %v, not %s", test.data, err, test.snapshot)
		}
	}
}
