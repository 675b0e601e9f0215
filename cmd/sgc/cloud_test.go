package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"sgc.dev/sgc/sandbox"
)

// inCloud gives a script a cloud of its own, in the environment as openrc files
// have it.
func inCloud(env *testscript.Env) error {
	here, err := newSite(env)
	if err != nil {
		return err
	}
	env.Values["sites"] = &sites{env: env, site: here, named: map[string]*site{}}
	env.Vars = append(env.Vars, here.server.Env(here.account)...)
	env.Setenv("XDG_STATE_HOME", env.WorkDir)
	return nil
}

// A site is a project that a script has to do with, and its cloud.
type site struct {
	cloud   *sandbox.Cloud
	server  *sandbox.Server
	account sandbox.Account
	ambush  *ambush
}

func newSite(env *testscript.Env) (*site, error) {
	cloud := sandbox.New()
	server, err := cloud.Listen()
	if err != nil {
		return nil, err
	}
	env.Defer(server.Close)
	s := &site{cloud, server, cloud.Demo(), &ambush{}}
	cloud.Intercept(func(c sandbox.Call) { s.ambush.call(cloud, c) })
	return s, nil
}

// sites are the one that commands are about now, and all that have names.
type sites struct {
	*site
	env   *testscript.Env
	named map[string]*site
}

func siteOf(ts *testscript.TestScript) *sites { return ts.Value("sites").(*sites) }

func cloudOf(ts *testscript.TestScript) *sandbox.Cloud { return siteOf(ts).cloud }

// inClouds writes a clouds.yaml with the script's own cloud by the first name, one more for each
// further name, and for a name such as edge=prod another project of prod's: "clouds prod dr edge=prod".
func inClouds(ts *testscript.TestScript, args []string) error {
	all := siteOf(ts)
	text := "clouds:\n"
	for i, arg := range args {
		name, of, another := strings.Cut(arg, "=")
		here := all.site
		switch {
		case another:
			copied := *all.named[of]
			here = &copied
			here.account = here.cloud.AddAccount(name, false)
		case i > 0:
			var err error
			if here, err = newSite(all.env); err != nil {
				return err
			}
		}
		all.named[name] = here
		text += fmt.Sprintf("  %s:\n    auth: {auth_url: %q, username: %s, password: %q, project_name: %[3]s, user_domain_name: Default, project_domain_name: Default}\n    region_name: %[5]s\n",
			name, here.server.URL(), here.account.Name, here.account.Password, sandbox.Region)
	}
	for _, variable := range all.server.Env(all.account) {
		name, _, _ := strings.Cut(variable, "=")
		ts.Setenv(name, "")
	}
	return os.WriteFile(ts.MkAbs("clouds.yaml"), []byte(text), 0o600)
}

// at has the commands that follow be about a project of [inClouds].
func at(ts *testscript.TestScript, args []string) error {
	there := siteOf(ts).named[args[0]]
	if there == nil {
		return fmt.Errorf("no cloud is called %s", args[0])
	}
	siteOf(ts).site = there
	return nil
}

// groups prints the security groups of the project as they are in the cloud.
func groups(ts *testscript.TestScript, _ []string) error {
	all := cloudOf(ts).Groups(siteOf(ts).account.ProjectID)
	names := map[string]string{}
	for _, g := range all {
		names[g.ID] = g.Name
	}
	for _, g := range all {
		fmt.Fprintf(ts.Stdout(), "%s %q stateful=%t tags=%v\n", g.Name, g.Description, g.Stateful, g.Tags)
		var lines []string
		for _, r := range g.Rules {
			lines = append(lines, written(r, names))
		}
		slices.Sort(lines)
		io.WriteString(ts.Stdout(), strings.Join(lines, ""))
	}
	return nil
}

func written(r sandbox.Rule, names map[string]string) string {
	text := fmt.Sprintf("  %s %s %q", r.Direction, r.Ethertype, r.Protocol)
	if r.PortRangeMin != nil {
		text += fmt.Sprint(" min=", *r.PortRangeMin)
	}
	if r.PortRangeMax != nil {
		text += fmt.Sprint(" max=", *r.PortRangeMax)
	}
	text += " remote=" + r.RemoteIPPrefix + names[r.RemoteGroupID] + r.RemoteAddressGroupID
	if r.Description != nil {
		text += fmt.Sprintf(" %q", *r.Description)
	}
	return text + "\n"
}

// quota limits the groups and the rules of the project: "quota 10 100".
func quota(ts *testscript.TestScript, args []string) error {
	var groups, rules int
	if _, err := fmt.Sscan(strings.Join(args, " "), &groups, &rules); err != nil {
		return err
	}
	cloudOf(ts).SetQuota(cloudOf(ts).Demo().ProjectID, groups, rules)
	return nil
}

// born replaces the rules that groups are born with by those of a file, as operators can.
func born(ts *testscript.TestScript, args []string) error {
	var rules []sandbox.TemplateRule
	if err := json.Unmarshal([]byte(ts.ReadFile(args[0])), &rules); err != nil {
		return err
	}
	cloudOf(ts).SetTemplate(rules)
	return nil
}

// lacks takes an extension out of the cloud: "lacks address-group".
func lacks(ts *testscript.TestScript, args []string) error {
	cloudOf(ts).RemoveExtension(args[0])
	return nil
}

// addresses makes an address group: "addresses office 198.51.100.0/24".
func addresses(ts *testscript.TestScript, args []string) error {
	cloudOf(ts).AddAddressGroup(cloudOf(ts).Demo(), args[0], args[1:]...)
	return nil
}

// credential makes an application credential.
func credential(ts *testscript.TestScript, _ []string) error {
	id, secret := cloudOf(ts).AddApplicationCredential(cloudOf(ts).Demo())
	ts.Setenv("CREDENTIAL_ID", id)
	ts.Setenv("CREDENTIAL_SECRET", secret)
	return nil
}

// port puts groups on a new port.
func port(ts *testscript.TestScript, args []string) error {
	ids, err := idsOf(ts, args)
	if err == nil {
		cloudOf(ts).AddPort(cloudOf(ts).Demo(), ids...)
	}
	return err
}

// server makes a server in a network: "server web-1 192.0.2.0/24 web office".
func server(ts *testscript.TestScript, args []string) error {
	prefix, err := netip.ParsePrefix(args[1])
	if err != nil {
		return err
	}
	ids, err := idsOf(ts, args[2:])
	if err == nil {
		cloudOf(ts).AddServer(cloudOf(ts).Demo(), args[0], prefix, ids...)
	}
	return err
}

// idsOf is the ids of groups.
func idsOf(ts *testscript.TestScript, names []string) (ids []string, err error) {
	for _, name := range names {
		g, err := named(cloudOf(ts), name)
		if err != nil {
			return nil, err
		}
		ids = append(ids, g.ID)
	}
	return ids, nil
}

// fault makes calls to come go wrong: "fault POST /v2.0/security-group-rules 2
// status=503", the second such call from now on; 0 is all of them.
func fault(ts *testscript.TestScript, args []string) (err error) {
	f := sandbox.Fault{Method: args[0], Path: args[1]}
	if f.Nth, err = strconv.Atoi(args[2]); err != nil {
		return err
	}
	for _, arg := range args[3:] {
		name, value, _ := strings.Cut(arg, "=")
		switch name {
		case "status":
			f.Status, err = strconv.Atoi(value)
		case "body":
			f.Body, err = strconv.Unquote(`"` + value + `"`)
		case "delay":
			f.Delay, err = time.ParseDuration(value)
		case "cut-before":
			f.CutBefore = true
		case "cut-after":
			f.CutAfter = true
		default:
			return fmt.Errorf("unknown fault %s", arg)
		}
		if err != nil {
			return err
		}
	}
	cloudOf(ts).Inject(f)
	return nil
}
