package tables

import (
	"net/http"
	"slices"

	"sgc.dev/sgc/sandbox/api"
)

// An extension is what Neutron says of one of its extensions.
type extension struct{ alias, name, description, updated string }

// allExtensions are those of Neutron 26.0.3 with the ML2 plugin and no services,
// as it lists them.
func allExtensions() []extension {
	return []extension{
		{"address-group", "Address group", "Support address group", "2020-07-15T10:00:00-00:00"},
		{"address-scope", "Address scope", "Address scopes extension.", "2015-07-26T10:00:00-00:00"},
		{"agent", "agent", "The agent management extension.", "2013-02-03T10:00:00-00:00"},
		{"agent-resources-synced", "Agent's Resource View Synced to Placement", "Stores success/failure of last sync to Placement", "2018-12-19T00:00:00-00:00"},
		{"allowed-address-pairs", "Allowed Address Pairs", "Provides allowed address pairs", "2013-07-23T10:00:00-00:00"},
		{"availability_zone", "Availability Zone", "The availability zone extension.", "2015-01-01T10:00:00-00:00"},
		{"availability_zone_filter", "Availability Zone Filter Extension", "Add filter parameters to AvailabilityZone resource", "2018-06-22T10:00:00-00:00"},
		{"default-subnetpools", "Default Subnetpools", "Provides ability to mark and use a subnetpool as the default.", "2016-02-18T18:00:00-00:00"},
		{"dhcp_agent_scheduler", "DHCP Agent Scheduler", "Schedule networks among dhcp agents", "2013-02-07T10:00:00-00:00"},
		{"empty-string-filtering", "Empty String Filtering Extension", "Allow filtering by attributes with empty string value", "2018-05-01T10:00:00-00:00"},
		{"external-net", "Neutron external network", "Adds external network attribute to network resource.", "2013-01-14T10:00:00-00:00"},
		{"extra_dhcp_opt", "Neutron Extra DHCP options", "Extra options configuration for DHCP. For example PXE boot options to DHCP clients can be specified (e.g. tftp-server, server-ip-address, bootfile-name)", "2013-03-17T12:00:00-00:00"},
		{"filter-validation", "Filter parameters validation", "Provides validation on filter parameters.", "2018-07-04T10:00:00-00:00"},
		{"flavors", "Neutron Service Flavors", "Flavor specification for Neutron advanced services.", "2015-09-17T10:00:00-00:00"},
		{"ip-substring-filtering", "IP address substring filtering", "Provides IP address substring filtering when listing ports", "2017-11-28T09:00:00-00:00"},
		{"multi-provider", "Multi Provider Network", "Expose mapping of virtual networks to multiple physical networks", "2013-06-27T10:00:00-00:00"},
		{"net-mtu", "Network MTU", "Provides MTU attribute for a network resource.", "2015-03-25T10:00:00-00:00"},
		{"net-mtu-writable", "Network MTU (writable)", "Provides a writable MTU attribute for a network resource.", "2017-07-12T00:00:00-00:00"},
		{"network_availability_zone", "Network Availability Zone", "Availability zone support for network.", "2015-01-01T10:00:00-00:00"},
		{"network-ip-availability", "Network IP Availability", "Provides IP availability data for each network and subnet.", "2015-09-24T00:00:00-00:00"},
		{"pagination", "Pagination support", "Extension that indicates that pagination is enabled.", "2016-06-12T00:00:00-00:00"},
		{"port-device-profile", "Port device profile", "Expose the port device profile (Cyborg)", "2020-12-17T10:00:00-00:00"},
		{"port-mac-override", "Neutron Port MAC address override", "Allow overriding the MAC address of a direct-physical Port via the active binding profile", "2022-03-18T10:00:00-00:00"},
		{"port-mac-address-regenerate", "Neutron Port MAC address regenerate", "Network port MAC address regenerate", "2018-05-03T10:00:00-00:00"},
		{"port-numa-affinity-policy", "Port NUMA affinity policy", "Expose the port NUMA affinity policy", "2020-07-08T10:00:00-00:00"},
		{"port-numa-affinity-policy-socket", "Port NUMA affinity policy \"socket\"", "Adds \"socket\" to the supported port NUMA affinity policies", "2024-02-09T10:00:00-00:00"},
		{"binding", "Port Binding", "Expose port bindings of a virtual port to external application", "2014-02-03T10:00:00-00:00"},
		{"binding-extended", "Port Bindings Extended", "Expose port bindings of a virtual port to external application", "2017-07-17T10:00:00-00:00"},
		{"port-security", "Port Security", "Provides port security", "2012-07-23T10:00:00-00:00"},
		{"project-id", "project_id field enabled", "Extension that indicates that project_id field is enabled.", "2016-09-09T09:09:09-09:09"},
		{"provider", "Provider Network", "Expose mapping of virtual networks to physical networks", "2012-09-07T10:00:00-00:00"},
		{"quota-check-limit", "Quota engine limit check", "Support for checking the resource usage before applying a new quota limit", "2021-09-08T16:00:00-00:00"},
		{"quota-check-limit-default", "Quota engine limit check by default", "By default, the Neutron quota engine checks the resource usage before applying a new quota limit", "2024-08-21T16:00:00-00:00"},
		{"quotas", "Quota management support", "Expose functions for quotas management per project", "2012-07-29T10:00:00-00:00"},
		{"quota_details", "Quota details management support", "Expose functions for quotas usage statistics per project", "2017-02-10T10:00:00-00:00"},
		{"rbac-policies", "RBAC Policies", "Allows creation and modification of policies that control tenant access to resources.", "2015-06-17T12:15:12-00:00"},
		{"rbac-address-group", "Add address_group type to RBAC", "Add address_group type to network RBAC", "2021-01-20T00:00:00-00:00"},
		{"rbac-address-scope", "Add address_scope type to RBAC", "Add address_scope type to RBAC", "2020-02-12T00:00:00-00:00"},
		{"rbac-security-groups", "Add security_group type to network RBAC", "Add security_group type to network RBAC", "2019-02-14T00:00:00-00:00"},
		{"rbac-subnetpool", "Add subnetpool type to RBAC", "Add subnetpool type to RBAC", "2020-02-05T00:00:00-00:00"},
		{"revision-if-match", "If-Match constraints based on revision_number", "Extension indicating that If-Match based on revision_number is supported.", "2016-12-11T00:00:00-00:00"},
		{"standard-attr-revisions", "Resource revision numbers", "This extension will display the revision number of neutron resources.", "2016-04-11T10:00:00-00:00"},
		{"security-groups-default-rules", "Default rules for security groups", "Configure set of security group rules used as default rules for every new security group", "2022-12-19T10:00:00-00:00"},
		{"security-groups-normalized-cidr", "Normalized CIDR field for security group rules", "Add new field with normalized remote_ip_prefix cidr in SG rule", "2020-07-28T10:00:00-00:00"},
		{"port-security-groups-filtering", "Port filtering on security groups", "Provides security groups filtering when listing ports", "2018-01-09T09:00:00-00:00"},
		{"security-groups-remote-address-group", "Remote address group id field for security group rules", "Add new field of remote address group id in SG rules", "2020-08-25T10:00:00-00:00"},
		{"security-groups-rules-belongs-to-default-sg", "Security group rule belongs to the project's default security group", "Flag to determine if the security group rule belongs to the project's default security group", "2023-05-23T10:00:00-00:00"},
		{"security-groups-shared-filtering", "Security group filtering on the shared field", "Support filtering security groups on the shared field", "2021-10-05T09:00:00-00:00"},
		{"security-group", "security-group", "The security groups extension.", "2012-10-05T10:00:00-00:00"},
		{"service-type", "Neutron Service Type Management", "API for retrieving service providers for Neutron advanced services", "2013-01-20T00:00:00-00:00"},
		{"sorting", "Sorting support", "Extension that indicates that sorting is enabled.", "2016-06-12T00:00:00-00:00"},
		{"standard-attr-description", "standard-attr-description", "Extension to add descriptions to standard attributes", "2016-02-10T10:00:00-00:00"},
		{"stateful-security-group", "Stateful security group", "Indicates if the security group is stateful or not", "2019-11-26T09:00:00-00:00"},
		{"subnet-external-network", "Subnet belongs to an external network", "Informs if the subnet belongs to an external network", "2024-02-05T18:00:00-00:00"},
		{"subnet_onboard", "Subnet Onboard", "Provides support for onboarding subnets into subnet pools", "2018-12-18T09:00:00-00:00"},
		{"subnet-service-types", "Subnet service types", "Provides ability to set the subnet service_types field", "2016-03-15T18:00:00-00:00"},
		{"subnet_allocation", "Subnet Allocation", "Enables allocation of subnets from a subnet pool", "2015-03-30T10:00:00-00:00"},
		{"subnetpool-prefix-ops", "Subnet Pool Prefix Operations", "Provides support for adjusting the prefix list of subnet pools", "2019-02-08T10:00:00-00:00"},
		{"tag-creation", "Tag creation extension", "Allow to create multiple tags for a resource", "2024-23-07T10:00:00-00:00"},
		{"standard-attr-tag", "Tag support for resources with standard attribute: port, subnet, subnetpool, network, security_group, router, floatingip, policy, trunk, network_segment_range", "Enables to set tag on resources with standard attribute.", "2017-01-01T00:00:00-00:00"},
		{"standard-attr-timestamp", "Resource timestamps", "Adds created_at and updated_at fields to all Neutron resources that have Neutron standard attributes.", "2016-09-12T10:00:00-00:00"},
	}
}

// RemoveExtension takes an extension from the list, as in a cloud that lacks it.
// What some of them bring goes with them: stateful-security-group, standard-attr-tag,
// address-group, rbac-security-groups, security-groups-remote-address-group,
// security-groups-normalized-cidr, security-groups-rules-belongs-to-default-sg.
func (t *Tables) RemoveExtension(alias string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.extensions = slices.DeleteFunc(slices.Clone(t.extensions), func(e extension) bool { return e.alias == alias })
	for _, table := range []api.Attributes{groups{}.table(), rules{}.table()} {
		for _, a := range table {
			if a.From == alias {
				t.absent = append(t.absent, a.Name)
			}
		}
	}
}

func (t *Tables) has(alias string) bool {
	return slices.ContainsFunc(t.extensions, func(e extension) bool { return e.alias == alias })
}

// offered are the attributes of the extensions that the cloud has.
func (t *Tables) offered(table api.Attributes) api.Attributes {
	return slices.DeleteFunc(table, func(a api.Attribute) bool { return a.From != "" && !t.has(a.From) })
}

// strip takes out of a view what extensions bring that the cloud lacks. A group
// has its rules in it.
func (t *Tables) strip(view api.Object) api.Object {
	if len(t.absent) == 0 {
		return view
	}
	for _, name := range t.absent {
		delete(view, name)
	}
	inner, _ := view["security_group_rules"].([]api.Object)
	for _, rule := range inner {
		t.strip(rule)
	}
	return view
}

func (e extension) view() api.Object {
	return api.Object{"alias": e.alias, "name": e.name, "description": e.description, "updated": e.updated, "links": []api.Object{}}
}

// extensionCall answers the calls at /v2.0/extensions.
func (t *Tables) extensionCall(r api.Request, rest []string) (api.Answer, error) {
	switch what := r.Method; {
	case what == http.MethodPost && len(rest) == 0, what == http.MethodDelete && len(rest) == 1:
		return api.Plain(http.StatusNotFound, "404 Not Found\n\nThe resource could not be found.\n\n Resource not found.  "), nil
	case what == http.MethodPut && len(rest) == 1:
		return api.Plain(http.StatusInternalServerError,
			"500 Internal Server Error\n\nThe server has either erred or is incapable of performing the requested operation.\n\n   "), nil
	case what != http.MethodGet:
		return api.Answer{}, api.Hidden()
	case len(rest) == 0:
		all := []api.Object{}
		for _, e := range t.extensions {
			all = append(all, e.view())
		}
		return api.Answer{Status: http.StatusOK, Body: api.Object{"extensions": all}}, nil
	case len(rest) == 1:
		for _, e := range t.extensions {
			if e.alias == rest[0] {
				return api.Answer{Status: http.StatusOK, Body: api.Object{"extension": e.view()}}, nil
			}
		}
		return api.Plain(http.StatusNotFound, "404 Not Found\n\nThe resource could not be found.\n\n Extension with alias "+rest[0]+" does not exist\n\n"), nil
	}
	return api.Answer{}, api.Hidden()
}
