//go:build unix

package process

import (
	"os/exec"
	"syscall"
)

// InGroup has a command, and all that it starts, be one group of processes: when it is
// ended, and once end is called, none of them goes on.
func InGroup(cmd *exec.Cmd) (end func()) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	kill := func() error {
		if cmd.Process == nil {
			return nil
		}
		return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	}
	cmd.Cancel = kill
	return func() { _ = kill() } // most often there is nobody left
}
