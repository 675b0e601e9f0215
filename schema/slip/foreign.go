package slip

import (
	"bytes"
	"regexp"

	"cuelang.org/go/cue/token"

	"sgc.dev/sgc/schema/fault"
	"sgc.dev/sgc/schema/written"
)

// What other tools write, as it looks at the beginning of a line.
var others = []struct {
	looks *regexp.Regexp
	say   string
}{
	{regexp.MustCompile(`(?m)^(?:(?:resource|data)[ \t]+"[^"\n]*"[ \t]+"[^"\n]*"|(?:provider|module|variable|output)[ \t]+"[^"\n]*"|(?:terraform|locals))[ \t]*\{`),
		"this looks like Terraform, and a policy is CUE: sgc init writes one to begin with"},
	{regexp.MustCompile(`(?m)^[ \t]*\+(?:-{2,}\+)+[ \t\r]*$`),
		"this looks like a table of the openstack client's, and a policy is CUE: sgc init writes one to begin with"},
}

// notCUE says what a file is that CUE's parser cannot read, where it is of another
// kind altogether; nil where it may be CUE with faults.
func notCUE(name string, src []byte) *fault.Error {
	lines := token.NewFile(name, -1, len(src))
	say := func(offset int, message string) *fault.Error {
		return &fault.Error{Pos: written.Position(lines.Pos(offset, token.NoRelPos)), Message: message}
	}
	if bytes.IndexByte(src, 0) >= 0 {
		return say(0, "the file is no text: a policy is CUE, JSON, YAML or TOML")
	}
	for _, kind := range others {
		if at := kind.looks.FindIndex(src); at != nil {
			lines.SetLinesForContent(src)
			return say(at[0], kind.say)
		}
	}
	return nil
}
