package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// flush drops what has been typed on a terminal and not been read.
func flush(terminal *os.File) error {
	return unix.IoctlSetInt(int(terminal.Fd()), unix.TCFLSH, unix.TCIFLUSH)
}
