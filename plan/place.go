package plan

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"
)

// Place is where a plan or a snapshot belongs: one project of one cloud. That of a saved
// state has its project alone.
type Place struct {
	Cloud    string `json:"cloud,omitempty"`  // its name in clouds.yaml, for people
	Keystone string `json:"keystone"`         // its URL
	Region   string `json:"region"`           // its id
	Network  string `json:"network"`          // Neutron's endpoint, without a version
	Project  string `json:"project"`          // its id
	Name     string `json:"name"`             // of the project, for people
	Domain   string `json:"domain,omitempty"` // of the project, by name, for people
}

// Saved says whether the place is that of a saved state: no cloud is known.
func (p Place) Saved() bool { return p.Keystone == "" }

// String is the place in words, with what is known of it: "project demo (domain Default)
// in cloud prod, region RegionOne at https://cloud.example:5000".
func (p Place) String() string {
	switch {
	case p.Saved() && p.Project == "":
		return "a saved state"
	case p.Saved():
		return "a saved state of project " + p.Project
	}
	text := "project " + cmp.Or(p.Name, p.Project)
	if p.Domain != "" {
		text += " (domain " + p.Domain + ")"
	}
	var where []string
	if p.Cloud != "" {
		where = append(where, "cloud "+p.Cloud)
	}
	if p.Region != "" {
		where = append(where, "region "+p.Region)
	}
	if where != nil {
		text += " in " + strings.Join(where, ", ")
	}
	return text + " at " + address(p.Keystone).server()
}

// Difference is what two places are not the same in.
type Difference struct {
	// Final says that it is another project or another region: no permit makes up for
	// that. Otherwise addresses alone differ, and whoever knows that both are of one cloud
	// may go on.
	Final bool
	// Message goes on after the name of what belongs to the first place: "the plan of
	// policy shop …".
	Message string
}

// Differs compares the place that something belongs to with the one where it is to be
// used; nil is the same. Names are for people: a project with a new name is the same one.
func (p Place) Differs(here Place) *Difference {
	switch {
	case p.Saved():
		return &Difference{Final: true, Message: fmt.Sprintf("was made from %s, not from a cloud", p)}
	case p.Project != here.Project:
		return &Difference{Final: true, Message: fmt.Sprintf("belongs to project %s, and this is project %s", p.named(), here.named())}
	case p.Region != here.Region:
		return &Difference{Final: true, Message: fmt.Sprintf("belongs to region %q, and this is region %q", p.Region, here.Region)}
	}
	for _, service := range []struct{ name, there, here string }{
		{"Keystone", p.Keystone, here.Keystone},
		{"Neutron", p.Network, here.Network},
	} {
		if there, here := address(service.there), address(service.here); there != here {
			return &Difference{Message: fmt.Sprintf("belongs to a cloud whose %s is at %s, and here it is at %s",
				service.name, there, here)}
		}
	}
	return nil
}

// named is the project's id, and its name where that is known.
func (p Place) named() string {
	if p.Name == "" {
		return p.Project
	}
	return p.Project + " (" + p.Name + ")"
}

// endpoint is an address as it is compared, and as people may see it: without a user, a
// password and a query.
type endpoint struct{ scheme, host, path string }

// address normalises what may be written in several ways. What is no address is compared
// as it is.
func address(text string) endpoint {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return endpoint{path: text}
	}
	e := endpoint{strings.ToLower(u.Scheme), strings.ToLower(u.Host), strings.TrimRight(u.Path, "/")}
	e.host = strings.TrimSuffix(e.host, ":"+defaultPorts[e.scheme])
	for _, version := range []string{"/v3", "/v2.0"} {
		e.path = strings.TrimRight(strings.TrimSuffix(e.path, version), "/")
	}
	return e
}

var defaultPorts = map[string]string{"http": "80", "https": "443"}

// server is the address without a path.
func (e endpoint) server() string {
	if e.host == "" {
		return e.path
	}
	return e.scheme + "://" + e.host
}

func (e endpoint) String() string {
	if e.host == "" {
		return e.path
	}
	return e.server() + e.path
}
