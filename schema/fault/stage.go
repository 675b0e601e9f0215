package fault

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// A Stage is how far a policy came. Faults of an earlier stage hide those of
// the later ones, which would only repeat them in other words.
type Stage uint8

const (
	Parsing   Stage = iota // files that cannot be read, or that are no CUE
	Resolving              // references and imports that lead nowhere
	Checking               // everything else
)

// Faults is what is wrong with one policy, of one stage.
type Faults struct {
	Stage Stage
	List  Errors
}

// Earliest keeps the faults of the first stage that has any, sorted, and at a length that
// can be read. What is written once and used in many places is one fault.
func Earliest(all []Faults) Errors {
	var found Errors
	first := Checking
	for _, f := range all {
		if len(f.List) > 0 && f.Stage < first {
			first = f.Stage
		}
	}
	for _, f := range all {
		if f.Stage == first {
			found = append(found, f.List...)
		}
	}
	for _, e := range found {
		e.Path, e.Message = shortened(e.Path), shortened(e.Message)
	}
	slices.SortStableFunc(found, func(a, b *Error) int {
		return cmp.Or(rule.ComparePos(a.Pos, b.Pos), strings.Compare(a.Path, b.Path), strings.Compare(a.Message, b.Message))
	})
	found = slices.CompactFunc(found, func(a, b *Error) bool { return *a == *b })
	places := map[Error]int{}
	once := slices.DeleteFunc(found, func(e *Error) bool {
		places[e.placeless()]++
		return places[e.placeless()] > 1
	})
	for _, e := range once {
		if n := places[e.placeless()]; n > 1 {
			e.Message += fmt.Sprintf(" (in %d places)", n)
		}
	}
	return once
}

// placeless is what errors that one mistake makes in several places have in common.
func (e Error) placeless() Error { return Error{Pos: e.Pos, Message: e.Message, Hint: e.Hint} }
