package schema

import (
	"embed"
	"io/fs"
	"sync"

	"sgc.dev/sgc/schema/source"
	"sgc.dev/sgc/schema/value"
)

// ImportPath is what a policy imports to name the definitions.
const ImportPath = source.ImportPath

//go:embed policy.cue catalog.cue cue.mod/module.cue
var moduleFiles embed.FS

// Files is the CUE module of the language, as it is published under
// [ImportPath]: the definitions, the catalog of services and cue.mod/module.cue.
func Files() fs.FS { return moduleFiles }

// definitions are policy.cue.
var definitions = sync.OnceValues(func() (*value.Definitions, error) {
	text, err := moduleFiles.ReadFile("policy.cue")
	if err != nil {
		return nil, err
	}
	return value.Define(text, "#Policy")
})
