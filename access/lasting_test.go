package access

import (
	"fmt"
	"maps"
	"math/bits"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"sgc.dev/sgc/internal/rounds"
	"sgc.dev/sgc/rule"
)

// lastDays are those that rules expire on in the tests, the last first; "" is never.
var lastDays = []string{"", "2028-02-29", "2027-09-30", "2027-03-31"}

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

// checkLastingOrigins: none is lost, and a rule follows from its origins and what
// lasts longer. It has those of all entries inside it that last no longer, unless
// rules that do last longer cover them, or the rule is itself inside one of the same
// remote that lasts less long.
func (u *universe) checkLastingOrigins(t *testing.T, level Level, written, got []rule.Entry) {
	t.Helper()
	lost := map[rule.Origin]bool{}
	for _, w := range written {
		lost[w.Origins[0]] = true
	}
	for _, e := range got {
		var sources, longer []rule.Rule
		hidden := false
		for _, other := range got {
			if outlasts(other.LastDay(), e.LastDay()) {
				longer = append(longer, other.Rule)
			}
			hidden = hidden || other.Remote == e.Remote && other.Rule != e.Rule && Covers(other.Rule, e.Rule)
		}
		for _, w := range written {
			o := w.Origins[0]
			if slices.Contains(e.Origins, o) {
				sources = append(sources, w.Rule)
				delete(lost, o)
				continue
			}
			inside := u.direct(w.Rule).within(u.direct(e.Rule))
			if inside && level != Off && !outlasts(o.Expires, e.LastDay()) && !hidden && !u.direct(w.Rule).within(u.allowed(longer...)) {
				t.Fatalf("%s: %s lacks the origin of %s\nin  %v\nout %v", level, e.Rule, w.Rule, written, got)
			}
		}
		if len(sources) == 0 || !u.direct(e.Rule).within(u.allowed(append(sources, longer...)...)) {
			t.Fatalf("%s: %s does not follow from its origins %v\nwritten %v", level, e.Rule, sources, written)
		}
	}
	if len(lost) > 0 {
		t.Fatalf("%s: lost %v\nwritten %v\ngot %v", level, lost, written, got)
	}
}

// outlasts says whether a is a later last day than b.
func outlasts(a, b string) bool { return a != b && b != "" && (a == "" || a > b) }

// checkFewest: on each day the rules are as few as any that allow the same and have
// those of the later days.
func (u *universe) checkFewest(t *testing.T, written, got []rule.Entry) {
	t.Helper()
	var free set
	for _, day := range lastDays {
		own := 0
		for _, e := range got {
			if e.LastDay() == day {
				own++
			}
		}
		want := u.allowed(rulesIn(until(day, written))...)
		if n := u.smallest(want, free, own-1); n < own {
			t.Fatalf("until %q %d rules will do, not %d\nin  %v\nout %v", day, n, own, written, got)
		}
		free = want
	}
}

// until is the entries that last until a day or longer.
func until(day string, entries []rule.Entry) []rule.Entry {
	return slices.DeleteFunc(slices.Clone(entries), func(e rule.Entry) bool { return outlasts(day, e.LastDay()) })
}

func TestExpiringRulesOnlyGo(t *testing.T) {
	themed(func(name string, u *universe) {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(5, 6))
			for range rounds.Of(4) {
				u.checkLasting(t, expiring(rng, u.draw(rng, 1+rng.IntN(14))))
			}
		})
	})
}

// TestSpellingDoesNotCount writes the same policy in another way: each day's rules
// in smaller ones and in some that say nothing new. As many come out for each day.
func TestSpellingDoesNotCount(t *testing.T) {
	themed(func(name string, u *universe) {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(15, 16))
			for range rounds.Of(1) {
				written := expiring(rng, u.draw(rng, 1+rng.IntN(14)))
				count := perDay(Minimise(written, Full))
				for range 3 {
					var other []rule.Entry
					for _, day := range lastDays {
						other = append(other, u.respelled(rng, day, u.allowed(rulesIn(until(day, written))...))...)
					}
					if again := perDay(Minimise(other, Full)); !maps.Equal(count, again) {
						t.Fatalf("%v rules, and spelled otherwise %v\none   %v\nother %v", count, again, written, other)
					}
				}
			}
		})
	})
}

// respelled is random rules that together have the packets and no others, until a day.
func (u *universe) respelled(rng *rand.Rand, day string, want set) []rule.Entry {
	var rules []rule.Rule
	var have set
	for _, i := range rng.Perm(len(u.rules)) {
		r := u.rules[i]
		if s := u.direct(r); s.within(want) && (rng.IntN(4) == 0 || !s.within(have)) {
			rules, have = append(rules, r), have.plus(s)
		}
	}
	entries := entriesOf(rules)
	for i := range entries {
		entries[i].Origins[0].Expires = day
	}
	return entries
}

func perDay(entries []rule.Entry) map[string]int {
	count := map[string]int{}
	for _, e := range entries {
		count[e.LastDay()]++
	}
	return count
}

// TestWhatLastsInPieces has most of what rules of one day allow last longer, in
// pieces as small as can be: then the fewest are not found by looking at each
// rule. Without a search none can go.
func TestWhatLastsInPieces(t *testing.T) {
	u := newUniverse(netip.MustParsePrefix("192.0.2.40/29")).narrow(
		func(p packet) bool { return p.protocol == rule.TCP },
		func(r rule.Rule) bool { return r.Protocol == rule.TCP })
	pieces := slices.DeleteFunc(slices.Clone(u.rules), func(r rule.Rule) bool {
		return slices.ContainsFunc(u.rules, func(s rule.Rule) bool { return s != r && Covers(r, s) })
	})
	rng := rand.New(rand.NewPCG(17, 23))
	more := 0
	for range rounds.Of(30) {
		written := u.draw(rng, 4+rng.IntN(8))
		var lasting []rule.Rule
		for _, r := range pieces {
			if rng.IntN(10) < 7 && u.direct(r).within(u.allowed(written...)) {
				lasting = append(lasting, r)
			}
		}
		entries := entriesOf(append(slices.Clone(lasting), written...))
		for i := range written {
			entries[len(lasting)+i].Origins[0].Expires = lastDays[1]
		}
		got := Minimise(entries, Full)
		u.checkFewest(t, entries, got)

		g := newRegion(u.family, lasting, written)
		g.choose(rng.IntN(40))
		var listed []rule.Rule
		for y := range g.primes {
			for _, p := range g.primes[y] {
				if p.listed {
					listed = append(listed, g.rule(half{rule.Ingress, u.family}, item{Span: p.Span, node: int32(y)}))
				}
			}
		}
		want := u.allowed(rulesIn(entries)...)
		for i := range listed {
			if u.allowed(slices.Concat(lasting, listed[:i], listed[i+1:])...) == want {
				t.Fatalf("%s can go\nin  %v\nout %v", listed[i], entries, listed)
			}
		}
		if u.allowed(slices.Concat(lasting, listed)...) != want {
			t.Fatalf("without a search other packets are allowed\nin  %v\nout %v", entries, listed)
		}
		if len(listed) > perDay(got)[lastDays[1]] {
			more++
		}
	}
	if more == 0 {
		t.Error("no search was needed")
	}
}

// TestFiveInACircle has five rules until a day, of which each shares with the next
// one what alone does not last longer. Three have it all.
func TestFiveInACircle(t *testing.T) {
	u := newUniverse(netip.MustParsePrefix("192.0.2.40/29")).narrow(
		func(p packet) bool { return p.protocol == rule.TCP },
		func(r rule.Rule) bool { return r.Protocol == rule.TCP })
	lasting := []rule.Rule{
		tcp4(2, 3, network("192.0.2.40/32")), tcp4(1, 1, network("192.0.2.41/32")), tcp4(4, 4, network("192.0.2.41/32")),
		tcp4(3, 3, network("192.0.2.42/32")), tcp4(2, 2, network("192.0.2.43/32")), tcp4(4, 4, network("192.0.2.43/32")),
	}
	circle := []rule.Rule{
		tcp4(2, 2, network("192.0.2.40/30")), tcp4(4, 4, network("192.0.2.40/30")), tcp4(1, 2, network("192.0.2.40/31")),
		tcp4(1, 4, network("192.0.2.40/32")), tcp4(2, 4, network("192.0.2.42/32")),
	}
	written := entriesOf(append(slices.Clone(lasting), circle...))
	for i := range circle {
		written[len(lasting)+i].Origins[0].Expires = lastDays[1]
	}
	got := Minimise(written, Full)
	if n := perDay(got)[lastDays[1]]; n != 3 {
		t.Errorf("%d rules, not 3: %v", n, got)
	}
	u.checkLasting(t, written)
}

// TestFewestNeeds holds the search to all sets of numbers, by size.
func TestFewestNeeds(t *testing.T) {
	rng := rand.New(rand.NewPCG(19, 20))
	for range rounds.Of(300) {
		var rows [][]int32
		var masks []int
		for range 1 + rng.IntN(14) {
			var row []int32
			mask := 0
			for len(row) < 1 || len(row) < 3 && rng.IntN(3) > 0 {
				c := rng.IntN(9)
				if mask>>c&1 == 0 {
					row, mask = append(row, int32(c)), mask|1<<c
				}
			}
			slices.Sort(row)
			rows, masks = append(rows, row), append(masks, mask)
		}
		best := 9
		has := func(chosen int) bool {
			return !slices.ContainsFunc(masks, func(mask int) bool { return mask&chosen == 0 })
		}
		for chosen := range 1 << 9 {
			if has(chosen) {
				best = min(best, bits.OnesCount(uint(chosen)))
			}
		}
		n := needs{left: searchWork}
		chosen := 0
		got := n.fewest(rows)
		for _, c := range got {
			chosen |= 1 << c
		}
		if !has(chosen) || len(got) != best {
			t.Fatalf("%v has one of each of %v; there are %d that do", got, rows, best)
		}
	}
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
		{"over what lasts, they do", []rule.Entry{port(79, 79, "2027-01-31"), port(81, 81, "2027-01-31"), port(80, 80, "")}, []string{"79-81 until 2027-01-31", "80-80 until "}},
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
