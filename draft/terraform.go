package draft

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Terraform is what a state of Terraform or OpenTofu says of security groups.
type Terraform struct {
	Groups    []string // ids of the groups that it owns
	Addresses []string // of their resources and of those of rules, without the keys of instances
}

// tfModule is a module of "terraform show -json".
type tfModule struct {
	Address   string
	Resources []struct {
		Mode, Type, Name string
		Values           struct {
			ID string
		}
	}
	Modules []tfModule `json:"child_modules"`
}

const (
	tfGroup = "openstack_networking_secgroup_v2"
	tfRule  = "openstack_networking_secgroup_rule_v2"
)

// ParseTerraform reads what "terraform show -json" prints of a state, or of a plan.
func ParseTerraform(data []byte) (*Terraform, error) {
	type values struct {
		Root *tfModule `json:"root_module"`
	}
	var shown struct {
		Format string  `json:"format_version"`
		Values *values `json:"values"`
		Prior  struct {
			Values *values `json:"values"`
		} `json:"prior_state"`
	}
	const none = "not what terraform show -json prints of a state or a plan, or there is nothing in it"
	if json.Unmarshal(data, &shown) != nil {
		return nil, errors.New(none)
	}
	state := shown.Values
	if state == nil {
		state = shown.Prior.Values
	}
	if shown.Format == "" || state == nil || state.Root == nil {
		return nil, errors.New(none)
	}
	t := &Terraform{}
	t.add(*state.Root)
	if t.Groups == nil {
		return nil, fmt.Errorf("it owns no security group: there is no %s in it", tfGroup)
	}
	slices.Sort(t.Groups)
	slices.Sort(t.Addresses)
	t.Addresses = slices.Compact(t.Addresses)
	return t, nil
}

// instance is the key of one of several instances of a module, which a removed block
// cannot name: it is about all of them.
var instance = regexp.MustCompile(`\[[^\]]*\]`)

func (t *Terraform) add(m tfModule) {
	for _, r := range m.Resources {
		if r.Mode != "managed" || r.Type != tfGroup && r.Type != tfRule {
			continue
		}
		address := r.Type + "." + r.Name
		if m.Address != "" {
			address = instance.ReplaceAllString(m.Address, "") + "." + address
		}
		t.Addresses = append(t.Addresses, address)
		if r.Type == tfGroup {
			t.Groups = append(t.Groups, r.Values.ID)
		}
	}
	for _, child := range m.Modules {
		t.add(child)
	}
}

// Removed is the blocks that make Terraform forget the groups and rules without destroying
// them.
func (t *Terraform) Removed() []byte {
	var text strings.Builder
	text.WriteString("# Terraform and OpenTofu, 1.7 and newer, forget these, and destroy none of them. Take the resources themselves\n" +
		"# out of the configuration in the same change, apply it, and then adopt the groups with sgc apply --adopt.\n")
	for _, address := range t.Addresses {
		fmt.Fprintf(&text, "\nremoved {\n  from = %s\n\n  lifecycle {\n    destroy = false\n  }\n}\n", address)
	}
	return []byte(text.String())
}
