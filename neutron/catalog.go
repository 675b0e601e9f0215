package neutron

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"

	"sgc.dev/sgc/clouds"
)

// endpointOf is a service's endpoint, as of "network": in the catalog, if no other is configured. Where there are several regions
// and none is named, it is not guessed which is meant: each has groups of its own.
// (openstack.V3Endpoint would ask Neutron for its versions too, which is a call.)
func endpointOf(service string, catalog *tokens.ServiceCatalog, at clouds.Endpoint) (tokens.Endpoint, error) {
	if at.Override != "" {
		return tokens.Endpoint{URL: at.Override, RegionID: at.Region}, nil
	}
	var there []tokens.Endpoint
	var regions, faces []string
	for _, entry := range catalog.Entries {
		for _, e := range entry.Endpoints {
			if entry.Type == service {
				faces = append(faces, e.Interface)
			}
			if entry.Type == service && at.Availability == gophercloud.Availability(e.Interface) {
				there, regions = append(there, e), append(regions, regionOf(e))
			}
		}
	}
	slices.Sort(regions)
	regions = slices.Compact(regions)
	of := fmt.Sprintf("interface %s", at.Availability)
	if at.Region != "" {
		of += ", region " + at.Region
	}
	for _, e := range there {
		switch {
		case at.Region == "" && len(regions) > 1:
			return e, fmt.Errorf("the cloud has a %s service (%s) in each of %d regions, %s: name one with --os-region-name, OS_REGION_NAME, or region_name in clouds.yaml",
				service, of, len(regions), strings.Join(regions, ", "))
		case at.Region == "" || at.Region == e.Region || at.Region == e.RegionID:
			return e, nil
		}
	}
	text := "the cloud's catalog has no " + service + " service (" + of + ")"
	if regions != nil {
		text += "; it has one in " + strings.Join(regions, ", ")
	}
	if regions == nil && faces != nil {
		slices.Sort(faces)
		text += "; it has one for interface " + strings.Join(slices.Compact(faces), ", ")
	}
	return tokens.Endpoint{}, errors.New(text)
}

// regionOf is the id of an endpoint's region. Older clouds have it under the name alone.
func regionOf(e tokens.Endpoint) string { return cmp.Or(e.RegionID, e.Region) }
