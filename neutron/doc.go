// Package neutron reads and changes the security groups of a real cloud. It is
// the only package that knows Neutron's ids, nulls and HTTP: what it reads
// becomes a canonical [rule.State], and what it carries out is a [plan.Plan].
//
// Neutron has no transactions across calls, forgets nothing and tells little;
// four rules follow. Groups exist before anything names them, and go when
// nothing does. What is created is created before anything is deleted. A call
// that may have acted is never repeated blindly: the cloud is read first. And
// whatever is found other than planned is planned again, not guessed at.
package neutron
