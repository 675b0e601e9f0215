package sandbox

// A TemplateRule is a rule that groups are born with.
type TemplateRule struct {
	Direction string
	Ethertype string
	Protocol  string // "" is null
	// RemoteGroup makes the group itself the remote, as in the default group.
	RemoteGroup bool
	// Default and Others say which groups are born with it: the project's default
	// group, all others.
	Default, Others bool
}

// SetTemplate replaces the rules that groups are born with, as operators can
// from 2023.2 on. It changes nothing that exists.
func (c *Cloud) SetTemplate(rules []TemplateRule) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.template = append([]TemplateRule{}, rules...)
}

// defaultTemplate is Neutron's own.
func defaultTemplate() []TemplateRule {
	return []TemplateRule{
		{Direction: "egress", Ethertype: "IPv4", Default: true, Others: true},
		{Direction: "egress", Ethertype: "IPv6", Default: true, Others: true},
		{Direction: "ingress", Ethertype: "IPv4", RemoteGroup: true, Default: true},
		{Direction: "ingress", Ethertype: "IPv6", RemoteGroup: true, Default: true},
	}
}

func (t TemplateRule) usedIn(isDefault bool) bool {
	if isDefault {
		return t.Default
	}
	return t.Others
}

func (t TemplateRule) rule(g *group) Rule {
	r := Rule{Direction: t.Direction, Ethertype: t.Ethertype, Protocol: t.Protocol}
	if t.RemoteGroup {
		r.RemoteGroupID = g.ID
	}
	return r
}

// born is the number of rules that a group is born with.
func (c *Cloud) born(isDefault bool) int {
	n := 0
	for _, t := range c.template {
		if t.usedIn(isDefault) {
			n++
		}
	}
	return n
}
