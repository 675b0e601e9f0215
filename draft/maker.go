package draft

import (
	"regexp"
	"strings"

	"sgc.dev/sgc/rule"
)

// uuid is how OpenStack writes ids.
const uuid = `[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`

// makers are controllers that make groups and go on changing them, and how their groups
// look. A person may name a group so too: then --include-managed makes it a tier.
var makers = []struct {
	who               string
	name, description *regexp.Regexp
}{
	{"Magnum", regexp.MustCompile(`secgroup_kube_(master|minion)`), nil},
	{"Cluster API", regexp.MustCompile(`^k8s-cluster-.+-secgroup-(controlplane|worker|bastion|all)$`), nil},
	{"Cluster API", nil, regexp.MustCompile(`^Cluster API managed group`)},
	{"Octavia", regexp.MustCompile(`^lb-(` + uuid + `|mgmt-sec-grp|health-mgr-sec-grp)$`), nil},
	{"Kubernetes' cloud provider", regexp.MustCompile(`^lb-sg-`), nil},
	{"Terraform", nil, regexp.MustCompile(`(?i)\b(managed|created) (by|with) (terraform|opentofu)`)},
}

// owners are controllers whose ports carry their own groups alone, by how the owners of
// these ports begin.
var owners = map[string]string{
	"Octavia": "Octavia", "octavia:": "Octavia", "kuryr:": "Kuryr", "manila:": "Manila",
}

// makersByPorts is the controllers that seem to have made groups, by the ids of these: all
// ports that carry them are the controller's.
func makersByPorts(ports []rule.LivePort) map[string]string {
	who := map[string]string{}
	for _, port := range ports {
		by := ""
		for begin, name := range owners {
			if strings.HasPrefix(port.Owner, begin) {
				by = name
			}
		}
		for _, id := range port.Groups {
			if first, seen := who[id]; seen && first != by {
				who[id] = ""
			} else {
				who[id] = by
			}
		}
	}
	return who
}

// heatName is how Heat names what a template does not name: "stack-resource-" and twelve
// letters and digits at random.
var heatName = regexp.MustCompile(`^.+-.+-([a-z2-7]{12})$`)

// random tells those from a word with a number behind it.
var random = regexp.MustCompile(`[2-7][a-z]`)

var terraformTag = regexp.MustCompile(`(?i)^((managed|created)[-_]?by[=:])?(terraform|opentofu)$`)

// hint is what an import may be told of a group that a controller seems to have made, "" for
// nothing more than of others.
func hint(why string) string {
	if strings.HasPrefix(why, "Terraform") {
		return "; --terraform imports what terraform show -json says is Terraform's, and has Terraform forget it"
	}
	return ""
}

// maker says which controller seems to have made a group, "" for none.
func (o Options) maker(g *rule.LiveGroup) string {
	const seems = " seems to have made it"
	if who := o.makers[g.ID]; who != "" {
		return who + seems
	}
	for _, m := range makers {
		if m.name != nil && m.name.MatchString(g.Name) || m.description != nil && m.description.MatchString(g.Description) {
			return m.who + seems
		}
	}
	if parts := heatName.FindStringSubmatch(g.Name); parts != nil && random.MatchString(parts[1]) {
		return "Heat" + seems
	}
	for _, tag := range g.Tags {
		if terraformTag.MatchString(tag) {
			return "Terraform" + seems
		}
	}
	return ""
}
