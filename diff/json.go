package diff

import (
	"encoding/json"
	"io"

	"sgc.dev/sgc/rule"
)

// Version is the version of the JSON document. It grows when a field changes its
// meaning or goes; new fields alone do not change it.
const Version = 1

type document struct {
	Version int         `json:"version"`
	Old     string      `json:"old"` // the old policy's name
	New     string      `json:"new"`
	Fields  []jsonField `json:"fields,omitempty"` // what differs beside the groups
	Groups  []jsonGroup `json:"groups"`
}

type jsonGroup struct {
	Tier   string       `json:"tier"`
	Status Status       `json:"status"`
	Fields []jsonField  `json:"fields,omitempty"`
	Opens  []jsonChange `json:"opens"`
	Closes []jsonChange `json:"closes"`

	Grants  []jsonChange `json:"grants,omitempty"`  // what others may open
	Revokes []jsonChange `json:"revokes,omitempty"` // what they may no longer open
}

type jsonField struct {
	Name   string `json:"name"`
	Old    string `json:"old"` // "" where it is created
	New    string `json:"new"` // "" where it is removed
	Status Status `json:"status"`
}

type jsonChange struct {
	jsonAccess
	Except  []jsonAccess `json:"except,omitempty"` // packets of the access that do not change
	Origins []jsonOrigin `json:"origins"`
}

type jsonAccess struct {
	Direction string `json:"direction"` // "ingress" or "egress"
	Ethertype string `json:"ethertype"` // "IPv4" or "IPv6"
	Service   string `json:"service"`   // "tcp/443", "udp/1-1024", "icmp/3:4", "esp", "any"
	Remote    string `json:"remote"`    // "anyone", "10.0.0.0/8", "tier app", "group legacy", "address group office"
}

type jsonOrigin struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Path   string `json:"path"`
}

// JSON writes the differences as one versioned document.
func JSON(w io.Writer, p Policy) error {
	doc := document{Version: Version, Old: p.Before, New: p.After, Fields: jsonFields(p.Fields), Groups: []jsonGroup{}}
	for _, g := range p.Groups {
		doc.Groups = append(doc.Groups, jsonGroup{
			Tier: g.Tier, Status: g.Status, Fields: jsonFields(g.Fields),
			Opens: jsonChanges(g.Opens), Closes: jsonChanges(g.Closes),
			Grants: jsonChanges(g.Grants), Revokes: jsonChanges(g.Revokes),
		})
	}
	encoder := json.NewEncoder(rule.PrintableJSON(w))
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(doc)
}

func jsonFields(fields []Field) []jsonField {
	var list []jsonField
	for _, f := range fields {
		list = append(list, jsonField(f))
	}
	return list
}

func jsonChanges(changes []Change) []jsonChange {
	list := []jsonChange{}
	for _, c := range changes {
		out := jsonChange{jsonAccess: accessOf(c.Rule), Origins: []jsonOrigin{}}
		for _, except := range c.Except {
			out.Except = append(out.Except, accessOf(except))
		}
		for _, o := range c.Origins {
			out.Origins = append(out.Origins, jsonOrigin{o.Pos.File, o.Pos.Line, o.Pos.Column, o.Path})
		}
		list = append(list, out)
	}
	return list
}

func accessOf(r rule.Rule) jsonAccess {
	return jsonAccess{r.Direction.String(), r.Family.String(), r.Service(), r.Remote.String()}
}
