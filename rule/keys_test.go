package rule_test

import (
	"fmt"
	"testing"

	"sgc.dev/sgc/rule"
)

func TestCheckKeys(t *testing.T) {
	for text, want := range map[string]string{
		`{"a": [{"b": 1, "c": {"a": 2}}, {"b": 3}], "d": null} {"a": 4}`: "<nil>",
		`{"a": 1, "b": 2, "a": 3}`:                                       `"a" is there twice`,
		`{"a": 1, "\u0061": 3}`:                                          `"a" is there twice`,
		`[1, {"x": [{"b": {}, "b": []}]}]`:                               `"b" is there twice`,
		`{"a": 1} {"c": 2, "c": 3}`:                                      `"c" is there twice`,
		`{"other": 1, "Other": 2}`:                                       "<nil>",
		`{"groups": []}`:                                                 "<nil>",
		`{"x": {"Groups": []}}`:                                          `"groups" is written "Groups"`,
		`{"groups": [], "group\u017f": []}`:                              `"groups" is written "groupſ"`,
	} {
		if got := fmt.Sprint(rule.CheckKeys([]byte(text), "id", "groups")); got != want {
			t.Errorf("%s: %s, not %s", text, got, want)
		}
	}
}
