package draft

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// defaultGroup is the name of the group that every project has.
const defaultGroup = "default"

// notAskedFor is why groups are left to others that --only and --except leave out.
const notAskedFor = "not asked for"

// Sorting says what becomes of each group of a state, each list by name and id.
type Sorting struct {
	Tiers   []*rule.LiveGroup
	Others  []Other   // left to whom they belong; tiers may name them
	LeftOut []LeftOut // no policy can say them
	// Untouched is the project's default group where it is as the cloud gives it, and neither
	// asked for nor carried beside a tier.
	Untouched *rule.LiveGroup
	// ByID is the ids of tiers whose groups share their name with others, which nobody asked
	// for: a plan takes them over by their id.
	ByID map[string]bool
}

// Other is a group that stays another's.
type Other struct {
	*rule.LiveGroup
	Why string
}

// LeftOut is groups that cannot become tiers, for one reason.
type LeftOut struct {
	Groups []*rule.LiveGroup
	Why    string
	Rules  []string // the rules that are the reason, in words with their ids
	Adopt  bool     // one of the groups can be taken over by its id
}

// Sort looks at each group of the state.
func Sort(src Source, o Options) Sorting {
	sorted := Sorting{ByID: map[string]bool{}}
	groups := byName(src.State.Groups)
	named := map[string][]*rule.LiveGroup{}
	alike := map[string][]*rule.LiveGroup{}
	given := map[string]bool{} // the names of tiers that the policy has
	owned := src.State.Owned(o.Name)
	for _, g := range groups {
		named[g.Name] = append(named[g.Name], g)
		why := o.others(g)
		switch {
		case o.known[g.ID] != "": // whatever else has its name
			sorted.Tiers = append(sorted.Tiers, g)
			given[rule.Alike(g.Name)] = true
		case plan.Untouched(*g, src.Default) && (len(o.Only) == 0 || !o.selected(g)):
			sorted.Untouched = g
		case why != "":
			sorted.Others = append(sorted.Others, Other{g, why})
		case o.elder(g, owned) != nil:
			elder := o.elder(g, owned)
			sorted.LeftOut = append(sorted.LeftOut, LeftOut{Groups: []*rule.LiveGroup{g}, Why: fmt.Sprintf("it carries the mark of %s (%s), which is older", elder.Name, elder.ID)})
		default:
			name := rule.Alike(g.Name)
			alike[name] = append(alike[name], g)
		}
	}
	for name, candidates := range alike {
		if mine := slices.IndexFunc(candidates, o.mine); mine >= 0 && !given[name] { // the mark says which one is meant
			sorted.sort(candidates[mine], o.unfit(candidates[mine]))
			candidates = slices.Delete(candidates, mine, mine+1)
			given[name] = true
		}
		if given[name] {
			for _, g := range candidates {
				sorted.LeftOut = append(sorted.LeftOut, LeftOut{Groups: []*rule.LiveGroup{g}, Why: "the policy has another group of this name"})
			}
			continue
		}
		stay := sorted.namesakes(candidates[0], o)
		unasked := !slices.ContainsFunc(stay, func(other Other) bool { return other.Why != notAskedFor })
		if len(candidates) == 1 && (len(stay) == 0 || unasked && candidates[0].Name != defaultGroup) {
			sorted.sort(candidates[0], o.unfit(candidates[0]))
			sorted.ByID[candidates[0].ID] = len(stay) > 0
			continue
		}
		all := slices.Clone(candidates)
		for _, other := range stay {
			all = append(all, other.LiveGroup)
		}
		why := fmt.Sprintf("%d groups have this name, and a policy can hold only one of them", len(all))
		if slices.ContainsFunc(all, func(g *rule.LiveGroup) bool { return g.Name != all[0].Name }) {
			why = "some clouds ignore capitals, accents and trailing blanks and take their names for the same, and a policy can hold only one of them"
		}
		for _, other := range stay {
			why += fmt.Sprintf("; %s (%s) stays others'", other.Name, other.ID)
		}
		sorted.LeftOut = append(sorted.LeftOut, LeftOut{Groups: candidates, Why: why, Adopt: unusable(candidates[0].Name) == ""})
	}
	if g := sorted.Untouched; g != nil && o.others(g) == "" && len(named[g.Name]) == 1 && sorted.beside(g, src) {
		sorted.Tiers, sorted.Untouched = append(sorted.Tiers, g), nil
	}
	slices.SortFunc(sorted.Tiers, compareGroups)
	slices.SortFunc(sorted.LeftOut, func(a, b LeftOut) int { return compareGroups(a.Groups[0], b.Groups[0]) })
	return sorted
}

// namesakes is the groups that stay others' and are called as the candidate is, or that the
// policy names already and clouds may take for it.
func (s *Sorting) namesakes(g *rule.LiveGroup, o Options) []Other {
	list := slices.DeleteFunc(slices.Clone(s.Others), func(other Other) bool {
		return other.Name != g.Name && (o.named[other.ID] == "" || rule.Alike(other.Name) != rule.Alike(g.Name))
	})
	if s.Untouched != nil && g.Name == s.Untouched.Name {
		list = append(list, Other{s.Untouched, "as the cloud gives it"})
	}
	return list
}

// beside says whether ports carry the group and a tier: who reaches them is then for both to
// say. A policy that there is keeps its servers.
func (s *Sorting) beside(g *rule.LiveGroup, src Source) bool {
	return src.Beside == nil && slices.ContainsFunc(src.Ports, func(port rule.LivePort) bool {
		return slices.Contains(port.Groups, g.ID) && slices.ContainsFunc(s.Tiers, func(t *rule.LiveGroup) bool { return slices.Contains(port.Groups, t.ID) })
	})
}

// mine says whether a group has the mark of the policy that is to be written.
func (o Options) mine(g *rule.LiveGroup) bool {
	policy, tier, marked := rule.ParseMark(g.Description)
	return marked && policy == o.Name && isName(tier)
}

// elder is the group that the policy takes for a tier instead of another with its mark, nil
// where it takes this one.
func (o Options) elder(g *rule.LiveGroup, owned map[string][]*rule.LiveGroup) *rule.LiveGroup {
	_, tier, _ := rule.ParseMark(g.Description)
	if !o.mine(g) || owned[tier][0].ID == g.ID {
		return nil
	}
	return owned[tier][0]
}

// others is why a group is left to others, "" where it is not.
func (o Options) others(g *rule.LiveGroup) string {
	switch policy, _, marked := rule.ParseMark(g.Description); {
	case o.named[g.ID] != "":
		return fmt.Sprintf("the policy refers to it as a group of others, %s", o.named[g.ID])
	case !o.selected(g):
		return notAskedFor
	case marked && policy != o.Name && !o.Owned:
		return fmt.Sprintf("policy %s has it", policy)
	case !marked && !o.Managed:
		return o.maker(g)
	}
	return ""
}

// unfit is why a group cannot be a tier beside the policy that there is, or have its tags.
func (o Options) unfit(g *rule.LiveGroup) string {
	tags := slices.Clone(g.Tags)
	if o.mine(g) {
		tags = slices.DeleteFunc(tags, rule.IsOwnTag)
	}
	if o.Unfit[g.ID] == "" && len(tags) > maxTags {
		return fmt.Sprintf("it has %d tags, and clouds keep at most %d: there is no room for sgc's two", len(tags), plan.MaxTags)
	}
	return o.Unfit[g.ID]
}

// sort makes a group a tier, or says why it cannot be one.
func (s *Sorting) sort(g *rule.LiveGroup, unfit string) {
	why := ""
	if text := unusable(g.Name); text != "" {
		why = "its name " + text
	} else if g.Name != defaultGroup && rule.Alike(g.Name) == defaultGroup {
		why = "clouds take its name for that of the project's default group"
	}
	var opaque []string
	for _, l := range byMeaning(g.Rules) {
		if l.Opaque() {
			opaque = append(opaque, l.ID+": "+l.Words)
		}
	}
	switch {
	case why != "":
	case unfit != "":
		why = unfit
	case len(opaque) == 1:
		why = "a policy cannot express one of its rules, which clouds read in different ways"
	case opaque != nil:
		why = fmt.Sprintf("a policy cannot express %d of its rules, which clouds read in different ways", len(opaque))
	default:
		s.Tiers = append(s.Tiers, g)
		return
	}
	s.LeftOut = append(s.LeftOut, LeftOut{Groups: []*rule.LiveGroup{g}, Why: why, Rules: opaque})
}

// unusable is why a text of the cloud cannot stand in a policy, "" where it can.
func unusable(s string) string {
	if s == "" {
		return "is empty"
	}
	for _, c := range s {
		switch {
		case c > 0xFFFF:
			return fmt.Sprintf("has %U, which many clouds cannot store", c)
		case unicode.IsControl(c) && c != '\n' && c != '\t' || c == utf8.RuneError:
			return fmt.Sprintf("has a control character, %U", c)
		}
	}
	if utf8.RuneCountInString(s) > rule.MaxText {
		return fmt.Sprintf("has more than %d characters", rule.MaxText)
	}
	return ""
}

func byName(groups []rule.LiveGroup) []*rule.LiveGroup {
	list := make([]*rule.LiveGroup, len(groups))
	for i := range groups {
		list[i] = &groups[i]
	}
	slices.SortFunc(list, compareGroups)
	return list
}

func compareGroups(a, b *rule.LiveGroup) int {
	return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.ID, b.ID))
}

// byMeaning is rules in the order in which people read them, whatever the cloud's.
func byMeaning(rules []rule.LiveRule) []rule.LiveRule {
	sorted := slices.Clone(rules)
	slices.SortFunc(sorted, func(a, b rule.LiveRule) int {
		return cmp.Or(rule.Compare(a.Rule, b.Rule), strings.Compare(a.ID, b.ID))
	})
	return sorted
}
