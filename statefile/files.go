// Package statefile reads the groups of a project that have been saved: snapshots of sgc, what
// Neutron answers, and what the openstack command prints.
package statefile

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"sgc.dev/sgc/neutron/wire"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// Files is what has been saved of a project, in one document or in many.
type Files struct {
	Project string // its id; "" is the only one that there are groups of

	whole  rule.State      // groups with their rules
	ids    map[string]bool // of those groups
	groups []listedGroup
	rules  []listedRule
	more   string // the address of the page behind the last that was read
}

// Add reads JSON that was saved before: a snapshot of sgc, what Neutron answers to GET
// /v2.0/security-groups, or what "openstack security group show", "list" and "rule list
// --long" print with -f json; several may follow one another.
func (s *Files) Add(data []byte) error {
	if err := new(wire.Budget).Spend(data); err != nil {
		return noState(err)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	for n := 0; ; n++ {
		var next json.RawMessage
		switch err := d.Decode(&next); {
		case errors.Is(err, io.EOF) && n > 0:
			return nil
		case err != nil:
			return noState(err)
		}
		if err := s.add(next); err != nil {
			return err
		}
	}
}

var errNoState = errors.New("not the state of a project: neither a snapshot of sgc, nor security groups with their rules as Neutron or openstack security group show -f json writes them (openstack security group list has no rules)")

// noState says why a document is none of a project's, without Go's names.
func noState(err error) error {
	var kind *json.UnmarshalTypeError
	var lack *wire.Unwritten
	switch {
	case errors.As(err, &lack):
		err = fmt.Errorf("%w; Neutron writes it in its answer to GET /v2.0/security-groups without fields=, and openstack security group show -f json prints it", err)
	case errors.As(err, &kind) && kind.Field == "":
		return errNoState
	case errors.As(err, &kind):
		err = fmt.Errorf("%q is of the wrong kind, %s", kind.Field[strings.LastIndex(kind.Field, ".")+1:], kind.Value)
	}
	return fmt.Errorf("not the state of a project: %w", err)
}

func (s *Files) add(data []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("[")) {
		return s.addList(data)
	}
	var list struct {
		Snapshot json.RawMessage    `json:"state"`
		Groups   *[]wire.WholeGroup `json:"security_groups"`
		Links    json.RawMessage    `json:"security_groups_links"`
		Group    *wire.WholeGroup   `json:"security_group"`
		ID       string             `json:"id"`
		Printed  *[]wire.Rule       `json:"rules"`
	}
	err := json.Unmarshal(data, &list)
	if err == nil {
		err = rule.CheckKeys(data, fields...)
	}
	if err != nil {
		return noState(err)
	}
	var groups []wire.WholeGroup
	switch {
	case list.Snapshot != nil:
		shot, err := plan.ParseSnapshot(data)
		if err != nil {
			return err
		}
		return s.join(&shot.State)
	case list.Groups != nil:
		groups, s.more = *list.Groups, wire.NextPage(list.Links)
	case list.Group != nil:
		groups = []wire.WholeGroup{*list.Group}
	case list.ID != "" && list.Printed != nil:
		groups = make([]wire.WholeGroup, 1)
		if err := json.Unmarshal(data, &groups[0]); err != nil {
			return noState(err)
		}
	default:
		return errNoState
	}
	for _, g := range groups {
		one := &rule.State{Project: g.Project(), Groups: []rule.LiveGroup{g.Live()}}
		if err := one.CheckIDs(); err != nil {
			return noState(err)
		}
		if err := s.join(one); err != nil {
			return err
		}
	}
	return nil
}

// join adds groups, where they are of the project.
func (s *Files) join(one *rule.State) error {
	switch {
	case s.Project != "" && one.Project != s.Project:
		return nil
	case s.whole.Project != "" && one.Project != "" && s.whole.Project != one.Project:
		return fmt.Errorf("groups of two projects, %s and %s: --project takes those of one", s.whole.Project, one.Project)
	case s.ids == nil:
		s.ids = map[string]bool{}
	}
	s.whole.Project = cmp.Or(s.whole.Project, one.Project)
	for _, g := range one.Groups {
		if s.ids[g.ID] {
			return fmt.Errorf("group %s (%s) is there twice", g.Name, g.ID)
		}
		s.ids[g.ID] = true
		s.whole.Groups = append(s.whole.Groups, g)
	}
	return nil
}

// State is the groups of the project, once all is added. lacking is what the documents do not say, and what
// does.
func (s *Files) State() (state *rule.State, lacking string, err error) {
	if s.more != "" {
		return nil, "", fmt.Errorf("this is a page of a list, and more groups come after it: add what Neutron answers to GET %s, the last page last", s.more)
	}
	listed, lacking, err := s.listed()
	if err != nil {
		return nil, "", err
	}
	for _, one := range listed {
		if err := s.join(one); err != nil {
			return nil, "", err
		}
	}
	if s.Project != "" && s.whole.Groups == nil {
		return nil, "", fmt.Errorf("there is no group of project %s", s.Project)
	}
	return &s.whole, lacking, nil
}

// fields is the names of all that is read of a state, a snapshot's apart.
var fields = append([]string{"state", "security_groups", "security_groups_links", "security_group"}, wire.Fields...)
