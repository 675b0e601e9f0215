package sandbox_test

import (
	"strconv"
	"testing"

	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/sandbox"
)

// TestProtocolFamilies holds what sgc compiles to what the server takes: each protocol
// in each family, by its name and by its number. One that the server turns into another
// is not taken.
func TestProtocolFamilies(t *testing.T) {
	cloud := sandbox.New()
	cloud.SetQuota(cloud.Demo().ProjectID, -1, -1)
	c := login(t, listen(t, cloud), cloud.Demo())
	group := c.group("web")
	for p := rule.Protocol(1); p < rule.AnyProtocol; p++ {
		number := strconv.Itoa(int(p))
		for _, family := range []rule.Family{rule.IPv4, rule.IPv6} {
			for _, name := range []string{p.String(), number} {
				a := c.call("POST", rulesPath, object{"security_group_rule": object{
					"security_group_id": group, "direction": "ingress", "ethertype": family.String(), "protocol": name}})
				made, _ := a.body["security_group_rule"].(object)
				if taken := a.status == 201 && made["protocol"] == name; taken != p.In(family) {
					t.Errorf("%s in %s: sgc says %t, and the server answers %d %s", name, family, p.In(family), a.status, a.text)
				}
				if made != nil {
					c.want(204, "DELETE", rulesPath+"/"+made["id"].(string), nil)
				}
			}
		}
	}
}
