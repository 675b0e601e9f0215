package clouds

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/gophercloud/gophercloud/v2"
)

// entry is the configuration of one cloud in one region, as openstack puts it together: a
// profile of clouds-public.yaml, over it what clouds.yaml and secure.yaml say of the cloud,
// over it what they say of the region, over it the variables OS_*. Keys have underscores.
type entry struct {
	auth   map[string]said // what stands below the key auth
	beside map[string]said // what stands beside it; variables are there
}

// said is a value of the configuration.
type said struct {
	value any
	by    string // OS_PASSWORD, or the key in a file: who is to blame
}

// text is a value that has to be text, "" where there is none. YAML takes much for something
// else, as 1_0 for 10: that is refused, since a name or a password would be another one.
func (s said) text() (string, error) {
	switch value := s.value.(type) {
	case nil:
		return "", nil
	case string:
		return value, nil
	case int:
		return strconv.Itoa(value), nil
	}
	return "", fmt.Errorf("%s: this is no text: put it in quotes", s.by)
}

// text is the first of some keys beside auth that has a value.
func (e entry) text(keys ...string) (string, error) {
	for _, key := range keys {
		if text, err := e.beside[key].text(); text != "" || err != nil {
			return text, err
		}
	}
	return "", nil
}

// layer is a part of a configuration, and where it stands.
type layer struct {
	values map[string]any
	by     string // begins what is said of a key
}

// lay lays a layer over what is there.
func (e entry) lay(l layer) error {
	for key, value := range l.values {
		if key != "auth" {
			e.beside[key] = said{value, l.by + key}
			continue
		}
		auth, err := mapping(value)
		if err != nil {
			return fmt.Errorf("%s%s: %w", l.by, key, err)
		}
		for key, value := range auth {
			e.auth[key] = said{value, l.by + "auth." + shownKey(key)}
		}
	}
	return nil
}

// underscored writes the keys of a configuration with underscores, at every depth.
func underscored(values map[string]any, by string) (map[string]any, error) {
	spelled := map[string]any{}
	for key, value := range values {
		name := strings.ReplaceAll(key, "-", "_")
		if _, twice := values[name]; twice && name != key {
			return nil, fmt.Errorf("%s%s is there with - and with _, which is one key: leave one out", by, shownKey(name))
		}
		var err error
		switch below := value.(type) {
		case map[string]any:
			value, err = underscored(below, by+shownKey(key)+".")
		case []any: // regions
			below = slices.Clone(below)
			for i, item := range below {
				if entry, is := item.(map[string]any); is && err == nil {
					below[i], err = underscored(entry, by+shownKey(key)+": ")
				}
			}
			value = below
		}
		if err != nil {
			return nil, err
		}
		spelled[name] = value
	}
	return spelled, nil
}

// entryOf is the configuration of a cloud of clouds.yaml, in a region; "" is its first.
func entryOf(cloud, region string) (entry, error) {
	e := entry{map[string]said{}, map[string]said{}}
	file, secure, err := cloudsFiles()
	if err != nil {
		return e, fmt.Errorf("cloud %q: %w", cloud, err)
	}
	open, err := file.layer("clouds", cloud)
	if err != nil {
		return e, err
	}
	secret, err := secure.layer("clouds", cloud)
	if err != nil {
		return e, err
	}
	if _, is := namedIn(file, secure)[cloud]; !is {
		return e, &NoSuchCloud{cloud, file.file, Names()}
	}
	own := layer{laidOver(open.values, secret.values), open.by}
	profile, err := own.profile()
	if err != nil {
		return e, err
	}
	in, err := own.region(profile, region)
	if err != nil {
		return e, err
	}
	for _, l := range []layer{profile, open, secret, in.layer} {
		if err := e.lay(l); err != nil {
			return e, err
		}
	}
	e.beside["region_name"] = said{in.name, own.by + "region_name"}
	e.variables()
	return e, nil
}

// layer is what a file says of a cloud, which may be nothing.
func (d document) layer(key, cloud string) (layer, error) {
	l := layer{by: fmt.Sprintf("%s: cloud %q: ", d.file, cloud)}
	list, err := d.clouds(key)
	if err != nil {
		return l, err
	}
	values, err := mapping(list[cloud])
	if err != nil {
		return l, errors.New(l.by + err.Error())
	}
	l.values, err = underscored(values, l.by)
	return l, err
}

// profile is what a cloud builds upon. openstack has a list of its own too, and would ask
// an address.
func (l layer) profile() (layer, error) {
	key := "profile"
	if _, is := l.values[key]; !is {
		key = "cloud" // its old name
	}
	name, err := said{l.values[key], l.by + key}.text()
	if name == "" || err != nil {
		return layer{}, err
	}
	public, err := firstFile("clouds-public", "")
	if err != nil {
		return layer{}, err
	}
	list, err := public.clouds("public-clouds")
	if err != nil {
		return layer{}, err
	}
	if _, is := list[name]; !is {
		return layer{}, fmt.Errorf("%s%s: %q is in no clouds-public.yaml, and sgc has no list of its own and asks no address: write below the cloud what the profile says", l.by, key, Shown(name))
	}
	return public.layer("public-clouds", name)
}

// region is one of a cloud's, with what counts there alone.
type region struct {
	name string
	layer
}

// region is the region of that name. A cloud that has none may be in any.
func (l layer) region(profile layer, name string) (region, error) {
	list, err := l.regions()
	if list == nil && err == nil {
		list, err = profile.regions()
	}
	if err != nil || len(list) == 0 {
		return region{name: name}, err
	}
	var names []string
	for _, r := range list {
		if r.name == name || name == "" {
			return r, nil
		}
		names = append(names, r.name)
	}
	return region{}, fmt.Errorf("%sit has no region %q, only %s: name one of them with --os-region-name or OS_REGION_NAME, or leave both out for the first",
		l.by, name, strings.Join(names, ", "))
}

// regions is the regions that a layer names, nil where it names none.
func (l layer) regions() ([]region, error) {
	key := "regions"
	if _, is := l.values[key]; !is {
		key = "region_name"
	}
	list, is := l.values[key].([]any)
	if !is && l.values[key] != nil {
		text, err := said{l.values[key], l.by + key}.text()
		if err != nil {
			return nil, err
		}
		for _, name := range strings.Split(text, ",") {
			list = append(list, name)
		}
	}
	var regions []region
	for _, value := range list {
		r := region{layer: layer{by: l.by + key + ": "}}
		if entry, is := value.(map[string]any); is {
			value = entry["name"]
			values, err := mapping(entry["values"])
			if err != nil {
				return nil, errors.New(r.by + "values: " + err.Error())
			}
			// openstack passes over what has no value here
			maps.DeleteFunc(values, func(_ string, value any) bool { return value == nil })
			r.values = values
		}
		var err error
		if r.name, err = (said{value, l.by + key}).text(); err != nil {
			return nil, err
		}
		regions = append(regions, r)
	}
	return regions, nil
}

// overlaid is the keys that openstack reads from variables too; OS_INSECURE, say, means nothing beside a cloud that is named.
var overlaid = []string{
	"auth_type", "auth_url", "username", "user_id", "password", "token", "passcode", "trust_id", "system_scope",
	"application_credential_id", "application_credential_name", "application_credential_secret",
	"project_id", "project_name", "tenant_id", "tenant_name", "user_domain_id", "user_domain_name", "project_domain_id", "project_domain_name",
	"domain_id", "domain_name", "default_domain_id", "default_domain_name", "identity_api_version",
	"interface", "cacert", "cert", "key", "endpoint",
	"service_provider", "remote_project_id", "remote_project_name", "remote_project_domain_id", "remote_project_domain_name",
}

// variables lays the variables over what is there.
func (e entry) variables() {
	for _, key := range overlaid {
		name := "OS_" + strings.ToUpper(key)
		if value := os.Getenv(name); value != "" {
			e.beside[key] = said{value, name}
		}
	}
}

// disputed is the keys that openstack 10.3 reads from variables where no cloud is named, and 7.4 does not.
var disputed = []string{
	"insecure", "verify", "endpoint_type", "network_endpoint_override", "network_endpoint", "network_endpoint_type", "network_interface",
	"network_region_name", "network_service_type", "network_service_name",
}

// environment is the configuration that the variables are alone.
func environment(region string) (entry, error) {
	e := entry{map[string]said{}, map[string]said{"region_name": {region, "OS_REGION_NAME"}}}
	for _, key := range disputed {
		if name := "OS_" + strings.ToUpper(key); os.Getenv(name) != "" {
			return e, fmt.Errorf("%s counts for some releases of openstack, and for others not: leave it out, or write %s in clouds.yaml", name, key)
		}
	}
	e.variables()
	return e, nil
}

// Endpoint is how a service is found.
type Endpoint struct {
	Override string // its address, whatever the catalog says
	gophercloud.EndpointOpts
}

// at says where a service is to be found.
func (e entry) at(service string) (Endpoint, error) {
	var w Endpoint
	for _, key := range []string{service + "_service_type", service + "_service_name"} {
		if text, err := e.text(key); err != nil || text != "" && text != service {
			return w, cmp.Or(err, fmt.Errorf("%s is not supported: sgc takes the %s service of the catalog: leave it out", e.beside[key].by, service))
		}
	}
	faces := []string{service + "_endpoint_type", service + "_interface", "endpoint_type", "interface"}
	face, err := e.text(faces...)
	if err != nil {
		return w, err
	}
	w.Availability = gophercloud.Availability(cmp.Or(strings.TrimSuffix(face, "URL"), "public"))
	if !slices.Contains([]gophercloud.Availability{"public", "internal", "admin"}, w.Availability) {
		return w, fmt.Errorf("there is no interface %q: write public, internal or admin", face)
	}
	if w.Region, err = e.text(service+"_region_name", "region_name"); err != nil {
		return w, err
	}
	if w.Override, err = e.text(service+"_endpoint_override", service+"_endpoint"); err != nil || w.Override == "" {
		return w, err
	}
	return w, checkAddress(service+"_endpoint_override", w.Override)
}
