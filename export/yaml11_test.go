package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"reflect"
	"testing"

	"sgc.dev/sgc/rule"
)

// tricky are texts that readers of YAML 1.1 or 1.2 take for something else where they
// stand bare.
func tricky() []string {
	return []string{
		"=", "<<", "~", " ", "null", "Null", "NULL", "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF", "y", "Y", "n", "N",
		"true", "True", "TRUE", "false", "False", "FALSE", "0", "-0", "+1", "007", "0o17", "017", "08", "0x1F", "0b101", "1_000", "-1_0", "1:30", "-1:30", "190:20:30", "1:30.5",
		"20:30:40:50", "1:60", "1.5", "1.", ".5", "-.5", "+.5", "1e3", "1.0e+3", "1e+3", "1.e+3", "6.8523015e+5", "685_230.15", "._5", "1_0.5", "0.1_2", ".", "-", "--", "+",
		".inf", "-.inf", "+.inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN", "inf", "nan", "NaN", "2027-01-31", "2027-1-5", "2027-01-31T01:02:03Z", "2027-01-31 01:02:03",
		"2027-01-31t1:02:03.5 +1", "2027-13-99", "%", "%YAML 1.1", "@", "@x", "`", "`x`", "---", "...", "--- a", "... a", "?", "? a", ":", ": a", "a:", "a: b", "a:b", "- a", "-a",
		"#", "# a", "a #b", "a#b", "&a", "*a", "!a", "!!int 1", "|", ">", "'", "\"", "a'b", "[", "]", "{", "}", ",", "[a]", "{a}", "a, b", "\\", "\\n", " a", "a ", "\ta", "a\t",
		"a\nb", "a\n", "\na", "\n", " a\nb", "a\n b\n\n", "a\n=", "=\n", "a: =\nb", "- =\n", "==", "= ", "=a", "<", "<<a", "\u0085", "a\u0085b", "\u2028", "a\u2028b", "\u00a0", "\ufeff", "\ufeffa", "é", "\uffff", "\ufffe",
	}
}

// TestYAMLElsewhere has PyYAML, which reads YAML 1.1, read what the encoder wrote of
// texts that look like something else.
func TestYAMLElsewhere(t *testing.T) {
	if exec.Command("python3", "-c", "import yaml").Run() != nil {
		t.Skip("PyYAML is not installed: .ci/run installs it")
	}
	set := &rule.Set{Policy: "tricky"}
	for i, s := range tricky() {
		name := fmt.Sprintf("t%d", i)
		e := entry(2, "tiers."+name+".ingress.x", s, tcp(7, rule.ForeignGroup(name)))
		e.Origins[0].Description, e.Origins[0].Owner, e.Origins[0].Ticket, e.Origins[0].Key = s, s, s, s
		set.Groups = append(set.Groups, finished(rule.Group{Tier: name, Name: s, Tags: []string{s}, Pos: rule.Pos{File: s + ".cue", Line: 1, Column: 2}, Rules: []rule.Entry{e}}))
		set.Foreign = append(set.Foreign, rule.External{Key: name, Name: s, Pos: at(3)})
	}
	sets := []*rule.Set{set}
	cmd := exec.Command("python3", "-c", "import json, sys, yaml\njson.dump(yaml.safe_load(sys.stdin.buffer), sys.stdout)")
	cmd.Stdin = bytes.NewReader(written(t, YAML, sets...))
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, complaint.Bytes())
	}
	var got, want any
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(written(t, JSON, sets...), &want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("PyYAML reads %s", out)
	}
}
