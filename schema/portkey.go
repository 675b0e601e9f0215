package schema

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sgc.dev/sgc/rule"
)

// namesPorts says whether a name is a port, or a range of them.
func namesPorts(name string) bool { return regexp.MustCompile(`^\d+(-\d+)?$`).MatchString(name) }

// portAsKey says what to write for a rule whose key is a port or a range.
func portAsKey(ports string, c *catalog) string {
	return "a port is no key: write " + opened(ports, "a key of your own with ", c)
}

// portAsService says what to write for ports where a service's name belongs.
func portAsService(ports string, c *catalog) string {
	return "a port is no service: write " + opened(ports, "one of your own: services: mine: ", c)
}

// opened is what opens ports: the catalog's services, and what an author has beside.
func opened(ports, own string, c *catalog) string {
	if strings.Contains(ports, "-") {
		return fmt.Sprintf("%stcp: [%q]", own, ports)
	}
	port, err := strconv.ParseUint(ports, 10, 16)
	if err != nil || port == 0 {
		return own + "tcp: [8080]"
	}
	own = fmt.Sprintf("%stcp: [%d]", own, port)
	if names := c.ofPort(uint16(port)); names != nil {
		return fmt.Sprintf("its service, %s, or %s", strings.Join(names, " or "), own)
	}
	return own
}

// ofPort lists the services that open one port and no other, as a policy writes
// them, those of TCP first. A catalog that is nil has none.
func (c *catalog) ofPort(port uint16) []string {
	if c == nil {
		return nil
	}
	var names, others []string
	for _, name := range slices.Sorted(slices.Values(c.names())) {
		only, tcp := true, false
		for _, m := range c.service(name).Matches {
			first, last, ok := m.Ports.Range()
			only = only && ok && first == port && last == port
			tcp = tcp || m.Protocol == rule.TCP
		}
		switch {
		case only && tcp:
			names = append(names, strconv.Quote(name))
		case only:
			others = append(others, strconv.Quote(name))
		}
	}
	return append(names, others...)
}
