package rule

import (
	"cmp"
	"slices"
	"sort"
)

// Line is a set of places: sorted spans, no two of which overlap or touch.
type Line []Span

// NewLine sorts the spans in place, and joins them there.
func NewLine(spans []Span) Line {
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Compare(a.First, b.First) })
	l := Line(spans[:0])
	for _, s := range spans {
		l = l.Join(s)
	}
	return l
}

// At is the span that has x.
func (l Line) At(x uint32) (Span, bool) {
	i := sort.Search(len(l), func(i int) bool { return l[i].Last >= x })
	if i < len(l) && l[i].First <= x {
		return l[i], true
	}
	return Span{}, false
}

// Covers says whether all of each span is in the line.
func (l Line) Covers(spans ...Span) bool {
	for _, s := range spans {
		if around, ok := l.At(s.First); !ok || !around.Covers(s) {
			return false
		}
	}
	return true
}

// Overlapping is the spans that have a place of s.
func (l Line) Overlapping(s Span) Line {
	from := sort.Search(len(l), func(i int) bool { return l[i].Last >= s.First })
	to := sort.Search(len(l), func(i int) bool { return l[i].First > s.Last })
	return l[from:max(from, to)]
}

// Overlaps says whether the line has a place of s.
func (l Line) Overlaps(s Span) bool { return len(l.Overlapping(s)) > 0 }

// Join appends a span that starts no earlier than the last one does.
func (l Line) Join(s Span) Line {
	if n := len(l); n > 0 && s.First <= l[n-1].Last+1 {
		l[n-1].Last = max(l[n-1].Last, s.Last)
		return l
	}
	return append(l, s)
}

// Union may return one of its operands.
func Union(a, b Line) Line {
	if len(a) == 0 {
		return b
	}
	if len(b) == 0 {
		return a
	}
	out := make(Line, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0].First > b[0].First {
			a, b = b, a
		}
		out = out.Join(a[0])
		a = a[1:]
	}
	for _, s := range slices.Concat(a, b) {
		out = out.Join(s)
	}
	return out
}

// Intersect is the places that both have.
func Intersect(a, b Line) Line {
	var out Line
	for len(a) > 0 && len(b) > 0 {
		if a[0].Overlaps(b[0]) {
			out = append(out, a[0].Meet(b[0]))
		}
		if a[0].Last < b[0].Last {
			a = a[1:]
		} else {
			b = b[1:]
		}
	}
	return out
}

// Subtract is the places of a that b lacks.
func Subtract(a, b Line) Line {
	var out Line
	for _, s := range a {
		for len(b) > 0 && b[0].Last < s.First {
			b = b[1:]
		}
		for _, t := range b {
			if t.First > s.Last {
				break
			}
			if t.First > s.First {
				out = append(out, Span{s.First, t.First - 1})
			}
			s.First = t.Last + 1
		}
		if s.First <= s.Last {
			out = append(out, s)
		}
	}
	return out
}
