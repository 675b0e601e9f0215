package neutron

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// Facts answers what a plan needs to know: one call for each kind of question that it
// asks, and more where one would be too long. A quota that nobody lets the user read
// keeps nothing from being done.
func (c *Client) Facts(ctx context.Context, n plan.Needs) (plan.Facts, error) {
	f := plan.Facts{Quota: plan.Quota{Groups: plan.Room{Limit: -1}, Rules: plan.Room{Limit: -1}}}
	var err error
	if n.Quota {
		quota, err := c.quota(ctx)
		var r *Refusal
		switch {
		case err == nil:
			f.Quota = quota
		case errors.As(err, &r) && (r.Status == http.StatusForbidden || r.Status == http.StatusNotFound):
			f.QuotaUnread = fmt.Sprintf("%d %s", r.Status, cmp.Or(r.Type, http.StatusText(r.Status)))
		default:
			return f, err
		}
	}
	if len(n.PortsOf) > 0 {
		if f.Ports, err = c.ports(ctx, n.PortsOf); err != nil {
			return f, err
		}
	}
	if n.Extensions {
		f.Extensions, err = c.extensions(ctx)
	}
	return f, err
}

func (c *Client) quota(ctx context.Context) (plan.Quota, error) {
	type detail struct {
		Limit    int `json:"limit"`
		Used     int `json:"used"`
		Reserved int `json:"reserved"`
	}
	unlimited := detail{Limit: -1}
	answer := struct {
		Quota struct {
			Group detail `json:"security_group"`
			Rule  detail `json:"security_group_rule"`
		} `json:"quota"`
	}{}
	answer.Quota.Group, answer.Quota.Rule = unlimited, unlimited
	err := c.get(ctx, "read the quota", below("quotas", c.project, "details.json"), nil, &answer)
	room := func(d detail) plan.Room { return plan.Room{Limit: d.Limit, Used: d.Used + d.Reserved} }
	return plan.Quota{Groups: room(answer.Quota.Group), Rules: room(answer.Quota.Rule)}, err
}

type portWire struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Device string   `json:"device_id"`
	Groups []string `json:"security_groups"`
}

func (p portWire) Key() string  { return p.ID }
func (p portWire) Check() error { return rule.CheckID(p.ID) }

// ports lists the ports that carry any of the groups, each once for every group that it
// carries, however often it was listed. A cloud that does not know the filter lists
// them all; they are told apart here. The answer is not cut down with "fields": Neutron
// answers 500 where it then lacks what its own policy reads.
func (c *Client) ports(ctx context.Context, groups []string) (map[string][]plan.Port, error) {
	queries := c.queries("ports", "security_groups", groups, nil)
	list, err := pagesOf[portWire](ctx, c, "read the ports", "ports", "ports", queries)
	if err != nil {
		return nil, err
	}
	type use struct{ group, port string }
	counted := map[use]bool{}
	ports := map[string][]plan.Port{}
	for _, p := range list {
		for _, id := range p.Groups {
			if u := (use{id, p.ID}); !counted[u] {
				counted[u] = true
				ports[id] = append(ports[id], plan.Port{ID: p.ID, Name: p.Name, Device: p.Device})
			}
		}
	}
	return ports, nil
}

type extension struct {
	Alias string `json:"alias"`
}

func (e extension) Key() string  { return e.Alias }
func (e extension) Check() error { return rule.CheckID(e.Alias) }

func (c *Client) extensions(ctx context.Context) (map[string]bool, error) {
	list, err := pages[extension](ctx, c, "read the extensions", "extensions", "extensions", nil)
	if err != nil {
		return nil, err
	}
	all := map[string]bool{}
	for _, e := range list {
		all[e.Alias] = true
	}
	return all, nil
}
