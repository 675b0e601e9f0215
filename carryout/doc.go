// Package carryout carries plans out:
//
//	plans ─ Plans ─▶ look, write, look, write … ─▶ the last look
//
// Neutron has no transactions across calls, forgets nothing and tells little; five rules
// follow. Groups exist before anything names them, and go when nothing does. What is
// created is created before anything is deleted. A group is looked at right before it is
// written to: it carries the policy's mark and is as the plan saw it, but for what this run
// has done. A call that may have acted is never repeated blindly: the cloud is read first.
// And whatever is found other than planned ends the run, as [*Changed]: it is planned again,
// not guessed at.
//
// The cloud is a [neutron.Client], and no interface stands before it: these rules are about what
// Neutron answers and when it acts. Its other implementation, the sandbox, is at the far end of HTTP.
package carryout
