package sandboxtest

import (
	_ "embed"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

//go:embed openstack.py
var openstack []byte

// Openstack is a folder for the front of PATH, in which the openstack command is one that
// starts at once; "" where it is not installed. It is there as long as the process.
var Openstack = sync.OnceValues(func() (string, error) {
	const python = "/usr/bin/python3"
	if _, err := exec.LookPath("openstack"); err != nil || exec.Command(python, "-c", "import openstackclient, openstack.config").Run() != nil {
		return "", nil
	}
	dir, err := os.MkdirTemp("", "openstack")
	if err != nil {
		return "", err
	}
	program := filepath.Join(dir, "openstack")
	if err := os.WriteFile(program, openstack, 0o700); err != nil {
		return "", err
	}
	server := exec.Command(python, program)
	if _, err := server.StdinPipe(); err != nil {
		return "", err
	}
	out, err := server.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := server.Start(); err != nil {
		return "", err
	}
	_, err = out.Read(make([]byte, 1)) // it listens
	go server.Wait()                   // holds its input, which ends when the process does
	return dir, err
})
