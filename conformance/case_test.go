package conformance

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// A serverCase is one behaviour of Keystone or Neutron, as data: calls and what is
// answered. testdata/neutron has them all, and its README the form.
type serverCase struct {
	name   string
	since  release // the first release it holds for; "" is all
	before release // the first that it does not hold for any more; "" is none
	fresh  bool    // it needs projects with nothing in them, and which nobody else uses
	alone  bool    // others must not run meanwhile: they would see what it does
	slow   bool    // a real cloud takes minutes for it
	given  []step  // what every case of the file starts with
	steps  []step
}

// A step is one call.
type step struct {
	as           string // the caller: a party's name, or nobody
	method, path string // at Neutron's address, or after "keystone" at Keystone's
	with         object // headers of the request
	send         any    // the body of the request; raw is sent as it is, nil is none

	status  string
	kind    string // of the error
	message any    // of the error
	header  object // of the answer, in part
	body    any    // of the answer, as match has it
	text    string // a part of the answer, where it is no JSON
	looks   bool   // whether body is asked for: null is a body too
}

type object = map[string]any

func (c serverCase) holdsFor(r release) bool {
	return (c.since == "" || c.since <= r) && (c.before == "" || r < c.before)
}

// readCases reads all files of cases. The names start with the file's.
func readCases(t *testing.T) []serverCase {
	t.Helper()
	files, err := filepath.Glob("../testdata/neutron/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var all []serverCase
	named := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		cases, err := parseCases(text)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, c := range cases {
			c.name = strings.TrimSuffix(filepath.Base(file), ".yaml") + "/" + c.name
			if named[c.name] {
				t.Fatalf("%s: two cases of one name: %s", file, c.name)
			}
			named[c.name] = true
			all = append(all, c)
		}
	}
	if len(all) == 0 {
		t.Fatal("there are no cases")
	}
	return all
}

func parseCases(text []byte) ([]serverCase, error) {
	var file struct {
		Fresh bool // all cases are
		Given []yaml.Node
		Cases []struct {
			Case   string
			Since  release
			Before release
			Fresh  bool
			Alone  bool
			Slow   bool
			Steps  []yaml.Node
		}
	}
	decoder := yaml.NewDecoder(strings.NewReader(string(text)))
	decoder.KnownFields(true)
	if err := decoder.Decode(&file); err != nil {
		return nil, err
	}
	given, err := parseSteps(file.Given)
	if err != nil {
		return nil, err
	}
	var all []serverCase
	for _, one := range file.Cases {
		steps, err := parseSteps(one.Steps)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", one.Case, err)
		}
		if one.Case == "" || len(steps) == 0 {
			return nil, fmt.Errorf("case %q has no name or no steps", one.Case)
		}
		if last := steps[len(steps)-1]; last.silent() {
			return nil, fmt.Errorf("%s: the last step shows nothing but %s", one.Case, last.status)
		}
		if name := namedOnce(given, steps); name != "" {
			return nil, fmt.Errorf("%s: $%s is named once: it is misspelt, or for nothing", one.Case, name)
		}
		all = append(all, serverCase{
			name: one.Case, since: one.Since, before: one.Before, fresh: one.Fresh || file.Fresh, alone: one.Alone, slow: one.Slow, given: given, steps: steps,
		})
	}
	return all, nil
}

// namedOnce finds a variable that a case takes from an answer and does not name
// again. One that is meant to be compared, and misspelt, would be such.
func namedOnce(given, steps []step) string {
	count := map[string]int{}
	for _, found := range variable.FindAllString(fmt.Sprint(given, steps), -1) {
		count[found[1:]]++
	}
	for _, found := range variable.FindAllString(fmt.Sprint(steps), -1) {
		if name := found[1:]; count[name] == 1 && !slices.Contains(facts(), name) && !strings.Contains(name, ".") {
			return name
		}
	}
	return ""
}

func parseSteps(nodes []yaml.Node) ([]step, error) {
	var steps []step
	for _, node := range nodes {
		s, err := parseStep(&node)
		if err == nil {
			err = s.check()
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", node.Line, err)
		}
		steps = append(steps, s)
	}
	return steps, nil
}

// parseStep reads a mapping: the call is the key that has a blank, its value the body.
func parseStep(node *yaml.Node) (step, error) {
	var s step
	if node.Kind != yaml.MappingNode {
		return s, fmt.Errorf("a step is a mapping")
	}
	for i := 0; i < len(node.Content); i += 2 {
		key := repeat(node.Content[i].Value)
		value, err := parseValue(node.Content[i+1])
		if err != nil {
			return s, err
		}
		text, _ := value.(string)
		fields, _ := value.(object)
		switch key {
		case "as":
			s.as = text
		case "with":
			s.with = fields
		case "answer":
			s.status, s.kind, _ = strings.Cut(fmt.Sprint(value), " ")
		case "message":
			s.message = value
		case "header":
			s.header = fields
		case "body":
			s.body, s.looks = value, true
		case "text":
			s.text = text
		default:
			method, path, ok := strings.Cut(key, " ")
			if !ok || s.method != "" {
				return s, fmt.Errorf("%q is neither a call nor anything else that a step has", key)
			}
			s.method, s.path, s.send = method, path, value
		}
	}
	return s, nil
}

// check refuses steps that any server would pass, or none.
func (s step) check() error {
	refusal := len(s.status) == 3 && s.status[0] >= '4'
	switch {
	case s.method == "" || len(s.status) != 3:
		return fmt.Errorf("a step needs a call and its answer")
	case !strings.HasPrefix(s.path, "/") && !strings.HasPrefix(s.path, "keystone"):
		return fmt.Errorf("%q is neither a path of Neutron's nor of Keystone's", s.path)
	case refusal && s.text == "" && (s.kind == "" || s.message == nil) && s.method != "HEAD":
		return fmt.Errorf("a refusal has its type and its message")
	case !refusal && (s.kind != "" || s.message != nil):
		return fmt.Errorf("%s is no refusal", s.status)
	}
	return nil
}

// silent reports whether a step only shows that a call was answered somehow.
func (s step) silent() bool {
	return !s.looks && s.text == "" && s.kind == "" && s.header == nil && !slices.Contains([]string{"204", "404"}, s.status)
}

// A release is one of OpenStack: 2022.2 is Zed. They are in the order of their texts.
type release string

// releaseOf is the release that has this major version of Neutron: two a year.
func releaseOf(neutron int) release {
	return release(fmt.Sprintf("%d.%d", 2012+neutron/2, 1+neutron%2))
}
