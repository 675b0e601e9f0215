package lint

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// waivers is every waiver of a policy, and which of them answered something.
type waivers struct {
	all      []placed
	used     map[waiverKey]bool
	options  Options
	answered int // findings that a waiver answered
}

// placed is a waiver at its place: the path of what it stands beside.
type placed struct {
	schema.Waiver
	path    string
	waivers [][]schema.Waiver // where its own findings may be waived
	expires bool              // it stands beside a rule whose findings come and go with the day
	expired bool              // the rule has no findings any more, or none in this environment
}

// waiverKey tells waivers apart as the author wrote them: one that a pattern or
// a comprehension puts at many places is one.
type waiverKey struct {
	code string
	pos  rule.Pos
}

func keyOf(w schema.Waiver) waiverKey { return waiverKey{w.Code, w.Pos} }

func newWaivers(v *view) *waivers {
	ws := &waivers{used: map[waiverKey]bool{}, options: v.options}
	place := func(path string, own []schema.Waiver, expires, expired bool, outer ...[]schema.Waiver) {
		for _, w := range own {
			ws.all = append(ws.all, placed{w, path, append([][]schema.Waiver{own}, outer...), expires, expired})
		}
	}
	place("waive", v.Waive, true, false)
	for i := range v.Tiers {
		t := &v.Tiers[i]
		place(rule.Path("tiers", t.Name), t.Waive, true, false, v.Waive)
		for r := range t.All {
			expired := r.Expires != "" && r.Expires < v.options.AsOf || idle(r)
			place(r.Path, r.Waive, r.Expires != "", expired, t.Waive, v.Waive)
		}
	}
	for i := range v.Servers {
		place(rule.Path("servers", v.Servers[i].Name), v.Servers[i].Waive, false, false, v.Waive)
	}
	for i := range v.Addresses {
		place(rule.Path("addresses", v.Addresses[i].Name), v.Addresses[i].Waive, false, false, v.Waive)
	}
	for i := range v.Services {
		place(rule.Path("services", v.Services[i].Name), v.Services[i].Waive, false, false, v.Waive)
	}
	for i := range v.Groups {
		place(rule.Path("groups", v.Groups[i].Key), v.Groups[i].Waive, false, false, v.Waive)
	}
	for i := range v.AddressGroups {
		place(rule.Path("addressGroups", v.AddressGroups[i].Key), v.AddressGroups[i].Waive, false, false, v.Waive)
	}
	return ws
}

// idle says whether a rule opens nothing because all sets that it names are empty,
// as they may be.
func idle(r *schema.Rule) bool {
	return !slices.ContainsFunc(r.Peers, func(p schema.Peer) bool { return p.Kind != rule.EndAddresses || p.Prefixes != nil })
}

// filter leaves the findings that nothing waives. The nearest waiver answers.
func (ws *waivers) filter(list []found) []found {
	var open []found
next:
	for _, f := range list {
		for _, place := range f.waivers {
			for _, w := range place {
				if w.Code == f.Code {
					ws.used[keyOf(w)] = true
					ws.answered++
					continue next
				}
			}
		}
		open = append(open, f)
	}
	return open
}

// faults is SGC015 and SGC016, once every other finding went through filter. A
// waiver for a lint of the calendar waits for its day, and one beside a rule that
// has expired, or that opens nothing in this environment, went with the rule. One
// for a lint that was not asked for waits until it is. A waiver of these two lints
// themselves is never judged.
func (ws *waivers) faults() []found {
	told := map[waiverKey]bool{}
	var list []found
	for _, w := range ws.all {
		key := keyOf(w.Waiver)
		if ws.used[key] || told[key] {
			continue
		}
		_, known := find(w.Code)
		switch w.Code {
		case "SGC015", "SGC016":
			continue
		case "SGC007": // another environment may have no use for it
			continue
		case "SGC008", "SGC009":
			if w.expires {
				continue
			}
		}
		if known && (w.expired || !ws.options.askedFor(w.Code)) {
			continue
		}
		told[key] = true
		if !known {
			list = append(list, fire("SGC015", w.Pos, w.path, fmt.Sprintf("no lint has the code %q; %s", w.Code, meant(w.Code)), w.waivers...))
			continue
		}
		list = append(list, fire("SGC016", w.Pos, w.path, fmt.Sprintf(
			"the waiver of %s answers nothing here; remove it", w.Code), w.waivers...))
	}
	return list
}

var (
	asCodes   = regexp.MustCompile(`^SGC[0-9]{3}$`)
	likeCodes = regexp.MustCompile(`(?i)^sgc[-_]?0*([0-9]{1,3})$`)
)

// meant is `did you mean "SGC001"?`, or what to do where no code is near. What is
// written as codes are is taken for a lint of another version: every number is
// near to several others. Else the number counts, then the letters.
func meant(code string) string {
	const otherwise = "correct it, or remove the waiver"
	if asCodes.MatchString(code) {
		return otherwise
	}
	near := ""
	if n := likeCodes.FindStringSubmatch(code); n != nil {
		near = "SGC" + strings.Repeat("0", 3-len(n[1])) + n[1]
	}
	if _, ok := find(near); !ok {
		var codes []string
		for _, l := range table {
			codes = append(codes, l.Code)
		}
		near = rule.Closest(code, codes)
	}
	if near == "" {
		return otherwise
	}
	return fmt.Sprintf("did you mean %q?", near)
}
