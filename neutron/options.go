package neutron

import (
	"cmp"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/config/clouds"
)

// Options say which cloud is meant, beyond what clouds.yaml, secure.yaml and the
// variables OS_* say. The zero Options leave everything to those.
type Options struct {
	Cloud    string        // of clouds.yaml; "" is OS_CLOUD
	Region   string        // "" is OS_REGION_NAME, or what clouds.yaml says
	CACert   string        // file; "" is OS_CACERT, or what clouds.yaml says
	Insecure bool          // take any certificate
	Timeout  time.Duration // of one call; 0 is a minute
	// Pause is how long to wait before a call that failed is made again, for the first
	// time; it doubles with every further one. 0 is half a second.
	Pause time.Duration
	// Notice, where it is not nil, is told in words why a pause is made.
	Notice func(string)
}

// settings is what the options come to.
type settings struct {
	cloud    string // its name in clouds.yaml; "" where the variables say which it is
	auth     gophercloud.AuthOptions
	endpoint gophercloud.EndpointOpts
	tls      *tls.Config
}

func (o Options) settings() (s settings, err error) {
	parse := []clouds.ParseOption{clouds.WithCACertPath(o.CACert)}
	if o.Region != "" {
		parse = append(parse, clouds.WithRegion(o.Region))
	}
	if o.Insecure {
		parse = append(parse, clouds.WithInsecure(true))
	}
	file, cloud := "", cmp.Or(o.Cloud, os.Getenv("OS_CLOUD"))
	switch {
	case cloud != "":
		s.cloud = cloud
		if file, err = cloudsFile(); err != nil {
			return s, fmt.Errorf("cloud %q: %w", cloud, err)
		}
		parse = append(parse, clouds.WithCloudName(cloud), clouds.WithLocations(file))
	case os.Getenv("OS_AUTH_URL") != "":
		parse = append(parse, environment()...)
	default:
		return s, errors.New("no cloud: name one of clouds.yaml with --os-cloud or OS_CLOUD, or set OS_AUTH_URL and its like (source an openrc file)")
	}
	// clouds.Parse takes an entry without auth for one with it.
	defer func() {
		if recover() != nil {
			err = fmt.Errorf("%s: cloud %q has no auth section", file, cloud)
		}
	}()
	s.auth, s.endpoint, s.tls, err = clouds.Parse(parse...)
	if err != nil && cloud != "" {
		err = inFile(file, cloud, err)
	}
	if err != nil {
		return s, err
	}
	if s.auth.IdentityEndpoint == "" {
		return s, fmt.Errorf("%s: cloud %q has no auth_url: write it below auth, like https://cloud.example:5000/v3", file, cloud)
	}
	if u, err := url.Parse(s.auth.IdentityEndpoint); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return s, fmt.Errorf("auth_url %q is no address: write it like https://cloud.example:5000/v3", shown(s.auth.IdentityEndpoint))
	}
	if s.auth.ApplicationCredentialID != "" || s.auth.ApplicationCredentialName != "" {
		// It has a project of its own; Keystone refuses to be told another. A password
		// beside it would be taken instead of it.
		s.auth.Scope, s.auth.TenantID, s.auth.TenantName, s.auth.Password = nil, "", "", ""
	}
	// A token alone cannot be renewed.
	s.auth.AllowReauth = s.auth.TokenID == ""
	return s, nil
}

// environment is the variables OS_* as an entry of clouds.yaml, so that they mean
// what they mean there. (gophercloud's own reader of them does not know
// OS_USER_DOMAIN_NAME and OS_PROJECT_DOMAIN_NAME.)
func environment() []clouds.ParseOption {
	auth := map[string]string{}
	for _, name := range []string{
		"auth_url", "token", "username", "user_id", "password", "system_scope", "trust_id",
		"application_credential_id", "application_credential_name", "application_credential_secret",
		"project_id", "project_name", "user_domain_id", "user_domain_name", "project_domain_id", "project_domain_name",
		"domain_id", "domain_name",
	} {
		if value := os.Getenv("OS_" + strings.ToUpper(name)); value != "" {
			auth[name] = value
		}
	}
	for old, name := range map[string]string{"OS_TENANT_ID": "project_id", "OS_TENANT_NAME": "project_name"} {
		if value := os.Getenv(old); value != "" && auth[name] == "" {
			auth[name] = value
		}
	}
	cloud := map[string]any{"auth": auth}
	if insecure := strings.ToLower(os.Getenv("OS_INSECURE")); insecure == "true" || insecure == "1" {
		cloud["verify"] = false
	}
	// JSON is YAML; strings and booleans alone cannot fail to marshal.
	file, _ := json.Marshal(map[string]any{"clouds": map[string]any{"environment": cloud}})
	return []clouds.ParseOption{clouds.WithCloudsYAML(strings.NewReader(string(file))), clouds.WithCloudName("environment")}
}

// missing says what a user may have left out, given that Keystone needs it.
func (s settings) missing() error {
	a := s.auth
	credential := a.ApplicationCredentialID != "" || a.ApplicationCredentialName != ""
	switch {
	case credential && a.ApplicationCredentialSecret == "":
		return errors.New("the application credential has no secret: set OS_APPLICATION_CREDENTIAL_SECRET, or application_credential_secret in clouds.yaml or secure.yaml")
	case a.TokenID != "" || credential:
		return nil
	case a.Username == "" && a.UserID == "":
		return errors.New("the cloud has no user: set OS_USERNAME, or username in clouds.yaml")
	case a.Password == "":
		return errors.New("the user has no password: set OS_PASSWORD, or password in clouds.yaml or secure.yaml")
	case a.UserID == "" && a.DomainID == "" && a.DomainName == "":
		return fmt.Errorf("user %s has no domain: set OS_USER_DOMAIN_NAME, or user_domain_name in clouds.yaml (often Default)", a.Username)
	}
	return nil
}
