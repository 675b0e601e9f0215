package neutron

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"

	"sgc.dev/sgc/clouds"
	"sgc.dev/sgc/neutron/transport"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// Parallel is how many calls are best under way at once: more gain nothing, since a server's
// database is the limit (measured: make bench-cloud).
const Parallel = 2

// Client is one project of a cloud. Its methods may be called from several goroutines.
type Client struct {
	project string
	admin   bool // it sees what is nobody else's to see
	place   plan.Place
	network *gophercloud.ServiceClient
	compute *gophercloud.ServiceClient // nil where the catalog has none
	retries *retries
	secrets *transport.Secrets
	// allStateful says that the cloud knows of no stateless groups, and refuses to be told of them.
	allStateful atomic.Bool
}

// Project is the id of the project.
func (c *Client) Project() string { return c.project }

// Place is where the client is, as the token and the catalog have it.
func (c *Client) Place() plan.Place { return c.place }

// Options say which cloud is meant and how it is called.
type Options struct {
	clouds.Choice
	// PlainHTTP has tokens that come by https go on over plain HTTP where services are there.
	PlainHTTP bool
	// Timeout is that of one call; 0 is a minute. Twice that, and a minute at the least, is how
	// long all calls together may go without an answer.
	Timeout time.Duration
	// Pause is how long to wait before a call that failed is made again, for the first
	// time; it doubles with every further one. 0 is half a second.
	Pause time.Duration
	// Notice, where it is not nil, is told in words why a pause is made.
	Notice func(string)
}

// Connect gets a token. That is one call: neither Keystone's version nor
// Neutron's is asked for, since nothing here depends on it.
func Connect(ctx context.Context, o Options) (*Client, error) {
	s, err := clouds.Find(o.Choice)
	if err != nil {
		return nil, err
	}
	provider, err := openstack.NewClient(s.Auth.IdentityEndpoint)
	if err != nil {
		return nil, fmt.Errorf("auth_url %q: %w", clouds.Shown(s.Auth.IdentityEndpoint), err)
	}
	secret := transport.SecretsOf(s.Auth)
	connections := http.DefaultTransport.(*http.Transport).Clone() // for its proxies
	connections.TLSClientConfig = s.Tls
	connections.MaxIdleConnsPerHost = Parallel
	timeout := cmp.Or(o.Timeout, time.Minute)
	patience := transport.PatienceFor(timeout)
	tokensInTLS := strings.HasPrefix(provider.IdentityBase, "https:") && !o.PlainHTTP
	provider.HTTPClient = http.Client{
		Transport: transport.Over(connections, secret, patience, tokensInTLS), CheckRedirect: transport.Redirect, Timeout: timeout,
	}
	provider.UserAgent.Prepend("sgc")
	r := &retries{first: cmp.Or(o.Pause, 500*time.Millisecond), notice: o.Notice, patience: patience}
	provider.RetryFunc = r.failed
	if err := openstack.AuthenticateV3(ctx, provider, &s.Auth, gophercloud.EndpointOpts{}); err != nil {
		err = explain("get a token from "+clouds.Shown(provider.IdentityBase), err, secret.Hide)
		if refused(err, http.StatusUnauthorized) {
			err = fmt.Errorf("%w; the user, password, domain or project is wrong", err)
		}
		if call := new(net.OpError); errors.As(err, &call) && call.Op == "dial" && errors.Is(err, syscall.ECONNREFUSED) { // by the cloud, not by a proxy
			err = fmt.Errorf("%w; nothing listens there: is auth_url right, and can it be reached from here?", err)
		}
		if certificate := new(tls.CertificateVerificationError); errors.As(err, &certificate) {
			err = fmt.Errorf("%w; --os-cacert or OS_CACERT names the file of an authority to trust", err)
		}
		return nil, err
	}
	r.reached = true
	if renew := provider.ReauthFunc; renew != nil {
		provider.ReauthFunc = func(ctx context.Context) error { // which may be tried again, whatever the call is that needs it
			return renew(context.WithValue(ctx, onceKey{}, false))
		}
	}
	c, err := connected(provider, s, r, secret)
	if err != nil {
		return nil, errors.New(secret.Hide(err.Error()))
	}
	return c, nil
}

// connected reads the project and Neutron's endpoint from what came with the token.
func connected(provider *gophercloud.ProviderClient, s clouds.Cloud, r *retries, secret *transport.Secrets) (*Client, error) {
	result, ok := provider.GetAuthResult().(interface {
		ExtractProject() (*tokens.Project, error)
		ExtractServiceCatalog() (*tokens.ServiceCatalog, error)
		ExtractRoles() ([]tokens.Role, error)
	})
	if !ok {
		return nil, errors.New("the answer of Keystone has no project")
	}
	project, err := result.ExtractProject()
	if err != nil {
		return nil, fmt.Errorf("the answer of Keystone: %w", err)
	}
	if project == nil || project.ID == "" {
		return nil, errors.New("the token is for no project: set OS_PROJECT_NAME, or project_name in clouds.yaml")
	}
	if err := rule.CheckID(project.ID); err != nil {
		return nil, fmt.Errorf("the answer of Keystone: the project: %w", err)
	}
	catalog, err := result.ExtractServiceCatalog()
	if err != nil {
		return nil, fmt.Errorf("the answer of Keystone: %w", err)
	}
	roles, err := result.ExtractRoles()
	if err != nil {
		return nil, fmt.Errorf("the answer of Keystone: %w", err)
	}
	endpoint, err := endpointOf("network", catalog, s.Network)
	if err != nil {
		return nil, err
	}
	address := strings.TrimSuffix(gophercloud.NormalizeURL(endpoint.URL), "v2.0/") // which some clouds put there
	c := &Client{
		project: project.ID,
		admin:   slices.ContainsFunc(roles, func(r tokens.Role) bool { return strings.EqualFold(r.Name, "admin") }),
		place: plan.Place{
			Cloud:    s.Name,
			Keystone: strings.TrimSuffix(clouds.Shown(provider.IdentityBase), "/"),
			Region:   regionOf(endpoint),
			Network:  strings.TrimSuffix(clouds.Shown(address), "/"),
			Project:  project.ID,
			Name:     secret.Hide(project.Name),
			Domain:   secret.Hide(project.Domain.Name),
		},
		network: &gophercloud.ServiceClient{ProviderClient: provider, Endpoint: address, ResourceBase: address + "v2.0/", Type: "network"},
		retries: r,
		secrets: secret,
	}
	if compute, err := endpointOf("compute", catalog, s.Compute); err == nil {
		c.compute = &gophercloud.ServiceClient{ProviderClient: provider, Endpoint: gophercloud.NormalizeURL(compute.URL), Type: "compute"}
	}
	return c, nil
}
