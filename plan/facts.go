package plan

// Needs is what has to be asked of the cloud before a plan may be carried out,
// beyond the state it was made from. What is not needed is not asked.
type Needs struct {
	Quota      bool
	PortsOf    []string // ids of groups
	Extensions bool
}

// Facts are the answers to [Needs].
type Facts struct {
	Quota       Quota
	QuotaUnread string            // what the cloud answered instead of the quota, "403 PolicyNotAuthorized"
	Ports       map[string][]Port // by the id of a group that they carry
	Extensions  map[string]bool   // by alias
}

// Quota is how much of it there is in the project.
type Quota struct{ Groups, Rules Room }

// Room is a limit, -1 for none, what is used and reserved of it, and what plans that
// come first add to that.
type Room struct{ Limit, Used, Coming int }

// Port is a network port that carries a group.
type Port struct{ ID, Name, Device string }
