package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"

	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/guard"
	"sgc.dev/sgc/schema/source"
	"sgc.dev/sgc/schema/written"
)

// A rehearsal is what a process needs in order to load one input of another's. Some
// functions of CUE's can ask for any amount of memory in one step, and Go ends a
// program that cannot have it, which nothing inside of the program can prevent. So a
// policy that calls one is evaluated in a process of its own first, which may end so.
type rehearsal struct {
	Options Options
	Stdin   []byte
	Input   int
}

// Rehearse loads what a [rehearsal] on in says, and forgets it. It ends the process
// where a limit is passed, with a message on out, and where in ends, since then the
// process is gone that has asked for it.
func Rehearse(in io.Reader, out io.Writer) error {
	var r rehearsal
	from := json.NewDecoder(in)
	if err := from.Decode(&r); err != nil {
		return err
	}
	go func() {
		_, _ = io.Copy(io.Discard, in)
		os.Exit(1)
	}()
	defer guard.Watch(r.Options.Limits, func(message string) {
		_, _ = io.WriteString(out, message)
		os.Exit(1)
	})()
	r.Options.Stdin, r.Options.Rehearsal = bytes.NewReader(r.Stdin), nil
	l, found, err := source.Find(r.Options, moduleFiles)
	if err != nil || r.Input >= len(found) {
		return err
	}
	// Its faults are for the process to tell that has asked.
	_, _ = loadPolicy(l, found[r.Input], r)
	return nil
}

// run evaluates the input's package in a process of its own, if one of its files
// calls for that.
func (r rehearsal) run(p *source.Package) (fault.Faults, error) {
	at, name := costly(p)
	if name == "" || r.Options.Rehearsal == nil {
		return fault.Faults{}, nil
	}
	told := func(message string) (fault.Faults, error) {
		return fault.Faults{Stage: fault.Checking, List: Errors{{Pos: written.Position(at), Message: message}}}, nil
	}
	program, err := os.Executable()
	if err != nil {
		return fault.Faults{}, err
	}
	input, err := json.Marshal(r)
	if err != nil {
		return fault.Faults{}, err
	}
	var out, last bytes.Buffer
	child := exec.Cmd{Path: program, Args: append(os.Args[:1:1], r.Options.Rehearsal...), Stdout: &out, Stderr: &last}
	in, err := child.StdinPipe()
	if err != nil {
		return fault.Faults{}, err
	}
	if err := child.Start(); err != nil {
		return fault.Faults{}, fmt.Errorf("%s: a policy that calls %s is evaluated in a process of its own first: %w", written.Position(at), name, err)
	}
	_, _ = in.Write(input) // a process that does not read it has failed
	var failed *exec.ExitError
	switch err := child.Wait(); {
	case err == nil:
		return fault.Faults{}, nil
	case !errors.As(err, &failed):
		return fault.Faults{}, err
	case out.Len() > 0:
		return told(out.String())
	case failed.Exited() && !noRoom.Match(last.Bytes()): // a fault, which is told where it shows again
		return fault.Faults{}, nil
	}
	return told(fmt.Sprintf("the policy would need too much memory, here or at the next call: make what is given to %s smaller", name))
}

// noRoom is how Go says that it cannot have as much memory as it is asked for.
var noRoom = regexp.MustCompile(`out of memory|cannot allocate memory|makeslice.*: len out of range|too large`)

// costly is the first place in a package, or in what it imports, that can ask for any
// amount of memory in one step.
func costly(p *source.Package) (at token.Pos, name string) {
	for _, inst := range p.All() {
		for _, f := range inst.Files {
			if at, name = guard.Costly(f); name != "" {
				return at, name
			}
		}
	}
	return token.NoPos, ""
}
