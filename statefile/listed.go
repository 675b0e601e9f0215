package statefile

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sgc.dev/sgc/neutron/wire"
	"sgc.dev/sgc/rule"
)

// listedGroup is a line of "openstack security group list -f json".
type listedGroup struct {
	ID          string   `json:"ID"`
	Name        string   `json:"Name"`
	Description string   `json:"Description"`
	Project     string   `json:"Project"`
	Tags        []string `json:"Tags"`
}

// listedRule is a line of "openstack security group rule list --long -f json".
type listedRule struct {
	ID           string  `json:"ID"`
	Protocol     *string `json:"IP Protocol"`
	Ethertype    string  `json:"Ethertype"`
	Prefix       *string `json:"IP Range"`
	Ports        string  `json:"Port Range"`
	Direction    string  `json:"Direction"`
	Remote       *string `json:"Remote Security Group"`
	AddressGroup *string `json:"Remote Address Group"`
	Group        string  `json:"Security Group"` // missing where the rules of one group were listed
}

// addList reads what openstack prints as a table.
func (s *Files) addList(data []byte) error {
	var lines []map[string]json.RawMessage
	if err := json.Unmarshal(data, &lines); err != nil || len(lines) == 0 {
		return errNoState
	}
	if err := rule.CheckKeys(data); err != nil {
		return noState(err)
	}
	has := func(columns ...string) bool {
		return !slices.ContainsFunc(lines, func(line map[string]json.RawMessage) bool {
			return slices.ContainsFunc(columns, func(c string) bool { return line[c] == nil })
		})
	}
	const rules = "openstack security group rule list --long -f json"
	switch {
	case has("ID", "IP Protocol", "Ethertype", "Direction") && !has("Security Group"):
		return fmt.Errorf("the rules do not say of which group they are: list those of all groups, with %s", rules)
	case has("ID", "IP Protocol", "Ethertype", "IP Range", "Port Range", "Direction", "Remote Security Group", "Security Group"):
		if !has("Remote Address Group") {
			return fmt.Errorf("the rules do not say which address groups they name, so they may allow less than they seem to: list them with a newer openstack, or take openstack security group show -f json of each group")
		}
		return appended(data, &s.rules)
	case has("ID", "IP Protocol", "Security Group"):
		return fmt.Errorf("the rules do not say which way they are and for which version of IP: list them with %s", rules)
	case has("ID", "Name", "Description", "Project"):
		return appended(data, &s.groups)
	case has("ID", "MAC Address"):
		return fmt.Errorf("these are ports: list the groups with openstack security group list -f json")
	case has("ID", "Name"):
		return fmt.Errorf("the groups have neither descriptions nor a project: list them with openstack security group list -f json")
	}
	return errNoState
}

func appended[E any](data []byte, list *[]E) error {
	var more []E
	if err := json.Unmarshal(data, &more); err != nil {
		return noState(err)
	}
	*list = append(*list, more...)
	return nil
}

// listed is the groups that lists tell of, of one project or of all. What is given whole
// counts instead of a line.
func (s *Files) listed() (states []*rule.State, lacking string, err error) {
	if s.groups == nil && s.rules == nil {
		return nil, "", nil
	}
	if s.groups == nil {
		return nil, "", fmt.Errorf("there are rules, and not the groups that they are of: add those of openstack security group list -f json")
	}
	known := map[string]*rule.LiveGroup{} // nil for those that do not count
	var hidden []string
	for _, line := range s.groups {
		known[line.ID] = nil
		if s.ids[line.ID] || s.Project != "" && line.Project != s.Project {
			continue
		}
		g := wire.Group{ID: line.ID, ProjectID: line.Project, Name: line.Name, Description: line.Description, Tags: line.Tags}
		if err := g.Check(); err != nil {
			return nil, "", noState(err)
		}
		one := &rule.State{Project: line.Project, Groups: []rule.LiveGroup{g.Live()}}
		states, known[line.ID] = append(states, one), &one.Groups[0]
	}
	if len(states) > 0 && s.rules == nil {
		return nil, "", fmt.Errorf("openstack security group list has no rules: add those of openstack security group rule list --long -f json, or of openstack security group show -f json for each group")
	}
	for _, line := range s.rules {
		g, listed := known[line.Group]
		if !listed && !s.ids[line.Group] {
			return nil, "", fmt.Errorf("rule %s is of group %s, which is not in the list: add that of openstack security group list -f json", line.ID, line.Group)
		}
		if g == nil {
			continue
		}
		wire, ok := line.wire()
		if !ok && !slices.Contains(hidden, line.Group) {
			hidden = append(hidden, line.Group)
		}
		g.Rules = append(g.Rules, wire.Live())
	}
	if hidden != nil {
		return nil, "", fmt.Errorf("openstack security group rule list hides type 0 and code 0 of ICMP, so its rules may allow less than they seem to: add the file that this command writes: %s", shows(hidden))
	}
	for _, one := range states {
		if err := one.CheckIDs(); err != nil {
			return nil, "", noState(err)
		}
	}
	if len(states) > 0 {
		lacking = "lists say neither which groups are stateless nor how rules are described: groups are taken for stateful; openstack security group show -f json says both"
	}
	return states, lacking, nil
}

// shows is the command that writes into a file all that there is to say of some groups.
func shows(ids []string) string {
	const show = "openstack security group show -f json "
	if len(ids) == 1 {
		return show + ids[0] + " > shown.json"
	}
	return "for group in " + strings.Join(ids, " ") + "; do " + show + "$group; done > shown.json"
}

// wire is the line as Neutron has it. ok is false where the line may hide a type or a code
// that is 0.
func (l listedRule) wire() (w wire.Rule, ok bool) {
	w = wire.Rule{ID: l.ID, Direction: l.Direction, Ethertype: l.Ethertype, Protocol: l.Protocol, RemoteIPPrefix: l.Prefix, RemoteGroup: l.Remote, RemoteAddressGroup: l.AddressGroup}
	if wire.Value(w.RemoteGroup) != "" || wire.Value(w.RemoteAddressGroup) != "" {
		w.RemoteIPPrefix = nil // openstack prints everybody beside a group
	}
	first, second, _ := strings.Cut(l.Ports, ":")
	if protocol, err := rule.ParseProtocol(strings.ToLower(wire.Value(l.Protocol))); err == nil && protocol.IsICMP() {
		t, typed := strings.CutPrefix(first, "type=")
		code, coded := strings.CutPrefix(second, "code=")
		w.PortRangeMin, w.PortRangeMax = number(t), number(code)
		return w, typed && coded && w.PortRangeMin != nil && w.PortRangeMax != nil
	}
	w.PortRangeMin, w.PortRangeMax = number(first), number(second)
	return w, l.Ports == "" || w.PortRangeMin != nil && w.PortRangeMax != nil
}

func number(text string) *int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return nil
	}
	return &n
}
