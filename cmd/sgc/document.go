package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"go.yaml.in/yaml/v3"

	"sgc.dev/sgc/neutron/wire"
)

// documentKind is what a file holds that sgc, or OpenStack's client, has written.
type documentKind string

const (
	planDocument     documentKind = "a plan of sgc"
	snapshotDocument documentKind = "a snapshot of sgc"
	exportDocument   documentKind = "what sgc export writes"
	stateDocument    documentKind = "a cloud's security groups"
	policyDocument   documentKind = "a policy"
)

// readDocument reads a file that holds one of these kinds of document.
func readDocument(name string, wanted ...documentKind) ([]byte, error) {
	data, err := readFile(name)
	if err != nil {
		return nil, err
	}
	return data, misplaced(name, data, wanted...)
}

// missingFile is the name of one, as an [fs.ErrNotExist].
type missingFile string

func (name missingFile) Error() string { return string(name) + ": there is no such file" }

func (name missingFile) Is(target error) bool { return target == fs.ErrNotExist }

// readFile reads a file that is no longer than a document may be.
func readFile(name string) ([]byte, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, missingFile(name)
	case err == nil && info.IsDir():
		return nil, fmt.Errorf("%s is a folder: name a file in it", name)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readAll(name, f)
}

// readAll reads what has no more in it than a document may have, before anything of it is parsed.
func readAll(name string, r io.Reader) ([]byte, error) {
	data, err := wire.ReadWhole(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return data, nil
}

// misplaced says what the file name is, and what takes it, where it is a known kind
// of document and not the one wanted.
func misplaced(name string, data []byte, wanted ...documentKind) error {
	kind := kindOf(name, data)
	if kind == "" || slices.Contains(wanted, kind) {
		return nil
	}
	answer := ""
	switch kind {
	case planDocument:
		answer = "sgc apply --plan " + name + " carries it out"
	case snapshotDocument:
		answer = "sgc restore " + name + " goes back to it"
	case exportDocument:
		answer = "take the policy that it comes from"
	case stateDocument:
		answer = "sgc import --state " + name + " writes a policy of it, and sgc plan --state " + name + " compares one with it"
	case policyDocument:
		answer = "sgc apply " + name + " carries it out"
		if slices.Contains(wanted, stateDocument) {
			answer = "sgc plan " + name + " compares it with a cloud"
		}
	}
	return fmt.Errorf("%s is %s: %s", name, kind, answer)
}

// misplacedInput looks among the inputs of a command for what is no policy.
func misplacedInput(inputs []string) error {
	for _, name := range inputs {
		if !slices.Contains([]string{".json", ".yaml", ".yml"}, filepath.Ext(name)) {
			continue
		}
		if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() {
			continue
		}
		data, err := readFile(name)
		if err != nil {
			continue
		}
		if err := misplaced(name, data); err != nil {
			return err
		}
	}
	return nil
}

// keysOf is the keys of a document that are not null: of JSON, of which the first object
// counts, or of YAML, which is not long where it is one of these documents.
func keysOf(data []byte) []string {
	var keys []string
	var object map[string]json.RawMessage
	var lines []map[string]json.RawMessage
	if json.Unmarshal(data, &lines) == nil && len(lines) > 0 {
		object = lines[0]
	}
	if object != nil || json.NewDecoder(bytes.NewReader(data)).Decode(&object) == nil {
		for key, value := range object {
			if string(value) != "null" {
				keys = append(keys, key)
			}
		}
		return keys
	}
	const most = 4 << 20
	var fields map[string]any
	if len(data) > most || yaml.Unmarshal(data, &fields) != nil {
		return nil
	}
	for key, value := range fields {
		if value != nil {
			keys = append(keys, key)
		}
	}
	return keys
}

func kindOf(name string, data []byte) documentKind {
	if filepath.Ext(name) == ".cue" {
		return policyDocument
	}
	keys := keysOf(data)
	has := func(names ...string) bool {
		return !slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(keys, name) })
	}
	switch {
	case has("version", "plans", "place"), has("version", "targets"), has("version", "policy", "groups", "externals"):
		return planDocument
	case has("version", "policy", "state"):
		return snapshotDocument
	case has("version", "policies"):
		return exportDocument
	case has("security_groups"), has("security_group"), has("rules", "id", "name"), has("ID", "Name"), has("ID", "IP Protocol"):
		return stateDocument
	}
	return ""
}
