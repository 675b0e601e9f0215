package process

import (
	"os/exec"
	"syscall"
)

// HangUpWithout has a command hang up when the thread that starts it ends, which
// that thread's goroutine is to be locked to: also where this process is killed.
func HangUpWithout(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGHUP} }
