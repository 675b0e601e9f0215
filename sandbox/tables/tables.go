// Package tables is what Neutron keeps, a file for each of its resources, with the rules of what
// may be in them and of who may see and change it; replicas that lag behind, and deletions that
// race in OVN's driver.
package tables

import (
	"sync"
	"time"

	"sgc.dev/sgc/sandbox/api"
)

// Tables is what a Neutron keeps, and a Nova beside it. Its methods may be called at any time
// from any goroutine.
type Tables struct {
	mu sync.Mutex // guards all below, and is held while a call acts

	home   string // the project of what nobody says whose it is
	ids    api.IDs
	serial int // of whatever was made last, as Neutron's standard_attr_id

	groups        map[string]*group
	networks      map[string]*network
	subnets       []*subnet
	ports         map[string]*port
	servers       []server
	addressGroups map[string]*addressGroup
	quotas        map[string]quota // by project; the defaults where it is absent
	reserved      map[string]quota // by project, as if others were just making that much
	template      []templateRule
	extensions    []extension
	absent        []string // attributes of extensions that were removed
	pageLimit     int

	lag   int // readings that do not see a write; 0 is none
	pasts []past

	moment    time.Duration // that deletions take, and race in; 0 is no OVN
	deletions []*Deletion   // that are under way
	lost      int           // races, so far
}

// New makes empty ones, for a cloud with that project.
func New(home string) *Tables {
	t := &Tables{
		home:          home,
		ids:           api.IDs{},
		groups:        map[string]*group{},
		networks:      map[string]*network{},
		ports:         map[string]*port{},
		addressGroups: map[string]*addressGroup{},
		quotas:        map[string]quota{},
		reserved:      map[string]quota{},
		extensions:    allExtensions(),
	}
	t.SetTemplate(defaultTemplate())
	return t
}

// SetPageLimit caps the pages of lists at n entries, as pagination_max_limit
// of neutron.conf does; 0 lifts the cap.
func (t *Tables) SetPageLimit(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pageLimit = n
}

// next is the serial number of something new.
func (t *Tables) next() int {
	t.serial++
	return t.serial
}

// now is the time in Neutron's spelling, to the second.
func now() string { return time.Now().UTC().Format("2006-01-02T15:04:05Z") }
