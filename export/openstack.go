package export

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// openstackHead has no character that means something to a shell which takes a comment
// at its prompt for a command, as zsh does.
const openstackHead = `# Security groups of %s, as openstack commands to read, review and paste. Written by sgc.
#
# They are to be run once, in a project without groups of these names. They do not look at
# what is there: a second run makes second groups of the same names, and then fails. They
# do not choose between groups: a name that the client finds twice is an error. They do
# not go on where a run was killed, and they create a rule even after its last day.
# The script that sgc export --format=sh writes does all of that.
#
# Paste the groups first, and the rest once every one of them is there: a rule goes into
# whatever group has the name.

# Groups, each without the rules that it is born with
`

// writeOpenstack writes the groups of all policies before the rules, which name them.
func writeOpenstack(w io.Writer, sets []*rule.Set) error {
	for _, set := range sets {
		for _, g := range set.Groups {
			if g.Name == "default" {
				return fmt.Errorf("%s: tier %s: these commands create groups, and every project already has a group %q: sgc apply --adopt takes it over", g.Pos, g.Tier, g.Name)
			}
		}
	}
	fmt.Fprintf(w, openstackHead, policies(sets))
	for _, set := range sets {
		for _, g := range set.Groups {
			fmt.Fprintf(w, "%s &&\nopenstack security group rule delete $(%s)\n",
				command("create", g.Name, stateful(g), "--description="+quote(g.CloudDescription(set.Policy))),
				command("rule list", g.Name, "-f=value", "-c=ID"))
		}
	}
	fmt.Fprint(w, "\n# Rules, and then the tags that say that a group is complete\n")
	for _, set := range sets {
		names := remotes(set)
		for _, g := range set.Groups {
			fmt.Fprintln(w)
			for _, e := range g.Rules {
				words := append(options(e.Rule, quote(names[e.Remote])), "--description="+quote(e.Description()))
				fmt.Fprintln(w, command("rule create", g.Name, words...))
			}
			var tags []string
			for _, tag := range slices.Concat(g.Tags, rule.OwnershipTags(set.Policy, g.Tier)) {
				tags = append(tags, "--tag="+quote(tag))
			}
			fmt.Fprintln(w, command("set", g.Name, tags...))
		}
	}
	return nil
}

// remotes is what the client finds each group and address group by that rules refer to.
func remotes(set *rule.Set) map[rule.Remote]string {
	names := map[rule.Remote]string{}
	for _, g := range set.Groups {
		names[rule.Tier(g.Tier)] = g.Name
	}
	for _, x := range set.Foreign {
		names[rule.ForeignGroup(x.Key)] = cmp.Or(x.ID, x.Name)
	}
	for _, x := range set.AddressGroups {
		names[rule.AddressGroup(x.Key)] = cmp.Or(x.ID, x.Name)
	}
	return names
}

// command is a command about a group as a person types it, with the group's name first,
// unless the client would take it for an option there.
func command(what, group string, options ...string) string {
	words := []string{"openstack security group", what}
	option := strings.HasPrefix(group, "-")
	if !option {
		words = append(words, quote(group))
	}
	for _, o := range options {
		words = append(words, typed(o))
	}
	if option {
		words = append(words, "--", quote(group))
	}
	return strings.Join(words, " ")
}

// typed is an option as a person types it, with a blank before its value, unless the
// client would take the value for another option.
func typed(option string) string {
	name, value, _ := strings.Cut(option, "=")
	if value == "" || strings.HasPrefix(strings.TrimLeft(value, `'"`), "-") {
		return option
	}
	return name + " " + value
}
