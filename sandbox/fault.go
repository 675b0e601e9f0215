package sandbox

import (
	"net/http"
	"path"
	"strconv"
	"time"

	"sgc.dev/sgc/sandbox/api"
)

// A Fault is something that goes wrong with one call, once. A delay goes with
// any of the others; without one the call is served late, and as always, also where
// its client has given up meanwhile. A Status of 204 is a DELETE that lies.
//
// Go's own client repeats a GET by itself when a connection that it kept is cut:
// a cut that is to be seen must then strike twice.
type Fault struct {
	Method string // "" is any
	// Path is a pattern of path.Match for the path that follows Neutron's,
	// Keystone's or Nova's address, as /v2.0/security-group-rules/*. "" is any call of Neutron.
	Path string
	// Nth is the number of the call it strikes, from 1, among the calls that match
	// since Inject. 0 strikes all of them.
	Nth int

	Delay      time.Duration // before the server acts
	Status     int           // is the answer, and the server does not act
	RetryAfter time.Duration // the header of that answer, in whole seconds; 0 is none
	Body       string        // of that answer, as plain text; "" is the status in words
	CutBefore  bool          // the connection ends without an answer; the server did not act
	CutAfter   bool          // the connection ends without an answer; the server did act
}

// A pendingFault is a fault that may strike yet.
type pendingFault struct {
	Fault
	seen int // calls that matched
}

// Inject makes a call to come go wrong. Of several faults that strike one call
// the earliest is done, and the others are spent.
func (c *Cloud) Inject(f Fault) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults = append(c.faults, &pendingFault{Fault: f})
}

// Pending returns the faults that have not struck, and those that always do.
func (c *Cloud) Pending() []Fault {
	c.mu.Lock()
	defer c.mu.Unlock()
	var pending []Fault
	for _, f := range c.faults {
		pending = append(pending, f.Fault)
	}
	return pending
}

// strike counts a call and returns what goes wrong with it; the zero Fault is nothing.
func (c *Cloud) strike(service, method, at string) Fault {
	c.mu.Lock()
	defer c.mu.Unlock()
	var struck *Fault
	kept := c.faults[:0]
	for _, f := range c.faults {
		if f.matches(service, method, at) {
			f.seen++
			if f.Nth == 0 || f.seen == f.Nth {
				if struck == nil {
					struck = &f.Fault
				}
				if f.Nth != 0 {
					continue
				}
			}
		}
		kept = append(kept, f)
	}
	c.faults = kept
	if struck == nil {
		return Fault{}
	}
	return *struck
}

func (f *Fault) matches(service, method, at string) bool {
	if f.Method != "" && f.Method != method {
		return false
	}
	if f.Path == "" {
		return service == api.Networking
	}
	matched, _ := path.Match(f.Path, at)
	return matched
}

// answer is what the server says instead of acting.
func (f Fault) answer() api.Answer {
	a := api.Plain(f.Status, f.Body)
	if f.Body == "" {
		a.Text = http.StatusText(f.Status)
	}
	if f.RetryAfter > 0 {
		a.Header = map[string]string{"Retry-After": strconv.Itoa(int(f.RetryAfter / time.Second))}
	}
	return a
}
