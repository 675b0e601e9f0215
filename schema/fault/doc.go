// Package fault has what is wrong with a policy: errors at the author's line, and how
// far the policy came before them.
package fault
