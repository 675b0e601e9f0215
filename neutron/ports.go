package neutron

import (
	"context"
	"net/netip"
	"net/url"
	"strings"

	"sgc.dev/sgc/rule"
)

// ownedPort is a port with what it belongs to and where it is.
type ownedPort struct {
	portWire
	ProjectID string `json:"project_id"`
	Owner     string `json:"device_owner"`
	Network   string `json:"network_id"`
	Addresses []struct {
		Subnet string `json:"subnet_id"`
	} `json:"fixed_ips"`
	Pairs []any `json:"allowed_address_pairs"`
}

// Ports reads the project's ports: one call, or one a page where the cloud has pages.
func (c *Client) Ports(ctx context.Context) ([]rule.LivePort, error) {
	list, err := pages[ownedPort](ctx, c, "read the ports", "ports", "ports", url.Values{"project_id": {c.project}})
	if err != nil {
		return nil, err
	}
	var ports []rule.LivePort
	for _, p := range list {
		if p.ProjectID != c.project {
			continue
		}
		live := rule.LivePort{ID: p.ID, Name: p.Name, Device: p.Device, Owner: p.Owner, Groups: p.Groups, Network: p.Network}
		for _, a := range p.Addresses {
			if len(p.Pairs) == 0 {
				live.Subnets = append(live.Subnets, a.Subnet)
			}
		}
		ports = append(ports, live)
	}
	return ports, nil
}

type subnet struct {
	ID      string       `json:"id"`
	Network string       `json:"network_id"`
	Prefix  netip.Prefix `json:"cidr"`
}

func (s subnet) Key() string  { return s.ID }
func (s subnet) Check() error { return rule.CheckID(s.ID) }

// Subnets reads the project's subnets in networks, by id, where no port but its own and
// those of the network itself (DHCP, routers) is in these.
func (c *Client) Subnets(ctx context.Context, networks []string) (map[string]netip.Prefix, error) {
	list, err := pagesOf[subnet](ctx, c, "read the subnets", "subnets", "subnets", c.queries("subnets", "network_id", networks, url.Values{"project_id": {c.project}}))
	if err != nil || len(list) == 0 {
		return nil, err
	}
	ports, err := pagesOf[ownedPort](ctx, c, "read the ports", "ports", "ports", c.queries("ports", "network_id", networks, nil))
	if err != nil {
		return nil, err
	}
	shared := map[string]bool{}
	for _, p := range ports {
		if p.ProjectID != c.project && !strings.HasPrefix(p.Owner, rule.NetworkOwner) {
			shared[p.Network] = true
		}
	}
	own := map[string]netip.Prefix{}
	for _, s := range list {
		if !shared[s.Network] {
			own[s.ID] = s.Prefix.Masked()
		}
	}
	return own, nil
}

type server struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func (s server) Key() string  { return s.ID }
func (s server) Check() error { return rule.CheckID(s.ID) }

// Servers reads what the project's servers are called, by id: none where the cloud has no
// compute service. That one is asked once: what depends on it can be done without.
func (c *Client) Servers(ctx context.Context) (map[string]string, error) {
	if c.compute == nil {
		return nil, nil
	}
	nova := &Client{network: c.compute, secrets: c.secrets}
	list, err := pages[server](context.WithValue(ctx, onceKey{}, true), nova, "read the servers", "servers", "servers", nil)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, s := range list {
		names[s.ID] = s.Name
	}
	return names, nil
}
