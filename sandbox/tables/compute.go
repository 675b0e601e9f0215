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
func (t *Tables) AddServer(a api.Account, name string, prefix netip.Prefix, groupIDs ...string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var on *subnet
	for _, s := range t.subnets {
		if s.prefix == prefix {
			on = s
		}
	}
	if on == nil {
		network := t.newNetwork(a.ProjectID, prefix.String(), "").id
		on = &subnet{t.ids.NewUUID("subnet", a.ProjectID, prefix.String()), a.ProjectID, network, prefix, prefix.Addr()}
		t.subnets = append(t.subnets, on)
	}
	made := server{t.ids.NewUUID("server", a.ProjectID, name), a.ProjectID, name}
	t.servers = append(t.servers, made)
	on.given = on.given.Next()
	return t.newPort(&port{project: a.ProjectID, network: on.network, device: made.id, owner: "compute:nova", groups: groupIDs,
		fixed: []api.Object{{"subnet_id": on.id, "ip_address": addressText(on.given)}}}).id
}

// HasServers says whether there is a compute service.
func (t *Tables) HasServers() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.servers != nil
}

// AnswerCompute answers a call of the compute service: the names of servers are all that it knows.
func (t *Tables) AnswerCompute(r api.Request, who api.Account) api.Answer {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case r.Path != "/v2.1/servers" || r.Method != http.MethodGet:
		return api.Plain(http.StatusNotFound, "404 Not Found\n\nThe resource could not be found.\n\n")
	}
	list := []api.Object{}
	for _, s := range t.servers {
		if s.project == who.ProjectID {
			list = append(list, api.Object{"id": s.id, "name": s.name, "links": []api.Object{}})
		}
	}
	return api.Answer{Status: http.StatusOK, Body: api.Object{"servers": list}}
}
