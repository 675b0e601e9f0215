package conformance

import (
	"encoding/json"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestForm refuses cases that show nothing, or not what they seem to.
func TestForm(t *testing.T) {
	const good = "cases: [{case: a, steps: [{GET /x: , answer: 200, body: {id: $word}}]}]"
	if cases, err := parseCases([]byte(good)); err != nil || len(cases) != 1 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	for text, want := range map[string]string{
		"cases: [{case: a, steps: [{GET /x: , answer: 200}]}]":                                       "shows nothing but 200",
		"cases: [{case: a, steps: [{GET /x: , body: 1}]}]":                                           "needs a call and its answer",
		"cases: [{case: a, steps: [{answer: 200, body: 1}]}]":                                        "needs a call and its answer",
		"cases: [{case: a, steps: [{GET x: , answer: 200, body: 1}]}]":                               "neither a path of Neutron's nor of Keystone's",
		"cases: [{case: a, steps: [{GET /x: , answer: 404}]}]":                                       "its type and its message",
		"cases: [{case: a, steps: [{GET /x: , answer: 404 Gone}]}]":                                  "its type and its message",
		"cases: [{case: a, steps: [{GET /x: , answer: 200 Gone, message: x}]}]":                      "200 is no refusal",
		"cases: [{case: a, steps: [{GET /x: , answer: 200, bodi: 1}]}]":                              `"bodi" is neither a call`,
		"cases: [{case: a, steps: [{GET /x: , PUT /x: , answer: 200, body: 1}]}]":                    `"PUT /x" is neither`,
		"cases: [{case: a, steps: [{GET /x: , answer: 200, body: {id: $x}}]}]":                       "$x is named once",
		"cases: [{case: a, steps: [{GET /x: , answer: 200, body: !any 1}]}]":                         "unknown tag !any",
		"cases: [{case: a, steps: [{GET /x: , answer: 200, body: {a: 1, a: 2}}]}]":                   `"a" is there twice`,
		"cases: [{case: a, steps: []}]":                                                              "has no name or no steps",
		"cases: [{case: a, sinse: 2025.1, steps: [{GET /x: , answer: 204}]}]":                        "sinse",
		"cases: [{case: a, steps: [{GET /x: , answer: 200, body: 2025-01-01}]}]":                     "unknown tag !!timestamp",
		"given: [{GET /x: , answer: 20}]\ncases: [{case: a, steps: [{DELETE /x: , answer: 204}]}]":   "needs a call and its answer",
		"cases: [{case: a, steps: [{GET /x: , answer: 200, body: [{id: $x}, {id: $x}, {id: $y}]}]}]": "$y is named once",
	} {
		if _, err := parseCases([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\n%v, not %s", text, err, want)
		}
	}
}

// TestMatch matches answers with what cases want of them.
func TestMatch(t *testing.T) {
	for _, test := range []struct {
		want, got string
		ok        bool
	}{
		{"{a: 1}", `{"a": 1, "b": 2}`, true},
		{"{a: 1}", `{"a": 2}`, false},
		{"{a: null}", `{"a": null}`, true},
		{"{a: null}", `{}`, false},
		{"{a: 1}", `[1]`, false},
		{"{a: <absent>}", `{"b": 1}`, true},
		{"{a: <absent>}", `{"a": null}`, false},
		{"{a: <present>}", `{"a": "x"}`, true},
		{"{a: <present>}", `{"a": ""}`, false},
		{"{a: <present>}", `{"a": null}`, false},
		{"{a: <above 2>}", `{"a": 3}`, true},
		{"{a: <above 2>}", `{"a": 2}`, false},
		{"{a: <above 2>}", `{"a": "3"}`, false},
		{"<starting a $known>", `"a 7 b"`, true},
		{"<starting a $known>", `"a 8"`, false},
		{"<starting a>", `1`, false},
		{"!exactly {a: 1}", `{"a": 1}`, true},
		{"!exactly {a: 1}", `{"a": 1, "b": 2}`, false},
		{"!exactly {a: 1, b: 2}", `{"a": 1}`, false},
		{"[1, 2]", `[2, 1]`, true},
		{"[1, 2]", `[1, 2, 3]`, false},
		{"[1, 1]", `[1, 2]`, false},
		{"[]", `[]`, true},
		{"[]", `null`, false},
		{"[{a: 1}, {a: 1, b: 2}]", `[{"a": 1, "b": 2}, {"a": 1}]`, true}, // the first one fits both
		{"!among [1, 2]", `[3, 2, 1]`, true},
		{"!among [1, 2]", `[3, 2]`, false},
		{"!ordered [1, 2]", `[1, 2]`, true},
		{"!ordered [1, 2]", `[2, 1]`, false},
		{"!ordered [1]", `[1, 2]`, false},
		{"true", `true`, true},
		{"true", `"true"`, false},
		{"1", `"1"`, false},
		{"'1'", `"1"`, true},
		{"'{é*3}'", `"ééé"`, true},
		{"a $known b", `"a 7 b"`, true},
		{"a $known b", `"a 8 b"`, false},
		{"[$x, $x]", `[1, 1]`, true},
		{"[$x, $x]", `[1, 2]`, false},
		{"[{a: $x, b: 2}, {c: $x}]", `[{"c": 5}, {"a": 4, "b": 2}, {"a": 5, "b": 2}]`, false},
		{"!among [{a: $x, b: 2}, {c: $x}]", `[{"c": 5}, {"a": 4, "b": 2}, {"a": 5, "b": 2}]`, true}, // not the first one that fits
		{"$x", `null`, false},
		{"$known", `7`, true},
		{"$known", `"7"`, false},
		{"a $unknown b", `"a  b"`, false},
	} {
		var node yaml.Node
		if err := yaml.Unmarshal([]byte(test.want), &node); err != nil {
			t.Fatal(err)
		}
		want, err := parseValue(node.Content[0])
		if err != nil {
			t.Fatal(err)
		}
		var got any
		if err := json.Unmarshal([]byte(test.got), &got); err != nil {
			t.Fatal(err)
		}
		vars := variables{fixed{}, map[string]any{"known": 7.0}}
		if _, err := match(want, got, vars); (err == nil) != test.ok {
			t.Errorf("%s and %s: %v", test.want, test.got, err)
		}
		if len(vars.captured) != 1 {
			t.Errorf("%s: the variables before are changed", test.want)
		}
	}
}
