// Package keystone is a Keystone with one domain: accounts, application credentials, tokens.
package keystone

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"sgc.dev/sgc/sandbox/api"
)

// Answer answers a call of the identity service.
func (k *Keystone) Answer(r api.Request) api.Answer {
	k.mu.Lock()
	defer k.mu.Unlock()
	at := strings.TrimSuffix(r.Path, "/")
	switch at {
	case "", "/v3":
		return identityVersions(r)
	case "/v3/auth/tokens":
		return k.tokenCall(r)
	}
	parts := strings.Split(strings.TrimPrefix(at, "/v3/"), "/")
	if !slices.Contains([]string{"auth", "users", "projects", "domains"}, parts[0]) {
		return noPage()
	}
	who, ok := k.authenticated(r.Token())
	switch {
	case !ok:
		return Unauthorized(r)
	case r.Method != http.MethodGet:
		return noMethod()
	case at == "/v3/auth/catalog":
		return api.Answer{Status: http.StatusOK, Body: api.Object{"catalog": catalog(r), "links": api.Object{"self": r.IdentityURL() + "/auth/catalog"}}}
	case at == "/v3/auth/projects", len(parts) == 3 && parts[0] == "users" && parts[1] == who.account.UserID && parts[2] == "projects":
		return api.Answer{Status: http.StatusOK, Body: api.Object{"projects": []api.Object{projectView(who.user, r)}, "links": links(r)}}
	case at == "/v3/projects":
		return k.projectsCall(who, r)
	case len(parts) == 2 && parts[0] == "projects":
		return k.projectCall(who, r, parts[1])
	case at == "/v3/domains":
		return domainsCall(who, r)
	case len(parts) == 2 && parts[0] == "domains":
		return domainCall(who, r, parts[1])
	}
	return noPage()
}

// noPage and noMethod are Keystone's words on what it does not serve.
func noPage() api.Answer {
	return page(http.StatusNotFound, "The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.")
}

func noMethod() api.Answer {
	return page(http.StatusMethodNotAllowed, "The method is not allowed for the requested URL.")
}

func page(status int, words string) api.Answer {
	title := http.StatusText(status)
	a := api.Plain(status, fmt.Sprintf("<!doctype html>\n<html lang=en>\n<title>%d %s</title>\n<h1>%s</h1>\n<p>%s</p>\n", status, title, title, words))
	a.Header = map[string]string{"Content-Type": "text/html; charset=utf-8"}
	return a
}

func identityError(status int, message string) api.Answer {
	return api.Answer{Status: status, Body: api.Object{"error": api.Object{"code": status, "title": http.StatusText(status), "message": message}}}
}

// Unauthorized is what Keystone, and the filter before Neutron, say to a token that does not hold.
func Unauthorized(r api.Request) api.Answer {
	a := identityError(http.StatusUnauthorized, "The request you have made requires authentication.")
	a.Header = map[string]string{"WWW-Authenticate": `Keystone uri="` + r.IdentityURL() + `"`}
	return a
}

func identityForbidden(action string) api.Answer {
	return identityError(http.StatusForbidden, "You are not authorized to perform the requested action: "+action+".")
}

// identityVersions are the documents of Keystone's versions, which need no token.
func identityVersions(r api.Request) api.Answer {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return noMethod()
	}
	version := api.Object{
		"id": "v3.14", "status": "stable", "updated": "2020-04-07T00:00:00Z",
		"links":       []api.Object{{"rel": "self", "href": r.IdentityURL() + "/"}},
		"media-types": []api.Object{{"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"}},
	}
	if strings.HasPrefix(r.Path, "/v3") {
		return api.Answer{Status: http.StatusOK, Body: api.Object{"version": version}}
	}
	return api.Answer{Status: http.StatusMultipleChoices, Header: map[string]string{"Location": r.IdentityURL() + "/"},
		Body: api.Object{"versions": api.Object{"values": []api.Object{version}}}}
}

// catalog are the services with their addresses, the same for all who ask.
func catalog(r api.Request) []api.Object {
	service := func(kind, name, url string) api.Object {
		var endpoints []api.Object
		for _, face := range []string{"public", "internal", "admin"} {
			endpoints = append(endpoints, api.Object{"id": name + "-" + face, "interface": face, "region": Region, "region_id": Region, "url": url})
		}
		return api.Object{"id": name, "type": kind, "name": name, "endpoints": endpoints}
	}
	list := []api.Object{service("identity", "keystone", r.IdentityURL()), service("network", "neutron", r.NetworkURL())}
	if r.Nova {
		list = append(list, service("compute", "nova", r.ComputeURL()))
	}
	return list
}

func links(r api.Request) api.Object {
	self := r.Base + "/" + api.Identity + r.Path
	if query := r.Params.String(); query != "" {
		self += "?" + query
	}
	return api.Object{"self": self, "next": nil, "previous": nil}
}

// projectView is the account's project as Keystone shows it.
func projectView(a api.Account, r api.Request) api.Object {
	return api.Object{
		"id": a.ProjectID, "name": a.Name, "description": "", "domain_id": domainID, "parent_id": domainID, "enabled": true, "is_domain": false,
		"options": api.Object{}, "tags": []string{}, "links": api.Object{"self": r.IdentityURL() + "/projects/" + a.ProjectID},
	}
}

func (k *Keystone) projectsCall(who token, r api.Request) api.Answer {
	if !who.account.Admin {
		return identityForbidden("identity:list_projects")
	}
	projects := []api.Object{}
	name, filtered := r.Params.Get("name")
	for _, a := range k.accounts {
		if !filtered || a.Name == name {
			projects = append(projects, projectView(a, r))
		}
	}
	return api.Answer{Status: http.StatusOK, Body: api.Object{"projects": projects, "links": links(r)}}
}

func (k *Keystone) projectCall(who token, r api.Request, id string) api.Answer {
	if !who.account.Admin && id != who.account.ProjectID {
		return identityForbidden("identity:get_project")
	}
	for _, a := range k.accounts {
		if a.ProjectID == id {
			return api.Answer{Status: http.StatusOK, Body: api.Object{"project": projectView(a, r)}}
		}
	}
	return identityError(http.StatusNotFound, "Could not find project: "+id+".")
}

func domainView(r api.Request) api.Object {
	return api.Object{"id": domainID, "name": DomainName, "description": "The default domain", "enabled": true, "options": api.Object{}, "tags": []string{},
		"links": api.Object{"self": r.IdentityURL() + "/domains/" + domainID}}
}

func domainsCall(who token, r api.Request) api.Answer {
	if !who.account.Admin {
		return identityForbidden("identity:list_domains")
	}
	domains := []api.Object{}
	if name, filtered := r.Params.Get("name"); !filtered || name == DomainName {
		domains = append(domains, domainView(r))
	}
	return api.Answer{Status: http.StatusOK, Body: api.Object{"domains": domains, "links": links(r)}}
}

func domainCall(who token, r api.Request, id string) api.Answer {
	switch {
	case id == domainID:
		return api.Answer{Status: http.StatusOK, Body: api.Object{"domain": domainView(r)}}
	case !who.account.Admin:
		return identityForbidden("identity:get_domain")
	}
	return identityError(http.StatusNotFound, "Could not find domain: "+id+".")
}

// stamp is a time in Keystone's spelling.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }
