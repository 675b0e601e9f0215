package neutron

import (
	"context"
	"net/url"

	"sgc.dev/sgc/rule"
)

// ownedPort is a port with what it belongs to.
type ownedPort struct {
	portWire
	ProjectID string `json:"project_id"`
	Owner     string `json:"device_owner"`
}

// Ports reads the project's ports: one call, or one a page where the cloud has pages.
func (c *Client) Ports(ctx context.Context) ([]rule.LivePort, error) {
	list, err := pages[ownedPort](ctx, c, "read the ports", "ports", "ports", url.Values{"project_id": {c.project}})
	if err != nil {
		return nil, err
	}
	var ports []rule.LivePort
	for _, p := range list {
		if p.ProjectID == c.project {
			ports = append(ports, rule.LivePort{ID: p.ID, Name: p.Name, Device: p.Device, Owner: p.Owner, Groups: p.Groups})
		}
	}
	return ports, nil
}
