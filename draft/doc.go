// Package draft goes from the groups that exist to the text of a policy that allows
// exactly what they allow. It is pure.
//
//	*rule.State ─ Sort ─▶ Sorting ─ New ─▶ *Policy ─ Text ─▶ CUE ─ compiled, planned ─ Prove ─▶ Proof
//
// Sort says which groups become tiers, which are others', and which no policy can say. New
// folds the rules of each tier into fewer and wider statements: what other rules cover goes,
// families and protocols are paired, ports get the names of catalog services that lie wholly
// inside. It gives names to tiers, services, networks and groups, none of which says more than
// the state does. Text writes it down, and Prove compares what the text compiles to with the
// state, as sets of packets and packet by packet: whatever the steps before it did, a text that
// does not pass is not to be used. An import into a policy ([Existing]) writes what is new
// beside it, and proves both together. Ports say which kinds of server there are.
//
// It states facts and guesses no meaning: what is not known is called by its port or its
// network.
package draft
