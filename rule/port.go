package rule

// LivePort is a network port that exists, and the groups that it carries.
type LivePort struct {
	ID, Name string
	Device   string   // the id of the server or whatever else it belongs to
	Owner    string   // what that is: "compute:nova"
	Groups   []string // ids
}
