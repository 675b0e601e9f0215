package access

import (
	"net/netip"
	"testing"

	"sgc.dev/sgc/rule"
)

// FuzzMinimise draws two rule sets from a universe, two bytes a rule, and holds
// everything against the oracle that is quick enough.
func FuzzMinimise(f *testing.F) {
	var universes []*universe
	for _, base := range bases {
		universes = append(universes, newUniverse(netip.MustParsePrefix(base)))
	}
	for i := range universes {
		f.Add([]byte(string(rune('\x00'+i)) + "two bytes a rule, and as many rules as there is text for, here"))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) == 0 || len(data) > 65 {
			return
		}
		u := universes[int(data[0])%len(universes)]
		var rules []rule.Rule
		for data = data[1:]; len(data) >= 2; data = data[2:] {
			rules = append(rules, u.rules[(int(data[0])<<8|int(data[1]))%len(u.rules)])
		}
		u.check(t, rules)
		lasting := entriesOf(rules)
		for i := range lasting {
			lasting[i].Origins[0].Expires = lastDays[i%len(lastDays)]
		}
		u.checkLasting(t, lasting)
		cut := len(rules) / 3
		u.checkAccess(t, rules[cut:], rules[:2*cut])
		u.checkDifference(t, rules[cut:], rules[:2*cut])
	})
}
