//go:build conformance

package conformance

import (
	"net/http"
	"slices"
	"testing"
)

// testExternals refers to groups and address groups of others, by name and by id.
func testExternals(t *testing.T, c *cloud) {
	a := c.tenant(t)
	a.group(t, `legacy servers; by "name"`, "theirs")
	pinned := a.group(t, "pinned", "theirs too")
	addressGroup := func(name, cidr string) string {
		var answer struct {
			Group struct{ ID string } `json:"address_group"`
		}
		a.neutron.must(t, http.MethodPost, "/v2.0/address-groups",
			body{"address_group": body{"name": name, "addresses": []string{cidr}}}, &answer)
		return answer.Group.ID
	}
	office := addressGroup("-office $HOME", "192.0.2.64/26")
	other := addressGroup("other", "2001:db8:5::/48")
	before := a.groups(t)

	script := c.export(t, "testdata/externals.cue", "-t", "group="+pinned.ID, "-t", "addressGroup="+other)
	a.apply(t, script)
	groups := a.groups(t)
	born := []string{"egress IPv4 any to anyone", "egress IPv6 any to anyone"}
	requireRules(t, groups, map[string][]string{
		`legacy servers; by "name"`: born,
		"pinned":                    born,
		"web": {
			`ingress IPv4 tcp/80 from group legacy servers; by "name"`,
			"ingress IPv6 tcp/443 from group pinned",
			"ingress IPv4 tcp/22 from address group " + office,
			"ingress IPv6 udp/123 from address group " + other,
		},
	})
	requireFinished(t, groups, "externals")
	requireUntouched(t, before, slices.DeleteFunc(groups, func(g liveGroup) bool { return g.Name == "web" }))
}
