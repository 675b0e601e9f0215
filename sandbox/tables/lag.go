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
func (t *Tables) SetLag(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lag, t.pasts = n, nil
}

// remember keeps what the groups are before a call that may write.
func (t *Tables) remember(method string) {
	if t.lag == 0 || method == http.MethodGet {
		return
	}
	if n := len(t.pasts); n > 0 && t.pasts[n-1].left == t.lag {
		return // of writes without a reading between them the first counts
	}
	groups := map[string]*group{}
	for id, g := range t.groups {
		copied := *g // its rules and tags are replaced or added to, never changed
		copied.shares = slices.Clone(g.shares)
		groups[id] = &copied
	}
	t.pasts = append(t.pasts, past{groups, t.lag})
}

// replica are the groups as a GET shows them.
func (t *Tables) replica() map[string]*group {
	if len(t.pasts) == 0 {
		return t.groups
	}
	shown := t.pasts[0].groups
	for i := range t.pasts {
		t.pasts[i].left--
	}
	if t.pasts[0].left == 0 {
		t.pasts = t.pasts[1:]
	}
	return shown
}
