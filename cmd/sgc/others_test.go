package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"

	"sgc.dev/sgc/sandbox"
)

// others is what scripts may have others do to the cloud, or to files. Arguments are read when
// the command is, groups are looked for when it strikes.
var others = map[string]func(*testscript.TestScript, []string) (func(*sandbox.Cloud) error, error){
	"plant":   plant,
	"edit":    edit,
	"unrule":  unrule,
	"ungroup": ungroup,
	"put":     put,
}

// byOthers does at once what another client does.
func byOthers(name string) func(*testscript.TestScript, []string) error {
	return func(ts *testscript.TestScript, args []string) error {
		strike, err := others[name](ts, args)
		if err != nil {
			return err
		}
		return strike(cloudOf(ts))
	}
}

// meanwhile has another client come in between: "meanwhile GET /v2.0/security-groups 2 edit
// web name mail" strikes before the second such call from now on acts. Several wait for
// their calls side by side.
func meanwhile(ts *testscript.TestScript, args []string) error {
	if len(args) < 4 || others[args[3]] == nil {
		return errors.New("meanwhile takes a method, a path, a number and what another client does then")
	}
	nth, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	strike, err := others[args[3]](ts, args[4:])
	if err != nil {
		return err
	}
	a := siteOf(ts).ambush
	a.mu.Lock()
	defer a.mu.Unlock()
	a.waiting = append(a.waiting, &waiting{args[0], args[1], nth, strike})
	return nil
}

// ambush is the other clients that wait for a call.
type ambush struct {
	mu      sync.Mutex
	waiting []*waiting
}

type waiting struct {
	method, pattern string
	more            int // calls to come, with the one that it strikes before
	strike          func(*sandbox.Cloud) error
}

func (a *ambush) call(cloud *sandbox.Cloud, c sandbox.Call) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.waiting = slices.DeleteFunc(a.waiting, func(w *waiting) bool {
		if matches, _ := path.Match(w.pattern, c.Path); !matches || w.method != c.Method {
			return false
		}
		if w.more--; w.more > 0 {
			return false
		}
		if err := w.strike(cloud); err != nil {
			panic(err) // the call gets no answer
		}
		return true
	})
}

// plant puts the groups of a file into the cloud; of one that is there, rules alone are
// added: "plant groups.json".
func plant(ts *testscript.TestScript, args []string) (func(*sandbox.Cloud) error, error) {
	d := json.NewDecoder(strings.NewReader(ts.ReadFile(args[0])))
	d.DisallowUnknownFields()
	var groups []sandbox.Group
	for {
		var g sandbox.Group
		if err := d.Decode(&g); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		groups = append(groups, g)
	}
	return func(cloud *sandbox.Cloud) error {
		for _, g := range groups {
			there, err := named(cloud, g.Name)
			if err != nil || g.ID != "" && g.ID != there.ID {
				cloud.PlantGroup(g)
				continue
			}
			for _, r := range g.Rules {
				cloud.PlantRule(there.ID, r)
			}
		}
		return nil
	}, nil
}

// edit changes a field of a group: "edit web name mail".
func edit(_ *testscript.TestScript, args []string) (func(*sandbox.Cloud) error, error) {
	if len(args) < 2 {
		return nil, errors.New("edit takes a group, a field and its value")
	}
	value := strings.Join(args[2:], " ")
	var change func(*sandbox.Group)
	switch args[1] {
	case "name":
		change = func(g *sandbox.Group) { g.Name = value }
	case "description":
		change = func(g *sandbox.Group) { g.Description = value }
	case "tags":
		change = func(g *sandbox.Group) { g.Tags = args[2:] }
	default:
		return nil, fmt.Errorf("no field of a group is called %s", args[1])
	}
	return func(cloud *sandbox.Cloud) error {
		g, err := named(cloud, args[0])
		if err == nil {
			cloud.EditGroup(g.ID, change)
		}
		return err
	}, nil
}

// unrule removes the rules that begin with a port from a group: "unrule web 443".
func unrule(_ *testscript.TestScript, args []string) (func(*sandbox.Cloud) error, error) {
	if len(args) != 2 {
		return nil, errors.New("unrule takes a group and a port")
	}
	port, err := strconv.Atoi(args[1])
	return func(cloud *sandbox.Cloud) error {
		g, err := named(cloud, args[0])
		for _, r := range g.Rules {
			if r.PortRangeMin != nil && *r.PortRangeMin == port {
				cloud.RemoveRule(r.ID)
			}
		}
		return err
	}, err
}

// ungroup removes a group: "ungroup web".
func ungroup(_ *testscript.TestScript, args []string) (func(*sandbox.Cloud) error, error) {
	if len(args) != 1 {
		return nil, errors.New("ungroup takes a group")
	}
	return func(cloud *sandbox.Cloud) error {
		g, err := named(cloud, args[0])
		cloud.RemoveGroup(g.ID)
		return err
	}, nil
}

func named(cloud *sandbox.Cloud, name string) (sandbox.Group, error) {
	for _, g := range cloud.Groups(cloud.Demo().ProjectID) {
		if g.Name == name {
			return g, nil
		}
	}
	return sandbox.Group{}, fmt.Errorf("no group is called %s", name)
}

// put copies a file to a name, as in "put base.cue web/policy.cue".
func put(ts *testscript.TestScript, args []string) (func(*sandbox.Cloud) error, error) {
	if len(args) != 2 {
		return nil, errors.New("put takes a file and a name for its copy")
	}
	text, name := ts.ReadFile(args[0]), ts.MkAbs(args[1])
	return func(*sandbox.Cloud) error { return os.WriteFile(name, []byte(text), 0o666) }, nil
}
