package picture

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
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

// page is a page that needs nothing but itself.
//
// It allows itself its own style and script, by their hashes, and nothing else: no
// request, and no script that a policy might try to bring in.
type page struct {
	Title    string
	Open     []string // what is open to the whole world, or the widest of what opens
	Drawings []drawn
	Data     any

	// Of a graph alone.
	Ask      bool
	From, To string   // the question that stands there at first
	Names    []string // whom it can be about
	Matrix   matrix
	Flows    []flowRow
	Folded   bool // some of the flows are perhaps
	Ends     []endRow
	Rules    []ruleRow

	// Of a difference alone.
	Opens, Closes int
	Rest          bool // of what opens, more than stands in Open
	Changes       []changeRow
}

func (p page) write(w io.Writer) error {
	style, script := svgStyle+pageStyle, pageScript
	t, err := template.New("page").Parse(pageHTML)
	if err != nil {
		return err
	}
	return t.Execute(w, struct {
		page
		Policies string
		Style    template.CSS
		Script   template.JS
	}{
		p, fmt.Sprintf("default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'", hash(style), hash(script)),
		template.CSS(style), template.JS(script),
	})
}

// WriteHTML writes one page for a graph: the drawing, who reaches whom, the rules, and
// a question that it answers by looking up what reach has found. Services are those
// that a question may name beside the policy's own.
func WriteHTML(w io.Writer, v *reach.View, services []rule.Service, place Placer) error {
	graph := v.Graph()
	g := &graph
	s, whole := newSketch(g, true), newSketch(g, false)
	drawn, err := drawings(place, s, whole)
	if err != nil {
		return err
	}
	p := page{
		Title: s.policy + ": " + s.about, Open: open(s), Drawings: drawn, Data: newData(v, g, services),
		Ask: true, From: "public", To: firstServer(g), Matrix: newMatrix(g), Flows: flowRows(whole), Ends: endRows(g), Rules: ruleRows(g),
	}
	p.Folded = slices.ContainsFunc(p.Flows, func(f flowRow) bool { return f.Class == perhaps })
	known := map[string]bool{}
	for _, n := range g.Names {
		known[n.Text] = true
		p.Names = append(p.Names, n.Text)
	}
	for _, title := range titles(g) {
		if !known[title] {
			p.Names = append(p.Names, title)
		}
	}
	return p.write(w)
}

// drawn is a drawing for some place on the page.
type drawn struct {
	Class string // wide, narrow, or whole: with each box by itself
	SVG   template.HTML
}

// Widths into which a drawing goes on a screen, and on paper or a telephone, where
// its words are still read when it is made smaller by a third.
const wideEnough, narrowEnough = 1320, 680

// drawings has a drawing for each width, laid out as far as it fits, and one of the
// whole sketch where another has fewer boxes; none of what is crowded.
func drawings(place Placer, s sketch, whole ...sketch) ([]drawn, error) {
	var list []drawn
	add := func(class string, s sketch, l layout) {
		var b strings.Builder
		drawing{s, l, strings.Fields(class)[0] + "-"}.write(&b)
		list = append(list, drawn{class, template.HTML(b.String())})
	}
	if len(s.plain()) > mostPlain {
		if l, err := s.columns(); err == nil {
			add("wide narrow", s, l)
		}
	} else {
		for _, d := range []struct {
			class  string
			width  float64
			shapes []shape
		}{{"wide", wideEnough, []shape{{words: true}, {}, {down: true}}}, {"narrow", narrowEnough, []shape{{words: true}, {down: true}, {}}}} {
			var best layout
			for i, shape := range d.shapes {
				l, err := newLayout(s, place, shape)
				if err != nil {
					return nil, err
				}
				if i == 0 || l.width < best.width {
					best = l
				}
				if best.width <= d.width {
					break
				}
			}
			if l, err := s.columns(); err == nil && best.width > d.width && l.width < best.width {
				best = l
			}
			add(d.class, s, best)
		}
	}
	for _, w := range whole {
		if len(w.boxes) == len(s.boxes) {
			break
		}
		if l, err := w.columns(); err == nil {
			add("whole", w, l)
		}
	}
	return list, nil
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

// open is what stands open to the whole world.
func open(s sketch) []string {
	var list []string
	for _, a := range s.arrows {
		if a.class == worldly {
			list = append(list, s.boxes[a.to].name+" ("+a.label+")")
		}
	}
	return list
}

// mostColumns is how many columns a matrix may have that anybody could look at: with
// more, the list of who reaches whom has to do.
const mostColumns = 40

// matrix is the table of the page; it may have no columns.
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
	From, To    string
	Sign        string // as in the text
	Open, Words string // to the whole world, and else
}

// All is the words of a cell without colours.
func (c cell) All() string {
	if c.Open == "" {
		return c.Words
	}
	return strings.TrimSuffix(c.Open+", open to the whole world; "+c.Words, "; ")
}

func newMatrix(g *reach.Graph) matrix {
	const most = 10
	sends, receives, names := make([]bool, len(g.Nodes)), make([]bool, len(g.Nodes)), titles(g)
	cells := map[[2]int]cell{}
	add := func(e *reach.Edge, class class, words string) {
		sends[e.From], receives[e.To] = true, true
		pair := [2]int{e.From, e.To}
		c, ok := cells[pair]
		if !ok {
			c = cell{From: names[e.From], To: names[e.To], Sign: signs[class]}
		}
		if class == worldly {
			c.Open = words
		} else {
			c.Words = strings.TrimPrefix(c.Words+"; "+words, "; ")
		}
		cells[pair] = c
	}
	for i := range g.Edges {
		for _, e := range parted(&g.Edges[i]) {
			add(&e, classOf(&e), services(&e))
		}
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
	if len(m.Columns) > mostColumns {
		return matrix{}
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

// flowRow is a flow in the list of the page.
type flowRow struct {
	Class      class
	Words      string
	Froms, Tos string
	From, To   string // nodes, as a script can take them apart
}

func flowRows(s sketch) []flowRow {
	nodes := func(boxes []int) string {
		var numbers []int
		for _, i := range boxes {
			numbers = append(numbers, s.boxes[i].nodes...)
		}
		return list(numbers)
	}
	var rows []flowRow
	for _, f := range s.flows() {
		rows = append(rows, flowRow{f.class, f.words, s.named(f.froms), s.named(f.tos), nodes(f.froms), nodes(f.tos)})
	}
	isFolded := func(f flowRow) bool { return f.Class == perhaps } // these stand last
	return append(slices.DeleteFunc(slices.Clone(rows), isFolded), slices.DeleteFunc(rows, func(f flowRow) bool { return !isFolded(f) })...)
}

// endRow is who sends or receives, in the list of the page.
type endRow struct {
	Node                   int
	Name, About, Addresses string
}

func endRows(g *reach.Graph) []endRow {
	var rows []endRow
	for i, title := range titles(g) {
		b := boxOf(g.Nodes[i], rule.Printable(title))
		var addresses []string
		for _, p := range g.Nodes[i].Addresses {
			addresses = append(addresses, p.String())
		}
		rows = append(rows, endRow{i, b.name, b.about, strings.Join(addresses, ", ")})
	}
	return rows
}

// ruleRow is a rule in the list of the page.
type ruleRow struct {
	Tier, Direction, Path, Peer, Services, Line, About string
	Other                                              string // the peer as a name
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
			Services: strings.Join(slices.Compact(words), ", "), Line: rule.Printable(r.Origin.Pos.String()), About: rule.Printable(r.Origin.Description), Other: r.Origin.Peer,
		})
	}
	return rows
}
