package picture

import (
	_ "embed"
	"fmt"
	"html"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"

	"sgc.dev/sgc/reach"
)

//go:embed svg.css
var svgSource string

// svgStyle is the source with each colour as it is on paper before the variable for
// it, which programs that draw without a browser do not know.
var svgStyle = func() string {
	value := map[string]string{}
	for _, m := range regexp.MustCompile(`(--[a-z-]+): (#[0-9a-f]+)`).FindAllStringSubmatch(svgSource, -1) {
		if value[m[1]] == "" { // the first are those of paper
			value[m[1]] = m[2]
		}
	}
	uses := regexp.MustCompile(`([a-z]+): var\((--[a-z-]+)\)`)
	return uses.ReplaceAllStringFunc(svgSource, func(use string) string {
		m := uses.FindStringSubmatch(use)
		return m[1] + ": " + value[m[2]] + "; " + use
	})
}()

// WriteSVG writes a drawing that stands for itself: light and dark as its reader
// likes it, with the words of an arrow where there is room for them, else under
// the pointer.
func WriteSVG(w io.Writer, g *reach.Graph, place Placer) error {
	s := newSketch(g, false)
	if len(s.plain()) > mostPlain {
		s = newSketch(g, true)
	}
	l, err := newLayout(s, place, shape{words: true})
	if err != nil {
		return err
	}
	var b strings.Builder
	drawing{s, l, ""}.write(&b)
	_, err = io.WriteString(w, b.String())
	return err
}

// drawing is a sketch in its places.
type drawing struct {
	sketch
	layout
	part string // of a page, which has others; "" is a file of its own
}

// Around the drawing, and for a line of what its lines mean.
const (
	margin = 20
	legend = 18
)

func (d drawing) write(b *strings.Builder) {
	width := math.Ceil(max(d.width, 340)) + 2*margin
	marks, below := d.marks(width)
	height := math.Ceil(d.height) + 2*margin + below
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" class="picture" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img" aria-labelledby="%spicture-title %[5]spicture-words">`+"\n",
		width, height, width, height, d.part)
	fmt.Fprintf(b, "<title id=\"%spicture-title\">%s: %s</title>\n", d.part, html.EscapeString(d.policy), d.about)
	fmt.Fprintf(b, "<desc id=\"%spicture-words\">%s</desc>\n", d.part, html.EscapeString(d.described()))
	if d.part == "" {
		fmt.Fprintf(b, "<style>\n%s</style>\n<rect class=\"paper\" width=\"100%%\" height=\"100%%\"/>\n", svgStyle)
	}
	fmt.Fprintf(b, "<g transform=\"translate(%d %d)\">\n", margin, margin)
	for i := range d.lines {
		d.writeLine(b, i)
	}
	for i := range d.boxes {
		d.writeBox(b, i)
	}
	// Words last, so that no line goes through them.
	for i := range d.lines {
		d.writeLabel(b, i)
	}
	b.WriteString("</g>\n")
	for _, m := range marks {
		m.write(b, math.Ceil(d.height)+2*margin)
	}
	b.WriteString("</svg>\n")
}

// described is the drawing for who cannot see it.
func (d drawing) described() string {
	var list []string
	for _, a := range d.arrows {
		text := fmt.Sprintf("%s to %s: %s", d.boxes[a.from].name, d.boxes[a.to].name, a.said())
		if a.class == worldly {
			text += ", open to the whole world"
		}
		list = append(list, text)
	}
	return strings.Join(list, ". ")
}

func (d drawing) writeLine(b *strings.Builder, i int) {
	line, r := d.lines[i], d.routes[i]
	fmt.Fprintf(b, "<g class=\"%s\" %s><title>%s</title><path d=\"M%s C", d.arrows[line.arrows[0]].class, d.ends(line), html.EscapeString(d.title(line)), r.curve[0])
	for i, p := range r.curve[1:] {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(p.String())
	}
	b.WriteString("\"/>")
	for _, tip := range r.tip {
		fmt.Fprintf(b, "<polygon points=\"%s\"/>", head(r.curve[len(r.curve)-1], tip))
	}
	b.WriteString("</g>\n")
}

// ends says between which nodes of the graph a line is drawn.
func (d drawing) ends(l line) string {
	var from, to []int
	for _, i := range l.arrows {
		from = append(from, d.boxes[d.arrows[i].from].nodes...)
		to = append(to, d.boxes[d.arrows[i].to].nodes...)
	}
	return fmt.Sprintf("data-from=\"%s\" data-to=\"%s\"", list(from), list(to))
}

// title is what goes along a line.
func (d drawing) title(l line) string {
	const most = 8
	var arrows []string
	for _, i := range l.arrows[:min(most, len(l.arrows))] {
		a := d.arrows[i]
		arrows = append(arrows, fmt.Sprintf("%s → %s: %s", d.boxes[a.from].name, d.boxes[a.to].name, a.said()))
	}
	if more := len(l.arrows) - most; more > 0 {
		arrows = append(arrows, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(arrows, "\n")
}

// head is the corners of an arrow's head.
func head(base, tip point) string {
	dx, dy := tip.x-base.x, tip.y-base.y
	n := max(math.Hypot(dx, dy), 0.1)
	dx, dy = dx/n*4, dy/n*4
	return fmt.Sprintf("%s %s %s", point{base.x - dy, base.y + dx}, tip, point{base.x + dy, base.y - dx})
}

// list is numbers as an attribute that a script can take apart.
func list(numbers []int) string {
	slices.Sort(numbers)
	return strings.Trim(fmt.Sprint(slices.Compact(numbers)), "[]")
}

func (p point) String() string { return fmt.Sprintf("%.1f,%.1f", p.x, p.y) }

func (d drawing) writeLabel(b *strings.Builder, i int) {
	line, p := d.lines[i], d.routes[i].label
	words := wrapped(line.label)
	if words == nil || line.quiet && d.part == "" {
		return
	}
	beside := ""
	if !d.words || line.quiet {
		beside = " asked" // shown where its box is chosen
	}
	fmt.Fprintf(b, "<text class=\"label%s%s\" %s>", strings.TrimPrefix(string(d.arrows[line.arrows[0]].class), "arrow"), beside, d.ends(line))
	for n, w := range words {
		fmt.Fprintf(b, "<tspan x=\"%.1f\" y=\"%.1f\">%s</tspan>", p.x, p.y+lineHeight*(float64(n)-float64(len(words)-1)/2)+4, html.EscapeString(strings.TrimSpace(w)))
	}
	b.WriteString("</text>\n")
}

func (d drawing) writeBox(b *strings.Builder, i int) {
	box, p := d.boxes[i], d.places[i]
	width := d.boxWidth(box)
	side := ""
	if d.part != "" {
		side = sides[box.side]
	}
	fmt.Fprintf(b, "<g class=\"box %s%s\" data-node=\"%s\"><title>%s: %s</title><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" rx=\"%d\"/>",
		box.kind, side, list(box.nodes), html.EscapeString(box.name), html.EscapeString(box.about), p.x-width/2, p.y-boxHeight/2, width, boxHeight, corner(box.kind))
	if !d.words {
		fmt.Fprintf(b, "<text class=\"name\" x=\"%.1f\" y=\"%.1f\">%s</text></g>\n", p.x, p.y+5, html.EscapeString(shortened(box.shown)))
		return
	}
	fmt.Fprintf(b, "<text class=\"name\" x=\"%.1f\" y=\"%.1f\">%s</text><text class=\"about\" x=\"%.1f\" y=\"%.1f\">%s</text></g>\n",
		p.x, p.y-2, html.EscapeString(shortened(box.shown)), p.x, p.y+14, html.EscapeString(shortened(box.about)))
}

// sides are what boxes are that only send or only receive, for the script of a page.
var sides = map[side]string{left: " sends", right: " receives"}

// corner is how round a box is: servers have corners, other ends do not.
func corner(k kind) int {
	if k == server {
		return 4
	}
	return boxHeight / 2
}

// mark is what a line of a drawing means.
type mark struct {
	x, y  float64 // below the drawing
	class class   // "" is no line
	words string
}

// marks is what the lines that there are mean, and how high that is.
func (d drawing) marks(width float64) (marks []mark, height float64) {
	count := map[class]int{}
	for _, a := range d.arrows {
		count[a.class]++
	}
	x, y := float64(margin), float64(legend)
	add := func(class class, words string) {
		wide := textWidth(words, legendSize) + 64
		if x+wide > width && x > margin {
			x, y = margin, y+legend
		}
		marks = append(marks, mark{x, y, class, words})
		x += wide
	}
	for _, class := range classes {
		if count[class] > 0 {
			add(class, meanings[class])
		}
	}
	if n := count[perhaps]; n > 0 {
		verb := "depend"
		if n == 1 {
			verb = "depends"
		}
		add("", fmt.Sprintf("not drawn: %d that %s on unknown addresses", n, verb))
	}
	return marks, y
}

var meanings = map[class]string{
	worldly: "open to the whole world", reaches: "reaches", partly: "in part: only some addresses", others: "others may open it", opens: "opens", closes: "closes",
}

func (m mark) write(b *strings.Builder, top float64) {
	x, y := m.x, top+m.y-margin/2
	if m.class != "" {
		fmt.Fprintf(b, "<g class=\"%s\"><path d=\"M%.1f,%.1f h32\"/></g>", m.class, x, y-4)
		x += 40
	}
	fmt.Fprintf(b, "<text class=\"legend\" x=\"%.1f\" y=\"%.1f\">%s</text>\n", x, y, m.words)
}
