package plan

import "sgc.dev/sgc/rule"

// Options are what a user may ask of a plan beyond the policy.
type Options struct {
	Adopt        bool              `json:"adopt,omitempty"`        // take over unmarked groups that have a tier's name
	AdoptOnly    rule.Globs        `json:"adoptOnly,omitempty"`    // of those, take over the groups of tiers with such names alone
	AdoptFrom    string            `json:"adoptFrom,omitempty"`    // take over the groups that this policy has of the same tiers, or of their names
	AdoptGroups  map[string]string `json:"adoptGroups,omitempty"`  // take over, for a tier, the unmarked group with this id
	Tidy         bool              `json:"tidy,omitempty"`         // the fewest rules, also where the meaning is the same
	Descriptions bool              `json:"descriptions,omitempty"` // rewrite rules whose description is not the policy's; they go before they come again
	Fingerprints bool              `json:"fingerprints,omitempty"` // tag groups with a fingerprint of the access that they get
	DeletesFirst bool              `json:"deletesFirst,omitempty"` // interrupt, where the quota has no room for both
}
