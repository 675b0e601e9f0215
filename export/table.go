package export

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"sgc.dev/sgc/rule"
)

// writeTables writes a table for each group, one line a rule.
func writeTables(w io.Writer, sets []*rule.Set) error {
	for i, set := range sets {
		if i > 0 {
			if _, err := fmt.Fprintln(w); err != nil {
				return err
			}
		}
		if _, err := fmt.Fprintf(w, "policy %s\n", rule.Printable(set.Policy)); err != nil {
			return err
		}
		for _, g := range set.Groups {
			if err := writeTable(w, g); err != nil {
				return err
			}
		}
	}
	return nil
}

func writeTable(w io.Writer, g rule.Group) error {
	kind := ""
	if !g.Stateful {
		kind = ", stateless"
	}
	if _, err := fmt.Fprintf(w, "\ntier %s, security group %s%s (%s)\n",
		rule.Printable(g.Tier), rule.Printable(g.Name), kind, rule.Printable(g.Pos.String())); err != nil {
		return err
	}
	if len(g.Rules)+len(g.Others) == 0 {
		_, err := fmt.Fprintln(w, "no rules: nothing passes")
		return err
	}
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(t, "DIRECTION\tETHERTYPE\tPROTOCOL\tPORTS\tREMOTE\tORIGIN\tDESCRIPTION")
	row := func(e rule.Entry, description string) {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", e.Direction, e.Family, e.Protocol, ports(e.Rule),
			rule.Printable(e.Remote.String()), strings.Join(positions(e), ", "), rule.Printable(description))
	}
	for _, e := range g.Rules {
		row(e, e.Description())
	}
	for _, e := range g.Others {
		row(e, "others may open: "+e.Origins[0].Key)
	}
	return t.Flush()
}

// ports is the column of that name: "22", "8000-8100", "type 3 code 4", or "all".
func ports(r rule.Rule) string {
	if t, ok := r.Ports.Type(); ok {
		if code, ok := r.Ports.Code(); ok {
			return fmt.Sprintf("type %d code %d", t, code)
		}
		return fmt.Sprintf("type %d", t)
	}
	if _, _, ok := r.Ports.Range(); ok {
		return r.Ports.String()
	}
	return "all"
}
