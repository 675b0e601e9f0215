// Package clouds finds clouds as the openstack command does: by clouds.yaml, secure.yaml and
// clouds-public.yaml, and by the variables OS_*. What would have somebody log in otherwise than
// there, or elsewhere, is refused by the name of its key or variable, before anything is sent.
package clouds

import (
	"cmp"
	"crypto/tls"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/gophercloud/gophercloud/v2"
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
	s := Cloud{Name: cmp.Or(o.Cloud, os.Getenv("OS_CLOUD"))}
	if s.Name == "" {
		s.Name = onlyCloud()
	}
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
	if o.CACert != "" {
		e.beside["cacert"] = said{o.CACert, "--os-cacert"}
	}
	if o.Insecure {
		e.beside["insecure"] = said{true, "--insecure"}
	}
	s.Auth = l.options()
	s.Tls, err = e.certificates()
	return s, err
}

// checkAddress refuses what is no address of a service.
func checkAddress(key, address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return fmt.Errorf("%s %q is no address: write it like https://cloud.example:5000/v3", key, Shown(address))
	}
	return nil
}
