package schema

import (
	"fmt"

	"cuelang.org/go/cue/errors"
)

func faultsOf(err error) Errors {
	var found Errors
	for _, e := range errors.Errors(err) {
		format, args := e.Msg()
		f := &Error{Message: fmt.Sprintf(format, args...)}
		for _, p := range e.Path() {
			f.Path = extend(f.Path, p)
		}
		for _, p := range errors.Positions(e) {
			if !ofSchema(p) {
				f.Pos = position(p)
				break
			}
		}
		found = append(found, f)
	}
	return found
}
