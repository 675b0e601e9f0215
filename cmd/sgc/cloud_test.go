package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/netip"
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
	cloud := sandbox.New()
	server, err := cloud.Listen()
	if err != nil {
		return err
	}
	env.Defer(server.Close)
	env.Values["cloud"] = cloud
	env.Values["server"] = server
	waiting := &ambush{}
	cloud.Intercept(func(c sandbox.Call) { waiting.call(cloud, c) })
	env.Values["ambush"] = waiting
	env.Vars = append(env.Vars, server.Env(cloud.Demo())...)
	env.Setenv("XDG_STATE_HOME", env.WorkDir)
	return nil
}

func cloudOf(ts *testscript.TestScript) *sandbox.Cloud { return ts.Value("cloud").(*sandbox.Cloud) }

// groups prints the security groups of the project as they are in the cloud.
func groups(ts *testscript.TestScript, _ []string) error {
	all := cloudOf(ts).Groups(cloudOf(ts).Demo().ProjectID)
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
