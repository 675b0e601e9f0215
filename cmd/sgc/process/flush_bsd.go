//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package process

import (
	"os"

	"golang.org/x/sys/unix"
)

// Flush drops what has been typed on a terminal and not been read.
func Flush(terminal *os.File) error {
	const input = 1 // FREAD
	return unix.IoctlSetPointerInt(int(terminal.Fd()), unix.TIOCFLUSH, input)
}
