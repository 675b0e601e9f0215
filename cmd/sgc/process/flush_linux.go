package process

import (
	"os"

	"golang.org/x/sys/unix"
)

// Flush drops what has been typed on a terminal and not been read.
func Flush(terminal *os.File) error {
	return unix.IoctlSetInt(int(terminal.Fd()), unix.TCFLSH, unix.TCIFLUSH)
}
