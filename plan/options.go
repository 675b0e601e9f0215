package plan

// Options are what a user may ask of a plan beyond the policy.
type Options struct {
	Adopt        bool // take over unmarked groups that have a tier's name
	Tidy         bool // the fewest rules, also where the meaning is the same
	Descriptions bool // rewrite rules whose description is not the policy's; they go before they come again
	DeletesFirst bool // interrupt, where the quota has no room for both
}
