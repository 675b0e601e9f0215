package rule

import (
	"slices"
	"testing"
)

// naming is a policy with a group of its name, which names groups of others.
func naming(name string, others ...string) *Set {
	set := &Set{Policy: name, Groups: []Group{{Tier: "t", Name: name}}}
	for i, other := range others {
		set.Foreign = append(set.Foreign, External{Key: "k-" + other, Name: other, Pos: Pos{name, 1 + i, 2}})
	}
	return set
}

func TestInOrder(t *testing.T) {
	for _, test := range []struct {
		sets []*Set
		want []string
	}{
		{[]*Set{naming("b"), naming("a")}, []string{"b", "a"}},
		{[]*Set{naming("a", "b", "nobody"), naming("b", "c"), naming("c")}, []string{"c", "b", "a"}},
		{[]*Set{naming("a", "a"), naming("b")}, []string{"a", "b"}},
		{[]*Set{naming("a", "b"), naming("b", "c"), naming("c", "a"), naming("d", "c")}, []string{"c", "b", "a", "d"}},
	} {
		var got []string
		for _, set := range InOrder(test.sets) {
			got = append(got, set.Policy)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%v, not %v", got, test.want)
		}
	}
}
