package plan

// Needs is what has to be asked of the cloud before a plan may be carried out,
// beyond the state it was made from. Each is one call; what is not needed is not asked.
type Needs struct {
	Quota      bool
	PortsOf    []string // ids of groups
	Extensions bool
}

// Facts are the answers to [Needs].
type Facts struct {
	Quota       Quota
	QuotaUnread string            // why it could not be read; then it has no limits
	Ports       map[string][]Port // by the id of a group that they carry
	Extensions  map[string]bool   // by alias
}

// Quota is how much of it there is in the project.
type Quota struct{ Groups, Rules Room }

// Room is a limit, -1 for none, and what is used and reserved of it.
type Room struct{ Limit, Used int }

// Port is a network port that carries a group.
type Port struct{ ID, Name, Device string }
