package picture

import "testing"

// TestColumnsShowEachLine draws two arrows between the same boxes, and says of a third
// that it is not drawn.
func TestColumnsShowEachLine(t *testing.T) {
	s := sketch{boxes: []box{{side: left}, {}}, arrows: []arrow{{from: 0, to: 1, class: worldly}, {from: 0, to: 1, class: partly}, {from: 0, to: 1, class: perhaps}}}
	l, err := s.columns()
	if err != nil {
		t.Fatal(err)
	}
	if len(l.routes) != 2 || l.routes[0].curve[0] == l.routes[1].curve[0] || l.routes[0].label == l.routes[1].label {
		t.Errorf("the lines are %v", l.routes)
	}
	if l.width < narrowEnough {
		t.Errorf("the drawing is %v wide, and has %d", l.width, narrowEnough)
	}
	marks, _ := drawing{s, l, ""}.marks(l.width)
	if got := marks[len(marks)-1].words; got != "not drawn: 1 that depends on unknown addresses" {
		t.Error(got)
	}
}
