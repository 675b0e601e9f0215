package tables

import (
	"net/http"
	"net/netip"

	"sgc.dev/sgc/sandbox/api"
)

// server is a server of the compute service.
type server struct{ id, project, name string }

// AddServer makes a server of the account's project, with a port that carries the groups
// and is in the network of that prefix, whoever has that, or in a new one. It returns the
// port's id. From the first server on the catalog has a compute service.
func (c *Tables) AddServer(a api.Account, name string, prefix netip.Prefix, groupIDs ...string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var on *subnet
	for _, s := range c.subnets {
		if s.prefix == prefix {
			on = s
		}
	}
	if on == nil {
		network := c.newNetwork(a.ProjectID, prefix.String(), "").id
		on = &subnet{c.ids.NewUUID("subnet", a.ProjectID, prefix.String()), a.ProjectID, network, prefix, prefix.Addr()}
		c.subnets = append(c.subnets, on)
	}
	made := server{c.ids.NewUUID("server", a.ProjectID, name), a.ProjectID, name}
	c.servers = append(c.servers, made)
	on.given = on.given.Next()
	return c.newPort(&port{project: a.ProjectID, network: on.network, device: made.id, owner: "compute:nova", groups: groupIDs,
		fixed: []api.Object{{"subnet_id": on.id, "ip_address": addressText(on.given)}}}).id
}

// HasServers says whether there is a compute service.
func (c *Tables) HasServers() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.servers != nil
}

// AnswerCompute answers a call of the compute service: the names of servers are all that it knows.
func (c *Tables) AnswerCompute(r api.Request, who api.Account) api.Answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case r.Path != "/v2.1/servers" || r.Method != http.MethodGet:
		return api.Plain(http.StatusNotFound, "404 Not Found\n\nThe resource could not be found.\n\n")
	}
	list := []api.Object{}
	for _, s := range c.servers {
		if s.project == who.ProjectID {
			list = append(list, api.Object{"id": s.id, "name": s.name, "links": []api.Object{}})
		}
	}
	return api.Answer{Status: http.StatusOK, Body: api.Object{"servers": list}}
}
