package main

import (
	"errors"
	"os"
	"path/filepath"
	"time"

	"sgc.dev/sgc/plan"
)

// snapshotFolder is where snapshots go: what the user says, else the folder for
// state of the XDG base directories.
func snapshotFolder(named string) (string, error) {
	if named != "" {
		return named, nil
	}
	if state := os.Getenv("XDG_STATE_HOME"); filepath.IsAbs(state) {
		return filepath.Join(state, "sgc"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", errors.New("there is no home folder to save snapshots in: --snapshots names one")
	}
	return filepath.Join(home, ".local", "state", "sgc"), nil
}

// saveSnapshot writes a snapshot under a name of its own, for nobody else to read.
func saveSnapshot(folder string, shot plan.Snapshot) (name string, err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(folder, shot.Policy+"-"+time.Now().UTC().Format("20060102T150405Z")+"-*.json") // with mode 0600
	if err != nil {
		return "", err
	}
	if err := errors.Join(shot.Write(f), f.Sync(), f.Close()); err != nil {
		return "", err
	}
	return f.Name(), nil
}
