package plan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"sgc.dev/sgc/rule"
)

// document is a plan as JSON: all that carrying it out takes, and beside it what
// people and their tools ask first.
type document struct {
	Version int  `json:"version"`
	Empty   bool `json:"empty"` // there is nothing to do
	Plan
	Groups []groupDocument `json:"groups"`
}

type groupDocument struct {
	Group
	Opens  []string `json:"opens"` // "anyone → app tcp/443 (IPv6)"
	Closes []string `json:"closes"`
}

// JSON writes the plan so that [Parse] reads it again.
func JSON(w io.Writer, p *Plan) error {
	doc := document{Version: Version, Empty: p.Empty(), Plan: *p, Groups: []groupDocument{}}
	for _, g := range p.Groups {
		opens, closes := g.Flows()
		g.Create, g.Remove, g.Stay = list(g.Create), list(g.Remove), list(g.Stay)
		doc.Groups = append(doc.Groups, groupDocument{g, list(opens), list(closes)})
	}
	e := json.NewEncoder(rule.PrintableJSON(w))
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(doc)
}

// ParseAll reads plans that [JSON] wrote one after the other.
func ParseAll(data []byte) ([]*Plan, error) {
	var plans []*Plan
	d := json.NewDecoder(bytes.NewReader(data))
	for {
		var next json.RawMessage
		err := d.Decode(&next)
		if errors.Is(err, io.EOF) && plans != nil {
			return plans, nil
		}
		var p *Plan
		if err != nil {
			err = unread("a plan", data, err)
		} else {
			p, err = Parse(next)
		}
		switch {
		case err != nil && plans == nil:
			return nil, err
		case err != nil:
			return nil, fmt.Errorf("after the plan of policy %s: %w", plans[len(plans)-1].Policy, err)
		}
		plans = append(plans, p)
	}
}

// Parse reads one plan that [JSON] wrote, and refuses what does not say all of it.
func Parse(data []byte) (*Plan, error) {
	var doc document
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&doc); err != nil {
		return nil, unread("a plan", data, err)
	}
	if doc.Version != Version {
		return nil, fmt.Errorf("a plan of version %d; this sgc reads version %d: plan again", doc.Version, Version)
	}
	p := doc.Plan
	p.Groups = nil
	for _, g := range doc.Groups {
		switch g.Action {
		case Create, Change, Adopt, Keep, Delete, Release:
		default:
			return nil, fmt.Errorf("not a plan of sgc: group %q: unknown action %q", g.Name, g.Action)
		}
		p.Groups = append(p.Groups, g.Group)
	}
	err := p.checkIDs()
	if err == nil {
		err = checkWritten(data, func(w io.Writer) error { return JSON(w, &p) })
	}
	if err != nil {
		return nil, fmt.Errorf("not a plan of sgc: %w", err)
	}
	return &p, nil
}

// list is never null in JSON.
func list[E any](l []E) []E {
	if l == nil {
		return []E{}
	}
	return l
}
