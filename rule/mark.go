package rule

import "strings"

const (
	markStart = "[sgc:"
	policyTag = "sgc:policy="
	tierTag   = "sgc:tier="
)

// Mark is the end of the description by which a policy knows its own groups.
func Mark(policy, tier string) string { return markStart + policy + "/" + tier + "]" }

// ParseMark reads the mark at the end of a group's description; ok is false
// where there is none, and then neither is named: a mark elsewhere owns nothing.
func ParseMark(description string) (policy, tier string, ok bool) {
	at := strings.LastIndex(description, markStart)
	if at < 0 {
		return "", "", false
	}
	inside, ended := strings.CutSuffix(description[at+len(markStart):], "]")
	policy, tier, named := strings.Cut(inside, "/")
	if !ended || !named || policy == "" || tier == "" {
		return "", "", false
	}
	return policy, tier, true
}

// OwnershipTags are the tags that say, once a group is complete, whose it is.
func OwnershipTags(policy, tier string) []string {
	return []string{policyTag + policy, tierTag + tier}
}

// IsOwnershipTag says whether a tag is one of these, of any policy and tier.
func IsOwnershipTag(tag string) bool {
	return strings.HasPrefix(tag, policyTag) || strings.HasPrefix(tag, tierTag)
}

// Unmarked is a group's description without the mark at its end.
func Unmarked(description string) string {
	if _, _, ok := ParseMark(description); !ok {
		return description
	}
	return strings.TrimSuffix(description[:strings.LastIndex(description, markStart)], " ")
}
