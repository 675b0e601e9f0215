package main

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"sgc.dev/sgc/targets"
)

// TestEachInOrder has many projects talk at once, on both streams, the last ones first: what
// they say comes in their order, that of one together and with its name on standard error, and
// no more of them work at a time than may.
func TestEachInOrder(t *testing.T) {
	var all bytes.Buffer // both streams, as a terminal has them
	var list []*project
	wantedText := ""
	for i := range 3 * atOnce {
		p := newProject(streams{out: &all, err: &all}, targets.Target{Name: fmt.Sprint("p", i)})
		if i == 5 {
			p.failed = errors.New("before")
		} else {
			wantedText += fmt.Sprintf("plan of p%d\n\np%[1]d: note 1\np%[1]d: begun and ended\n", i)
		}
		list = append(list, p)
	}
	var working, most atomic.Int32
	spoken := make([]chan struct{}, len(list))
	for i := range spoken {
		spoken[i] = make(chan struct{})
	}
	close(spoken[5])
	each(list, func(p *project) error {
		if now := working.Add(1); now > most.Load() {
			most.Store(now)
		}
		defer working.Add(-1)
		i := slices.Index(list, p)
		if i+1 < atOnce {
			<-spoken[i+1]
		}
		fmt.Fprintf(p.out, "plan of %s\n\n", p.Name)
		fmt.Fprint(p.streams.err, "note 1\nbegun")
		fmt.Fprint(p.streams.err, " and ended\n")
		close(spoken[i])
		return fmt.Errorf("done with %s", p.Name)
	})
	if all.String() != wantedText {
		t.Errorf("%s\nnot\n%s", &all, wantedText)
	}
	if most.Load() > atOnce {
		t.Errorf("%d at a time", most.Load())
	}
	for i, p := range list {
		if want := fmt.Sprint("done with p", i); i != 5 && p.failed.Error() != want || i == 5 && p.failed.Error() != "before" {
			t.Errorf("%s: %v", p.Name, p.failed)
		}
	}
}

// broken cannot be written to.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

// TestEachUnheard has a project fail whose words are kept, and cannot be written when its turn
// comes.
func TestEachUnheard(t *testing.T) {
	var said strings.Builder
	list := []*project{
		newProject(streams{out: &said, err: &said}, targets.Target{Name: "a"}),
		newProject(streams{out: broken{}, err: &said}, targets.Target{Name: "b"}),
	}
	spoken := make(chan struct{})
	each(list, func(p *project) error {
		if p.Name == "a" {
			<-spoken
			return nil
		}
		defer close(spoken)
		_, err := fmt.Fprintln(p.out, "plan")
		return err
	})
	if list[0].failed != nil || list[1].failed == nil || said.String() != "b: sgc: broken pipe\n" {
		t.Errorf("%v, %v, after %q", list[0].failed, list[1].failed, &said)
	}
}
