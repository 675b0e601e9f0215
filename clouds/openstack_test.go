package clouds_test

import (
	"bufio"
	"cmp"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"sgc.dev/sgc/clouds"
	"sgc.dev/sgc/neutron"
)

// A configured is a row of what configures a cloud: what openstack does by it, and sgc.
type configured struct {
	what  string
	entry string            // cloud "it" in clouds.yaml; "" is none, and the variables are all
	files map[string]string // others
	env   string
	// unnamed says that nobody names the cloud.
	unnamed bool
	// refusal is what sgc says before anything is sent; "" where it does as openstack does.
	refusal string
	// fails says that openstack does not log in either.
	fails bool
	// otherwise is the versions of openstack that do something else, which is held too: where none
	// of them does what others do, sgc does as the latest, or refuses.
	otherwise string
}

const (
	// passwordAuth is a log-in by password below auth, and as variables.
	passwordAuth = "auth_url: KEYSTONE, username: alice, password: in-file, project_name: shop, user_domain_name: Users, project_domain_name: Projects"
	passwordEnv  = "OS_AUTH_URL=KEYSTONE OS_USERNAME=alice OS_PASSWORD=in-env OS_PROJECT_NAME=shop OS_USER_DOMAIN_NAME=Users OS_PROJECT_DOMAIN_NAME=Projects "
	oneRegion    = ", region_name: RegionOne"
	file         = "auth: {" + passwordAuth + "}" + oneRegion
	whole        = `{"clouds": {"it": {"region_name": "RegionOne", "auth": {"auth_url": "KEYSTONE", "username": "alice", "password": "in-file", "project_id": "p1", "user_domain_name": "Users"}}}}`
	credential   = "auth_type: v3applicationcredential, auth: {auth_url: KEYSTONE, application_credential_id: c1, application_credential_secret: s1"
)

var configurations = []configured{
	// Places.
	{what: "password", entry: file},
	{what: "variables", env: passwordEnv + "OS_REGION_NAME=RegionOne"},
	{what: "clouds.yml", files: map[string]string{"clouds.yml": whole}},
	{what: "clouds.json", files: map[string]string{"clouds.json": whole}},
	{what: "the user's folder", files: map[string]string{"config/openstack/clouds.yaml": whole}},
	{what: "the user's other folder", files: map[string]string{"home/.config/openstack/clouds.yaml": whole}},
	{what: "the first folder counts", files: map[string]string{"clouds.json": whole, "config/openstack/clouds.yaml": "clouds: {it: {auth: {username: bob}}}"}},
	{what: "XDG_CONFIG_DIRS", files: map[string]string{"site/openstack/clouds.yaml": whole}, env: "XDG_CONFIG_DIRS=FOLDER/site"},
	{what: "SNAP_REAL_HOME", files: map[string]string{"snap/.config/openstack/clouds.yaml": whole}, env: "SNAP_REAL_HOME=FOLDER/snap"},
	{what: "OS_CLIENT_CONFIG_FILE", entry: "auth: {}", files: map[string]string{"elsewhere/any.yaml": whole}, env: "OS_CLIENT_CONFIG_FILE=FOLDER/elsewhere/any.yaml"},
	{what: "OS_CLIENT_CONFIG_FILE that is none", entry: file, env: "OS_CLIENT_CONFIG_FILE=FOLDER/none.yaml", refusal: "OS_CLIENT_CONFIG_FILE: "},
	{what: "secure.yaml", entry: file, files: map[string]string{"secure.yaml": "clouds: {it: {auth: {password: in-secure}}}"}},
	{what: "secure.yaml in another folder", entry: file, files: map[string]string{"config/openstack/secure.yml": "clouds: {it: {auth: {password: in-secure}}}"}},
	{what: "secure.yaml beside the file of a variable", files: map[string]string{
		"elsewhere/any.yaml": "clouds: {it: {auth: {" + strings.Replace(passwordAuth, "password: in-file, ", "", 1) + "}" + oneRegion + "}}", "elsewhere/secure.yaml": "clouds: {it: {auth: {password: in-secure}}}",
	}, env: "OS_CLIENT_CONFIG_FILE=FOLDER/elsewhere/any.yaml", refusal: "the user has no password", fails: true},
	{what: "OS_CLIENT_SECURE_FILE", entry: file, files: map[string]string{"elsewhere/s.yaml": "clouds: {it: {auth: {password: in-secure}}}", "secure.yaml": "clouds: {it: {auth: {password: wrong}}}"},
		env: "OS_CLIENT_SECURE_FILE=FOLDER/elsewhere/s.yaml"},
	{what: "OS_CLIENT_SECURE_FILE that is none", entry: file, env: "OS_CLIENT_SECURE_FILE=FOLDER/none.yaml", refusal: "OS_CLIENT_SECURE_FILE: "},

	// A cloud that nobody names.
	{what: "the only cloud", entry: file, unnamed: true, otherwise: "6 7"},
	{what: "the only cloud, in a region", entry: "auth: {" + passwordAuth + "}, regions: [RegionTwo, RegionOne]", env: "OS_REGION_NAME=RegionOne OS_CLOUD=", unnamed: true, otherwise: "6 7"},
	{what: "the only cloud beside a leftover variable", entry: file, env: "OS_USERNAME=bob", unnamed: true, refusal: "no cloud: name one", fails: true},
	{what: "the only cloud beside variables", entry: file, env: passwordEnv + "OS_REGION_NAME=RegionTwo", unnamed: true},
	{what: "one of two clouds", entry: file + "}, other: {" + file, unnamed: true, refusal: "no cloud: name one", fails: true},
	{what: "one cloud and one of secure.yaml", entry: file, files: map[string]string{"secure.yaml": "clouds: {other: {auth: {password: in-secure}}}"}, unnamed: true, refusal: "no cloud: name one", fails: true},

	// Profiles.
	{what: "profile", entry: "profile: p, auth: {username: alice, password: in-file, project_name: shop}", files: map[string]string{
		"clouds-public.yaml": "public-clouds: {p: {auth: {auth_url: KEYSTONE, user_domain_name: Users, project_domain_name: Projects, username: bob}, region_name: RegionOne}}"}},
	{what: "profile in another folder, by its old name", entry: "cloud: p, auth: {username: alice, password: in-file, project_name: shop}", files: map[string]string{
		"config/openstack/clouds-public.yml": "public-clouds: {p: {auth: {auth_url: KEYSTONE, user_domain_name: Users, project_domain_name: Projects}, regions: [RegionTwo, RegionOne]}}"}},
	{what: "profile of openstacksdk", entry: "profile: otc, " + file, refusal: "is in no clouds-public.yaml"},
	{what: "profile at an address", entry: "profile: 'http://127.0.0.1:1/', " + file, refusal: "is in no clouds-public.yaml", fails: true},
	{what: "profile that is none", entry: "profile: none-such, " + file, refusal: "is in no clouds-public.yaml"},

	// Regions.
	{what: "region_name", entry: "auth: {" + passwordAuth + "}, region_name: RegionTwo"},
	{what: "OS_REGION_NAME of none", entry: "auth: {" + passwordAuth + "}", env: "OS_REGION_NAME=RegionTwo"},
	{what: "OS_REGION_NAME of one", entry: file, env: "OS_REGION_NAME=RegionTwo", refusal: "it has no region \"RegionTwo\", only RegionOne", fails: true},
	{what: "regions", entry: "auth: {" + passwordAuth + "}, regions: [RegionTwo, RegionOne]"},
	{what: "OS_REGION_NAME of regions", entry: "auth: {" + passwordAuth + "}, regions: [RegionTwo, RegionOne]", env: "OS_REGION_NAME=RegionOne"},
	{what: "OS_REGION_NAME of no region", entry: "auth: {" + passwordAuth + "}, regions: [RegionTwo, RegionOne]", env: "OS_REGION_NAME=RegionThree", refusal: "it has no region \"RegionThree\", only RegionTwo, RegionOne", fails: true},
	{what: "regions with values", entry: "auth: {" + passwordAuth + "}, interface: admin, regions: [RegionTwo, {name: RegionOne, values: {interface: internal, auth: {project-name: office, username: null}}}]",
		env: "OS_REGION_NAME=RegionOne", refusal: "auth.username is empty"},
	{what: "regions with values of auth", entry: "auth: {" + passwordAuth + "}, interface: admin, regions: [{name: RegionOne, values: {interface: internal, verify: null, auth: {project_name: office}}}, RegionTwo]"},
	{what: "regions in one text", entry: "auth: {" + passwordAuth + "}, region_name: 'RegionTwo,RegionOne'"},

	// Who logs in.
	{what: "ids", entry: "auth: {auth_url: KEYSTONE, user_id: u1, password: in-file, project_id: p1}" + oneRegion},
	{what: "ids beside names", entry: "auth: {" + passwordAuth + ", user_id: u1, project_id: p1, user_domain_id: d1, project_domain_id: d2}" + oneRegion},
	{what: "tenant_name", entry: "auth: {auth_url: KEYSTONE, username: alice, password: in-file, tenant_name: shop, user_domain_name: Users, project_domain_id: d2}" + oneRegion},
	{what: "tenant-name beside auth", entry: "auth: {auth_url: KEYSTONE, username: alice, password: in-file, user-domain-name: Users, project-domain-id: d2}, tenant-name: shop" + oneRegion},
	{what: "project_name before tenant_name", entry: "auth: {" + passwordAuth + ", tenant_name: other}" + oneRegion},
	{what: "user-name", entry: "auth: {auth_url: KEYSTONE, user-name: alice, password: in-file, project_id: p1, user_domain_name: Users}" + oneRegion},
	{what: "beside auth", entry: "auth_url: KEYSTONE, username: alice, password: in-file, project_name: shop, user_domain_name: Users, project_domain_name: Projects" + oneRegion},
	{what: "beside auth and below", entry: file + ", username: bob, password: beside, project_name: other, user_domain_name: Others", refusal: "auth.project_name and "},
	{what: "a user and a password beside auth and below", entry: file + ", username: bob, password: beside"},
	{what: "the same beside auth and below", entry: file + ", project_name: shop, user_domain_name: Users"},
	{what: "one domain", entry: "auth: {auth_url: KEYSTONE, username: alice, password: in-file, project_name: shop, domain_name: Users}" + oneRegion},
	{what: "one domain by id beside auth", entry: "auth: {auth_url: KEYSTONE, username: alice, password: in-file, project_name: shop, user_domain_name: Users}, domain_id: d2" + oneRegion},
	{what: "the default domain", entry: "auth: {auth_url: KEYSTONE, username: alice, password: in-file, project_name: shop}, identity_api_version: 3" + oneRegion},
	{what: "OS_DEFAULT_DOMAIN", entry: "auth: {auth_url: KEYSTONE, username: alice, password: in-file, project_name: shop}, identity_api_version: '3'" + oneRegion, env: "OS_DEFAULT_DOMAIN=d3"},
	{what: "default_domain", entry: "auth: {auth_url: KEYSTONE, username: alice, password: in-file, project_name: shop}, identity_api_version: 3, default_domain: d3" + oneRegion},
	{what: "numbers", entry: "auth: {auth_url: KEYSTONE, user_id: 17, password: 12345, project_id: 0}" + oneRegion},
	{what: "an octal number", entry: "auth: {auth_url: KEYSTONE, user_id: u1, password: 0123, project_id: p1}" + oneRegion},
	{what: "no text", entry: "auth: {auth_url: KEYSTONE, user_id: u1, password: 1.50, project_id: p1}" + oneRegion, refusal: "auth.password: this is no text: put it in quotes"},
	{what: "empty", entry: "auth: {auth_url: KEYSTONE, user_id: u1, password: '', project_id: p1}" + oneRegion, refusal: "auth.password is empty", fails: true},
	{what: "two spellings", entry: "auth: {" + passwordAuth + ", project-name: shop}" + oneRegion, refusal: "project_name is there with - and with _"},
	{what: "a key of none", entry: "auth: {" + passwordAuth + ", pasword: x}" + oneRegion, refusal: `auth.pasword is not supported: did you mean "password"?`, fails: true},
	{what: "no user", entry: "auth: {auth_url: KEYSTONE, password: x, project_id: p1}" + oneRegion, refusal: "set OS_USERNAME"},
	{what: "no domain", entry: "auth: {auth_url: KEYSTONE, username: alice, password: x, project_id: p1}" + oneRegion, refusal: "set OS_USER_DOMAIN_NAME"},
	{what: "no domain of the project", entry: "auth: {auth_url: KEYSTONE, user_id: u1, password: x, project_name: shop}" + oneRegion, refusal: "set OS_PROJECT_DOMAIN_NAME"},
	{what: "no auth_url", entry: "auth: {user_id: u1, password: x, project_name: shop}" + oneRegion, refusal: "set OS_AUTH_URL", fails: true},
	{what: "a domain alone", entry: "auth: {auth_url: KEYSTONE, user_id: u1, password: x, domain_id: d1}" + oneRegion, refusal: "auth.domain_id: groups are of a project"},
	{what: "system_scope", entry: "auth: {auth_url: KEYSTONE, user_id: u1, password: x, system_scope: all}" + oneRegion, refusal: "auth.system_scope: groups are of a project"},
	{what: "trust_id", entry: "auth: {auth_url: KEYSTONE, user_id: u1, password: x, trust_id: t1}" + oneRegion},
	{what: "trust_id beside a project", entry: "auth: {auth_url: KEYSTONE, user_id: u1, password: x, trust_id: t1, project_id: p1}" + oneRegion, refusal: "auth.project_id does not go with", fails: true},
	{what: "identity_api_version 2", entry: file + ", identity_api_version: 2", refusal: "identity_api_version is not supported"},
	{what: "default_domain_id", entry: file, env: "OS_DEFAULT_DOMAIN_ID=d1", refusal: "OS_DEFAULT_DOMAIN_ID is not supported"},
	{what: "OS_SERVICE_PROVIDER", entry: file, env: "OS_SERVICE_PROVIDER=other", refusal: "OS_SERVICE_PROVIDER is not supported"},
	{what: "OS_PASSCODE", entry: file, env: "OS_PASSCODE=123456", refusal: "OS_PASSCODE is not supported", fails: true},

	// Variables over a file.
	{what: "a gap", entry: "auth: {auth_url: KEYSTONE, project_name: shop, user_domain_name: Users, project_domain_name: Projects}" + oneRegion, env: "OS_USERNAME=alice OS_PASSWORD=in-env"},
	{what: "all is a gap", entry: "region_name: RegionOne", env: passwordEnv},
	{what: "a user and a password over others", entry: file, env: "OS_USERNAME=bob OS_PASSWORD=in-env"},
	{what: "a project under another", entry: file, env: "OS_PROJECT_NAME=other OS_PROJECT_DOMAIN_NAME=Others OS_USER_DOMAIN_NAME=Others OS_TENANT_NAME=third", refusal: "and releases of openstack do not agree"},
	{what: "OS_TENANT_NAME in a gap", entry: "auth: {auth_url: KEYSTONE, username: alice, password: in-file, user_domain_name: Users, project_domain_name: Projects}" + oneRegion, env: "OS_TENANT_NAME=shop"},
	{what: "OS_INSECURE of a named cloud", entry: file, env: "OS_INSECURE=true OS_NETWORK_ENDPOINT_OVERRIDE=http://127.0.0.1:1/"},

	// Other ways to log in.
	{what: "token", entry: "auth_type: token, auth: {auth_url: KEYSTONE, token: t1, project_id: p1}" + oneRegion, otherwise: "7"}, // which sends None
	{what: "v3token, by its old name", entry: "auth_type: v3token, auth: {auth_url: KEYSTONE, auth_token: t1, project_id: p1}" + oneRegion},
	{what: "OS_TOKEN", env: "OS_AUTH_URL=KEYSTONE OS_AUTH_TYPE=token OS_TOKEN=t1 OS_PROJECT_ID=p1 OS_REGION_NAME=RegionOne OS_USERNAME=alice OS_PASSWORD=x"},
	{what: "OS_TOKEN beside a password", entry: file, env: "OS_TOKEN=t1", refusal: "OS_TOKEN does not go with auth_type password", fails: true},
	{what: "a token beside leftover names", entry: file, env: "OS_AUTH_TYPE=token OS_TOKEN=t1", refusal: "auth.password does not go with auth_type token", fails: true},
	{what: "a token beside a leftover domain", entry: "auth_type: token, auth: {auth_url: KEYSTONE, token: t1, project_id: p1}" + oneRegion, env: "OS_USER_DOMAIN_NAME=Users", refusal: "OS_USER_DOMAIN_NAME does not go with auth_type token", fails: true},
	{what: "no token", entry: "auth_type: token, auth: {auth_url: KEYSTONE, project_id: p1}" + oneRegion, refusal: "set OS_TOKEN", otherwise: "7 10"}, // which do not log in
	{what: "v3password", entry: "auth_type: v3password, " + file},
	{what: "OS_AUTH_TYPE over auth_type", entry: "auth_type: token, " + file, env: "OS_AUTH_TYPE=v3password"},
	{what: "v3applicationcredential", entry: credential + "}" + oneRegion},
	{what: "a credential by name", entry: "auth_type: v3applicationcredential, auth: {auth_url: KEYSTONE, application_credential_name: n1, application_credential_secret: s1, username: alice, user_domain_name: Users}" + oneRegion},
	{what: "a credential without its user", entry: "auth_type: v3applicationcredential, auth: {auth_url: KEYSTONE, application_credential_name: n1, application_credential_secret: s1}" + oneRegion, refusal: "set OS_USERNAME"},
	{what: "a credential without its domain", entry: "auth_type: v3applicationcredential, auth: {auth_url: KEYSTONE, application_credential_name: n1, application_credential_secret: s1, username: alice}" + oneRegion, refusal: "set OS_USER_DOMAIN_NAME", fails: true},
	{what: "a credential without a secret", entry: "auth_type: v3applicationcredential, auth: {auth_url: KEYSTONE, application_credential_id: c1}" + oneRegion, refusal: "set OS_APPLICATION_CREDENTIAL_SECRET", fails: true},
	{what: "a credential without an id", entry: "auth_type: v3applicationcredential, auth: {auth_url: KEYSTONE, application_credential_secret: c1}" + oneRegion, refusal: "set OS_APPLICATION_CREDENTIAL_ID", fails: true},
	{what: "a credential beside a project", entry: credential + "}" + oneRegion, env: "OS_PROJECT_NAME=shop OS_PROJECT_DOMAIN_NAME=Projects", refusal: "OS_PROJECT_NAME does not go with an application credential"},
	{what: "a credential beside a domain of a project", entry: credential + ", project_domain_name: Projects}" + oneRegion, env: "OS_PASSWORD=x OS_USERNAME=alice OS_USER_DOMAIN_NAME=Users"},
	{what: "a credential below auth that another log-in has", entry: "auth: {" + passwordAuth + ", application_credential_id: c1}" + oneRegion, refusal: "auth.application_credential_id does not go with auth_type password", fails: true},
	{what: "a credential of variables that a password is beside", env: passwordEnv + "OS_APPLICATION_CREDENTIAL_ID=c1 OS_REGION_NAME=RegionOne", refusal: "OS_APPLICATION_CREDENTIAL_ID does not go with auth_type password"},
	{what: "auth_plugin", entry: file + ", auth_plugin: token", refusal: "auth_plugin is not supported"},
	{what: "a list", entry: file + ", auth_type: [password]", refusal: "auth_type: this is no text", fails: true},

	// Where.
	{what: "interface", entry: file + ", interface: internal"},
	{what: "OS_INTERFACE", entry: file + ", interface: internal", env: "OS_INTERFACE=admin"},
	{what: "endpoint_type", entry: file + ", endpoint_type: internalURL", env: "OS_INTERFACE=admin"},
	{what: "no interface", entry: file + ", interface: inwards", refusal: "there is no interface \"inwards\"", fails: true},
	{what: "network_interface", entry: file + ", network_interface: admin, interface: internal"},
	{what: "network_region_name", entry: file + ", network_region_name: RegionTwo"},
	{what: "network_endpoint_override", entry: file + ", network_endpoint_override: 'http://127.0.0.1:9696'"},
	{what: "network_endpoint", entry: file + ", network-endpoint: 'http://127.0.0.1:9697'"},
	{what: "OS_NETWORK_ENDPOINT_OVERRIDE", env: passwordEnv + "OS_REGION_NAME=RegionOne OS_NETWORK_ENDPOINT_OVERRIDE=http://127.0.0.1:9696", refusal: "OS_NETWORK_ENDPOINT_OVERRIDE counts for some releases"},
	{what: "an override that is no address", entry: file + ", network_endpoint_override: neutron", refusal: "network_endpoint_override \"neutron\" is no address"},
	{what: "OS_ENDPOINT_TYPE", env: passwordEnv + "OS_REGION_NAME=RegionOne OS_ENDPOINT_TYPE=internalURL", refusal: "OS_ENDPOINT_TYPE counts for some releases"},
	{what: "network_service_type", entry: file + ", network_service_type: networking", refusal: "network_service_type is not supported"},
	{what: "network_service_name", entry: file + ", network_service_name: neutron", refusal: "network_service_name is not supported"},
	{what: "other services", entry: file + ", volume_api_version: 3, image_endpoint_override: 'http://127.0.0.1:1', dns_interface: admin, floating_ip_source: none, has_network: true, networks: [{name: n}]"},
	{what: "OS_ENDPOINT", entry: file, env: "OS_ENDPOINT=http://127.0.0.1:1", refusal: "OS_ENDPOINT is not supported"},
	{what: "a pattern in auth_url", entry: "auth: {" + strings.Replace(passwordAuth, "auth_url: KEYSTONE", "auth_url: 'http://{region_name}:1'", 1) + "}" + oneRegion, refusal: "is no address", fails: true},

	// How certificates are checked.
	{what: "verify", entry: file + ", verify: false"},
	{what: "insecure", entry: file + ", insecure: true, verify: true"},
	{what: "insecure as another text", entry: file + ", insecure: 'yes'"},
	{what: "OS_INSECURE", env: passwordEnv + "OS_REGION_NAME=RegionOne OS_INSECURE=True", refusal: "OS_INSECURE counts for some releases"},
	{what: "OS_VERIFY", env: passwordEnv + "OS_REGION_NAME=RegionOne OS_VERIFY=False", refusal: "OS_VERIFY counts for some releases"},
	{what: "verify as text", entry: file + ", verify: ca.pem", refusal: "verify: write true or false"},
	{what: "cacert", entry: file + ", cacert: ca.pem"},
	{what: "cacert of no use", entry: file + ", cacert: ca.pem, verify: false"},
	{what: "OS_CACERT", entry: file + ", cacert: none.pem", env: "OS_CACERT=ca.pem"},
	{what: "cert and key", entry: file + ", cert: cert.pem, key: key.pem"},
	{what: "cert with its key", entry: file + ", cert: both.pem"},
	{what: "OS_CERT and OS_KEY", entry: file, env: "OS_CERT=cert.pem OS_KEY=key.pem"},
	{what: "key alone", entry: file + ", key: key.pem", refusal: "key is there, and no cert that it is for"},
}

// TestAsOpenstack configures clouds, and has sgc and the openstack command log in to a Keystone
// that takes everyone: both have to ask it for the same, and to find the same Neutron, unless sgc
// has refused.
func TestAsOpenstack(t *testing.T) {
	openstack := startOpenstack(t)
	keystone := &openKeystone{asked: map[string]any{}}
	server := httptest.NewServer(keystone)
	t.Cleanup(server.Close)
	keystone.url = server.URL
	pems := certificateFiles(t)
	for _, pair := range os.Environ() {
		if name, _, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "OS_") {
			t.Setenv(name, "")
			os.Unsetenv(name)
		}
	}
	configurations := configurations
	for _, kind := range []string{
		"admin_token", "http_basic", "none", "v2password", "v2token", "v3adfspassword", "v3fedkerb", "v3kerberos", "v3multifactor", "v3oauth1", "v3oidcaccesstoken",
		"v3oidcauthcode", "v3oidcclientcredentials", "v3oidcpassword", "v3samlpassword", "v3tokenlessauth", "v3totp", "token_endpoint", "no-such",
	} {
		configurations = append(configurations, configured{what: "auth_type " + kind, entry: "auth_type: " + kind + ", " + file, refusal: "auth_type \"" + kind + "\" is not supported"})
	}
	for i, c := range configurations {
		t.Run(c.what, func(t *testing.T) {
			home := t.TempDir()
			t.Chdir(home)
			for name, text := range pems {
				write(t, name, text)
			}
			env := map[string]string{"HOME": filepath.Join(home, "home"), "XDG_CONFIG_HOME": filepath.Join(home, "config")}
			place := func(who, text string) string {
				return strings.NewReplacer("KEYSTONE", fmt.Sprintf("%s/%s/%d/v3", server.URL, who, i), "FOLDER", home).Replace(text)
			}
			prepare := func(who string) {
				if c.entry != "" {
					write(t, "clouds.yaml", place(who, "clouds: {it: {"+c.entry+"}}"))
				}
				for name, text := range c.files {
					write(t, name, place(who, text))
				}
				for _, pair := range strings.Fields(c.env) {
					name, value, _ := strings.Cut(pair, "=")
					env[name] = place(who, value)
				}
			}
			cloud := "it"
			if c.unnamed || c.entry == "" && c.files == nil {
				cloud = ""
			}

			prepare("openstack")
			theirs := openstack(t, map[string]any{"dir": home, "env": env, "cloud": cloud})
			otherwise := slices.Contains(strings.Fields(c.otherwise), theirs.Major)
			if failed := theirs.Error != ""; failed != c.fails && !strings.HasPrefix(c.what, "auth_type ") && !otherwise {
				t.Errorf("openstack: %+v", theirs)
			}
			prepare("sgc")
			for name, value := range env {
				t.Setenv(name, value)
			}
			o := neutron.Options{Choice: clouds.Choice{Cloud: cloud}}
			client, err := neutron.Connect(t.Context(), o)
			asked := keystone.asked[fmt.Sprintf("sgc/%d", i)]
			if c.refusal != "" {
				if otherwise && (theirs.Error != "") == c.fails {
					t.Errorf("openstack does as others: %+v", theirs)
				}
				if err == nil || !strings.Contains(err.Error(), c.refusal) {
					t.Errorf("sgc: %v", err)
				}
				if asked != nil {
					t.Errorf("sgc sent %v", asked)
				}
				return
			}
			if err != nil {
				t.Fatalf("sgc: %v", err)
			}
			want := keystone.asked[fmt.Sprintf("openstack/%d", i)]
			if reflect.DeepEqual(asked, want) == otherwise {
				t.Errorf("sgc sent\n%v, openstack\n%v", asked, want)
			}
			if otherwise {
				return
			}
			if got, want := client.Place().Network, strings.TrimSuffix(theirs.Network, "/"); got != want {
				t.Errorf("Neutron is at %s, and to openstack at %s", got, want)
			}
			s, err := clouds.Find(o.Choice)
			if err != nil {
				t.Fatal(err)
			}
			var verify any = !s.Tls.InsecureSkipVerify
			if verify == true && s.Tls.RootCAs != nil {
				verify = filepath.Join(home, "ca.pem")
			}
			if theirs.Verify == "ca.pem" {
				theirs.Verify = filepath.Join(home, "ca.pem")
			}
			if verify != theirs.Verify || (s.Tls.Certificates != nil) != (theirs.Cert != nil) {
				t.Errorf("verify: %v and certificates %d, and by openstack %v and %q", verify, len(s.Tls.Certificates), theirs.Verify, theirs.Cert)
			}
		})
	}
}

// theirs is what openstack finds.
type theirs struct {
	Major   string // version of openstack
	Error   string
	Network string
	Verify  any // true, false or a file of authorities
	Cert    []string
}

// startOpenstack starts the openstack command's log-in.
func startOpenstack(t *testing.T) func(*testing.T, map[string]any) theirs {
	python := strings.Fields(cmp.Or(os.Getenv("SGC_TEST_PYTHON"), "/usr/bin/python3"))
	login := filepath.Join(t.TempDir(), "login.py") // where each release of the conformance suite sees it
	text, err := os.ReadFile("testdata/login.py")
	if err != nil {
		t.Fatal(err)
	}
	write(t, login, string(text))
	if err := exec.Command(python[0], append(python[1:], "-c", "import openstackclient, openstack.config")...).Run(); err != nil {
		t.Skip("python3-openstackclient is not installed: .ci/run installs it")
	}
	cmd := exec.Command(python[0], append(python[1:], login)...)
	var complaints strings.Builder
	cmd.Stderr = &complaints
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		cmd.Wait()
	})
	answers := bufio.NewReader(out)
	return func(t *testing.T, request map[string]any) (answer theirs) {
		t.Helper()
		if err := json.NewEncoder(in).Encode(request); err != nil {
			t.Fatal(err, complaints.String())
		}
		line, err := answers.ReadBytes('\n')
		if err == nil {
			err = json.Unmarshal(line, &answer)
		}
		if err != nil {
			t.Fatal(err, complaints.String())
		}
		return answer
	}
}

// openKeystone gives everyone a token, and remembers what was asked for.
type openKeystone struct {
	url   string
	mu    sync.Mutex
	asked map[string]any // by who and the number of the case
}

func (k *openKeystone) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	who := strings.Join(strings.Split(r.URL.Path, "/")[1:3], "/")
	if r.Method == http.MethodGet {
		fmt.Fprintf(w, `{"version": {"id": "v3.14", "status": "stable", "links": [{"rel": "self", "href": "%s/%s/v3"}]}}`, k.url, who)
		return
	}
	var asked any
	data, _ := io.ReadAll(r.Body)
	json.Unmarshal(data, &asked)
	k.mu.Lock()
	k.asked[who] = asked
	k.mu.Unlock()
	var endpoints []map[string]string
	for _, region := range []string{"RegionOne", "RegionTwo"} {
		for _, face := range []string{"public", "internal", "admin"} {
			endpoints = append(endpoints, map[string]string{
				"id": region + face, "region": region, "region_id": region, "interface": face, "url": k.url + "/" + region + "/" + face,
			})
		}
	}
	w.Header().Set("X-Subject-Token", "token-of-"+who)
	w.WriteHeader(http.StatusCreated)
	json.NewEncoder(w).Encode(map[string]any{"token": map[string]any{
		"methods": []string{"password"}, "expires_at": "2999-01-01T00:00:00.000000Z", "issued_at": "2020-01-01T00:00:00.000000Z",
		"user":    map[string]any{"id": "u1", "name": "alice", "domain": map[string]any{"id": "d1", "name": "Users"}},
		"project": map[string]any{"id": "p1", "name": "shop", "domain": map[string]any{"id": "d2", "name": "Projects"}},
		"catalog": []any{map[string]any{"type": "network", "id": "n1", "name": "neutron", "endpoints": endpoints}},
	}})
}

// certificateFiles is a certificate, which vouches for itself, and its key.
func certificateFiles(t *testing.T) map[string]string {
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	key, err := x509.MarshalPKCS8PrivateKey(server.TLS.Certificates[0].PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	cert := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	private := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}))
	return map[string]string{"ca.pem": cert, "cert.pem": cert, "key.pem": private, "both.pem": cert + private}
}

// write writes a file, and the folders that it is in.
func write(t *testing.T, name, text string) {
	t.Helper()
	if err := cmp.Or(os.MkdirAll(filepath.Dir(name), 0o700), os.WriteFile(name, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
}
