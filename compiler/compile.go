// Package compiler turns a policy into concrete security group rules. It is
// pure: the day that decides which rules have expired is an input.
//
// A policy rule is a product: its protocols × its families × its peers, each
// combination one concrete rule. [Compile] writes out the product (Group.Written,
// every entry with the line it comes from) and then reduces it to fewer rules
// that allow exactly the same (Group.Rules). That of rules which have expired stands
// apart (Group.Expired), and allows nothing. So does what others may open until today
// (Group.Others).
package compiler

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"sgc.dev/sgc/access"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// Options are what the result depends on beside the policy.
type Options struct {
	AsOf     string // the day, "2006-01-02": rules whose last valid day is before it have expired; "" keeps all
	Minimize access.Level
	MaxRules int // how many rules a policy may expand to before it is minimised; 0 is DefaultMaxRules
}

// DefaultMaxRules bounds the product that a few lines of policy can ask for: a
// thousand peers times a thousand ports times two families. A cloud takes a tenth of
// a second a rule.
const DefaultMaxRules = 2_000_000

// Compile expands and minimises a policy. The only error is a policy that
// expands to more than MaxRules, as [schema.Errors] at the rule that went beyond.
func Compile(p *schema.Policy, o Options) (*rule.Set, error) {
	limit := cmp.Or(o.MaxRules, DefaultMaxRules)
	if err := checkSize(p, o.AsOf, limit); err != nil {
		return nil, err
	}
	set := &rule.Set{
		Policy:        p.Name,
		Groups:        make([]rule.Group, len(p.Tiers)),
		Servers:       servers(p.Servers),
		Networks:      prefixes(p.Networks),
		Addresses:     addresses(p.Addresses),
		Foreign:       externals(p.Groups),
		AddressGroups: externals(p.AddressGroups),
		Families:      families(p.Families),
		Services:      services(p),
		Assertions:    assertions(p.Asserts),
	}
	// Groups have nothing to do with each other.
	var workers errgroup.Group
	workers.SetLimit(runtime.GOMAXPROCS(0))
	for i := range p.Tiers {
		workers.Go(func() error {
			set.Groups[i] = group(&p.Tiers[i], o)
			return nil
		})
	}
	return set, workers.Wait()
}

func group(t *schema.Tier, o Options) rule.Group {
	g := rule.Group{
		Tier:        t.Name,
		Name:        t.Group,
		Description: t.Description,
		Stateful:    t.Stateful,
		Tags:        t.Tags,
		Pos:         t.Pos,
	}
	for i := range t.Rules {
		if r := &t.Rules[i]; Expired(r, o.AsOf) {
			g.Expired = expand(g.Expired, r)
		} else {
			g.Written = expand(g.Written, r)
		}
	}
	for i := range t.Others {
		if r := &t.Others[i]; !Expired(r, o.AsOf) {
			g.Others = expand(g.Others, r)
		}
	}
	for _, entries := range [][]rule.Entry{g.Written, g.Expired, g.Others} {
		slices.SortStableFunc(entries, func(a, b rule.Entry) int { return rule.Compare(a.Rule, b.Rule) })
	}
	g.Rules = access.Minimise(g.Written, o.Minimize)
	return g
}

// Expired says whether a rule's last valid day is before asOf; "" is no day.
func Expired(r *schema.Rule, asOf string) bool {
	return r.Expires != "" && asOf != "" && r.Expires < asOf
}

// checkSize counts the product without writing it out. What has expired is written out
// too, and counts by itself: it takes no room from what a policy may allow.
func checkSize(p *schema.Policy, asOf string, limit int) error {
	written, expired := 0, 0
	for i := range p.Tiers {
		for r := range p.Tiers[i].All {
			total, message := &written, "the policy expands to more than %s here; name wider networks or port ranges, or raise --max-rules"
			if Expired(r, asOf) {
				total, message = &expired, "what has expired of the policy expands to more than %s here; take it out, or raise --max-rules"
			}
			if r.Except != nil {
				message = strings.Replace(message, "name wider", "to leave one address out of everyone takes 32 networks in IPv4 and 128 in IPv6; name wider", 1)
			}
			remotes := 0
			for _, peer := range r.Peers {
				// Two families at the most; exact would cost the expansion itself.
				remotes += max(2, len(peer.Prefixes))
			}
			if *total += remotes * len(r.Service.Matches); *total > limit {
				return schema.Errors{{Pos: r.Pos, Path: r.Path, Message: fmt.Sprintf(message, rule.Counted(limit, "rule"))}}
			}
		}
	}
	return nil
}
