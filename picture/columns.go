package picture

// columns lays out a crowded sketch without Graphviz, which would make it as wide as
// its longest way: who sends on the left, servers in the middle, who receives on the
// right, each below the other. Lines have the width that the boxes leave them everywhere.
func (s sketch) columns() (layout, error) {
	l := layout{places: make([]point, len(s.boxes))}
	l.lines, l.joints = s.bundled()
	if n := len(l.lines); n > mostLines {
		return l, Crowded(n)
	}
	const apart = 14 // boxes
	wide, high := map[side]float64{}, map[side]float64{}
	for _, b := range s.boxes {
		wide[b.side] = max(wide[b.side], l.boxWidth(b))
		high[b.side] += boxHeight + apart
	}
	before, between := 0.0, narrowEnough-wide[left]-wide[middle]-wide[right] // and after the middle column
	if wide[left] > 0 {
		before, between = max(between/2, 72), between/2
	}
	between = max(between, 72)
	middles := map[side]float64{left: wide[left] / 2, middle: wide[left] + before + wide[middle]/2, right: wide[left] + before + wide[middle] + between + wide[right]/2}
	l.width, l.height = middles[right]+wide[right]/2, max(high[left], high[middle], high[right])
	at := map[side]float64{}
	for i, b := range s.boxes {
		l.places[i] = point{middles[b.side], at[b.side] + (boxHeight+apart)/2}
		at[b.side] += boxHeight + apart
	}
	// A joint is beside the column where its lines come from or go to, at their middle.
	joints, ends := make([]point, l.joints), make([]float64, l.joints)
	for _, line := range l.lines {
		joint, box := line.from-len(s.boxes), line.to
		if joint < 0 {
			joint, box = line.to-len(s.boxes), line.from
		}
		if joint < 0 {
			continue
		}
		x := middles[middle] + wide[middle]/2 + between/2
		if s.boxes[s.arrows[line.arrows[0]].from].side == left {
			x = wide[left] + before/2
		}
		joints[joint] = point{x, joints[joint].y + l.places[box].y}
		ends[joint]++
	}
	for i := range joints {
		joints[i].y /= ends[i]
	}
	beside := map[[2]int]float64{} // lines so far between the same ends
	for _, line := range l.lines {
		start := func(n int, receives bool) (point, float64) { // and to which side a line leaves it
			if n >= len(s.boxes) {
				return joints[n-len(s.boxes)], 0
			}
			p, half, at := l.places[n], l.boxWidth(s.boxes[n])/2, s.boxes[n].side
			if at == right || at == middle && receives && s.boxes[s.arrows[line.arrows[0]].from].side == left {
				return point{p.x - half, p.y}, -1
			}
			return point{p.x + half, p.y}, 1
		}
		from, out := start(line.from, false)
		to, in := start(line.to, true)
		pair := [2]int{line.from, line.to}
		from.y, to.y = from.y+10*beside[pair], to.y+10*beside[pair]
		beside[pair]++
		pull := between / 2
		if out == in { // a bow beside the column, wider the farther it goes
			pull = min(between, 30+abs(from.y-to.y)/6)
		}
		r := route{}
		if line.from == line.to {
			from.y, to.y = from.y-8, to.y+8
		}
		end := to
		if line.head {
			end.x += 11 * in
			r.tip = []point{to}
		}
		r.curve = []point{from, {from.x + pull*out, from.y}, {end.x + pull*in, end.y}, end}
		r.label = point{(from.x + 3*r.curve[1].x + 3*r.curve[2].x + end.x) / 8, (from.y + end.y) / 2}
		l.routes = append(l.routes, r)
	}
	return l, nil
}

func abs(x float64) float64 { return max(x, -x) }
