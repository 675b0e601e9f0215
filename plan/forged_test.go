package plan

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/internal/rounds"
	"sgc.dev/sgc/rule"
)

// node is a value of JSON that may be written as no encoder would: with a key twice.
type node struct {
	scalar string   // as it is written; "" of the others
	keys   []string // of an object
	items  []*node  // of an object or an array
}

func parseNode(t *testing.T, data []byte) *node {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var value func() *node
	value = func() *node {
		token, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		n := &node{}
		if token != json.Delim('{') && token != json.Delim('[') {
			text, _ := json.Marshal(token)
			n.scalar = string(text)
			return n
		}
		for d.More() {
			if token == json.Delim('{') {
				key, _ := d.Token()
				n.keys = append(n.keys, key.(string))
			}
			n.items = append(n.items, value())
		}
		d.Token()
		if token == json.Delim('{') && n.keys == nil {
			n.keys = []string{}
		}
		return n
	}
	return value()
}

func (n *node) write(b *bytes.Buffer) {
	if n.scalar != "" {
		b.WriteString(n.scalar)
		return
	}
	brackets := "[]"
	if n.keys != nil {
		brackets = "{}"
	}
	b.WriteByte(brackets[0])
	for i, item := range n.items {
		if i > 0 {
			b.WriteByte(',')
		}
		if n.keys != nil {
			key, _ := json.Marshal(n.keys[i])
			b.Write(append(key, ':'))
		}
		item.write(b)
	}
	b.WriteByte(brackets[1])
}

func (n *node) text() []byte {
	var b bytes.Buffer
	n.write(&b)
	return b.Bytes()
}

// copy is a node of its own, so that nothing ends up inside itself.
func (n *node) copy() *node {
	c := &node{n.scalar, slices.Clone(n.keys), nil}
	for _, item := range n.items {
		c.items = append(c.items, item.copy())
	}
	return c
}

// all is the node and all nodes in it.
func (n *node) all() []*node {
	list := []*node{n}
	for _, item := range n.items {
		list = append(list, item.all()...)
	}
	return list
}

// mutate does one thing to a document that its writer would not have done, and says what.
func (u universe) mutate(root *node) string {
	all := root.all()
	pick := func(fits func(*node) bool) *node {
		list := slices.DeleteFunc(slices.Clone(all), func(n *node) bool { return !fits(n) })
		return list[u.IntN(len(list))]
	}
	scalar := func(n *node) bool { return n.scalar != "" }
	object := func(n *node) bool { return n.scalar == "" && len(n.keys) > 0 }
	array := func(n *node) bool { return n.scalar == "" && n.keys == nil && len(n.items) > 0 }
	at := u.IntN(1 << 20)
	switch u.IntN(10) {
	case 0:
		n := pick(scalar)
		switch {
		case n.scalar == "true", n.scalar == "false":
			n.scalar = map[string]string{"true": "false", "false": "true"}[n.scalar]
		case n.scalar[0] == '"':
			n.scalar = []string{`""`, n.scalar[:len(n.scalar)-1] + `x"`, `"x` + n.scalar[1:], strings.ToUpper(n.scalar)}[at%4]
		default:
			n.scalar = []string{n.scalar + "1", n.scalar + ".0", "-" + n.scalar, "0", "1"}[at%5]
		}
		return "a scalar changed"
	case 1:
		pick(scalar).scalar = pick(scalar).scalar
		return "a scalar of another place"
	case 2:
		*pick(func(n *node) bool { return n != root }) = node{scalar: []string{"null", "0", `""`, "true"}[at%4]}
		return "a value made nothing"
	case 3:
		n := pick(object)
		at %= len(n.keys)
		n.keys, n.items = slices.Delete(slices.Clone(n.keys), at, at+1), slices.Delete(slices.Clone(n.items), at, at+1)
		return "a key dropped"
	case 4:
		n := pick(object)
		at %= len(n.keys)
		other := pick(func(n *node) bool { return n != root }).copy()
		n.keys, n.items = append(n.keys, n.keys[at]), append(n.items, []*node{n.items[at], other}[u.IntN(2)])
		return "a key doubled"
	case 5:
		n := pick(object)
		at %= len(n.keys)
		n.keys = slices.Clone(n.keys)
		other := pick(object)
		n.keys[at] = []string{strings.ToUpper(n.keys[at][:1]) + n.keys[at][1:], n.keys[at] + "s", other.keys[u.IntN(len(other.keys))]}[u.IntN(3)]
		return "a key renamed"
	case 6:
		n := pick(array)
		at %= len(n.items)
		n.items = slices.Delete(slices.Clone(n.items), at, at+1)
		return "an element dropped"
	case 7:
		n := pick(array)
		n.items = append(n.items, n.items[at%len(n.items)])
		return "an element doubled"
	case 8:
		n := pick(array)
		i, j := at%len(n.items), u.IntN(len(n.items))
		n.items[i], n.items[j] = n.items[j], n.items[i]
		return "two elements swapped"
	default:
		*pick(func(n *node) bool { return n != root }) = *pick(func(n *node) bool { return n != root }).copy()
		return "a value moved elsewhere"
	}
}

// shown is what a file says will be done, as one text: without notes, the place, and the
// order of rules that exist.
func shown(t *testing.T, data []byte) any {
	var root map[string]any
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&root); err != nil {
		t.Fatal(err)
	}
	delete(root, "place")
	for _, p := range root["plans"].([]any) {
		delete(p.(map[string]any), "notes")
		for _, g := range p.(map[string]any)["groups"].([]any) {
			for _, key := range []string{"remove", "stay", "drift", "lapsed"} {
				if list, ok := g.(map[string]any)[key].([]any); ok {
					slices.SortFunc(list, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
				}
			}
		}
	}
	return root
}

// file draws a document of two policies and the cloud that it was made from.
func (u universe) file(t *testing.T) (*Document, *rule.State) {
	desired := []rule.Remote{rule.Anyone(), network("10.0.0.0/8"), network("10.128.0.0/9"), rule.Tier("web"), rule.Tier("db"), rule.ForeignGroup("legacy"), rule.AddressGroup("office")}
	cloud := []rule.Remote{rule.Anyone(), network("10.0.0.0/8"), network("10.128.0.0/9"), rule.ForeignGroup("id-web"), rule.ForeignGroup("id-old"), rule.ForeignGroup("id-x"), rule.AddressGroup("ag-a7")}
	minimal := func() []rule.Entry { return access.Minimise(entries(u.rules(3, desired)...), access.Full) }
	set := &rule.Set{
		Policy: "shop",
		Groups: []rule.Group{
			{Tier: "db", Name: "db", Stateful: true, Rules: minimal(), Tags: []string{"prod"}},
			{Tier: "web", Name: "web", Description: "the web", Stateful: u.IntN(2) == 0, Rules: minimal(), Expired: entries(u.rules(1, desired[:3])...)},
		},
		Foreign:       []rule.External{{Key: "legacy", Name: "theirs"}},
		AddressGroups: []rule.External{{Key: "office", ID: "a7"}},
	}
	other := &rule.Set{
		Policy:  "mail",
		Groups:  []rule.Group{{Tier: "relay", Name: "relay", Rules: entries(tcp(25, rule.ForeignGroup("front")))}},
		Foreign: []rule.External{{Key: "front", Name: "web"}},
	}
	for i := range set.Groups[1].Expired {
		set.Groups[1].Expired[i].Origins[0].Expires = "2026-11-01"
	}
	s := &rule.State{Project: "p1", Groups: []rule.LiveGroup{{ID: "id-x", Name: "theirs", Revision: 3}}}
	for _, tier := range []string{"db", "web", "old"} {
		if u.IntN(4) > 0 {
			g := live("id-"+tier, tier, u.rules(4, cloud)...)
			for i := range g.Rules {
				g.Rules[i].Description = []string{"r", "r (until 2026-11-01)", "by hand"}[u.IntN(3)]
			}
			s.Groups = append(s.Groups, g)
		}
	}
	o := Options{Tidy: u.IntN(4) == 0, DeletesFirst: u.IntN(5) == 0, Descriptions: u.IntN(5) == 0, AdoptGroups: map[string]string{"gone": "id-x"}}
	return mustDocument(t, []*rule.Set{set, other}, s, o), s
}

// TestForgedFiles has files with plans that somebody has written into: they are refused, or
// what they show is what is done.
func TestForgedFiles(t *testing.T) {
	u := universe{rand.New(rand.NewPCG(26, 11))}
	read, made, differing, honest := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
	n := rounds.Of(6)
	for range n {
		d, s := u.file(t)
		original := written(t, d)
		for range 60 {
			root := parseNode(t, original)
			what := u.mutate(root)
			if bytes.Equal(root.text(), parseNode(t, original).text()) {
				continue
			}
			data := root.text()
			forged, err := ParseDocument(data)
			if err != nil {
				read[what]++
				continue
			}
			if place := forged.Place.Differs(here); place != nil {
				read[what]++
				continue
			}
			now, err := again(forged, s)
			if err != nil {
				made[what]++
				continue
			}
			if forged.Differs(now) != nil {
				differing[what]++
				continue
			}
			honest[what]++
			if is, should := shown(t, data), shown(t, written(t, now)); !reflect.DeepEqual(is, should) {
				t.Fatalf("%s: %s\nshows\n%s\nand comes to\n%s", what, data, is, should)
			}
		}
	}
	count := func(m map[string]int) (n int) {
		for _, more := range m {
			n += more
		}
		return n
	}
	if len(read) < 10 || len(differing) < 9 || count(made) < n/10 || count(honest) < n {
		t.Errorf("the universe is too thin: refused when read %v, when made %v, when compared %v; the same %v", read, made, differing, honest)
	}
}
