package explain

import (
	"regexp"
	"testing"
)

// TestFormsCompile compiles the expressions of all forms, which is otherwise done when
// one is tried.
func TestFormsCompile(t *testing.T) {
	for _, f := range forms {
		if _, err := regexp.Compile(f.looks); err != nil {
			t.Errorf("%s: %v", f.places, err)
		}
	}
}
