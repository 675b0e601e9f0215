package tables

import (
	"net/http"
	"slices"
)

// A past is what the groups were before a write, as readings of a replica show it
// that has not heard of the write.
type past struct {
	groups map[string]*group
	left   int // readings that show it, or what was before it
}

// SetLag has a replica answer GETs of security groups: a write over HTTP is seen
// only after n more of them. What tests plant in between is not seen where they show
// the past. 0 ends it.
func (c *Tables) SetLag(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lag, c.pasts = n, nil
}

// remember keeps what the groups are before a call that may write.
func (c *Tables) remember(method string) {
	if c.lag == 0 || method == http.MethodGet {
		return
	}
	if n := len(c.pasts); n > 0 && c.pasts[n-1].left == c.lag {
		return // of writes without a reading between them the first counts
	}
	groups := map[string]*group{}
	for id, g := range c.groups {
		copied := *g // its rules and tags are replaced or added to, never changed
		copied.shares = slices.Clone(g.shares)
		groups[id] = &copied
	}
	c.pasts = append(c.pasts, past{groups, c.lag})
}

// replica are the groups as a GET shows them.
func (c *Tables) replica() map[string]*group {
	if len(c.pasts) == 0 {
		return c.groups
	}
	shown := c.pasts[0].groups
	for i := range c.pasts {
		c.pasts[i].left--
	}
	if c.pasts[0].left == 0 {
		c.pasts = c.pasts[1:]
	}
	return shown
}
