package access

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"sgc.dev/sgc/rule"
)

// lastDays are those that rules expire on in the tests; "" is never.
var lastDays = []string{"", "2027-03-31", "2027-09-30", "2028-02-29"}

// expiring gives each rule an origin and a last day of its own.
func expiring(rng *rand.Rand, rules []rule.Rule) []rule.Entry {
	entries := entriesOf(rules)
	for i := range entries {
		entries[i].Origins[0].Expires = lastDays[rng.IntN(len(lastDays))]
	}
	return entries
}

// on is the entries that something still asks for on a day.
func on(day string, entries []rule.Entry) []rule.Entry {
	var valid []rule.Entry
	for _, e := range entries {
		e.Origins = slices.DeleteFunc(slices.Clone(e.Origins), func(o rule.Origin) bool { return o.Expires != "" && o.Expires < day })
		if len(e.Origins) > 0 {
			valid = append(valid, e)
		}
	}
	return valid
}

// checkLasting tests what holds of every minimisation of rules that expire.
func (u *universe) checkLasting(t *testing.T, written []rule.Entry) {
	t.Helper()
	for _, level := range []Level{Off, Safe, Full} {
		got := Minimise(written, level)
		for _, day := range []string{"2026-11-26", "2027-04-01", "2027-10-01", "2028-03-01"} {
			left, want := on(day, got), on(day, written)
			if u.allowed(rulesIn(left)...) != u.allowed(rulesIn(want)...) {
				t.Fatalf("%s, %s: allows other packets\nin  %v\nout %v", level, day, written, got)
			}
			if again := rulesIn(Minimise(want, level)); !slices.Equal(again, rulesIn(left)) {
				t.Fatalf("%s, %s: a rule has to be replaced\nin    %v\nleft  %v\nagain %v", level, day, written, rulesIn(left), again)
			}
		}
		if again := Minimise(got, level); !equalEntries(again, got) {
			t.Fatalf("%s: twice is not once\nin    %v\nonce  %v\ntwice %v", level, written, got, again)
		}
		back := slices.Clone(written)
		slices.Reverse(back)
		if again := Minimise(back, level); !equalEntries(again, got) {
			t.Fatalf("%s: order matters\nin   %v\nout  %v\nback %v", level, written, got, again)
		}
		u.checkLastingOrigins(t, level, written, got)
		if level == Full {
			u.checkFewest(t, written, got)
		}
	}
}

// checkLastingOrigins: none is lost, and a rule has those of all entries inside
// it that last no longer and that rules which do last longer do not cover.
func (u *universe) checkLastingOrigins(t *testing.T, level Level, written, got []rule.Entry) {
	t.Helper()
	lost := map[rule.Origin]bool{}
	for _, w := range written {
		lost[w.Origins[0]] = true
	}
	for _, e := range got {
		var sources, longer []rule.Rule
		for _, other := range got {
			if outlasts(other.LastDay(), e.LastDay()) {
				longer = append(longer, other.Rule)
			}
		}
		for _, w := range written {
			o := w.Origins[0]
			if slices.Contains(e.Origins, o) {
				sources = append(sources, w.Rule)
				delete(lost, o)
				continue
			}
			inside := u.direct(w.Rule).within(u.direct(e.Rule))
			if inside && level != Off && !outlasts(o.Expires, e.LastDay()) && !u.direct(w.Rule).within(u.allowed(longer...)) {
				t.Fatalf("%s: %s lacks the origin of %s\nin  %v\nout %v", level, e.Rule, w.Rule, written, got)
			}
		}
		if !u.direct(e.Rule).within(u.allowed(sources...)) {
			t.Fatalf("%s: %s does not follow from its origins %v\nwritten %v", level, e.Rule, sources, written)
		}
	}
	if len(lost) > 0 {
		t.Fatalf("%s: lost %v\nwritten %v\ngot %v", level, lost, written, got)
	}
}

// outlasts says whether a is a later last day than b.
func outlasts(a, b string) bool { return a != b && b != "" && (a == "" || a > b) }

// checkFewest: no rule is covered by those that last longer, and the rules of one
// last day are as few as say the same.
func (u *universe) checkFewest(t *testing.T, written, got []rule.Entry) {
	t.Helper()
	for _, day := range lastDays {
		var own, longer []rule.Rule
		for _, e := range got {
			if last := e.LastDay(); last == day {
				own = append(own, e.Rule)
			} else if outlasts(last, day) {
				longer = append(longer, e.Rule)
			}
		}
		for _, r := range own {
			if u.direct(r).within(u.allowed(longer...)) {
				t.Fatalf("%s until %q is covered\nin  %v\nout %v", r, day, written, got)
			}
		}
		if n := u.smallest(u.allowed(own...), len(own)-1); n < len(own) {
			t.Fatalf("until %q %d rules will do, not %d\nin  %v\nout %v", day, n, len(own), written, got)
		}
	}
}

func TestExpiringRulesOnlyGo(t *testing.T) {
	themed(func(name string, u *universe) {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(5, 6))
			for range 40 {
				u.checkLasting(t, expiring(rng, u.draw(rng, 1+rng.IntN(14))))
			}
		})
	})
}

// TestLastDays is what people see of it.
func TestLastDays(t *testing.T) {
	port := func(lo, hi uint16, expires string) rule.Entry {
		return rule.Entry{
			Rule:    rule.Rule{Direction: rule.Ingress, Family: rule.IPv4, Protocol: rule.TCP, Ports: rule.PortRange(lo, hi), Remote: rule.Anyone()},
			Origins: []rule.Origin{{Pos: rule.Pos{File: "p.cue", Line: int(lo), Column: int(hi)}, Expires: expires}},
		}
	}
	from := func(prefix string, e rule.Entry) rule.Entry {
		e.Remote = rule.Prefix(netip.MustParsePrefix(prefix))
		return e
	}
	for _, c := range []struct {
		name string
		in   []rule.Entry
		want []string
	}{
		{"a short form that is covered", []rule.Entry{
			from("192.0.2.2/31", port(81, 85, "")), port(80, 80, "2027-01-31"),
			from("192.0.2.2/32", port(80, 85, "2027-01-31")), from("192.0.2.3/32", port(80, 85, "2027-01-31")),
		}, []string{"80-80 until 2027-01-31", "81-85 until "}},
		{"equal days merge", []rule.Entry{port(80, 80, "2027-01-31"), port(81, 81, "2027-01-31")}, []string{"80-81 until 2027-01-31"}},
		{"others do not", []rule.Entry{port(80, 80, "2027-01-31"), port(81, 81, "2027-02-28"), port(82, 82, "")}, []string{"80-80 until 2027-01-31", "81-81 until 2027-02-28", "82-82 until "}},
		{"what lasts covers what expires", []rule.Entry{port(80, 89, ""), port(85, 86, "2027-01-31")}, []string{"80-89 until "}},
		{"but not the reverse", []rule.Entry{port(80, 89, "2027-01-31"), port(85, 86, "")}, []string{"80-89 until 2027-01-31", "85-86 until "}},
		{"several cover one", []rule.Entry{port(80, 84, ""), port(85, 90, "2028-01-31"), port(83, 87, "2027-01-31")}, []string{"80-84 until ", "85-90 until 2028-01-31"}},
		{"one rule, two lines", []rule.Entry{port(80, 80, "2027-01-31"), port(80, 80, "")}, []string{"80-80 until "}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, e := range Minimise(c.in, Full) {
				lo, hi, _ := e.Ports.Range()
				got = append(got, fmt.Sprintf("%d-%d until %s", lo, hi, e.LastDay()))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
