package schema

import (
	"bytes"
	"regexp"

	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/token"
)

// What other tools write, as it looks at the beginning of a line.
const (
	terraformBlock = `(?m)^(?:(?:resource|data)[ \t]+"[^"\n]*"[ \t]+"[^"\n]*"|(?:provider|module|variable|output)[ \t]+"[^"\n]*"|(?:terraform|locals))[ \t]*\{`
	tableBorder    = `(?m)^[ \t]*\+(?:-{2,}\+)+[ \t\r]*$`
)

// notCUE says what a file is that CUE's parser cannot read, where it is of another
// kind altogether; nil where it may be CUE with faults.
func notCUE(name string, src []byte) errors.Error {
	lines := token.NewFile(name, -1, len(src))
	if bytes.IndexByte(src, 0) >= 0 {
		return errors.Newf(lines.Pos(0, token.NoRelPos), "the file is no text: a policy is CUE, JSON, YAML or TOML")
	}
	for _, kind := range []struct{ looks, say string }{
		{terraformBlock, "this looks like Terraform, and a policy is CUE: sgc init writes one to begin with"},
		{tableBorder, "this looks like a table of the openstack client's, and a policy is CUE: sgc init writes one to begin with"},
	} {
		if at := regexp.MustCompile(kind.looks).FindIndex(src); at != nil {
			lines.SetLinesForContent(src)
			return errors.Newf(lines.Pos(at[0], token.NoRelPos), "%s", kind.say)
		}
	}
	return nil
}
