//go:build conformance

package conformance

import (
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	seed  = flag.Uint64("seed", 1, "of the random calls that Neutron and the sandbox are compared by")
	count = flag.Int("calls", 200, "how many of them to make")
)

// testDiffer makes the same random calls of a real Neutron of the sandbox's
// release and of the sandbox, and compares the answers: status, error, and what is
// shown. With -seed and -calls it makes others, and more. Deleted groups are not
// named again: for some seconds Neutron remembers whose they were, and finds other
// faults with a rule before it finds the group gone.
func testDiffer(t *testing.T, c *cloud) {
	if r := c.release(t); r != sandboxRelease {
		t.Skipf("the cloud is one of %s, and the sandbox answers as %s", r, sandboxRelease)
	}
	sides := []*side{newSide(t, newRealPlace(t, c)), newSide(t, newSandboxPlace(t))}
	t.Logf("%d calls of seed %d", *count, *seed)
	g := &generator{Rand: rand.New(rand.NewPCG(*seed, 0))}
	for n := range *count {
		call := g.call()
		name := fmt.Sprint("@", n, ".")
		real, mine := sides[0].do(call, name), sides[1].do(call, name)
		if real != mine {
			// What follows would differ because this does.
			t.Fatalf("call %d: %s %s %s\n real %s\n mine %s", n, call.method, call.path, show(call.body), real, mine)
		}
		g.learn(call, sides[0].names, name)
	}
}

// side is one of the two clouds. Objects have names that are the same on both.
type side struct {
	t       *testing.T
	at      variables
	project string
	ids     map[string]string // by name
	names   map[string]string // by id
}

func newSide(t *testing.T, at place) *side {
	p, err := at.party("member")
	if err != nil {
		t.Fatal(err)
	}
	return &side{t: t, at: variables{place: at}, project: p.facts["project"], ids: map[string]string{}, names: map[string]string{}}
}

// A call names objects by their names.
type call struct {
	method, path string
	body         any
}

// do makes a call and returns its answer in terms that are the same on both
// sides. Objects that it makes get names that start as given.
func (s *side) do(c call, name string) string {
	s.t.Helper()
	replace := func(text string) string {
		for known, id := range s.ids {
			text = strings.ReplaceAll(text, known, id)
		}
		return text
	}
	asked := step{method: c.method, path: replace(c.path)}
	if c.body != nil {
		asked.send = raw(replace(show(c.body)))
	}
	r, err := asked.call(s.at)
	if err != nil {
		s.t.Fatal(err)
	}
	whole, ok := r.body.(object)
	if !ok {
		return fmt.Sprint(r.status)
	}
	if failure, ok := whole["NeutronError"].(object); ok {
		message := existing.ReplaceAllString(s.neutral(failure["message"].(string)), "Rule id is any")
		return fmt.Sprint(r.status, " ", failure["type"], " ", message)
	}
	if r.status == http.StatusCreated {
		s.nameAll(whole, name)
	}
	forget(whole)
	var sorted any
	if err := json.Unmarshal([]byte(s.neutral(show(whole))), &sorted); err != nil {
		s.t.Fatal(err)
	}
	return fmt.Sprint(r.status, " ", show(order(sorted)))
}

// neutral puts names for ids.
func (s *side) neutral(text string) string {
	for id, known := range s.names {
		text = strings.ReplaceAll(text, id, known)
	}
	return uuid.ReplaceAllString(strings.ReplaceAll(text, s.project, "PROJECT"), "UUID")
}

// existing finds the rule that others repeat: of several it is any.
var existing = regexp.MustCompile(`Rule id is \S+`)

// uuid finds ids that have no name: rules that a group is born with, the default group.
var uuid = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

func (s *side) nameAll(body object, name string) {
	for _, value := range body {
		list, ok := value.([]any)
		if !ok {
			list = []any{value}
		}
		for i, one := range list {
			if one, ok := one.(object); ok && one["id"] != nil {
				known := fmt.Sprint(name, i, ".")
				s.ids[known], s.names[one["id"].(string)] = one["id"].(string), known
			}
		}
	}
}

// forget drops what differs by nature. A change of many rules raises the revision
// of their group by one or by more.
func forget(v any) {
	switch v := v.(type) {
	case object:
		for _, name := range []string{"created_at", "updated_at", "standard_attr_id", "revision_number"} {
			delete(v, name)
		}
		for _, inner := range v {
			forget(inner)
		}
	case []any:
		for _, inner := range v {
			forget(inner)
		}
	}
}

// order sorts lists, whose order is the ids'.
func order(v any) any {
	switch v := v.(type) {
	case object:
		for name, inner := range v {
			v[name] = order(inner)
		}
	case []any:
		for i, inner := range v {
			v[i] = order(inner)
		}
		slices.SortFunc(v, func(a, b any) int { return strings.Compare(show(a), show(b)) })
	}
	return v
}
