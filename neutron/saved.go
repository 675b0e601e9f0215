package neutron

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"

	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
)

// ParseState reads the groups of a project from JSON that was saved before: a
// snapshot of sgc, what Neutron answers to GET /v2.0/security-groups, or what
// "openstack security group show -f json" prints; several may follow one another.
func ParseState(data []byte) (*rule.State, error) {
	all := &rule.State{}
	d := json.NewDecoder(bytes.NewReader(data))
	for n := 0; ; n++ {
		var next json.RawMessage
		switch err := d.Decode(&next); {
		case errors.Is(err, io.EOF) && n > 0:
			return all, nil
		case err != nil:
			return nil, fmt.Errorf("not the state of a project: %w", err)
		}
		s, err := parseState(next)
		if err == nil {
			err = all.Join(s)
		}
		if err != nil {
			return nil, err
		}
	}
}

var errNoState = errors.New("not the state of a project: neither a snapshot of sgc, nor security groups with their rules as Neutron or openstack security group show -f json writes them (openstack security group list has no rules)")

func parseState(data []byte) (*rule.State, error) {
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("[")) {
		return nil, errNoState
	}
	var list struct {
		Snapshot json.RawMessage `json:"state"`
		Groups   *[]savedGroup   `json:"security_groups"`
		Group    *savedGroup     `json:"security_group"`
		savedGroup
	}
	err := json.Unmarshal(data, &list)
	if err == nil {
		err = rule.CheckKeys(data, savedFields()...)
	}
	if err != nil {
		return nil, fmt.Errorf("not the state of a project: %w", err)
	}
	var groups []savedGroup
	switch {
	case list.Snapshot != nil:
		shot, err := plan.ParseSnapshot(data)
		return &shot.State, err
	case list.Groups != nil:
		groups = *list.Groups
	case list.Group != nil:
		groups = []savedGroup{*list.Group}
	case list.ID != "" && list.Printed != nil:
		groups = []savedGroup{list.savedGroup}
	default:
		return nil, errNoState
	}
	s := &rule.State{}
	for _, g := range groups {
		if g.Printed != nil {
			g.Rules = *g.Printed
		}
		one := &rule.State{Project: g.project(), Groups: []rule.LiveGroup{g.live()}}
		if err := one.CheckIDs(); err != nil {
			return nil, fmt.Errorf("not the state of a project: %w", err)
		}
		if err := s.Join(one); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// savedGroup is a group as Neutron writes it or as openstack prints it.
type savedGroup struct {
	groupWire
	Printed *[]ruleWire `json:"rules"`
}

// savedFields is the names of all that is read of a state, a snapshot's apart.
func savedFields() []string {
	names := []string{"state", "security_groups", "security_group"}
	for _, fields := range [][]reflect.StructField{
		reflect.VisibleFields(reflect.TypeFor[savedGroup]()),
		reflect.VisibleFields(reflect.TypeFor[ruleWire]()),
	} {
		for _, f := range fields {
			if name := f.Tag.Get("json"); name != "" {
				names = append(names, name)
			}
		}
	}
	return names
}
