package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"al.essio.dev/pkg/shellescape"
	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/cmd/sgc/process"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/sandbox"
)

func sandboxCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:      "sandbox",
		Usage:     "serve a cloud in this process to try things in, or run a command in one",
		ArgsUsage: "[-- COMMAND [ARGUMENTS]]",
		Description: "The cloud has Keystone's tokens and Neutron's security groups, rules, tags, quotas, ports\n" +
			"and address groups, and answers as Neutron 2025.1 does. It listens on loopback, begins empty\n" +
			"and ends with the process. The openstack client works against it as well. Its quota is\n" +
			"generous: with 10 groups and 100 rules it is what Neutron gives where nobody has said more.\n" +
			"What runs in it finds no other cloud, whatever --os-cloud names. With --cloud it has a project\n" +
			"by each name, for --os-cloud and the targets of a file.\n\n" +
			"   sgc sandbox -- sgc apply --yes ./policies/web\n" +
			"   sgc sandbox -- bash           # a shell in which sgc and openstack see the cloud\n" +
			"   sgc sandbox > openrc &        # . ./openrc in another terminal\n" +
			"   sgc sandbox --cloud=staging --cloud=prod -- sgc plan --os-cloud=staging --os-cloud=prod .\n" +
			"   sgc sandbox --quota-groups=10 --quota-rules=100 -- sgc apply --yes ./policies/web",
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "cloud", Usage: "have a project that clouds.yaml calls `NAME`; may be repeated, and the first one is OS_CLOUD"},
			&cli.IntFlag{Name: "quota-groups", Usage: "let the project have `N` security groups, -1 for any number", Value: 100},
			&cli.IntFlag{Name: "quota-rules", Usage: "let the project have `N` security group rules, -1 for any number", Value: 1000},
		},
		Action: func(c *cli.Context) error {
			cloud := sandbox.New()
			for _, name := range []string{"quota-groups", "quota-rules"} {
				if c.Int(name) < -1 {
					return fmt.Errorf("--%s %d: a number, or -1 for any", name, c.Int(name))
				}
			}
			accounts := []sandbox.Account{cloud.Demo()}
			names := c.StringSlice("cloud")
			for i, name := range names {
				if !rule.IsName(name) || slices.Contains(names[:i], name) || name == accounts[0].Name {
					return fmt.Errorf("--cloud %q: a name that no other has, of letters, digits, \".\", \"_\" and \"-\"", name)
				}
				accounts = append(accounts, cloud.AddAccount(name, false))
			}
			for _, a := range accounts {
				cloud.SetQuota(a.ProjectID, c.Int("quota-groups"), c.Int("quota-rules"))
			}
			server, err := cloud.Listen()
			if err != nil {
				return err
			}
			defer server.Close()
			folder, err := os.MkdirTemp("", "sgc-sandbox-*")
			if err != nil {
				return err
			}
			defer os.RemoveAll(folder)
			environment, err := noOthers(folder, server, accounts[1:])
			if err != nil {
				return err
			}
			if len(names) > 0 {
				environment = append(environment, "OS_CLOUD="+names[0])
			} else {
				environment = append(server.Env(cloud.Demo()), environment...)
			}
			if c.NArg() > 0 {
				return inside(environment, s, c.Args().Slice())
			}
			return serve(environment, s)
		},
	}
}

// noOthers is the environment in which --os-cloud and OS_CLOUD name no cloud but these projects
// of the server's: clients look into a file in the folder, and no further. That of secrets is
// said too, since openstack takes whole clouds from one that lies around.
func noOthers(folder string, server *sandbox.Server, accounts []sandbox.Account) ([]string, error) {
	file, err := filepath.Abs(filepath.Join(folder, "clouds.yaml"))
	if err != nil {
		return nil, err
	}
	clouds := map[string]any{}
	for _, a := range accounts {
		clouds[a.Name] = map[string]any{"region_name": sandbox.Region, "auth": map[string]string{
			"auth_url": server.URL(), "username": a.Name, "password": a.Password, "project_name": a.Name,
			"user_domain_name": "Default", "project_domain_name": "Default",
		}}
	}
	text, err := json.Marshal(map[string]any{"clouds": clouds}) // JSON is YAML
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return nil, err
	}
	return []string{"OS_CLIENT_CONFIG_FILE=" + file, "OS_CLIENT_SECURE_FILE=" + file}, nil
}

// serve prints how to reach the cloud and waits to be ended.
func serve(environment []string, s streams) error {
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	// Not OS_CLOUD, which a user may have: it would go before the rest.
	if _, err := fmt.Fprintln(s.out, "unset OS_CLOUD"); err != nil {
		return err
	}
	for _, variable := range environment {
		name, value, _ := strings.Cut(variable, "=")
		if _, err := fmt.Fprintf(s.out, "export %s=%s\n", name, shellescape.Quote(value)); err != nil {
			return err
		}
	}
	fmt.Fprintln(s.err, "the cloud listens until this process ends; the lines above tell other terminals where")
	<-ended
	return nil
}

// inside runs a command that sees the cloud and no other, and does not outlive it
// where the system can see to that. Its exit code is the result.
func inside(environment []string, s streams, command []string) error {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = s.in, s.out, s.err
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "OS_") {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	cmd.Env = append(cmd.Env, environment...)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	process.HangUpWithout(cmd)
	if err := cmd.Start(); err != nil {
		if errors.Is(err, exec.ErrNotFound) || errors.Is(err, os.ErrNotExist) || command[0] == "" {
			fmt.Fprintf(s.err, "sgc: there is no command %q\n", command[0])
			return exitNotFound
		}
		fmt.Fprintf(s.err, "sgc: %s\n", rule.Printable(err.Error()))
		return exitNotRun
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer signal.Stop(signals)
	go func() {
		for sent := range signals {
			// A terminal sends Ctrl-C to both; whether to end is for the command to say.
			if sent != os.Interrupt {
				cmd.Process.Signal(sent)
			}
		}
	}()
	err := cmd.Wait()
	var failed *exec.ExitError
	switch {
	case errors.As(err, &failed) && failed.Exited():
		return exit(failed.ExitCode())
	case errors.As(err, &failed):
		fmt.Fprintf(s.err, "sgc: %s was ended: %s\n", command[0], failed)
		if status, ok := failed.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			return exit(128 + int(status.Signal())) // as shells say it
		}
		return exitFailure
	}
	return err
}
