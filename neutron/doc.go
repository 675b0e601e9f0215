// Package neutron is the client of a real cloud: it logs in, reads security groups and what
// planning has to know beside them, and makes single changes. With the packages below it is
// the only one that knows Neutron's ids, nulls and HTTP: what it reads becomes a canonical
// [rule.State].
//
// A reading that fails is made again where that may help. A change is called once: whether
// it may be called again, and what has to be looked at before, package carryout decides.
package neutron
