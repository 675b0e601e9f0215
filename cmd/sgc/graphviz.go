package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

var errNoGraphviz = errors.New("a drawing needs the program sgc-graphviz beside sgc or in the PATH: go install ./cmd/... where sgc comes from")

// graphviz has the program sgc-graphviz find the places for a drawing. It stands
// beside sgc, or in the PATH.
func graphviz(ctx context.Context, graph []byte) ([]byte, error) {
	name, err := besides("sgc-graphviz")
	if err != nil {
		return nil, errNoGraphviz
	}
	temporary, err := os.MkdirTemp("", "sgc-graphviz-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(temporary)
	// The machine code that it keeps must be nobody else's to write.
	if cache, err := os.UserCacheDir(); err == nil {
		own := filepath.Join(cache, "sgc")
		if os.MkdirAll(own, 0o700) == nil {
			temporary = own
		}
	}
	cmd := exec.CommandContext(ctx, name)
	cmd.Env = append(os.Environ(), "TMPDIR="+temporary, "TMP="+temporary, "TEMP="+temporary)
	cmd.Stdin = bytes.NewReader(graph)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", name, err, strings.TrimSpace(stderr.String()))
	}
	return out, nil
}

// besides finds a program in the folder of this one, else in the PATH.
func besides(program string) (string, error) {
	if self, err := os.Executable(); err == nil {
		if self, err = filepath.EvalSymlinks(self); err == nil {
			if name, err := exec.LookPath(filepath.Join(filepath.Dir(self), program)); err == nil {
				return name, nil
			}
		}
	}
	return exec.LookPath(program)
}
