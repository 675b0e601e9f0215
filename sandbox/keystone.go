package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// keystone answers a call of the identity service.
func (c *Cloud) keystone(r request) answer {
	at := strings.TrimSuffix(r.path, "/")
	switch at {
	case "", "/v3":
		return identityVersions(r)
	case "/v3/auth/tokens":
		return c.tokenCall(r)
	}
	parts := strings.Split(strings.TrimPrefix(at, "/v3/"), "/")
	if !slices.Contains([]string{"auth", "users", "projects", "domains"}, parts[0]) {
		return noPage()
	}
	who, ok := c.authenticated(r.header.Get("X-Auth-Token"))
	switch {
	case !ok:
		return unauthorized(r.server)
	case r.method != http.MethodGet:
		return noMethod()
	case at == "/v3/auth/catalog":
		return answer{status: http.StatusOK, body: object{"catalog": catalog(r.server), "links": object{"self": r.server.URL() + "/auth/catalog"}}}
	case at == "/v3/auth/projects", len(parts) == 3 && parts[0] == "users" && parts[1] == who.account.UserID && parts[2] == "projects":
		return answer{status: http.StatusOK, body: object{"projects": []object{who.user.project(r.server)}, "links": links(r)}}
	case at == "/v3/projects":
		return c.projectsCall(who, r)
	case len(parts) == 2 && parts[0] == "projects":
		return c.projectCall(who, r, parts[1])
	case at == "/v3/domains":
		return domainsCall(who, r)
	case len(parts) == 2 && parts[0] == "domains":
		return domainCall(who, r, parts[1])
	}
	return noPage()
}

// noPage and noMethod are Keystone's words on what it does not serve.
func noPage() answer {
	return page(http.StatusNotFound, "The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.")
}

func noMethod() answer {
	return page(http.StatusMethodNotAllowed, "The method is not allowed for the requested URL.")
}

func page(status int, words string) answer {
	title := http.StatusText(status)
	a := plain(status, fmt.Sprintf("<!doctype html>\n<html lang=en>\n<title>%d %s</title>\n<h1>%s</h1>\n<p>%s</p>\n", status, title, title, words))
	a.header = map[string]string{"Content-Type": "text/html; charset=utf-8"}
	return a
}

func identityError(status int, message string) answer {
	return answer{status: status, body: object{"error": object{"code": status, "title": http.StatusText(status), "message": message}}}
}

// unauthorized is what Keystone, and the filter before Neutron, say to a token that does not hold.
func unauthorized(s *Server) answer {
	a := identityError(http.StatusUnauthorized, "The request you have made requires authentication.")
	a.header = map[string]string{"WWW-Authenticate": `Keystone uri="` + s.URL() + `"`}
	return a
}

func identityForbidden(action string) answer {
	return identityError(http.StatusForbidden, "You are not authorized to perform the requested action: "+action+".")
}

// identityVersions are the documents of Keystone's versions, which need no token.
func identityVersions(r request) answer {
	if r.method != http.MethodGet && r.method != http.MethodHead {
		return noMethod()
	}
	version := object{
		"id": "v3.14", "status": "stable", "updated": "2020-04-07T00:00:00Z",
		"links":       []object{{"rel": "self", "href": r.server.URL() + "/"}},
		"media-types": []object{{"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"}},
	}
	if strings.HasPrefix(r.path, "/v3") {
		return answer{status: http.StatusOK, body: object{"version": version}}
	}
	return answer{status: http.StatusMultipleChoices, header: map[string]string{"Location": r.server.URL() + "/"},
		body: object{"versions": object{"values": []object{version}}}}
}

// catalog are the services with their addresses, the same for all who ask.
func catalog(s *Server) []object {
	service := func(kind, name, url string) object {
		var endpoints []object
		for _, face := range []string{"public", "internal", "admin"} {
			endpoints = append(endpoints, object{"id": name + "-" + face, "interface": face, "region": Region, "region_id": Region, "url": url})
		}
		return object{"id": name, "type": kind, "name": name, "endpoints": endpoints}
	}
	list := []object{service("identity", "keystone", s.URL()), service("network", "neutron", s.NetworkURL())}
	if s.cloud.servers != nil {
		list = append(list, service("compute", "nova", s.base+"/"+compute+"/v2.1"))
	}
	return list
}

func links(r request) object {
	self := r.server.base + "/" + identity + r.path
	if query := r.params.String(); query != "" {
		self += "?" + query
	}
	return object{"self": self, "next": nil, "previous": nil}
}

// project is the account's project as Keystone shows it.
func (a Account) project(s *Server) object {
	return object{
		"id": a.ProjectID, "name": a.Name, "description": "", "domain_id": domainID, "parent_id": domainID, "enabled": true, "is_domain": false,
		"options": object{}, "tags": []string{}, "links": object{"self": s.URL() + "/projects/" + a.ProjectID},
	}
}

func (c *Cloud) projectsCall(who token, r request) answer {
	if !who.account.Admin {
		return identityForbidden("identity:list_projects")
	}
	projects := []object{}
	name, filtered := r.params.get("name")
	for _, a := range c.accounts {
		if !filtered || a.Name == name {
			projects = append(projects, a.project(r.server))
		}
	}
	return answer{status: http.StatusOK, body: object{"projects": projects, "links": links(r)}}
}

func (c *Cloud) projectCall(who token, r request, id string) answer {
	if !who.account.Admin && id != who.account.ProjectID {
		return identityForbidden("identity:get_project")
	}
	for _, a := range c.accounts {
		if a.ProjectID == id {
			return answer{status: http.StatusOK, body: object{"project": a.project(r.server)}}
		}
	}
	return identityError(http.StatusNotFound, "Could not find project: "+id+".")
}

func domainView(s *Server) object {
	return object{"id": domainID, "name": domainName, "description": "The default domain", "enabled": true, "options": object{}, "tags": []string{},
		"links": object{"self": s.URL() + "/domains/" + domainID}}
}

func domainsCall(who token, r request) answer {
	if !who.account.Admin {
		return identityForbidden("identity:list_domains")
	}
	domains := []object{}
	if name, filtered := r.params.get("name"); !filtered || name == domainName {
		domains = append(domains, domainView(r.server))
	}
	return answer{status: http.StatusOK, body: object{"domains": domains, "links": links(r)}}
}

func domainCall(who token, r request, id string) answer {
	switch {
	case id == domainID:
		return answer{status: http.StatusOK, body: object{"domain": domainView(r.server)}}
	case !who.account.Admin:
		return identityForbidden("identity:get_domain")
	}
	return identityError(http.StatusNotFound, "Could not find domain: "+id+".")
}

// stamp is a time in Keystone's spelling.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }
