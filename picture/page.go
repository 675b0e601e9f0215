package picture

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"sgc.dev/sgc/reach"
	"sgc.dev/sgc/rule"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageStyle string

//go:embed page.js
var pageScript string

// WriteHTML writes one page that needs nothing but itself: the drawing, the
// matrix, the rules, and a question that it answers by looking up what reach has
// found. Services are those that a question may name beside the policy's own.
//
// The page allows itself its own style and script, by their hashes, and nothing
// else: no request, and no script that a policy might try to bring in.
func WriteHTML(w io.Writer, v *reach.View, services []rule.Service, place Placer) error {
	graph := v.Graph()
	g := &graph
	s := newSketch(g)
	var svg strings.Builder
	var crowded Crowded
	l, err := newLayout(s, place)
	switch {
	case err == nil:
		drawing{s, l, false}.write(&svg)
	case !errors.As(err, &crowded):
		return err
	}
	data := newData(v, g, services)
	style, script := svgStyle+pageStyle, pageScript
	page, err := template.New("page").Parse(pageHTML)
	if err != nil {
		return err
	}
	return page.Execute(w, struct {
		Policy, Policies string
		Style            template.CSS
		Script           template.JS
		Drawing          template.HTML
		Data             any
		Matrix           matrix
		Rules            []ruleRow
		Names            []reach.Name
		Open             []string
		From, To         string // the question that stands there at first
	}{
		Policy: s.policy,
		Policies: fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'",
			hash(style), hash(script)),
		Style: template.CSS(style), Script: template.JS(script), Drawing: template.HTML(svg.String()),
		Data: data, Matrix: newMatrix(g), Rules: ruleRows(g), Names: g.Names, Open: open(s),
		From: "public", To: firstServer(g),
	})
}

func firstServer(g *reach.Graph) string {
	for _, n := range g.Names {
		if n.Kind == rule.EndTier || n.Kind == rule.EndServer {
			return n.Text
		}
	}
	return ""
}

// hash is a text as a content security policy names it.
func hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// open is what stands open to all of the world.
func open(s sketch) []string {
	var list []string
	for _, a := range s.arrows {
		if a.class == worldly {
			list = append(list, s.boxes[a.to].name+" ("+a.label+")")
		}
	}
	return list
}

// matrix is the table of the page.
type matrix struct {
	Wide    bool // too many columns for words in them
	Columns []string
	Rows    []matrixRow
}

type matrixRow struct {
	Name  string
	Cells []cell
}

// cell is what passes; its zero value is nothing.
type cell struct {
	From, To   string
	Sign       string // as in the text
	Words      string
	World, Any bool
}

func newMatrix(g *reach.Graph) matrix {
	const most = 10
	sends, receives, names := make([]bool, len(g.Nodes)), make([]bool, len(g.Nodes)), titles(g)
	cells := map[[2]int]cell{}
	add := func(e *reach.Edge, class class, words string) {
		sends[e.From], receives[e.To] = true, true
		pair := [2]int{e.From, e.To}
		c, ok := cells[pair]
		if ok {
			c.Words += "; " + words
		} else {
			c = cell{From: names[e.From], To: names[e.To], Sign: signs[class], Words: words, World: e.World, Any: true}
		}
		cells[pair] = c
	}
	for i := range g.Edges {
		add(&g.Edges[i], classOf(&g.Edges[i]), services(&g.Edges[i]))
	}
	for i := range g.Others {
		add(&g.Others[i], others, "others may open: "+services(&g.Others[i]))
	}
	var m matrix
	for j, name := range names {
		if receives[j] {
			m.Columns = append(m.Columns, rule.Printable(name))
		}
	}
	m.Wide = len(m.Columns) > most
	for i, name := range names {
		if !sends[i] {
			continue
		}
		row := matrixRow{Name: rule.Printable(name)}
		for j := range g.Nodes {
			if receives[j] {
				row.Cells = append(row.Cells, cells[[2]int{i, j}])
			}
		}
		m.Rows = append(m.Rows, row)
	}
	return m
}

// ruleRow is a rule in the list of the page.
type ruleRow struct {
	Tier, Direction, Path, Peer, Services, Line, About string
}

func ruleRows(g *reach.Graph) []ruleRow {
	var rows []ruleRow
	for _, r := range g.Rules {
		var words []string
		for _, m := range r.Matches {
			words = append(words, m.String())
		}
		slices.Sort(words)
		preposition := "from "
		if r.Direction == rule.Egress {
			preposition = "to "
		}
		rows = append(rows, ruleRow{
			Tier: r.Tier, Direction: r.Direction.String(), Path: rule.Printable(r.Origin.Path), Peer: preposition + rule.Printable(r.Origin.Peer),
			Services: strings.Join(slices.Compact(words), ", "), Line: rule.Printable(r.Origin.Pos.String()), About: rule.Printable(r.Origin.Description),
		})
	}
	return rows
}
