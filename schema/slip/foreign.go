package slip

import (
	"bytes"
	"regexp"
	"slices"

	"sgc.dev/sgc/schema/fault"
)

// What other tools write, as it looks at the beginning of a line.
var others = fault.NewSayings(
	`(?s)\A.*\x00`, "the file is not a text file: a policy is CUE, JSON, YAML or TOML",
	`(?m)^[<|>=]{7}(?:[ \t].*)?\r?$`, "two versions were merged here, and both are left: keep one, and take out the lines that begin with <<<<<<<, ======= and >>>>>>>",
	`(?m)^(?:(?:resource|data)[ \t]+"[^"\n]*"[ \t]+"[^"\n]*"|(?:provider|module|variable|output)[ \t]+"[^"\n]*"|(?:terraform|locals))[ \t]*\{`, "this looks like Terraform, and a policy is CUE: sgc init writes one to begin with",
	`(?m)^[ \t]*\+(?:-{2,}\+)+[ \t\r]*$`, "this looks like a table of the openstack client's, and a policy is CUE: sgc init writes one to begin with",
	`(?m)^(?:-[AIPN] \w+|\*filter|iptables -|ip6tables -|ufw |firewall-cmd |nft |openstack security group)`, "this looks like commands for a firewall, and a policy is CUE: sgc init writes one to begin with",
	`\A(?:\s*(?:package \w+|//.*)?\n)*(---)\s*\n`, `"---" is YAML: remove it, or let the file's name end in .yaml`,
	`\A\s*-[ \t]+\w+:`, `this looks like YAML: a policy in YAML begins with name, in a file whose name ends in .yaml`,
)

// assigned is a field with "=", which CUE takes for an alias, with a whole value or a brace
// behind it. CUE's own "=" is in the first group: that of a let clause, or an alias after a
// colon. Its other aliases have a field behind them.
var assigned = regexp.MustCompile(`(?m)(?:(let\s+)|(:\s*))?("?\b[A-Za-z_][\w-]*"?)\s*=\s*(?:(?:"[^"\n]*"|\[[^\]\n]*\]|\{\s*\}|\d+|true|false)\s*(?:[,}\])]|//|$)|\{\s*$)`)

// lastAssigned finds the last one.
func lastAssigned(src []byte) []int {
	for _, m := range slices.Backward(assigned.FindAllSubmatchIndex(src, -1)) {
		if m[2] < 0 && (m[4] < 0 || !bytes.HasSuffix(bytes.TrimSpace(src[:m[1]]), []byte("{"))) {
			return []int{m[0], m[1], m[6], m[7]}
		}
	}
	return nil
}
