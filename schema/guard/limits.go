// Package guard bounds what a hostile policy can cost: how deep its files nest, what its
// expressions can ask for in one step, and how much memory and time the whole takes.
package guard

import (
	"cmp"
	"time"
)

// Limits bound what a hostile policy can cost. Fields that are not positive mean the defaults.
type Limits struct {
	Memory  uint64        // bytes of heap; default 4 GiB, or half of what the machine has
	Time    time.Duration // of loading and evaluating; default 2 minutes
	Nesting int           // depth of one file: brackets, "a: b: c:", "a & b & c"; default 1000
	Values  int           // rules, peers, ports and all other values of one policy; default 20 million
}

const defaultMemory = 4 << 30 // where the machine has it: see affordable

// WithDefaults has the default wherever no limit is given.
func (l Limits) WithDefaults() Limits {
	return Limits{
		Memory:  cmp.Or(l.Memory, affordable()),
		Time:    cmp.Or(max(l.Time, 0), 2*time.Minute),
		Nesting: cmp.Or(max(l.Nesting, 0), 1000),
		Values:  cmp.Or(max(l.Values, 0), 20_000_000),
	}
}
