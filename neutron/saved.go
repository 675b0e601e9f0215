package neutron

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// Saved is what has been saved of a project, in one document or in many.
type Saved struct {
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
func (s *Saved) Add(data []byte) error {
	if err := new(budget).spend(data); err != nil {
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
	var lack *unwritten
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

func (s *Saved) add(data []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("[")) {
		return s.addList(data)
	}
	var list struct {
		Snapshot json.RawMessage `json:"state"`
		Groups   *[]wholeGroup   `json:"security_groups"`
		Links    json.RawMessage `json:"security_groups_links"`
		Group    *wholeGroup     `json:"security_group"`
		ID       string          `json:"id"`
		Printed  *[]ruleWire     `json:"rules"`
	}
	err := json.Unmarshal(data, &list)
	if err == nil {
		err = rule.CheckKeys(data, savedFields...)
	}
	if err != nil {
		return noState(err)
	}
	var groups []wholeGroup
	switch {
	case list.Snapshot != nil:
		shot, err := plan.ParseSnapshot(data)
		if err != nil {
			return err
		}
		return s.join(&shot.State)
	case list.Groups != nil:
		groups, s.more = *list.Groups, nextPage(list.Links)
	case list.Group != nil:
		groups = []wholeGroup{*list.Group}
	case list.ID != "" && list.Printed != nil:
		groups = make([]wholeGroup, 1)
		if err := json.Unmarshal(data, &groups[0]); err != nil {
			return noState(err)
		}
	default:
		return errNoState
	}
	for _, g := range groups {
		one := &rule.State{Project: g.project(), Groups: []rule.LiveGroup{g.live()}}
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
func (s *Saved) join(one *rule.State) error {
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
func (s *Saved) State() (state *rule.State, lacking string, err error) {
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

// savedFields is the names of all that is read of a state, a snapshot's apart.
var savedFields = append(fieldsOf[wholeGroup](), append(fieldsOf[ruleWire](), "state", "security_groups", "security_groups_links", "security_group")...)

func fieldsOf[T any]() (names []string) {
	for _, f := range reflect.VisibleFields(reflect.TypeFor[T]()) {
		if name := f.Tag.Get("json"); name != "" {
			names = append(names, name)
		}
	}
	return names
}
