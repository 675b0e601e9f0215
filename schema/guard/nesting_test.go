package guard

import (
	"strings"
	"testing"
)

func TestCheckNesting(t *testing.T) {
	for _, test := range []struct {
		name, source string
		limit        int
		deeper       bool
	}{
		{"flat lines", strings.Repeat("a: 1\n", 50), 3, false},
		{"a list of many", "a: [" + strings.Repeat("1, ", 50) + "]", 3, false},
		{"a struct of many", "a: {" + strings.Repeat("b: 1, ", 50) + "}", 4, false},
		{"brackets", "a: " + strings.Repeat("[", 20) + strings.Repeat("]", 20), 20, true},
		{"labels", strings.Repeat("a: ", 20) + "1", 19, true},
		{"labels within", strings.Repeat("a: ", 20) + "1", 20, false},
		{"operators", "a: 1" + strings.Repeat(" & 1", 20), 20, true},
		{"selectors", "a: b" + strings.Repeat(".c", 20), 20, true},
		{"indices", "a: b" + strings.Repeat("[0]", 20), 20, true},
		{"calls", "a: b" + strings.Repeat("()", 20), 20, true},
		{"conditions", strings.Repeat("if true ", 20) + "{}", 19, true},
		{"over lines", "a: 1 &\n" + strings.Repeat("1 &\n", 20) + "1", 20, true},
		{"commas in strings", "a: \"\"" + strings.Repeat(" + \",\"", 20), 20, true},
		{"commas in comments", "a: 1 +" + strings.Repeat(" // ,\n 1 +", 20) + "1", 20, true},
		{"interpolation", strings.Repeat(`"\(`, 20) + "1" + strings.Repeat(`)"`, 20), 19, true},
		{"interpolations side by side", `a: "` + strings.Repeat(`\(1)`, 20) + `"`, 25, false},
		{"a text of brackets", `a: "` + strings.Repeat("[", 50) + `"`, 3, false},
		{"closing first", strings.Repeat("]", 20) + "a: 1", 3, false},
		{"never closed", `a: "\(`, 5, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := CheckNesting("a.cue", []byte(test.source), test.limit)
			if (err != nil) != test.deeper {
				t.Errorf("got %v", err)
			}
		})
	}
}
