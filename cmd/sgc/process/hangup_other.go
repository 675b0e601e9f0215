//go:build !linux

package process

import "os/exec"

// HangUpWithout does nothing: the system has no such thing.
func HangUpWithout(*exec.Cmd) {}
