package draft

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// describe is the description of a tier, and what is to be said about it where it is not
// all of the group's own: in the text, and once, since it is over when the tier has it.
func describe(live, policy, tier string) (text, comment, once string) {
	text = rule.Unmarked(live)
	room := rule.MaxText - utf8.RuneCountInString(" "+rule.Mark(policy, tier))
	length := utf8.RuneCountInString(text)
	reason := unusable(text)
	if reason == "" && strings.Contains(text, "[sgc:") {
		reason = "has the beginning of a mark"
	}
	switch {
	case text == "":
		return "", "", ""
	case reason == "" && length < room:
		return text, "", ""
	case reason != "" && length <= room:
		return "", fmt.Sprintf("Its description stays in the cloud; a policy cannot express it, because it %s.", reason), ""
	}
	clean := []rune(strings.Map(func(r rune) rune {
		if unusable(string(r)) != "" {
			return -1
		}
		return r
	}, strings.ReplaceAll(text, "[sgc:", "[sgc")))
	cut := string(clean[:min(len(clean), room)])
	if end, begins := strings.CutPrefix(text, cut); begins && end != "" {
		once = fmt.Sprintf("its description is cut to make room for sgc's mark; the end that is lost: %q", end)
	} else if end != "" {
		once = fmt.Sprintf("its description is cut to make room for sgc's mark; all of it was: %q", text)
	}
	if len(clean) >= room {
		comment = "Its description is cut to make room for sgc's mark."
	}
	return cut, comment, once
}

// cuts says whether there is no room for all of a tier's description, or there was none.
func (p *Policy) cuts(t *tier) bool {
	text, comment, _ := describe(t.live.Description, p.Name, t.name)
	return text != "" && comment != ""
}

// maxTags is how many tags a tier may have beside those of sgc.
const maxTags = plan.MaxTags - 2

// tagsOf is the tags that a policy can say, and those that it cannot.
func tagsOf(live []string) (tags, lost []string) {
	seen := map[string]bool{}
	for _, tag := range slices.Sorted(slices.Values(live)) {
		alike := rule.Alike(tag)
		switch {
		case rule.IsOwnTag(tag):
		case unusable(tag) != "" || strings.Contains(tag, ",") || strings.HasPrefix(alike, "sgc:") || seen[alike]:
			lost = append(lost, fmt.Sprintf("%q", tag))
		default:
			tags = append(tags, quote(tag))
		}
		seen[alike] = true
	}
	return tags, lost
}
