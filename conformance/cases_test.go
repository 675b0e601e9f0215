//go:build conformance

package conformance

import (
	"crypto/rand"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"testing"
)

var slow = flag.Bool("slow", false, "put the cases to a cloud that take minutes, too")

// testCases puts the cases that hold for a release to a cloud of that release, as
// many at a time as there are processors. They share two projects, but for those
// that need fresh ones: each project costs Keystone as much as the rest of a case
// costs Neutron.
func testCases(t *testing.T, c *cloud, r release) {
	all := readCases(t)
	shared := newRealPlace(t, c)
	if err := unlimited(shared, "member", "other"); err != nil {
		t.Fatal(err)
	}
	if err := warm(shared); err != nil {
		t.Fatal(err)
	}
	held := 0
	for _, one := range all {
		if !one.holdsFor(r) {
			continue
		}
		if one.slow && !*slow {
			t.Logf("%s takes minutes: only with -slow", one.name)
			continue
		}
		held++
		t.Run(one.name, func(t *testing.T) {
			if !one.alone {
				t.Parallel()
			}
			at := shared
			at.parties = map[string]party{}
			if !one.fresh {
				maps.Copy(at.parties, shared.parties)
			}
			if err := one.run(at, nil); err != nil {
				t.Error(err)
			}
		})
	}
	t.Logf("release %s: put %d of %d cases to it", r, held, len(all))
}

// warm has each of Neutron's processes look at each collection. One that has not
// done so yet knows less than the others: 2025.1 crashes at a list of ports, 2026.1
// leaves the project out of an address group.
func warm(at place) error {
	for range 10 {
		for _, path := range []string{"/v2.0/security-groups", "/v2.0/address-groups", "/v2.0/networks", "/v2.0/ports"} {
			if _, err := (step{method: http.MethodGet, path: path}).call(variables{place: at}); err != nil {
				return err
			}
		}
	}
	return nil
}

// A realUser is a user who gets a new project in each case: passwords are slow.
type realUser struct {
	id, name, password string
	unscoped           string // a token that gets others
}

func (c *cloud) user(t testing.TB) realUser {
	t.Helper()
	u := realUser{name: "user-" + rand.Text(), password: rand.Text()}
	var made struct{ User struct{ ID string } }
	admin := c.admin.keystone
	admin.must(t, http.MethodPost, "/users", body{"user": body{"name": u.name, "domain_id": "default", "password": u.password}}, &made)
	u.id = made.User.ID
	t.Cleanup(func() { admin.must(t, http.MethodDelete, "/users/"+u.id, nil, nil) })
	var err error
	if u.unscoped, err = c.party().login(u.proof(), ""); err != nil {
		t.Fatal(err)
	}
	return u
}

func (u realUser) proof() object {
	return object{"methods": []string{"password"}, "password": object{"user": object{"id": u.id, "password": u.password}}}
}

// party is a caller who is nobody yet.
func (c *cloud) party() party {
	return party{keystone: c.admin.keystone.url[:len(c.admin.keystone.url)-len("/v3")], neutron: c.network}
}

// realPlace is a cloud with what one case has in it. The projects stay: the cloud
// ends with the tests.
type realPlace struct {
	cloud   *cloud
	role    string // id of the role member
	users   map[string]realUser
	parties map[string]party
}

func newRealPlace(t testing.TB, c *cloud) realPlace {
	t.Helper()
	var roles struct{ Roles []struct{ ID string } }
	c.admin.keystone.must(t, http.MethodGet, "/roles?name=member", nil, &roles)
	users := map[string]realUser{"member": c.user(t), "other": c.user(t)}
	return realPlace{c, roles.Roles[0].ID, users, map[string]party{}}
}

func (p realPlace) party(name string) (party, error) {
	if known, ok := p.parties[name]; ok {
		return known, nil
	}
	made := p.cloud.party()
	switch name {
	case "member", "other":
		if err := p.tenant(&made, p.users[name]); err != nil {
			return made, err
		}
	case "admin":
		a := p.cloud.admin
		made.facts = map[string]string{"project": a.projectID, "token": a.neutron.token}
	case "credential":
		if err := p.credential(&made); err != nil {
			return made, err
		}
	default:
		return made, fmt.Errorf("there is no %s", name)
	}
	p.parties[name] = made
	return made, nil
}

// tenant makes a project with the user as its only member.
func (p realPlace) tenant(made *party, u realUser) error {
	admin := p.cloud.admin.keystone
	name := "project-" + rand.Text()
	var project struct{ Project struct{ ID string } }
	if _, err := admin.call(http.MethodPost, "/projects", body{"project": body{"name": name, "domain_id": "default"}}, &project); err != nil {
		return err
	}
	id := project.Project.ID
	if _, err := admin.call(http.MethodPut, "/projects/"+id+"/users/"+u.id+"/roles/"+p.role, nil, nil); err != nil {
		return err
	}
	token, err := made.login(object{"methods": []string{"token"}, "token": object{"id": u.unscoped}}, id)
	made.facts = map[string]string{"project": id, "project_name": name, "user": u.id, "user_name": u.name, "password": u.password,
		"token": token, "keystone": made.keystone, "network": made.neutron}
	return err
}

// credential makes an application credential of member.
func (p realPlace) credential(made *party) error {
	member, err := p.party("member")
	if err != nil {
		return err
	}
	name := "credential-" + rand.Text()
	var answer struct {
		Credential struct{ ID, Secret string } `json:"application_credential"`
	}
	as := api{member.keystone + "/v3", member.facts["token"]}
	_, err = as.call(http.MethodPost, "/users/"+member.facts["user"]+"/application_credentials", body{"application_credential": body{"name": name}}, &answer)
	made.facts = map[string]string{"id": answer.Credential.ID, "secret": answer.Credential.Secret, "name": name}
	return err
}
