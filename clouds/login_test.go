package clouds

import (
	"slices"
	"testing"
)

// TestNoRawComplaint has every choice of keys below auth log in, or be refused by its name: the
// library, which knows neither keys nor variables, has nothing left to refuse.
func TestNoRawComplaint(t *testing.T) {
	for _, kind := range []string{"password", "token", "v3applicationcredential"} {
		passed := 0
		for choice := range 1 << (len(authKeys) - 1) {
			foreign := 0 // keys of other ways to log in: one of them is as good as many
			for i, key := range authKeys[1:] {
				if choice>>i&1 == 1 && !slices.Contains(authTypes[kind], key.name) && !slices.Contains(projectKeys, key.name) {
					foreign++
				}
			}
			if foreign > 1 {
				continue
			}
			e := entry{map[string]said{}, map[string]said{"auth_type": {kind, "OS_AUTH_TYPE"}}}
			for i, key := range authKeys {
				if i == 0 || choice>>(i-1)&1 == 1 { // always an auth_url
					e.auth[key.name] = said{"the-" + key.name, "auth." + key.name}
				}
			}
			l, err := e.login()
			if err != nil {
				continue
			}
			passed++
			options := l.options()
			scope, err := options.ToTokenV3ScopeMap()
			if err == nil {
				_, err = options.ToTokenV3CreateMap(scope)
			}
			if err != nil {
				t.Fatalf("%s with %v: %v", kind, l, err)
			}
		}
		if passed == 0 {
			t.Errorf("nothing logs in by %s", kind)
		}
	}
}
