package wire

import "testing"

// TestBudget counts what is JSON, and not what stands in its strings.
func TestBudget(t *testing.T) {
	for text, want := range map[string]Budget{
		``:                               {},
		`{"a": [1, 2], "b": {}}`:         {objects: 2, values: 3},
		`[{},{},{}]`:                     {objects: 3, values: 3},
		`{"a": "{,[\"{,[\\", "b,": "]"}`: {objects: 1, values: 1},
	} {
		want.bytes = len(text)
		var whole, parts Budget
		if err := whole.Spend([]byte(text)); err != nil || whole != want {
			t.Errorf("%s: %+v, %v", text, whole, err)
		}
		for _, c := range []byte(text) {
			if err := parts.Spend([]byte{c}); err != nil {
				t.Errorf("%s: %v", text, err)
			}
		}
		if parts != want {
			t.Errorf("%s, a byte at a time: %+v", text, parts)
		}
	}
}
