package main

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"sgc.dev/sgc/targets"
)

// TestEachInOrder has many projects talk at once, on both streams, the last ones first: what
// they say comes in their order, that of one together and with its name on standard error. As
// many work at a time as may, and no more.
func TestEachInOrder(t *testing.T) { synctest.Test(t, eachInOrder) }

func eachInOrder(t *testing.T) {
	var all bytes.Buffer // both streams, as a terminal has them
	var list []*project
	var spoken []chan struct{}
	want := ""
	const unable, last = 5, atOnce - 1
	for i := range 3 * atOnce {
		p := newProject(streams{out: &all, err: &all}, targets.Target{Name: fmt.Sprint("p", i)})
		if i == unable {
			p.failed = errors.New("before")
		} else {
			want += fmt.Sprintf("plan of p%d\n\np%[1]d: note 1\np%[1]d: begun and ended\n", i)
		}
		list, spoken = append(list, p), append(spoken, make(chan struct{}))
	}
	close(spoken[unable])
	var working atomic.Int32
	each(list, func(p *project) error {
		working.Add(1)
		defer working.Add(-1)
		i := slices.Index(list, p)
		switch {
		case i < last:
			<-spoken[i+1]
		case i > last:
			<-spoken[last]
		default:
			synctest.Wait() // until all others that work wait
			if n := working.Load(); n != atOnce {
				t.Errorf("%d at a time, not %d", n, atOnce)
			}
		}
		fmt.Fprintf(p.out, "plan of %s\n\n", p.Name)
		fmt.Fprint(p.streams.err, "note 1\nbegun")
		fmt.Fprint(p.streams.err, " and ended\n")
		close(spoken[i])
		return fmt.Errorf("done with %s", p.Name)
	})
	if all.String() != want {
		t.Errorf("%s\nnot\n%s", &all, want)
	}
	for i, p := range list {
		want := fmt.Sprint("done with p", i)
		if i == unable {
			want = "before"
		}
		if p.failed.Error() != want {
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
