package picture

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"sgc.dev/sgc/internal/rounds"
)

// TestBundlesSayTheSame follows the lines of random crowded sketches from end to
// end: they lead from whom to whom the arrows do, and nowhere else, in the same
// class.
func TestBundlesSayTheSame(t *testing.T) {
	bundled := 0
	n := rounds.Of(30)
	for seed := range n {
		r := rand.New(rand.NewPCG(uint64(seed), 8))
		s := sketch{boxes: make([]box, 4+r.IntN(20))}
		chance := 1 + r.IntN(4)
		for from := range s.boxes {
			for to := range s.boxes {
				if r.IntN(5) < chance {
					a := arrow{from: from, to: to, label: fmt.Sprint("service", r.IntN(2)*r.IntN(2)), class: reaches}
					switch {
					case to%7 == 0:
						a.class = worldly
					case to%5 == 0:
						a.class = partly
					}
					s.arrows = append(s.arrows, a)
				}
			}
		}
		want := map[string]bool{}
		for _, a := range s.arrows {
			want[fmt.Sprint(a.from, a.to, a.class)] = true
		}
		lines, joints := s.bundled()
		bundled += joints
		got := map[string]bool{}
		for _, l := range lines {
			class := s.arrows[l.arrows[0]].class
			for _, i := range l.arrows {
				if s.arrows[i].class != class {
					t.Fatalf("seed %d: a line of two classes", seed)
				}
			}
			switch {
			case l.to < len(s.boxes) && l.from < len(s.boxes):
				got[fmt.Sprint(l.from, l.to, class)] = true
			case l.to >= len(s.boxes):
				for _, next := range lines {
					if next.from == l.to {
						got[fmt.Sprint(l.from, next.to, class)] = true
					}
				}
			}
		}
		if len(got) != len(want) {
			t.Fatalf("seed %d: lines for %d arrows, not %d", seed, len(got), len(want))
		}
		for a := range want {
			if !got[a] {
				t.Fatalf("seed %d: no line for %s", seed, a)
			}
		}
	}
	if bundled < n/3 {
		t.Errorf("%d bundles: the test tries too little", bundled)
	}
}

// TestQuiet has too many lines for words on all of them: they have theirs on demand, and
// those from the whole world always.
func TestQuiet(t *testing.T) {
	s := sketch{boxes: make([]box, mostWordy+2)}
	for i := range mostWordy + 1 {
		s.arrows = append(s.arrows, arrow{from: i, to: i + 1, label: fmt.Sprint("tcp/", i+1), class: reaches})
	}
	s.arrows[7].class = worldly
	lines, _ := s.bundled()
	for _, l := range lines {
		if a := s.arrows[l.arrows[0]]; l.label != a.label || l.quiet != (a.class != worldly) {
			t.Errorf("%+v", l)
		}
	}
	if len(lines) != len(s.arrows) {
		t.Errorf("there are %d lines", len(lines))
	}
}
