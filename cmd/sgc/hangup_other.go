//go:build !linux

package main

import "os/exec"

// hangUpWithout does nothing: the system has no such thing.
func hangUpWithout(*exec.Cmd) {}
