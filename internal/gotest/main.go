// Gotest runs go test with its arguments and prints what go test prints; then a line for
// each test that was skipped, with the reason. It ends with go test's exit code.
package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// An event is a line of go test -json (go doc test2json).
type event struct {
	Action, Package, Test, Output string
}

func main() {
	cmd := exec.Command("go", append([]string{"test", "-json"}, os.Args[1:]...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		log.Fatal(err)
	}
	skipped := told(out, os.Stdout)
	err = cmd.Wait()
	for _, s := range skipped {
		fmt.Println("skipped:", s)
	}
	var failed *exec.ExitError
	switch {
	case errors.As(err, &failed):
		os.Exit(max(1, failed.ExitCode())) // -1 is a signal
	case err != nil:
		log.Fatal(err)
	}
}

// told writes what go test writes without -json, and returns which tests were skipped, and
// why.
func told(events io.Reader, w io.Writer) (skipped []string) {
	running := map[string][]event{} // by package, what has been printed so far
	for lines := bufio.NewReader(events); ; {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return skipped
		}
		var e event
		if !bytes.HasPrefix(line, []byte("{")) || json.Unmarshal(line, &e) != nil {
			w.Write(line)
			continue
		}
		printed := running[e.Package]
		of := func(p event) bool { return p.Test == e.Test }
		switch {
		case e.Action == "build-output":
			io.WriteString(w, e.Output)
		case e.Action == "output":
			if !strings.HasPrefix(e.Output, "=== ") {
				running[e.Package] = append(printed, e)
			}
		case e.Test != "" && (e.Action == "pass" || e.Action == "skip"):
			if e.Action == "skip" {
				skipped = append(skipped, e.Package+" "+e.Test+": "+reason(slices.DeleteFunc(slices.Clone(printed), func(p event) bool { return !of(p) })))
			}
			running[e.Package] = slices.DeleteFunc(printed, of)
		case e.Test == "" && (e.Action == "pass" || e.Action == "skip"):
			if len(printed) > 0 {
				io.WriteString(w, printed[len(printed)-1].Output) // ok, or no test files
			}
			delete(running, e.Package)
		case e.Test == "" && e.Action == "fail":
			// Test by test, and last the package's own lines.
			slices.SortStableFunc(printed, func(a, b event) int { return strings.Compare(cmp.Or(a.Test, "~"), cmp.Or(b.Test, "~")) })
			for _, p := range printed {
				io.WriteString(w, p.Output)
			}
			delete(running, e.Package)
		}
	}
}

// reason is what a test that was skipped said, without the place in its source.
func reason(printed []event) string {
	var words []string
	for _, p := range printed {
		if text := strings.TrimSpace(p.Output); !strings.HasPrefix(text, "--- SKIP") {
			if place, said, found := strings.Cut(text, ": "); found && strings.Contains(place, ".go:") {
				text = said
			}
			words = append(words, text)
		}
	}
	return strings.Join(words, " ")
}
