package plan

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// Documents are those of one run, one for each project, in the run's order. That of a project
// which has no name is alone, and is written as it is.
type Documents struct {
	Targets []*Document
	Failed  []string // names of those that have none
}

type documentsShape struct {
	Version int             `json:"version"`
	Empty   bool            `json:"empty"` // there is nothing to do in any
	Targets []documentShape `json:"targets"`
	Failed  []string        `json:"failed,omitempty"`
}

// Write writes the documents so that [ParseDocuments] reads them again.
func (ds *Documents) Write(w io.Writer) error {
	if len(ds.Targets) == 1 && ds.Targets[0].Target == "" {
		return ds.Targets[0].Write(w)
	}
	all := documentsShape{Version: Version, Empty: ds.Failed == nil, Targets: []documentShape{}, Failed: ds.Failed}
	for _, d := range ds.Targets {
		shape := d.shape()
		all.Empty = all.Empty && shape.Empty
		all.Targets = append(all.Targets, shape)
	}
	return writeShape(w, all)
}

// ParseDocuments reads what [Documents.Write] wrote, of this version.
func ParseDocuments(data []byte) (*Documents, error) {
	const kind = "a file of plans"
	var several struct {
		Targets json.RawMessage `json:"targets"`
	}
	if json.Unmarshal(data, &several) != nil || several.Targets == nil {
		d, err := ParseDocument(data)
		if err != nil {
			return nil, err
		}
		return &Documents{Targets: []*Document{d}}, nil
	}
	if first := firstVersion(data); first != Version && first != 0 {
		return nil, fmt.Errorf("these are plans of version %d, and this sgc reads version %d: plan again", first, Version)
	}
	var shape documentsShape
	if err := json.Unmarshal(data, &shape); err != nil {
		return nil, unread(kind, data, err)
	}
	ds := &Documents{Failed: shape.Failed}
	for _, one := range shape.Targets {
		ds.Targets = append(ds.Targets, one.document())
	}
	err := checkWritten(data, ds.Write)
	if err == nil {
		err = ds.check()
	}
	if err != nil {
		return nil, fmt.Errorf("not %s of sgc: %w", kind, err)
	}
	return ds, nil
}

// check demands that the documents can be told apart, and what each demands of itself.
func (ds *Documents) check() error {
	if len(ds.Targets) == 0 {
		return errors.New("it has no targets")
	}
	names := map[string]bool{}
	for i, d := range ds.Targets {
		switch {
		case d.Target == "":
			return fmt.Errorf("targets[%d] has no name", i)
		case names[d.Target]:
			return fmt.Errorf("target %.80q occurs twice", d.Target)
		}
		names[d.Target] = true
		if err := d.check(); err != nil {
			return fmt.Errorf("target %.80q: %w", d.Target, err)
		}
	}
	return nil
}
