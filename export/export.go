// Package export writes compiled policies out: as a shell script of openstack
// commands, as these commands alone, as a JSON or YAML document, or as tables for
// people. It is pure: a rule set goes in, bytes come out, and the same set gives
// the same bytes.
package export

import (
	"bufio"
	"cmp"
	"fmt"
	"io"

	"sgc.dev/sgc/rule"
)

// Format is one of the shapes that a rule set can be written in.
type Format string

const (
	Sh        Format = "sh"        // a POSIX shell script that creates the groups with the openstack client
	Openstack Format = "openstack" // the commands alone, to read and paste into a POSIX shell; they create the groups once, and check nothing
	JSON      Format = "json"      // a [Document]
	YAML      Format = "yaml"      // a [Document]
	Table     Format = "table"     // tables for people; no machine should read them
)

// Formats lists the formats.
func Formats() []Format { return []Format{Sh, Openstack, JSON, YAML, Table} }

// Write writes the policies in their order. It fails, before it writes anything,
// on a rule that is not canonical or that names a tier, group or address group
// which the set does not have; a compiled set has none of these.
func Write(w io.Writer, f Format, sets []*rule.Set) error {
	for _, set := range sets {
		if err := check(set); err != nil {
			return fmt.Errorf("policy %s: %w", set.Policy, err)
		}
	}
	if f == Sh || f == Openstack {
		if err := rule.CheckClaims(sets); err != nil {
			return err
		}
	}
	// The buffer keeps the first error and returns it from Flush.
	b := bufio.NewWriterSize(w, 1<<16)
	var err error
	switch f {
	case Sh:
		err = writeScript(b, sets)
	case Openstack:
		err = writeOpenstack(b, sets)
	case JSON:
		err = writeJSON(b, sets)
	case YAML:
		err = writeYAML(b, sets)
	case Table:
		err = writeTables(b, sets)
	default:
		err = fmt.Errorf("unknown format %q", f)
	}
	return cmp.Or(err, b.Flush())
}
