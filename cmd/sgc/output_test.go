package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestWholeWithoutLinks writes where the file system has no links, over nothing that is
// there, whatever runs that were killed have left.
func TestWholeWithoutLinks(t *testing.T) {
	file := filepath.Join(t.TempDir(), "p.cue")
	if err := os.WriteFile(file+".sgc-1", nil, 0o666); err != nil {
		t.Fatal(err)
	}
	publish := func(from, to string) error {
		return unused(from, to, func(string, string) error { return syscall.EPERM })
	}
	write := func(text string) error {
		return whole(file, 0o666, func(w io.Writer) error {
			_, err := io.WriteString(w, text)
			return err
		}, publish)
	}
	if err := write("one"); err != nil {
		t.Fatal(err)
	}
	if err := write("two"); !errors.Is(err, fs.ErrExist) {
		t.Error(err)
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "one" {
		t.Errorf("%q, %v", text, err)
	}
	if left, err := os.ReadDir(filepath.Dir(file)); err != nil || len(left) != 2 {
		t.Errorf("%v, %v", left, err)
	}
}
