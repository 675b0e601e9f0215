package draft

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"sgc.dev/sgc/rule"
)

// maxName is how long a name of a policy may be.
const maxName = 63

var nameForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

// isName says whether a policy can call something so.
func isName(s string) bool {
	return len(s) <= maxName && nameForm.MatchString(s) && s != "public" && s != "self" && s != "any" && !readsAsAddress(s)
}

// readsAsAddress says whether people take a name for an address: four numbers and more.
func readsAsAddress(s string) bool {
	numbers := strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune("._-", c) })
	for _, number := range numbers {
		if _, err := strconv.ParseUint(number, 10, 64); err != nil {
			return false
		}
	}
	return len(numbers) >= 4
}

var unnameable = regexp.MustCompile(`[^A-Za-z0-9._-]+`)

// made is a name for something that is called what no policy can call it.
func made(s, otherwise string) string {
	name := unnameable.ReplaceAllString(s, "-")
	name = strings.Trim(name, "._-")
	if len(name) > maxName {
		name = strings.TrimRight(name[:maxName], "._-")
	}
	if isName(name) {
		return name
	}
	if named := otherwise + "-" + name; name != "" && isName(named) {
		return named
	}
	return otherwise
}

// taken gives out names, each once.
type taken map[string]bool

// unique is the name, or where it is given away the name with a number. Names that differ
// by case alone are two to CUE and one to people, so they count as one.
func (t taken) unique(name string) string {
	given := name
	for n := 2; t[strings.ToLower(given)]; n++ {
		suffix := fmt.Sprintf("-%d", n)
		given = name[:min(len(name), maxName-len(suffix))] + suffix
	}
	t[strings.ToLower(given)] = true
	return given
}

// common is the longest prefix and, without one, suffix that all names share, ended by
// "-" or "_", which leaves each of them a name of its own.
func common(names []string) (prefix, suffix string) {
	if len(names) < 2 {
		return "", ""
	}
	least := names[0]
	for _, n := range names[1:] {
		for !strings.HasPrefix(n, least) {
			least = least[:len(least)-1]
		}
	}
	for at := strings.LastIndexAny(least, "-_"); at >= 0; at = strings.LastIndexAny(least[:at], "-_") {
		if prefix = least[:at+1]; leavesNames(names, prefix, "") {
			return prefix, ""
		}
	}
	least = names[0]
	for _, n := range names[1:] {
		for !strings.HasSuffix(n, least) {
			least = least[1:]
		}
	}
	for at := strings.IndexAny(least, "-_"); at >= 0; {
		if suffix = least[at:]; leavesNames(names, "", suffix) {
			return "", suffix
		}
		next := strings.IndexAny(least[at+1:], "-_")
		if next < 0 {
			break
		}
		at += 1 + next
	}
	return "", ""
}

func leavesNames(names []string, prefix, suffix string) bool {
	seen := taken{}
	for _, n := range names {
		short := strings.TrimSuffix(strings.TrimPrefix(n, prefix), suffix)
		if !isName(short) || short == defaultGroup || seen.unique(short) != short {
			return false
		}
	}
	return true
}

// nameTiers gives each tier its name: that of its mark where it is a policy's already,
// else its group's without what all have in common. The name of the project's default
// group stays whole.
func (p *Policy) nameTiers() {
	var groups []string
	for _, t := range p.Tiers {
		if t.live.Name != defaultGroup {
			groups = append(groups, t.live.Name)
		}
	}
	for _, out := range p.Sorting.LeftOut {
		if out.Adopt { // it may become a tier, for which the pattern is too
			groups = append(groups, out.Groups[0].Name)
		}
	}
	p.prefix, p.suffix = common(groups)
	if p.existing != nil {
		p.prefix, p.suffix = p.existing.affixes()
	}
	mine := map[*tier]string{}
	for _, t := range p.Tiers {
		name := p.known[t.live.ID]
		if name == "" {
			_, name, _ = rule.ParseMark(t.live.Description)
		}
		if !isName(name) && !t.known {
			continue
		}
		mine[t] = name
		if p.existing == nil && t.live.Name != defaultGroup && t.live.Name != p.prefix+name+p.suffix {
			p.prefix, p.suffix = "", ""
		}
	}
	give := func(t *tier, name string) {
		t.name = p.names.unique(name)
		p.peers[rule.ForeignGroup(t.live.ID)] = t.name
	}
	for _, t := range p.Tiers {
		switch {
		case t.known:
			t.name = mine[t]
		case mine[t] != "":
			give(t, mine[t])
		}
	}
	// Names that can stay go before those that have to be made.
	for _, stays := range []bool{true, false} {
		for _, t := range p.Tiers {
			name := t.live.Name
			if name != defaultGroup {
				name = p.short(name)
			}
			switch {
			case mine[t] != "" || isName(name) != stays:
			case stays:
				give(t, name)
			default:
				give(t, made(name, "tier"))
			}
		}
	}
}

// short is a group's name without what all have in common.
func (p *Policy) short(name string) string {
	return strings.TrimSuffix(strings.TrimPrefix(name, p.prefix), p.suffix)
}

// groupName is the name that the policy's patterns give the group of a tier.
func (p *Policy) groupName(t *tier) string {
	switch {
	case p.existing != nil:
		return p.existing.tier(t.name).Group
	case t.live.Name == defaultGroup:
		return t.name
	}
	return p.prefix + t.name + p.suffix
}
