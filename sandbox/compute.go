package sandbox

import (
	"net/http"
	"net/netip"
)

// server is a server of the compute service.
type server struct{ id, project, name string }

// AddServer makes a server of the account's project, with a port that carries the groups
// and is in the network of that prefix, whoever has that, or in a new one. It returns the
// port's id. From the first server on the catalog has a compute service.
func (c *Cloud) AddServer(a Account, name string, prefix netip.Prefix, groupIDs ...string) string {
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
		on = &subnet{c.newUUID("subnet", a.ProjectID, prefix.String()), a.ProjectID, network, prefix, prefix.Addr()}
		c.subnets = append(c.subnets, on)
	}
	made := server{c.newUUID("server", a.ProjectID, name), a.ProjectID, name}
	c.servers = append(c.servers, made)
	on.given = on.given.Next()
	return c.newPort(&port{project: a.ProjectID, network: on.network, device: made.id, owner: "compute:nova", groups: groupIDs,
		fixed: []object{{"subnet_id": on.id, "ip_address": addressText(on.given)}}}).id
}

// nova answers a call of the compute service: the names of servers are all that it knows.
func (c *Cloud) nova(r request) answer {
	who, ok := c.authenticated(r.header.Get("X-Auth-Token"))
	switch {
	case !ok:
		return unauthorized(r.server)
	case r.path != "/v2.1/servers" || r.method != http.MethodGet:
		return plain(http.StatusNotFound, "404 Not Found\n\nThe resource could not be found.\n\n")
	}
	list := []object{}
	for _, s := range c.servers {
		if s.project == who.account.ProjectID {
			list = append(list, object{"id": s.id, "name": s.name, "links": []object{}})
		}
	}
	return answer{status: http.StatusOK, body: object{"servers": list}}
}
