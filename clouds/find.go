// Package clouds finds clouds as the openstack command does: by clouds.yaml, secure.yaml and
// clouds-public.yaml, and by the variables OS_*. What would have somebody log in otherwise than
// there, or elsewhere, is refused by the name of its key or variable, before anything is sent.
package clouds

import (
	"cmp"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/config/clouds"
)

// Choice says which cloud is meant, beyond what clouds.yaml, secure.yaml and the
// variables OS_* say. The zero Choice leaves everything to those.
type Choice struct {
	Cloud    string // of clouds.yaml; "" is OS_CLOUD
	Region   string // "" is OS_REGION_NAME, or what clouds.yaml says
	CACert   string // file; "" is OS_CACERT, or what clouds.yaml says
	Insecure bool   // take any certificate
}

// Cloud is a cloud that has been found: who logs in and where, and how its services are.
type Cloud struct {
	Name    string // its name in clouds.yaml; "" where the variables say which it is
	Auth    gophercloud.AuthOptions
	Network Endpoint
	Compute Endpoint
	Tls     *tls.Config
}

// Find finds the cloud of a choice, and asks nobody. What it refuses it names: the key of a
// file, or the variable.
func Find(o Choice) (Cloud, error) {
	s := Cloud{Name: cmp.Or(o.Cloud, os.Getenv("OS_CLOUD"), onlyCloud())}
	region := cmp.Or(o.Region, os.Getenv("OS_REGION_NAME"))
	var e entry
	var err error
	switch {
	case s.Name != "":
		e, err = entryOf(s.Name, region)
	case os.Getenv("OS_AUTH_URL") != "":
		e, err = environment(region)
	default:
		there := ""
		if names := Names(); names != nil {
			there = " (" + strings.Join(names, ", ") + ")"
		}
		err = fmt.Errorf("no cloud: name one of clouds.yaml%s with --os-cloud or OS_CLOUD, or set OS_AUTH_URL and its like (source an openrc file)", there)
	}
	if err != nil {
		return s, err
	}
	l, err := e.login()
	if err != nil {
		return s, err
	}
	if err := checkAddress("auth_url", l.text("auth_url")); err != nil {
		return s, err
	}
	if s.Network, err = e.at("network"); err != nil {
		return s, err
	}
	if s.Compute, err = e.at("compute"); err != nil {
		return s, err
	}
	c, err := e.certificates()
	if err != nil {
		return s, err
	}
	by := e.beside["cacert"].by
	if o.CACert != "" {
		c.CACertFile, by = o.CACert, "--os-cacert"
	}
	if _, err := os.Stat(c.CACertFile); c.CACertFile != "" && errors.Is(err, fs.ErrNotExist) {
		return s, fmt.Errorf("%s: %s: there is no such file", by, c.CACertFile)
	}
	if verify := false; o.Insecure {
		c.Verify = &verify
	}
	s.Auth, s.Tls, err = authOptions(l, c)
	return s, err
}

// certificates is how certificates are checked, and which the client shows.
func (e entry) certificates() (c clouds.Cloud, err error) {
	verify := true
	switch value := e.beside["verify"].value.(type) {
	case nil:
	case bool:
		verify = value
	default: // the file of an authority, to openstack
		return c, fmt.Errorf("%s: write true or false, and the file of an authority to trust as cacert", e.beside["verify"].by)
	}
	insecure := strings.EqualFold(fmt.Sprint(e.beside["insecure"].value), "true") // openstack takes other text for false
	if verify = verify && !insecure; !verify {
		c.Verify = &verify
	}
	if c.CACertFile, err = e.text("cacert"); err != nil {
		return c, err
	}
	if c.ClientCertFile, err = e.text("cert"); err != nil {
		return c, err
	}
	key, err := e.text("key")
	c.ClientKeyFile = cmp.Or(key, c.ClientCertFile) // which may hold both
	return c, err
}

// authOptions has [clouds.Parse] read what has been put together. It takes one string for
// each key alone.
func authOptions(l login, c clouds.Cloud) (gophercloud.AuthOptions, *tls.Config, error) {
	auth := map[string]string{}
	for key := range l {
		auth[key] = l.text(key)
	}
	entry := map[string]any{"auth": auth}
	if c.Verify != nil {
		entry["verify"] = *c.Verify
	}
	// JSON is YAML; strings and booleans alone cannot fail to marshal.
	file, _ := json.Marshal(map[string]any{"clouds": map[string]any{"it": entry}})
	a, _, t, err := clouds.Parse(
		clouds.WithCloudsYAML(strings.NewReader(string(file))), clouds.WithCloudName("it"),
		clouds.WithCACertPath(c.CACertFile), clouds.WithClientCertPath(c.ClientCertFile), clouds.WithClientKeyPath(c.ClientKeyFile),
	)
	// A token alone cannot be renewed.
	a.AllowReauth = a.TokenID == ""
	return a, t, err
}

// checkAddress refuses what is no address of a service.
func checkAddress(key, address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return fmt.Errorf("%s %q is no address: write it like https://cloud.example:5000/v3", key, Shown(address))
	}
	return nil
}
