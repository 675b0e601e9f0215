package sandbox

import (
	"sync"
	"time"
)

// Names that every account of a cloud shares.
const (
	Region     = "RegionOne"
	domainID   = "default"
	domainName = "Default"
)

// A Cloud is the state of one Keystone and one Neutron, and what tests ask of
// them. All its methods may be called at any time from any goroutine, from an
// interceptor and an observer too.
type Cloud struct {
	// turn is held while a call is intercepted, acts and is observed: calls take place one after another.
	turn sync.Mutex

	// mu guards everything below.
	mu sync.Mutex

	accounts    []Account
	credentials []credential
	tokens      map[string]token
	tokenLife   time.Duration
	seen        map[string]int // what ids were made of, and how often
	serial      int            // of whatever was made last, as Neutron's standard_attr_id

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
	requestLine   int // bytes that it may have; 0 is any number

	lag   int // readings that do not see a write; 0 is none
	pasts []past

	moment    time.Duration // that deletions take, and race in; 0 is no OVN
	deletions []*deletion   // that are under way
	lost      int           // races, so far

	faults      []*pendingFault
	calls       []Call
	interceptor func(Call)
	observer    func(Call)
}

// New makes an empty cloud: one domain, one project with one user, both called
// demo, Neutron's default quotas of 10 groups and 100 rules.
func New() *Cloud {
	c := &Cloud{
		seen:          map[string]int{},
		tokens:        map[string]token{},
		tokenLife:     defaultTokenLife,
		groups:        map[string]*group{},
		networks:      map[string]*network{},
		ports:         map[string]*port{},
		addressGroups: map[string]*addressGroup{},
		quotas:        map[string]quota{},
		reserved:      map[string]quota{},
		extensions:    allExtensions(),
	}
	c.SetTemplate(defaultTemplate())
	c.AddAccount("demo", false)
	return c
}

// SetPageLimit caps the pages of lists at n entries, as pagination_max_limit
// of neutron.conf does; 0 lifts the cap.
func (c *Cloud) SetPageLimit(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pageLimit = n
}

// next is the serial number of something new.
func (c *Cloud) next() int {
	c.serial++
	return c.serial
}

// now is the time in Neutron's spelling, to the second.
func now() string { return time.Now().UTC().Format("2006-01-02T15:04:05Z") }
