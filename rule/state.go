package rule

// State is the security groups of one project as its cloud has them. It is
// observed and canonical: two rules that mean the same are ==, as in a [Set].
type State struct {
	Project string // its id
	Groups  []LiveGroup
}

// LiveGroup is a security group that exists.
type LiveGroup struct {
	ID          string
	Name        string // need not be unique
	Description string // with the mark, where the group has one
	Stateful    bool
	Tags        []string
	Revision    int    // grows with every change of the group or its rules
	Created     string // when, as the cloud writes it: "2026-11-24T06:05:22Z"
	Rules       []LiveRule
}

// LiveRule is a rule that exists. A remote group stands in its Rule by id, as
// [ForeignGroup], whoever owns it; so does a remote address group.
type LiveRule struct {
	ID          string
	Rule        Rule   // the zero Rule where this vocabulary cannot express what the cloud has
	Words       string // of a rule that cannot be expressed: what it is, as the cloud has it
	Description string
}

// Opaque says whether the rule cannot be expressed: it allows something, and
// nobody but the cloud can say what.
func (l LiveRule) Opaque() bool { return l.Rule == Rule{} }

// String is the rule in words, those of the cloud where it is opaque.
func (l LiveRule) String() string {
	if l.Opaque() {
		return l.Words
	}
	return l.Rule.String()
}
