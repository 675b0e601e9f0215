package draft

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"sgc.dev/sgc/rule"
)

// Terraform is what a state of Terraform or OpenTofu says of security groups.
type Terraform struct {
	Groups []string // ids of the groups that it owns
	// owns is the ids of the groups that resources, by their addresses without the keys of
	// instances, are or have a rule in.
	owns map[string][]string
}

// tfModule is a module of "terraform show -json".
type tfModule struct {
	Address   string
	Resources []struct {
		Mode, Type, Name string
		Values           struct {
			ID    string
			Group string `json:"security_group_id"`
		}
	}
	Modules []tfModule `json:"child_modules"`
}

const (
	tfGroup    = "openstack_networking_secgroup_v2"
	tfOldGroup = "openstack_compute_secgroup_v2" // with its rules in it, before version 3 of the provider
	tfRule     = "openstack_networking_secgroup_rule_v2"
)

// ParseTerraform reads what "terraform show -json" prints of a state, or of a plan.
func ParseTerraform(data []byte) (*Terraform, error) {
	type values struct {
		Root *tfModule `json:"root_module"`
	}
	var shown struct {
		Format string  `json:"format_version"`
		Raw    string  `json:"lineage"` // of a state as Terraform keeps it
		Values *values `json:"values"`
		Prior  struct {
			Values *values `json:"values"`
		} `json:"prior_state"`
	}
	const (
		none = "not the output of terraform show -json, or empty"
		show = "write it with terraform show -json > shown.json in the folder of the configuration"
	)
	if json.Unmarshal(data, &shown) != nil {
		return nil, errors.New(none + ": " + show)
	}
	if shown.Raw != "" {
		return nil, errors.New("this is a state file, whose format only Terraform reads: " + show)
	}
	state := shown.Values
	if state == nil {
		state = shown.Prior.Values
	}
	if shown.Format == "" || state == nil || state.Root == nil {
		return nil, errors.New(none)
	}
	t := &Terraform{owns: map[string][]string{}}
	if err := t.add(*state.Root); err != nil {
		return nil, err
	}
	if t.Groups == nil {
		return nil, fmt.Errorf("Terraform owns no security group here: there is no %s", tfGroup)
	}
	slices.Sort(t.Groups)
	return t, nil
}

// instance is the key of one of several instances of a module, which a removed block
// cannot name: it is about all of them.
var instance = regexp.MustCompile(`\[([0-9]+|"(\\.|[^"\\])*")\]`)

func (t *Terraform) add(m tfModule) error {
	for _, r := range m.Resources {
		group := r.Values.ID
		switch {
		case r.Mode == "managed" && (r.Type == tfGroup || r.Type == tfOldGroup):
			t.Groups = append(t.Groups, group)
		case r.Mode == "managed" && r.Type == tfRule:
			group = r.Values.Group
		default:
			continue
		}
		address := r.Type + "." + r.Name
		if m.Address != "" {
			address = instance.ReplaceAllString(m.Address, "") + "." + address
		}
		if !traversal().MatchString(address) {
			return fmt.Errorf("%q is not the address of a resource", address)
		}
		if err := rule.CheckID(group); err != nil {
			return fmt.Errorf("%s: the security group: %w", address, err)
		}
		t.owns[address] = append(t.owns[address], group)
	}
	for _, child := range m.Modules {
		if err := t.add(child); err != nil {
			return err
		}
	}
	return nil
}

// traversal is what may stand in a removed block. To compile its classes takes long: not at
// the start of every command.
var traversal = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[\pL_][\pL\pN_-]*(\.[\pL_][\pL\pN_-]*)+$`)
})

// In says whether any of Terraform's groups is in a state.
func (t *Terraform) In(s *rule.State) bool {
	return slices.ContainsFunc(s.Groups, func(g rule.LiveGroup) bool { return slices.Contains(t.Groups, g.ID) })
}

// Removed is the blocks that make Terraform forget the groups that have become tiers, and
// their rules, without destroying them.
func (t *Terraform) Removed(p *Policy, s *rule.State) []byte {
	var stay, removed strings.Builder
	for _, address := range slices.Sorted(maps.Keys(t.owns)) {
		why, shared := t.stays(address, p, s)
		if why == "" {
			fmt.Fprintf(&removed, "\nremoved {\n  from = %s\n\n  lifecycle {\n    destroy = false\n  }\n}\n", address)
			continue
		}
		fmt.Fprintf(&stay, "\n# %s stays: %s.\n", address, rule.Printable(why))
		for _, group := range shared {
			fmt.Fprintf(&stay, "# Group %s is in the policy: Terraform and sgc would undo each other's changes to it.\n", rule.Printable(group))
		}
	}
	begin := "# Terraform keeps all of its security groups and their rules: whatever leaves the configuration is destroyed.\n"
	if removed.Len() > 0 {
		begin = "# Terraform from 1.7 and OpenTofu from 1.10 on forget what the removed blocks name, and destroy none of it. Take the\n" +
			"# resources that they name out of the configuration in the same change, apply it, and then adopt the groups with\n" +
			"# sgc apply --adopt.\n"
		if stay.Len() > 0 {
			begin += "# Leave those in the configuration that stay: what goes without a removed block is destroyed.\n"
		}
	}
	return []byte(begin + stay.String() + removed.String())
}

// MayReplace says whether removed blocks may take the place of what a file has: of that
// nothing but comments is lost.
func MayReplace(old, text []byte) bool {
	for _, block := range removedBlock.FindAll(old, -1) {
		if !bytes.Contains(text, block) {
			return false
		}
	}
	return comments.Match(removedBlock.ReplaceAll(old, nil))
}

var (
	removedBlock = regexp.MustCompile(`(?m)^removed \{\n  from = \S+\n\n  lifecycle \{\n    destroy = false\n  \}\n\}\n`)
	comments     = regexp.MustCompile(`^([ \t]*(#.*)?\n)*$`)
)

// SayLeft counts the resources that stay Terraform's, says why each of them does, and which
// groups of the policy they go on changing.
func (t *Terraform) SayLeft(w io.Writer, p *Policy, s *rule.State) {
	var stay, both []string
	for _, address := range slices.Sorted(maps.Keys(t.owns)) {
		if why, shared := t.stays(address, p, s); why != "" {
			stay = append(stay, address+": "+why)
			for _, group := range shared {
				both = append(both, group+" by "+address)
			}
		}
	}
	say := func(form string, args ...any) { fmt.Fprintln(w, rule.Printable(fmt.Sprintf(form, args...))) }
	list(say, fmt.Sprintf("left to Terraform, %d of %s", len(stay), rule.Counted(len(t.owns), "resource")), "; ", stay)
	list(say, "in the policy and still Terraform's, so that each of the two undoes what the other does (import what else these resources own, or leave these groups out with --except)", "; ", both)
}

// stays is why a resource stays Terraform's, "" where all that it owns has become tiers; and
// the groups that it owns, or has rules in, which have.
func (t *Terraform) stays(address string, p *Policy, s *rule.State) (reason string, shared []string) {
	var why []string
	for _, id := range slices.Compact(slices.Sorted(slices.Values(t.owns[address]))) {
		at := slices.IndexFunc(s.Groups, func(g rule.LiveGroup) bool { return g.ID == id })
		if at < 0 {
			why = append(why, fmt.Sprintf("group %s is not in the project", id))
			continue
		}
		group := fmt.Sprintf("%s (%s)", s.Groups[at].Name, id)
		switch {
		case p.has(id):
			shared = append(shared, group)
		case !slices.Contains(t.Groups, id):
			why = append(why, fmt.Sprintf("group %s does not belong to Terraform", group))
		default:
			why = append(why, fmt.Sprintf("group %s is not in the policy", group))
		}
	}
	return strings.Join(why, ", "), shared
}

// has says whether the group with that id is a tier.
func (p *Policy) has(id string) bool {
	return slices.ContainsFunc(p.Tiers, func(t *tier) bool { return t.live.ID == id })
}
