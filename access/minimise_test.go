package access

import (
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"sgc.dev/sgc/internal/rounds"
	"sgc.dev/sgc/rule"
)

var bases = []string{"0.0.0.0/0", "192.0.2.40/29", "::/0", "2001:db8:0:a0::/61"}

// themes are services among which rules are drawn close together.
var themes = []struct {
	name string
	keep func(rule.Protocol) bool
}{
	{"tcp", func(p rule.Protocol) bool { return p == rule.TCP }},
	{"icmp", func(p rule.Protocol) bool { return p.IsICMP() }},
	{"tcp and any", func(p rule.Protocol) bool { return p == rule.TCP || p == rule.AnyProtocol }},
	{"all", func(rule.Protocol) bool { return true }},
}

// themed are the universes of the properties, by base and theme.
func themed(run func(name string, u *universe)) {
	for _, base := range bases {
		u := newUniverse(netip.MustParsePrefix(base))
		for _, theme := range themes {
			run(base+" "+theme.name, u.narrow(
				func(p packet) bool { return theme.keep(p.protocol) || p.protocol == 51 },
				func(r rule.Rule) bool { return theme.keep(r.Protocol) },
			))
		}
	}
}

// entriesOf gives each rule an origin of its own.
func entriesOf(rules []rule.Rule) []rule.Entry {
	entries := make([]rule.Entry, len(rules))
	for i, r := range rules {
		entries[i] = rule.Entry{Rule: r, Origins: []rule.Origin{{Pos: rule.Pos{File: "policy.cue", Line: 100 + i, Column: 3}}}}
	}
	return entries
}

// check tests what holds of every minimisation.
func (u *universe) check(t *testing.T, rules []rule.Rule) {
	t.Helper()
	want := u.allowed(rules...)
	written := entriesOf(rules)
	for _, level := range []Level{Off, Safe, Full} {
		got := Minimise(written, level)
		out := rulesIn(got)
		if u.allowed(out...) != want {
			t.Fatalf("%s: allows other packets\nin  %v\nout %v", level, rules, out)
		}
		if !slices.IsSortedFunc(out, rule.Compare) || len(slices.Compact(slices.Clone(out))) != len(out) {
			t.Fatalf("%s: not sorted, each once: %v", level, out)
		}
		for _, r := range out {
			if err := r.Check(); err != nil {
				t.Fatalf("%s: %s: %v", level, r, err)
			}
		}
		if again := rulesIn(Minimise(got, level)); !slices.Equal(again, out) {
			t.Fatalf("%s: twice is not once\nin    %v\nonce  %v\ntwice %v", level, rules, out, again)
		}
		u.checkOrigins(t, level, written, got)
		back := slices.Clone(written)
		slices.Reverse(back)
		if again := Minimise(back, level); !equalEntries(again, got) {
			t.Fatalf("%s: order matters\nin   %v\nout  %v\nback %v", level, rules, got, again)
		}
		u.checkLevel(t, level, rules, out, want)
	}
}

func equalEntries(a, b []rule.Entry) bool {
	return slices.EqualFunc(a, b, func(a, b rule.Entry) bool {
		return a.Rule == b.Rule && slices.Equal(a.Origins, b.Origins)
	})
}

// checkOrigins: sorted, each once, none lost; a rule has those of all entries
// inside it, and together the entries it names are all of it.
func (u *universe) checkOrigins(t *testing.T, level Level, written, got []rule.Entry) {
	t.Helper()
	lost := map[rule.Origin]bool{}
	for _, w := range written {
		lost[w.Origins[0]] = true
	}
	for _, e := range got {
		var sources []rule.Rule
		for _, w := range written {
			named := slices.Contains(e.Origins, w.Origins[0])
			if named {
				sources = append(sources, w.Rule)
				delete(lost, w.Origins[0])
			}
			inside := u.direct(w.Rule).within(u.direct(e.Rule))
			if level == Off {
				inside = w.Rule == e.Rule
			}
			if inside && !named {
				t.Fatalf("%s: %s lacks the origin of %s", level, e.Rule, w.Rule)
			}
			implied := u.all && e.Remote.Name()+w.Remote.Name() != "" // a group's rule may follow from all addresses
			if named && !implied && !u.direct(w.Rule).touches(u.direct(e.Rule)) {
				t.Fatalf("%s: %s has the origin of %s", level, e.Rule, w.Rule)
			}
		}
		if !u.direct(e.Rule).within(u.allowed(sources...)) {
			t.Fatalf("%s: %s does not follow from its origins %v\nwritten %v", level, e.Rule, sources, rulesIn(written))
		}
		if !slices.IsSortedFunc(e.Origins, compareOrigins) || len(slices.Compact(slices.Clone(e.Origins))) != len(e.Origins) {
			t.Fatalf("%s: origins of %s are not sorted, each once", level, e.Rule)
		}
	}
	if len(lost) > 0 {
		t.Fatalf("%s: lost %v\nwritten %v\ngot %v", level, lost, rulesIn(written), got)
	}
}

func (u *universe) checkLevel(t *testing.T, level Level, in, out []rule.Rule, want set) {
	t.Helper()
	switch level {
	case Off:
		in = slices.Clone(in)
		slices.SortFunc(in, rule.Compare)
		if !slices.Equal(slices.Compact(in), out) {
			t.Fatalf("off: %v became %v", in, out)
		}
	case Safe:
		for _, w := range in {
			covered := slices.ContainsFunc(in, func(o rule.Rule) bool {
				return o != w && u.direct(w).within(u.direct(o))
			})
			if slices.Contains(out, w) == covered {
				t.Fatalf("safe: covered is %v for %s\nin  %v\nout %v", covered, w, in, out)
			}
		}
	case Full:
		for i := range out {
			if u.allowed(slices.Concat(out[:i], out[i+1:])...) == want {
				t.Fatalf("full: %s can go\nin  %v\nout %v", out[i], in, out)
			}
			for j := range i {
				for _, r := range u.rules {
					both := u.direct(out[i], out[j])
					if s := u.direct(r); both.within(s) && s.within(want) {
						t.Fatalf("full: %s and %s are %s\nin  %v", out[i], out[j], r, in)
					}
				}
			}
		}
	}
}

func TestMinimiseAllowsTheSame(t *testing.T) {
	themed(func(name string, u *universe) {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(1, 2))
			for range rounds.Of(6) {
				u.check(t, u.draw(rng, 1+rng.IntN(24)))
			}
		})
	})
}

func TestMinimiseIsSmallest(t *testing.T) {
	themed(func(name string, u *universe) {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(3, 4))
			for range rounds.Of(3) {
				rules := u.draw(rng, 2+rng.IntN(14))
				got := rulesIn(Minimise(entriesOf(rules), Full))
				if n := u.smallest(u.allowed(rules...), set{}, len(got)-1); n < len(got) {
					t.Fatalf("%d rules will do, not %d\nin  %v\nout %v", n, len(got), rules, got)
				}
			}
		})
	})
}
