//go:build conformance

package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"regexp"
	"strings"
	"testing"
)

// An ovn is the OVN behind a cloud's Neutron.
type ovn struct{ *cloud }

// sync waits until ovn-northd has compiled all that Neutron wrote.
func (o ovn) sync(t testing.TB) {
	t.Helper()
	o.output(t, "/usr/bin/ovn-nbctl", "--timeout=60", "--db=unix:"+o.dir+"/ovn/nb.sock", "--wait=sb", "sync")
}

// A tracer is ovn-trace as a server, which judges twenty thousand packets a second where
// a process for each judges a hundred. It reads the database once, when it starts.
//
// ovn-trace takes from its command line what connection tracking says of a packet,
// the first time it is asked, the second time, and so on, and goes on in the list from
// one packet to the next; past the end it takes every packet for one of an
// established connection. So the list is long, and the server is started again when
// it may be at an end.
type tracer struct {
	ovn   ovn
	name  string
	state string // what connection tracking says: "new", or "est,rpl"
	left  int    // packets that the list is long enough for
	conn  net.Conn
	out   *json.Encoder
	in    *json.Decoder
}

// Each port that a packet passes asks once; more than four it cannot.
const (
	packetsPerTracer = 5_000
	asksPerPacket    = 4
)

func (o ovn) tracer(t testing.TB, name, state string) *tracer {
	t.Helper()
	r := &tracer{ovn: o, name: name, state: state}
	t.Cleanup(r.stop)
	return r
}

func (r *tracer) start() error {
	base := r.ovn.dir + "/trace-" + r.name
	args := []string{
		"--db=unix:" + r.ovn.dir + "/ovn/sb.sock", "--no-friendly-names", "--detach", "--no-chdir",
		"--unixctl=" + base + ".ctl", "--pidfile=" + base + ".pid", "--verbose=off",
	}
	for range packetsPerTracer * asksPerPacket {
		args = append(args, "--ct="+r.state)
	}
	if out, err := beside(r.ovn.database, "/", "/usr/bin/ovn-trace", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("ovn-trace: %w\n%s", err, out)
	}
	conn, err := net.Dial("unix", base+".ctl")
	if err != nil {
		return err
	}
	r.conn, r.out, r.in, r.left = conn, json.NewEncoder(conn), json.NewDecoder(conn), packetsPerTracer
	return nil
}

func (r *tracer) stop() {
	if r.conn != nil {
		r.call("exit")
		r.conn.Close()
		r.conn = nil
	}
}

// call is one request of the JSON-RPC that all servers of Open vSwitch take commands by.
func (r *tracer) call(method string, params ...string) (string, error) {
	request := struct {
		Method string   `json:"method"`
		Params []string `json:"params"`
		ID     int      `json:"id"`
	}{method, append([]string{}, params...), r.left}
	if err := r.out.Encode(request); err != nil {
		return "", err
	}
	var answer struct {
		Result string
		Error  string
	}
	if err := r.in.Decode(&answer); err != nil {
		return "", err
	}
	if answer.Error != "" {
		return "", errors.New(strings.TrimSpace(answer.Error))
	}
	return answer.Result, nil
}

// trace is what becomes of a packet, in ovn-trace's words.
func (r *tracer) trace(network, microflow string) (string, error) {
	if r.left == 0 {
		r.stop()
	}
	if r.conn == nil {
		if err := r.start(); err != nil {
			return "", err
		}
	}
	r.left--
	return r.call("trace", "--minimal", network, microflow)
}

// once is trace by a process of its own, for packets that connection tracking
// judges in a different way at each port.
func (o ovn) once(network, microflow string, states ...string) (string, error) {
	args := []string{"--db=unix:" + o.dir + "/ovn/sb.sock", "--no-friendly-names", "--minimal"}
	for _, state := range states {
		args = append(args, "--ct="+state)
	}
	out, err := beside(o.database, "/", "/usr/bin/ovn-trace", append(args, network, microflow)...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("ovn-trace: %w\n%s", err, out)
	}
	return string(out), nil
}

var outputs = regexp.MustCompile(`output\("([^"]*)"`)

// delivered reads whether a trace ends at a port or nowhere. All else is an error.
func delivered(trace string, to *port) (bool, error) {
	if strings.Contains(trace, "default (use --ct") {
		return false, fmt.Errorf("ovn-trace ran out of states:\n%s", trace)
	}
	ends := outputs.FindAllStringSubmatch(trace, -1)
	switch {
	case len(ends) == 0:
		return false, nil
	case len(ends) == 1 && ends[0][1] == to.id:
		return true, nil
	}
	return false, fmt.Errorf("the packet for port %s came out elsewhere:\n%s", to.id, trace)
}
