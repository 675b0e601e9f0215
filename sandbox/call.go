package sandbox

import "slices"

// A Call is a request that reached the cloud.
type Call struct {
	Method string
	Path   string // after Neutron's or Keystone's address: /v2.0/security-groups, /v3/auth/tokens
	Query  string // as sent, without the question mark
	Status int    // of the answer; 0 where the connection was cut
}

// Calls returns all calls so far, in the order in which they took place.
func (c *Cloud) Calls() []Call {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.calls)
}

// Observe has f called after each call has acted and before it is answered; no
// other call acts meanwhile. f may look at the cloud and steer it, but must not
// call it over HTTP. nil ends it.
func (c *Cloud) Observe(f func(Call)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.observer = f
}

// Intercept has f called before each call acts, in its turn, as another client would
// come between what its sender has seen and what it does: f may do what an observer
// may. The call's status is 0 yet, and what goes wrong with it is settled. nil ends it.
func (c *Cloud) Intercept(f func(Call)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.interceptor = f
}

func (c *Cloud) intercept(call Call) {
	c.mu.Lock()
	interceptor := c.interceptor
	c.mu.Unlock()
	if interceptor != nil {
		interceptor(call)
	}
}

// record notes a call and lets the observer see it.
func (c *Cloud) record(call Call) {
	c.mu.Lock()
	c.calls = append(c.calls, call)
	observer := c.observer
	c.mu.Unlock()
	if observer != nil {
		observer(call)
	}
}
