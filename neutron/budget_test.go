package neutron

import "testing"

// TestBudget counts what is JSON, and not what stands in its strings.
func TestBudget(t *testing.T) {
	for text, want := range map[string]budget{
		``:                               {},
		`{"a": [1, 2], "b": {}}`:         {objects: 2, values: 3},
		`[{},{},{}]`:                     {objects: 3, values: 3},
		`{"a": "{,[\"{,[\\", "b,": "]"}`: {objects: 1, values: 1},
	} {
		want.bytes = len(text)
		var whole, parts budget
		if err := whole.spend([]byte(text)); err != nil || whole != want {
			t.Errorf("%s: %+v, %v", text, whole, err)
		}
		for _, c := range []byte(text) {
			if err := parts.spend([]byte{c}); err != nil {
				t.Errorf("%s: %v", text, err)
			}
		}
		if parts != want {
			t.Errorf("%s, a byte at a time: %+v", text, parts)
		}
	}
}
