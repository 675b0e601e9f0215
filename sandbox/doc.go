// Package sandbox is an OpenStack cloud in a process, as far as security groups
// go: a Keystone that gives tokens and a Neutron with groups, rules, tags,
// quotas, ports, networks, address groups and sharing, over HTTP on loopback. The
// openstack command and gophercloud work against it as against a real one.
//
// Where releases of Neutron differ it answers as 2025.1 does (Neutron 26, the
// ML2 plugin, a MariaDB with three bytes a character). What it answers is what a
// real server answered: testdata/neutron has the cases that both must pass, and
// package conformance puts them to both, and random calls too. There is
// nothing behind ports and networks, no routers, no service but the two, and one
// domain: what is not there is answered 404. Cloud.AddServer brings subnets, and a Nova
// that knows what servers are called.
//
// Tests steer it from outside: Cloud.Inject makes calls fail, Cloud.Intercept comes
// before every single call and Cloud.Observe looks at the state after it, Cloud.Calls
// says what was asked, Cloud.Groups reads the state and Cloud.PlantGroup,
// Cloud.PlantRule, Cloud.EditGroup and their like write it, also what Neutron's own
// API would refuse. Cloud.SetReserved and Cloud.SetRequestLine narrow it, and
// Cloud.SetLag has readings come after the fact.
//
// Calls act one after another, and act though their callers have left, as behind a
// WSGI server: only Server.Close ends a wait. With Cloud.SetOVN deletions race as with
// OVN behind.
package sandbox
