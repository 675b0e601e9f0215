package diff

import (
	"regexp"
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

// TestHostileMarkdown has policies whose every text is meant to be more than one: each
// line of the table is ours, with their texts in spans of code that end where we end them.
func TestHostileMarkdown(t *testing.T) {
	texts := []string{"a`b``c", "x | y \\| z", "<img src=x>", "@team #1 https://evil.example", "\n::stop-commands::x", "\x1b[2J\u202e", "[a](b)", "\\", " ", "$`x`$"}
	line := regexp.MustCompile("^(\\*\\*`[^`|]+`\\*\\*: opens: \\d+, .*|\\| (🔴 \\*\\*opens\\*\\*|🟠 \\*\\*others may open\\*\\*|⚪ closes|⚪ others may no longer open|changes) \\| (`[^`|]+`)? \\| `[^`|]+` \\| (`[^`|]+`)?(<br>`[^`|]+`)* \\||\\| \\| Tier \\| What \\| By \\||\\| --- \\| --- \\| --- \\| --- \\||)$")
	for i, text := range texts {
		with := func(remote string, port uint16) *rule.Set {
			e := rule.Entry{
				Rule:    rule.Rule{Direction: rule.Ingress, Family: rule.IPv4, Protocol: rule.TCP, Ports: rule.PortRange(port, port), Remote: rule.Tier(remote)},
				Origins: []rule.Origin{{Pos: rule.Pos{File: text + ".cue", Line: i + 1, Column: 2}, Path: "tiers." + text}, {Pos: rule.Pos{File: "b.cue", Line: 9, Column: 2}, Path: text}},
			}
			return &rule.Set{Policy: text + remote, Groups: []rule.Group{{Tier: text, Name: remote, Written: []rule.Entry{e}, Others: []rule.Entry{e}}}, Servers: []rule.Server{{Name: text + remote, Tiers: []string{text}}}}
		}
		var b strings.Builder
		if err := Markdown(&b, Sets(with("old"+text, 1), with("new"+text, 2))); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(b.String(), "\n")
		if len(lines) < 10 {
			t.Errorf("%q: %d lines", text, len(lines))
		}
		for _, l := range lines {
			if !line.MatchString(l) {
				t.Errorf("%q: not a line of ours: %q", text, l)
			}
			if strings.ContainsAny(l, "\x1b\u202e") {
				t.Errorf("%q: a character that nobody sees: %q", text, l)
			}
		}
	}
}
