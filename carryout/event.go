package carryout

// Verb is what is done in one change.
type Verb string

const (
	CreateGroup Verb = "create group"
	ChangeGroup Verb = "change group" // its name, description or stateful
	CreateRule  Verb = "create rule"
	RemoveRule  Verb = "remove rule"
	TagGroup    Verb = "tag group"
	DeleteGroup Verb = "delete group"
	UnmarkGroup Verb = "unmark group" // it is not the policy's any more
)

// Change is one thing that is done to a cloud.
type Change struct {
	Verb   Verb   `json:"verb"`
	Policy string `json:"policy"`
	Tier   string `json:"tier"`
	Group  string `json:"group"`            // its name
	ID     string `json:"id,omitempty"`     // of the group, where it is known
	Rule   string `json:"rule,omitempty"`   // in words
	RuleID string `json:"ruleId,omitempty"` // of a rule that goes
}

// String is the change in one line: "create rule in app: ingress IPv4 tcp/80 from anyone".
func (c Change) String() string {
	if c.Rule == "" {
		return string(c.Verb) + " " + c.Group
	}
	return string(c.Verb) + " in " + c.Group + ": " + c.Rule
}

// Event is a change that the cloud says it has made.
type Event struct {
	Change
	Done  int `json:"done"`  // changes so far, with this one
	Total int `json:"total"` // of the round; more or less where a cloud gives new groups other rules than most do
}
