package neutron

import (
	"testing"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"

	"sgc.dev/sgc/clouds"
)

func TestEndpoint(t *testing.T) {
	entry := func(kind string, endpoints ...tokens.Endpoint) tokens.CatalogEntry {
		return tokens.CatalogEntry{Type: kind, Endpoints: endpoints}
	}
	at := func(url, face, region string) tokens.Endpoint {
		return tokens.Endpoint{URL: url, Interface: face, Region: region, RegionID: region}
	}
	compute := entry("compute", at("nova", "public", "north"))
	east := entry("network", at("east-internal", "internal", "east"), at("east", "public", "east"))
	west := entry("network", at("west", "public", "west"))
	for name, c := range map[string]struct {
		catalog   []tokens.CatalogEntry
		face      gophercloud.Availability
		region    string
		url, from string
		err       string
	}{
		"one region":                        {[]tokens.CatalogEntry{compute, east}, "public", "", "east", "east", ""},
		"of several, the one that is named": {[]tokens.CatalogEntry{east, west}, "public", "west", "west", "west", ""},
		"several of other interfaces":       {[]tokens.CatalogEntry{east, west}, "internal", "", "east-internal", "east", ""},
		"two in one region":                 {[]tokens.CatalogEntry{east, entry("network", at("second", "public", "east"))}, "public", "", "east", "east", ""},
		"no id of the region":               {[]tokens.CatalogEntry{entry("network", tokens.Endpoint{URL: "old", Interface: "public", Region: "south"})}, "public", "south", "old", "south", ""},
		"a region by its name":              {[]tokens.CatalogEntry{entry("network", tokens.Endpoint{URL: "new", Interface: "public", Region: "The South", RegionID: "south"})}, "public", "The South", "new", "south", ""},
		"no region at all":                  {[]tokens.CatalogEntry{entry("network", tokens.Endpoint{URL: "bare", Interface: "public"})}, "public", "", "bare", "", ""},
		"several, none named": {[]tokens.CatalogEntry{west, compute, east}, "public", "", "", "",
			"the cloud has a network service (interface public) in each of 2 regions, east, west: name one with --os-region-name, OS_REGION_NAME, or region_name in clouds.yaml"},
		"another region": {[]tokens.CatalogEntry{west, east}, "public", "north", "", "",
			"the cloud's catalog has no network service (interface public, region north); it has one in east, west"},
		"another interface": {[]tokens.CatalogEntry{west}, "admin", "", "", "",
			"the cloud's catalog has no network service (interface admin); it has one for interface public"},
		"no network service": {[]tokens.CatalogEntry{compute}, "public", "north", "", "",
			"the cloud's catalog has no network service (interface public, region north)"},
	} {
		e, err := endpointOf("network", &tokens.ServiceCatalog{Entries: c.catalog}, clouds.Endpoint{EndpointOpts: gophercloud.EndpointOpts{Availability: c.face, Region: c.region}})
		if text := errorText(err); text != c.err || err == nil && (e.URL != c.url || regionOf(e) != c.from) {
			t.Errorf("%s: %+v, error %q", name, e, text)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
