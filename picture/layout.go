package picture

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Placer is Graphviz, or does the same: it reads a graph in Graphviz's language
// and gives it back with its places, in the format "json0".
type Placer func(graph []byte) ([]byte, error)

// layout is the lines of a sketch, and the places of all, in pixels from the
// upper left corner.
type layout struct {
	width, height float64
	lines         []line
	joints        int
	shape
	places []point // the middles of the boxes
	routes []route // of the lines
}

// shape is how a drawing is laid out. Without words on its lines it is narrower.
type shape struct {
	words bool
	down  bool // from the top to the bottom, not from the left to the right
}

type point struct{ x, y float64 }

// route is a line's way: a Bézier curve, then straight on to the tip if it has one.
type route struct {
	curve []point
	tip   []point
	label point // the middle of its text
}

// Sizes of text. A character is taken for as wide as in most fonts the wide ones
// are, so that text fits its box whichever font a reader has.
const (
	nameSize, aboutSize, labelSize, legendSize = 15, 11, 11.5, 14
	characterWidth                             = 0.6 // of the size
	boxHeight                                  = 46
	lineHeight                                 = 14
)

// mostPlain is how many arrows a drawing may have that draws each by itself, with
// its words: with more, none could be told from the others.
const mostPlain = 45

// Above hastyLines lines Graphviz is asked for a quick layout with straight lines,
// and above mostLines for none: it would take minutes, and show nothing.
const hastyLines, mostLines = 300, 600

// Crowded is how many lines a drawing would have that has too many of them.
type Crowded int

func (c Crowded) Error() string {
	return fmt.Sprintf("%d lines are too many for a drawing: take --format=text, or html, which then has the matrix alone", int(c))
}

func textWidth(s string, size float64) float64 {
	wide := 0.0
	for _, r := range s {
		if r >= 0x1100 { // from here on characters fill a square
			wide += size * (1 - characterWidth)
		}
		wide += size * characterWidth
	}
	return wide
}

// boxWidth is how wide a box is: where lines have no words for want of room, boxes say
// no more than a name.
func (l *layout) boxWidth(b box) float64 {
	width := textWidth(shortened(b.shown), nameSize)
	if l.words {
		width = max(width, textWidth(shortened(b.about), aboutSize))
	}
	return width + 28
}

// shortened is a text with an end that says so where it is too long for a box.
func shortened(s string) string {
	const most = 40
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// wrapped is the words of a label in lines, the last of which may say that there
// are more.
func wrapped(label string) []string {
	const most, width = 4, 30
	if label == "" {
		return nil
	}
	var lines []string
	for _, w := range strings.SplitAfter(label, " ") {
		n := len(lines)
		switch {
		case n > 0 && utf8.RuneCountInString(lines[n-1]+strings.TrimSpace(w)) <= width:
			lines[n-1] += w
		case n == most:
			lines[n-1] += "…"
			return lines
		default:
			lines = append(lines, shortened(w))
		}
	}
	return lines
}

// newLayout has the placer find places for a sketch.
func newLayout(s sketch, place Placer, shape shape) (layout, error) {
	l := layout{places: make([]point, len(s.boxes)), lines: s.plain(), shape: shape}
	if len(l.lines) > mostPlain {
		l.lines, l.joints = s.bundled()
	}
	if n := len(l.lines); n > mostLines {
		return l, Crowded(n)
	}
	l.routes = make([]route, len(l.lines))
	out, err := place(l.question(s))
	if err != nil {
		return l, err
	}
	return l, l.read(out)
}

// question is the sketch for the placer: sizes alone, no word of the policy.
func (l *layout) question(s sketch) []byte {
	var b strings.Builder
	apart, ranks, direction := 0.5, 1.1, "LR"
	if l.joints > 0 {
		apart = 0.12
	}
	switch { // words that are shown on demand want some room, too
	case l.down:
		apart, ranks, direction = 0.12, 0.7, "TB"
	case !l.words:
		apart, ranks = 0.4, 1.6
	}
	fmt.Fprintf(&b, "digraph {\n\trankdir=%s\n\tnodesep=%.2f\n\tranksep=%.1f\n\tnode [shape=box, fixedsize=true, label=\"\"]\n", direction, apart, ranks)
	if len(l.lines) > hastyLines {
		b.WriteString("\tnslimit=1\n\tnslimit1=1\n\tmclimit=0.3\n\tsplines=line\n")
	}
	for _, side := range []struct {
		side
		rank string
	}{{left, "source"}, {middle, "same"}, {right, "sink"}} {
		if side.side != middle {
			fmt.Fprintf(&b, "\tsubgraph { rank=%s\n", side.rank)
		}
		for i, box := range s.boxes {
			if box.side == side.side {
				fmt.Fprintf(&b, "\tn%d [width=%.3f, height=%.3f]\n", i, l.boxWidth(box)/pixelsPerInch, float64(boxHeight)/pixelsPerInch)
			}
		}
		if side.side != middle {
			b.WriteString("\t}\n")
		}
	}
	for i := range l.joints {
		fmt.Fprintf(&b, "\tn%d [shape=point, width=0.05]\n", len(s.boxes)+i)
	}
	for i, line := range l.lines {
		fmt.Fprintf(&b, "\tn%d -> n%d [id=%d", line.from, line.to, i)
		if !line.head {
			b.WriteString(", dir=none")
		}
		if words := wrapped(line.label); words != nil && l.words && !line.quiet {
			width := 0.0
			for _, w := range words {
				width = max(width, textWidth(w, labelSize))
			}
			fmt.Fprintf(&b, ", label=<<TABLE BORDER=\"0\" FIXEDSIZE=\"TRUE\" WIDTH=\"%.0f\" HEIGHT=\"%d\"><TR><TD></TD></TR></TABLE>>",
				width+8, lineHeight*len(words)+4)
		}
		b.WriteString("]\n")
	}
	b.WriteString("}\n")
	return []byte(b.String())
}

const pixelsPerInch = 72

// read takes the places from the placer's answer.
func (l *layout) read(answer []byte) error {
	var a struct {
		BB      string
		Objects []struct{ Name, Pos string }
		Edges   []struct{ ID, Pos, LP string }
	}
	if err := json.Unmarshal(answer, &a); err != nil {
		return fmt.Errorf("no layout: %w", err)
	}
	corners := numbers(a.BB)
	if len(corners) != 4 {
		return fmt.Errorf("no layout: a bounding box %q", a.BB)
	}
	l.width, l.height = corners[2], corners[3]
	for _, o := range a.Objects {
		i, err := strconv.Atoi(strings.TrimPrefix(o.Name, "n"))
		points := l.points(o.Pos)
		if err != nil || i >= len(l.places) || len(points) != 1 {
			continue // a subgraph
		}
		l.places[i] = points[0]
	}
	for _, e := range a.Edges {
		i, err := strconv.Atoi(e.ID)
		if err != nil || i >= len(l.routes) {
			return fmt.Errorf("no layout: a line %q", e.ID)
		}
		r, err := l.route(e.Pos)
		if err != nil {
			return err
		}
		r.label = r.curve[len(r.curve)/2]
		if labels := l.points(e.LP); len(labels) == 1 {
			r.label = labels[0]
		}
		l.routes[i] = r
	}
	return nil
}

// route reads "e,x,y x,y …", where the tip of the arrow stands first, if it has one.
func (l *layout) route(way string) (route, error) {
	var r route
	if rest, ok := strings.CutPrefix(way, "e,"); ok {
		tip, curve, _ := strings.Cut(rest, " ")
		r.tip, way = l.points(tip), curve
	}
	if r.curve = l.points(way); len(r.curve) < 4 {
		return r, fmt.Errorf("no layout: a way %q", way)
	}
	return r, nil
}

// points reads "x,y x,y"; Graphviz counts upwards.
func (l *layout) points(s string) []point {
	var list []point
	n := numbers(s)
	for i := 0; i+1 < len(n); i += 2 {
		list = append(list, point{n[i], l.height - n[i+1]})
	}
	return list
}

func numbers(s string) []float64 {
	var list []float64
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ' ' }) {
		if x, err := strconv.ParseFloat(word, 64); err == nil {
			list = append(list, x)
		}
	}
	return list
}
