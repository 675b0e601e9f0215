// Package lint finds what a policy allows or leaves out although nobody, most
// likely, meant it to: ssh open to the world, a rule that another covers, a
// server that cannot ask for a name. A policy with findings is a valid policy;
// what makes it invalid is an error, and errors are [schema.Errors].
//
// Every finding has a code that never changes its meaning, stands at the
// author's line, and says what to do. An author who means it writes a waiver
// beside it, `waive: SGC001: "because …"`, and hears no more of it.
//
// The package is pure: the day on which rules are judged is an input.
package lint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// Level says how much a finding matters.
type Level uint8

const (
	// Note is about tidiness: nothing is open that should be closed, nothing
	// closed that should be open.
	Note Level = iota + 1
	// Warning is about access, or about something that a cloud will refuse.
	Warning
)

func (l Level) String() string {
	switch l {
	case Note:
		return "note"
	case Warning:
		return "warning"
	}
	return fmt.Sprintf("Level(%d)", uint8(l))
}

// Finding is one place at which a lint fired.
type Finding struct {
	Code    string // "SGC001"
	Level   Level
	Pos     rule.Pos
	Path    string // "tiers.app.ingress.ssh"
	Message string // what is wrong and what to do: lower case, no full stop
	Related []Related
}

// Related is another place that a finding is about.
type Related struct {
	Pos     rule.Pos
	Message string
}

// Options are what findings depend on beside the policy. Days are "2006-01-02"
// and are compared as text.
type Options struct {
	AsOf     string // rules whose last valid day is before it have expired; "" means that none has
	ExpireBy string // rules whose last valid day is not after it are about to expire; "" means that none is

	// What is noted where it is asked for alone.
	Thorough  bool // ping for everyone, and any from self
	WiderThan int  // ranges of more ports; 0 means none
}

// Check finds everything that the lints have to say of a policy and that the
// policy does not waive, sorted by position and code, and counts what it does
// waive. The set is what the policy compiles to on the day of AsOf; of its groups,
// Written must be complete.
func Check(p *schema.Policy, s *rule.Set, o Options) (findings []Finding, waived int) {
	v := newView(p, s, o)
	found := slices.Concat(
		openToTheWorld(v),
		forgottenFamily(v),
		coveredRules(v),
		overlappingSets(v),
		unusedDefinitions(v),
		expiry(p, o),
		unansweredTiers(v),
		quota(v),
		serversWithoutEgress(v),
		statelessWithoutReturn(v),
		mixedServers(v),
		misnamedKeys(v),
		filesLeftOut(v),
		indentedFields(v),
		clearText(v),
		wrongProtocol(v),
		refusedNames(v),
		oftenMeant(v),
		letInAnyway(v),
		differences(v),
		idleConditionals(v),
	)
	waivers := newWaivers(v)
	found = waivers.filter(found)
	found = append(found, waivers.filter(waivers.faults())...)
	return sorted(found), waivers.answered
}

// sorted is findings by position and code.
func sorted(found []found) []Finding {
	findings := make([]Finding, len(found))
	for i := range found {
		findings[i] = found[i].Finding
	}
	slices.SortFunc(findings, func(a, b Finding) int {
		return cmp.Or(
			rule.ComparePos(a.Pos, b.Pos),
			strings.Compare(a.Code, b.Code),
			strings.Compare(a.Path, b.Path),
			strings.Compare(a.Message, b.Message),
		)
	})
	return findings
}

// found is a finding with the places where its waiver may stand, from the
// nearest to the policy's top.
type found struct {
	Finding
	waivers [][]schema.Waiver
}

// fire makes a finding of the lint with the code.
func fire(code string, pos rule.Pos, path, message string, waivers ...[]schema.Waiver) found {
	l, _ := find(code)
	return found{Finding{Code: code, Level: l.Level, Pos: pos, Path: path, Message: message}, waivers}
}
