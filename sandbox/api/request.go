// Package api is how Neutron is asked and how it answers, whatever it keeps: requests, bodies,
// queries, the tables of attributes that these are held to, and errors, in Python's words.
package api

import "net/http"

// The services, as the first part of their paths.
const (
	Identity   = "identity"
	Networking = "networking"
	Compute    = "compute"
)

// Request is a call as the services see it.
type Request struct {
	Method string
	Path   string // after the address of the service
	Params Params
	Header http.Header
	Body   []byte
	Base   string // of the addresses of all services
	Nova   bool   // whether there is a compute service
}

// Token is what the caller shows.
func (r Request) Token() string { return r.Header.Get("X-Auth-Token") }

// IdentityURL is Keystone's address, OS_AUTH_URL.
func (r Request) IdentityURL() string { return r.Base + "/" + Identity + "/v3" }

// NetworkURL is Neutron's address, without a version.
func (r Request) NetworkURL() string { return r.Base + "/" + Networking }

// ComputeURL is Nova's address.
func (r Request) ComputeURL() string { return r.Base + "/" + Compute + "/v2.1" }

// An Account is a user and the only project it has a role in, both of one name.
type Account struct {
	Name      string // of the user and of the project
	Password  string
	UserID    string
	ProjectID string
	Admin     bool // role admin: sees all projects and changes quotas
}
