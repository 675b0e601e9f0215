package schema

import (
	"embed"
	"io/fs"
)

// ImportPath is what a policy imports to name the definitions.
const ImportPath = "sgc.dev/schema"

//go:embed policy.cue catalog.cue cue.mod/module.cue
var moduleFiles embed.FS

//go:embed loose/cue.mod/module.cue
var looseFiles embed.FS

// Files is the CUE module of the language, as it is published under
// [ImportPath]: the definitions, the catalog of services and cue.mod/module.cue.
func Files() fs.FS { return moduleFiles }
