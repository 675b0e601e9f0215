package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// typist runs a command at a terminal of its own, and answers each of its questions once it
// is there: "typist yes no -- sgc apply". What commas part is typed at once;
// ^C is that key.
func typist() {
	at := slices.Index(os.Args, "--")
	keyboard, screen, err := openTerminal()
	if err != nil {
		panic(err)
	}
	cmd := exec.Command(os.Args[at+1], os.Args[at+2:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = screen, os.Stdout, &typed{keyboard, os.Args[1:at]}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Run(); cmd.ProcessState == nil {
		panic(err)
	}
	os.Exit(cmd.ProcessState.ExitCode())
}

// typed hands on what it is written, and types an answer after each question.
type typed struct {
	keyboard *os.File
	answers  []string
}

func (t *typed) Write(p []byte) (int, error) {
	n, err := os.Stderr.Write(p)
	if bytes.HasSuffix(p, []byte("go on: ")) && len(t.answers) > 0 {
		typed := strings.ReplaceAll(t.answers[0], ",", "\n") + "\n"
		if t.answers[0] == "^C" {
			typed = "\x03"
		}
		fmt.Fprint(t.keyboard, typed)
		t.answers = t.answers[1:]
	}
	return n, err
}

// openTerminal is a new terminal: where one types, and what a program reads.
func openTerminal() (keyboard, screen *os.File, err error) {
	if keyboard, err = os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		return nil, nil, err
	}
	if err = unix.IoctlSetPointerInt(int(keyboard.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		return nil, nil, err
	}
	n, err := unix.IoctlGetInt(int(keyboard.Fd()), unix.TIOCGPTN)
	if err != nil {
		return nil, nil, err
	}
	screen, err = os.OpenFile(fmt.Sprint("/dev/pts/", n), os.O_RDWR|unix.O_NOCTTY, 0)
	return keyboard, screen, err
}
