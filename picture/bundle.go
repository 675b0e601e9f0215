package picture

import (
	"fmt"
	"slices"
)

// line is a line of a drawing: an arrow, or the piece that several arrows of a
// bundle share.
type line struct {
	from, to int    // boxes, or joints: len(boxes) and above
	arrows   []int  // that go along it
	label    string // what stands on it
	head     bool   // it ends in an arrow's head
	quiet    bool   // the label is shown on demand alone
}

// fan is how many arrows with the same words a box has to have for them to be
// bundled, and twice how many boxes a bundle has to reach.
const fan = 6

// mostWordy is how many lines there may be with words on all of them; with more,
// lines that nobody shares have theirs on demand, but for the world's.
const mostWordy = 100

// plain draws each arrow as a line of its own, but for those that pass perhaps: with
// them, what is known could not be seen.
func (s sketch) plain() []line {
	var lines []line
	for i, a := range s.arrows {
		if a.class != perhaps {
			lines = append(lines, line{from: a.from, to: a.to, arrows: []int{i}, label: a.label, head: true})
		}
	}
	return lines
}

// bundled draws arrows of a crowded sketch together: where some boxes all reach
// the same ones with the same services, their lines meet in a joint and part
// behind it. Only arrows of one class share a line, so that a line open to the
// world is one from end to end. Words stand on the lines to and from the few.
func (s sketch) bundled() (lines []line, joints int) {
	var rest []int
	for _, l := range s.plain() {
		rest = append(rest, l.arrows...)
	}
	for _, class := range classes {
		for _, ends := range [][2]func(arrow) int{{arrow.target, arrow.source}, {arrow.source, arrow.target}} {
			many, few := ends[0], ends[1]
			for _, b := range s.bundles(rest, class, many, few) {
				lines = append(lines, s.bundleLines(b, len(s.boxes)+joints, few)...)
				joints++
				rest = slices.DeleteFunc(rest, func(i int) bool { return slices.Contains(b, i) })
			}
		}
	}
	wordy := len(lines)+len(rest) <= mostWordy
	for _, i := range rest {
		a := s.arrows[i]
		quiet := !wordy && a.class != worldly && a.class != opens
		lines = append(lines, line{from: a.from, to: a.to, arrows: []int{i}, label: a.label, head: true, quiet: quiet})
	}
	return lines, joints
}

func (a arrow) source() int { return a.from }
func (a arrow) target() int { return a.to }

// bundles is sets of arrows that go between the same few boxes and many others,
// alike for each of the many.
func (s sketch) bundles(arrows []int, class class, many, few func(arrow) int) [][]int {
	type stem struct {
		box   int
		label string
	}
	degree := map[stem]int{}
	for _, i := range arrows {
		if a := s.arrows[i]; a.class == class {
			degree[stem{few(a), a.label}]++
		}
	}
	at := map[int][]int{}
	var order []int
	for _, i := range arrows {
		a := s.arrows[i]
		if a.class != class || degree[stem{few(a), a.label}] < fan {
			continue
		}
		if at[many(a)] == nil {
			order = append(order, many(a))
		}
		at[many(a)] = append(at[many(a)], i)
	}
	alike := map[string][]int{} // boxes among the many, by what goes to them
	var keys []string
	for _, box := range order {
		key := ""
		for _, i := range at[box] {
			key += fmt.Sprintf("%d %q;", few(s.arrows[i]), s.arrows[i].label)
		}
		if alike[key] == nil {
			keys = append(keys, key)
		}
		alike[key] = append(alike[key], box)
	}
	var bundles [][]int
	for _, key := range keys {
		if len(alike[key]) < fan/2 {
			continue
		}
		var bundle []int
		for _, box := range alike[key] {
			bundle = append(bundle, at[box]...)
		}
		bundles = append(bundles, bundle)
	}
	return bundles
}

// bundleLines is the lines of a bundle: one for each of the few, with its words,
// and one for each of the many.
func (s sketch) bundleLines(bundle []int, joint int, few func(arrow) int) []line {
	var lines []line
	index := map[[2]int]int{}
	add := func(from, to, arrow int, label string, head bool) {
		n, ok := index[[2]int{from, to}]
		if !ok {
			n = len(lines)
			index[[2]int{from, to}] = n
			lines = append(lines, line{from: from, to: to, label: label, head: head})
		}
		lines[n].arrows = append(lines[n].arrows, arrow)
	}
	for _, i := range bundle {
		a := s.arrows[i]
		label := [2]string{a.label, ""}
		if few(a) == a.to {
			label = [2]string{"", a.label}
		}
		add(a.from, joint, i, label[0], false)
		add(joint, a.to, i, label[1], true)
	}
	return lines
}
