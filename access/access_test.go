package access

import (
	"math/rand/v2"
	"slices"
	"testing"

	"sgc.dev/sgc/internal/rounds"
	"sgc.dev/sgc/rule"
)

func (u *universe) checkAccess(t *testing.T, a, b []rule.Rule) {
	t.Helper()
	A, B := Of(a...), Of(b...)
	setA, setB := u.allowed(a...), u.allowed(b...)
	if A.Equal(B) != (setA == setB) || B.Equal(A) != (setA == setB) {
		t.Fatalf("equal is %v\na %v\nb %v", A.Equal(B), a, b)
	}
	if same := Of(A.Rules()...); !A.Equal(same) || !same.Equal(A) {
		t.Fatalf("%v is not equal to its own listing %v", a, A.Rules())
	}
	if out := rulesIn(Minimise(entriesOf(a), Full)); !slices.Equal(out, A.Rules()) {
		t.Fatalf("two shortest lists: %v and %v", out, A.Rules())
	}
	for _, r := range u.rules {
		if want := u.direct(r).within(setA); A.Contains(r) != want {
			t.Fatalf("contains %s: want %v\n%v", r, want, a)
		}
	}
	for _, r := range a {
		for _, s := range b {
			if want := u.direct(s).within(u.direct(r)); Covers(r, s) != want {
				t.Fatalf("%s covers %s: want %v", r, s, want)
			}
			if want := u.direct(s).touches(u.direct(r)); Overlaps(r, s) != want {
				t.Fatalf("%s overlaps %s: want %v", r, s, want)
			}
		}
	}
}

func TestAccess(t *testing.T) {
	themed(func(name string, u *universe) {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(5, 6))
			for range rounds.Of(4) {
				a := u.draw(rng, rng.IntN(16))
				u.checkAccess(t, a, u.draw(rng, rng.IntN(16)))
				// Another form of the same set, and one with a little more.
				more := append(Of(a...).Rules(), u.draw(rng, 1)...)
				u.checkAccess(t, a, more[:len(more)-1])
				u.checkAccess(t, a, more)
			}
		})
	})
}

func TestAccessKeepsSidesApart(t *testing.T) {
	in := tcp4(80, 80, rule.Anyone())
	out := in
	out.Direction = rule.Egress
	six := in
	six.Family = rule.IPv6
	for _, other := range []rule.Rule{out, six} {
		if Of(in).Contains(other) || Covers(in, other) || Overlaps(in, other) || Of(in).Equal(Of(other)) {
			t.Errorf("%s and %s have something in common", in, other)
		}
		if got := Of(other, in).Rules(); len(got) != 2 {
			t.Errorf("both sides: %v", got)
		}
	}
	if Of(in).Equal(Of(in, six)) || Of(in, six).Equal(Of(in)) {
		t.Error("a set is equal to a larger one")
	}
}

func TestRulesThatAreNone(t *testing.T) {
	bad := rule.Rule{Direction: rule.Ingress, Family: rule.IPv4, Protocol: rule.TCP, Ports: rule.PortRange(9, 7), Remote: rule.Anyone()}
	good := tcp4(6, 9, rule.Anyone())
	for _, r := range []rule.Rule{bad, {}} {
		if Of(r).Contains(r) || Of(good).Contains(r) || Covers(r, r) || Overlaps(r, r) || !Of(r).Equal(Of()) || Of(r).Rules() != nil {
			t.Errorf("%s allows something", r)
		}
		for _, level := range []Level{Off, Safe, Full, 0} {
			got := Minimise(entriesOf([]rule.Rule{good, r, r}), level)
			if len(got) != 2 || !slices.Contains(rulesIn(got), r) || !slices.Contains(rulesIn(got), good) {
				t.Errorf("%s: %s is not kept: %v", level, r, got)
			}
		}
		if d := Difference(Of(r, good), Of(r)); len(d) != 1 || d[0].Rule != good {
			t.Errorf("difference: %v", d)
		}
	}
	var zero Access
	if zero.Contains(good) || !zero.Equal(Of()) || zero.Rules() != nil || Difference(zero, Of(good)) != nil || len(Difference(Of(good), zero)) != 1 {
		t.Error("the zero Access is not empty")
	}
}
