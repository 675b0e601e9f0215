package sandbox

import (
	"sync"

	"sgc.dev/sgc/sandbox/api"
	"sgc.dev/sgc/sandbox/keystone"
	"sgc.dev/sgc/sandbox/tables"
)

// What tests say and are told in.
type (
	Account      = api.Account
	Group        = tables.Group
	Rule         = tables.Rule
	TemplateRule = tables.TemplateRule
)

// Region is the only one.
const Region = keystone.Region

// A Cloud is a Keystone and a Neutron, and what tests ask of them. All its methods may be called
// at any time from any goroutine, from an interceptor and an observer too.
type Cloud struct {
	*keystone.Keystone
	*tables.Tables

	// turn is held while a call is intercepted, acts and is observed: calls take place one after another.
	turn sync.Mutex

	mu          sync.Mutex // guards what follows
	requestLine int        // bytes that it may have; 0 is any number
	faults      []*pendingFault
	calls       []Call
	interceptor func(Call)
	observer    func(Call)
}

// New makes an empty cloud: one domain, one project with one user, both called
// demo, Neutron's default quotas of 10 groups and 100 rules.
func New() *Cloud {
	k := keystone.New()
	return &Cloud{Keystone: k, Tables: tables.New(k.Demo().ProjectID)}
}
