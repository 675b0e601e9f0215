package rule

// LivePort is a network port that exists, and the groups that it carries.
type LivePort struct {
	ID, Name string
	Device   string   // the id of the server or whatever else it belongs to
	Owner    string   // what that is: "compute:nova"
	Groups   []string // ids
	Network  string   // id
	Subnets  []string // ids: of all its addresses; none where it may have others
}

// How the owners of ports begin: servers, and what belongs to the network itself, as
// routers and DHCP do.
const (
	ComputeOwner = "compute:"
	NetworkOwner = "network:"
)
