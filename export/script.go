package export

import (
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// functions is the part of every script that knows no policy.
//
//go:embed script.sh
var functions string

const scriptHead = `#!/bin/sh
# Security groups of %s. Written by sgc; change the policy, not this file.
#
# Creates the groups and rules below with the openstack client (6.0 or later) in
# the project that OS_CLOUD or the other OS_ variables name, and can be run again
# at any time: what is there stays, what is missing is created unless its last day
# is past, and what a killed run has left undone is done. A group is this policy's when its description ends
# in its mark, [sgc:POLICY/TIER], and it is complete once it has the tags sgc:policy
# and sgc:tier, which are set last. Until then rules which the policy does not have
# are removed from it: those that every group is born with. One that lies inside of
# what the policy lets others open stays.
#
# It stops with exit code 1, before it changes anything, where two groups have a
# tier's name, where a group of that name lacks the mark, and where a group or an
# address group that the policy refers to is missing or ambiguous. It stops at a
# group that is stateful where the policy wants it stateless, or the reverse, and
# at the first command that fails. Of two runs at once, each removes the group that it has
# made where the other has made the same one, and stops; run it again then.
#
# It waits for as long as openstack does. Ctrl-C ends both, and so does the timeout
# command of GNU coreutils: timeout 10m sh FILE.
#
# It does not change or remove what is in a complete group: rules added by hand
# or gone from the policy, descriptions, tags.
#
# Each thing that it creates or removes is a line on standard error; standard
# output has one line for each policy.
#
# shellcheck disable=SC2016 # what looks like an expansion in single quotes is text

`

// writeScript writes one script for all policies, one after the other.
func writeScript(w io.Writer, sets []*rule.Set) error {
	fmt.Fprintf(w, scriptHead, policies(sets))
	io.WriteString(w, "set -u\n\n")
	for i, set := range sets {
		if err := newScript(set).write(w, fmt.Sprintf("policy_%d", i+1)); err != nil {
			return err
		}
	}
	io.WriteString(w, functions)
	for i := range sets {
		fmt.Fprintf(w, "policy_%d\n", i+1)
	}
	return nil
}

// policies names them in a sentence.
func policies(sets []*rule.Set) string {
	var names []string
	for _, set := range sets {
		names = append(names, rule.Printable(set.Policy))
	}
	switch len(names) {
	case 0:
		return "no policy"
	case 1:
		return "the policy " + names[0]
	}
	return "the policies " + strings.Join(names, ", ")
}

// script knows the shell variables that hold the ids of what rules refer to.
type script struct {
	set      *rule.Set
	variable map[rule.Remote]string
}

func newScript(set *rule.Set) script {
	s := script{set, map[rule.Remote]string{}}
	taken := map[string]bool{}
	name := func(kind string, r rule.Remote) {
		v := kind + word(r.Name())
		for n := 2; taken[v]; n++ {
			v = fmt.Sprintf("%s%s_%d", kind, word(r.Name()), n)
		}
		taken[v] = true
		s.variable[r] = v
	}
	for _, g := range set.Groups {
		name("tier_", rule.Tier(g.Tier))
	}
	for _, x := range set.Foreign {
		name("group_", rule.ForeignGroup(x.Key))
	}
	for _, x := range set.AddressGroups {
		name("addresses_", rule.AddressGroup(x.Key))
	}
	return s
}

// word is a name as the end of a variable's.
func word(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, name)
}

func (s script) write(w io.Writer, function string) error {
	fmt.Fprintf(w, "# The policy %s.\n%s() {\nopen_policy\n", rule.Printable(s.set.Policy), function)
	s.find(w)
	s.create(w)
	if err := inOrder(w, len(s.set.Groups), func(i int) ([]byte, error) {
		var b bytes.Buffer
		s.rules(&b, &s.set.Groups[i])
		return b.Bytes(), nil
	}); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\nclose_policy %s %d\n}\n\n", quote(s.set.Policy), len(s.set.Groups))
	return err
}

// find looks everything up that the policy names, so that nothing is changed
// where one of them cannot be had.
func (s script) find(w io.Writer) {
	fmt.Fprintf(w, "\n# what is there; nothing is changed until all of it is in order\n")
	for _, g := range s.set.Groups {
		v := s.variable[rule.Tier(g.Tier)]
		words := []string{"find_group", quote(clientJSON(g.Name)), quote(clientJSONBody(rule.Mark(s.set.Policy, g.Tier)) + `"`)}
		for _, tag := range rule.OwnershipTags(s.set.Policy, g.Tier) {
			words = append(words, quote(clientJSON(tag)))
		}
		fmt.Fprintf(w, "%s\n%s=$id state_%s=$state\n", strings.Join(words, " "), v, v)
	}
	for _, x := range s.set.Foreign {
		fmt.Fprintf(w, "# %s %s\nfind_other \"$groups\" 'security group' %s\n%s",
			rule.Printable(x.Pos.String()), rule.Printable(x.Key), wanted(x), s.keep(rule.ForeignGroup(x.Key)))
	}
	if len(s.set.AddressGroups) > 0 {
		fmt.Fprintf(w, "list address group\naddresses=$table\n")
	}
	for _, x := range s.set.AddressGroups {
		fmt.Fprintf(w, "# %s %s\nfind_other \"$addresses\" 'address group' %s\n%s",
			rule.Printable(x.Pos.String()), rule.Printable(x.Key), wanted(x), s.keep(rule.AddressGroup(x.Key)))
	}
}

// keep is the line that keeps the id of what was found, where a rule refers to it: another
// rule may open all that such a one would.
func (s script) keep(r rule.Remote) string {
	names := func(e rule.Entry) bool { return e.Remote == r }
	if !slices.ContainsFunc(s.set.Groups, func(g rule.Group) bool {
		return slices.ContainsFunc(g.Rules, names) || slices.ContainsFunc(g.Others, names)
	}) {
		return ""
	}
	return s.variable[r] + "=$id\n"
}

// wanted is the column in which something is looked up, and what to find there.
func wanted(x rule.External) string {
	if x.ID != "" {
		return "1 " + quote(x.ID)
	}
	return "3 " + quote(clientJSON(x.Name))
}

// create makes the groups that are missing. All groups come before all rules,
// because rules name groups.
func (s script) create(w io.Writer) {
	fmt.Fprintf(w, "\n# groups that are missing\n")
	for _, g := range s.set.Groups {
		v := s.variable[rule.Tier(g.Tier)]
		fmt.Fprintf(w, "[ \"$%s\" ] || {\n\tcreate_group %s %s %s -- %s\n\t%s=$id\n}\n",
			v, quote(clientJSON(g.Name)), stateful(g), quote("--description="+g.CloudDescription(s.set.Policy)), quote(g.Name), v)
	}
	fmt.Fprintf(w, "check_created\n")
}

// rules fills one group.
func (s script) rules(b *bytes.Buffer, g *rule.Group) {
	title := "tier " + rule.Printable(g.Tier)
	fmt.Fprintf(b, "\n# --- %s %s\n# %s\n", title, strings.Repeat("-", max(0, 73-len(title))), rule.Printable(g.Pos.String()))
	v := s.variable[rule.Tier(g.Tier)]
	fmt.Fprintf(b, "open_group %s \"$%s\" \"$state_%s\" %t\n", quote(clientJSON(g.Name)), v, v, g.Stateful)
	var last []string
	write := func(command string, e rule.Entry, words []string) {
		if lines := origins(e); !slices.Equal(lines, last) {
			for _, line := range lines {
				b.WriteString("# " + line + "\n")
			}
			last = lines
		}
		if day := e.LastDay(); day != "" {
			command += "_until " + day
		}
		b.WriteString(command + " " + strings.Join(words, " ") + "\n")
	}
	for _, e := range g.Others {
		write("others_may", e, s.options(e.Rule))
	}
	for _, e := range g.Rules {
		write("rule", e, append(s.options(e.Rule), quote("--description="+e.Description())))
	}
	owned := rule.OwnershipTags(s.set.Policy, g.Tier)
	words := []string{"close_group"}
	for _, tag := range owned {
		words = append(words, quote(clientJSON(tag)))
	}
	for _, tag := range append(slices.Clone(g.Tags), owned...) {
		words = append(words, quote("--tag="+tag))
	}
	fmt.Fprintf(b, "%s\n", strings.Join(words, " "))
}

// origins are the policy's lines that a rule comes from, each once.
func origins(e rule.Entry) []string {
	return unique(e, func(o rule.Origin) string { return o.Pos.String() + " " + o.Path })
}

// positions are the places in the policy that a rule comes from, each once.
func positions(e rule.Entry) []string {
	return unique(e, func(o rule.Origin) string { return o.Pos.String() })
}

func unique(e rule.Entry, name func(rule.Origin) string) []string {
	var names []string
	for _, o := range e.Origins {
		if s := rule.Printable(name(o)); !slices.Contains(names, s) {
			names = append(names, s)
		}
	}
	return names
}

// options are those of a rule, which refers to groups by variables.
func (s script) options(r rule.Rule) []string {
	return options(r, `"$`+s.variable[r.Remote]+`"`)
}
