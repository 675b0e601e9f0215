package rule

import "strings"

const (
	markStart  = "[sgc:"
	policyTag  = "sgc:policy="
	tierTag    = "sgc:tier="
	appliedTag = "sgc:applied="
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

// AppliedTag is the tag that says what access a group was left with: the fingerprint of it.
func AppliedTag(fingerprint string) string { return appliedTag + fingerprint }

// Applied is the fingerprints in a group's tags: one, or two where an apply was killed between
// its last calls.
func Applied(tags []string) (fingerprints []string) {
	for _, tag := range tags {
		if fingerprint, ok := strings.CutPrefix(tag, appliedTag); ok {
			fingerprints = append(fingerprints, fingerprint)
		}
	}
	return fingerprints
}

// IsOwnTag says whether a tag is of sgc's own kind, of any policy, tier and access.
func IsOwnTag(tag string) bool {
	return strings.HasPrefix(tag, policyTag) || strings.HasPrefix(tag, tierTag) || strings.HasPrefix(tag, appliedTag)
}

// Unmarked is a group's description without the mark at its end.
func Unmarked(description string) string {
	if _, _, ok := ParseMark(description); !ok {
		return description
	}
	return strings.TrimSuffix(description[:strings.LastIndex(description, markStart)], " ")
}
