package clouds

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/gophercloud/gophercloud/v2"

	"sgc.dev/sgc/rule"
)

// login is the keys that say who logs in and for which project, as Keystone has them.
type login map[string]said

// authTypes is what each way to log in takes, beside auth_url and the project.
var authTypes = map[string][]string{
	"password":                passwordKeys,
	"v3password":              passwordKeys,
	"token":                   {"token"},
	"v3token":                 {"token"},
	"v3applicationcredential": append([]string{"application_credential_id", "application_credential_name", "application_credential_secret"}, userKeys...),
}

var (
	userKeys     = []string{"user_id", "username", "user_domain_id", "user_domain_name"}
	passwordKeys = append([]string{"password"}, userKeys...)
	projectKeys  = []string{"auth_url", "project_id", "project_name", "project_domain_id", "project_domain_name", "trust_id"}
)

// An authKey is a key of a login. What stands beside auth, a variable say, counts before what
// stands below it; of moved keys it is the other way round. A user and a password beside auth are
// passed over where something else logs in, so that an openrc file can be added to.
type authKey struct {
	name  string
	old   string // its former name, which gives way; "" is none
	moved bool
}

var authKeys = []authKey{
	{"auth_url", "", false},
	{"username", "user_name", false},
	{"user_id", "", false},
	{"password", "", false},
	{"trust_id", "", false},
	{"system_scope", "", false},
	{"application_credential_id", "", false},
	{"application_credential_name", "", false},
	{"application_credential_secret", "", false},
	{"token", "auth_token", true},
	{"project_id", "tenant_id", true},
	{"project_name", "tenant_name", true},
	{"project_domain_id", "", true},
	{"project_domain_name", "", true},
	{"user_domain_id", "", true},
	{"user_domain_name", "", true},
	{"domain_id", "", true},
	{"domain_name", "", true},
}

// authNames is how those keys are called now.
func authNames() []string {
	var names []string
	for _, key := range authKeys {
		names = append(names, key.name)
	}
	return names
}

// unsupported is keys by which openstack would log in elsewhere, or otherwise.
var unsupported = []string{
	"service_provider", "remote_project_id", "remote_project_name", "remote_project_domain_id", "remote_project_domain_name",
	"passcode", "endpoint", "default_domain_id", "default_domain_name",
}

// login is who logs in. What openstack would do in a way of its own is refused by its name, and
// so is what it would refuse.
func (e entry) login() (login, error) {
	kind, err := e.authType()
	if err != nil {
		return nil, err
	}
	l, err := e.chosen(authTypes[kind])
	if err != nil {
		return nil, err
	}
	version, _ := e.text("identity_api_version")
	l.domains(version == "3" && slices.Contains(authTypes[kind], "password"), cmp.Or(os.Getenv("OS_DEFAULT_DOMAIN"), "default"))
	for _, key := range slices.Sorted(maps.Keys(l)) {
		if !slices.Contains(authTypes[kind], key) && !slices.Contains(projectKeys, key) {
			return nil, tooMuch(key, l[key].by, kind)
		}
	}
	l.idsAlone()
	return l, l.check(kind)
}

// authType is the way to log in, by password where none is named.
func (e entry) authType() (string, error) {
	kind, err := e.text("auth_type")
	if err != nil {
		return "", err
	}
	kind = cmp.Or(kind, "password")
	if authTypes[kind] == nil {
		return "", fmt.Errorf("%s %q is not supported: sgc logs in by %s", e.beside["auth_type"].by, kind, strings.Join(slices.Sorted(maps.Keys(authTypes)), ", "))
	}
	if plugin := e.beside["auth_plugin"]; plugin.value != nil && plugin.value != kind {
		return "", fmt.Errorf("%s is not supported, and openstack passes over it: write auth_type", plugin.by)
	}
	if version, err := e.text("identity_api_version"); err != nil || strings.HasPrefix(version, "2") {
		return "", cmp.Or(err, fmt.Errorf("%s is not supported: sgc speaks version 3 of Keystone's API alone", e.beside["identity_api_version"].by))
	}
	for _, key := range unsupported {
		if s := e.beside[key]; s.value != nil {
			return "", fmt.Errorf("%s is not supported: leave it out", s.by)
		}
	}
	return kind, nil
}

// chosen is the values that count, of keys in several places.
func (e entry) chosen(taken []string) (login, error) {
	l := login{}
	below := maps.Clone(e.auth)
	for _, key := range authKeys {
		places := []said{e.beside[key.name], e.beside[key.old], e.auth[key.name], e.auth[key.old]}
		if key.moved {
			if below, beside := cmp.Or(places[2], places[3]), cmp.Or(places[0], places[1]); below.by != "" && beside.by != "" && below.value != beside.value {
				return nil, fmt.Errorf("%s and %s differ, and releases of openstack do not agree on which counts: leave one out", below.by, beside.by)
			}
			places = []said{e.auth[key.name], e.beside[key.name], e.auth[key.old], e.beside[key.old]}
		} else if slices.Contains(passwordKeys, key.name) && !slices.Contains(taken, key.name) {
			places = places[2:]
		}
		delete(below, key.name)
		delete(below, key.old)
		for _, place := range places {
			if place.by == "" {
				continue
			}
			text, err := place.text()
			if err != nil {
				return nil, err
			}
			if text == "" {
				return nil, fmt.Errorf("%s is empty: give it a value, or leave it out", place.by)
			}
			l[key.name] = said{text, place.by}
			break
		}
	}
	if keys := slices.Sorted(maps.Keys(below)); len(keys) > 0 {
		key := keys[0]
		switch meant := rule.Closest(key, authNames()); {
		case shownKey(key) != key:
			return nil, fmt.Errorf("%s: this key may be a secret, and so is not shown: keys are words, and a blank follows the colon", below[key].by)
		case meant != "":
			return nil, fmt.Errorf("%s is not supported: did you mean %q?", below[key].by, meant)
		}
		return nil, fmt.Errorf("%s is not supported: leave it out", below[key].by)
	}
	return l, nil
}

// domains has one domain stand for that of the user and of the project, and without any a
// fallback where there is one.
func (l login) domains(falls bool, fallback string) {
	if l.has("project_id", "project_name") {
		for _, key := range []string{"domain_id", "domain_name"} {
			if s, is := l[key]; is {
				for _, of := range []string{"user_", "project_"} {
					if !l.has(of + key) {
						l[of+key] = s
					}
				}
				delete(l, key)
			}
		}
	}
	for _, of := range []string{"user_", "project_"} {
		if falls && !l.has(of+"domain_id", of+"domain_name") {
			l[of+"domain_id"] = said{fallback, "OS_DEFAULT_DOMAIN"}
		}
	}
}

// has says whether one of the keys is there.
func (l login) has(keys ...string) bool {
	return slices.ContainsFunc(keys, func(key string) bool { return l[key].by != "" })
}

// text is the value of a key.
func (l login) text(key string) string {
	text, _ := l[key].value.(string)
	return text
}

// options is the log-in as gophercloud has it. A token alone cannot be renewed.
func (l login) options() gophercloud.AuthOptions {
	o := gophercloud.AuthOptions{
		IdentityEndpoint: l.text("auth_url"),
		Username:         l.text("username"), UserID: l.text("user_id"), Password: l.text("password"),
		DomainID: l.text("user_domain_id"), DomainName: l.text("user_domain_name"),
		ApplicationCredentialID: l.text("application_credential_id"), ApplicationCredentialName: l.text("application_credential_name"),
		ApplicationCredentialSecret: l.text("application_credential_secret"),
		TokenID:                     l.text("token"), AllowReauth: !l.has("token"),
	}
	if l.has("trust_id", "project_id", "project_name") {
		o.Scope = &gophercloud.AuthScope{
			TrustID: l.text("trust_id"), ProjectID: l.text("project_id"), ProjectName: l.text("project_name"),
			DomainID: l.text("project_domain_id"), DomainName: l.text("project_domain_name"),
		}
	}
	return o
}

// idsAlone leaves names out where there are ids, which count alone.
func (l login) idsAlone() {
	for _, id := range []struct {
		key   string
		names []string
	}{
		{"application_credential_id", append([]string{"application_credential_name"}, userKeys...)},
		{"user_id", []string{"username", "user_domain_id", "user_domain_name"}},
		{"user_domain_id", []string{"user_domain_name"}},
		{"project_id", []string{"project_name", "project_domain_id", "project_domain_name"}},
		{"project_domain_id", []string{"project_domain_name"}},
	} {
		if l.has(id.key) {
			for _, name := range id.names {
				delete(l, name)
			}
		}
	}
	if !l.has("project_name") { // a domain alone names no project
		delete(l, "project_domain_id")
		delete(l, "project_domain_name")
	}
}

// tooMuch says that a key is no part of the way to log in, and what it is a part of.
func tooMuch(key, by, kind string) error {
	switch {
	case strings.HasPrefix(key, "domain_") || key == "system_scope":
		return fmt.Errorf("%s: groups are of a project: leave it out, and set OS_PROJECT_NAME, or project_name in clouds.yaml", by)
	case slices.Contains(userKeys, key):
		return fmt.Errorf("%s does not go with auth_type %s: leave it out", by, kind)
	}
	for _, other := range []string{"password", "token", "v3applicationcredential"} {
		if slices.Contains(authTypes[other], key) {
			return fmt.Errorf("%s does not go with auth_type %s: leave it out, or set OS_AUTH_TYPE, or auth_type in clouds.yaml, to %s", by, kind, other)
		}
	}
	return fmt.Errorf("%s is not for logging in: leave it out", by)
}

// check says what is left out that Keystone needs, or what excludes each other.
func (l login) check(kind string) error {
	if !l.has("auth_url") {
		return errors.New("the cloud has no auth_url: set OS_AUTH_URL, or auth_url in clouds.yaml, like https://cloud.example:5000/v3")
	}
	project := cmp.Or(l["project_id"].by, l["project_name"].by)
	switch by := cmp.Or(project, l["trust_id"].by); {
	case project != "" && l.has("trust_id"):
		return fmt.Errorf("%s does not go with %s, which has a project of its own: leave it out", project, l["trust_id"].by)
	case by != "" && kind == "v3applicationcredential":
		return fmt.Errorf("%s does not go with an application credential, which has a project of its own: leave it out", by)
	}
	switch {
	case kind == "v3applicationcredential":
		if err := l.checkCredential(); err != nil {
			return err
		}
	case !slices.Contains(authTypes[kind], "password"):
		if !l.has("token") {
			return fmt.Errorf("there is no token for auth_type %s: set OS_TOKEN, or token in clouds.yaml or secure.yaml", kind)
		}
	case !l.has("username", "user_id"):
		return errors.New("the cloud has no user: set OS_USERNAME, or username in clouds.yaml")
	case !l.has("password"):
		return errors.New("the user has no password: set OS_PASSWORD, or password in clouds.yaml or secure.yaml")
	}
	for _, named := range [][2]string{{"user", "username"}, {"project", "project_name"}} {
		of, name := named[0], named[1]
		if l.has(name) && !l.has(of+"_domain_id", of+"_domain_name") {
			return fmt.Errorf("%s %s has no domain: set OS_%s_DOMAIN_NAME, or %s_domain_name in clouds.yaml (often Default)", of, l.text(name), strings.ToUpper(of), of)
		}
	}
	return nil
}

// checkCredential says what an application credential lacks.
func (l login) checkCredential() error {
	switch {
	case !l.has("application_credential_id", "application_credential_name"):
		return errors.New("the application credential has no id: set OS_APPLICATION_CREDENTIAL_ID, or application_credential_id in clouds.yaml")
	case !l.has("application_credential_secret"):
		return errors.New("the application credential has no secret: set OS_APPLICATION_CREDENTIAL_SECRET, or application_credential_secret in clouds.yaml or secure.yaml")
	case l.has("application_credential_name") && !l.has("username", "user_id"):
		return errors.New("the application credential has no user, which its name alone needs: set OS_USERNAME, or username in clouds.yaml; or set OS_APPLICATION_CREDENTIAL_ID")
	}
	return nil
}
