package slip

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// ServicesOn lists the services of the catalog that open one port and no other, as a
// policy writes them.
type ServicesOn func(port uint16) []string

// NamesPorts says whether a name is a port, or a range of them.
func NamesPorts(name string) bool { return ports.MatchString(name) }

var ports = regexp.MustCompile(`^\d+(-\d+)?$`)

// PortAsKey says what to write for a rule whose key is a port or a range.
func PortAsKey(ports string, services ServicesOn) string {
	return "a port is no key: write " + opened(ports, "a key of your own with ", services)
}

// PortAsService says what to write for ports where a service's name belongs.
func PortAsService(ports string, services ServicesOn) string {
	return "a port is no service: write " + opened(ports, "one of your own: services: mine: ", services)
}

// opened is what opens ports: the catalog's services, and what an author has beside.
func opened(ports, own string, services ServicesOn) string {
	if strings.Contains(ports, "-") {
		return fmt.Sprintf("%stcp: [%q]", own, ports)
	}
	port, err := strconv.ParseUint(ports, 10, 16)
	if err != nil || port == 0 {
		return own + "tcp: [8080]"
	}
	own = fmt.Sprintf("%stcp: [%d]", own, port)
	if names := services(uint16(port)); names != nil {
		return fmt.Sprintf("its service, %s, or %s", strings.Join(names, " or "), own)
	}
	return own
}
