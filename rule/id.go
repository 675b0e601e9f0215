package rule

import (
	"fmt"
	"strings"
)

// CheckID says whether a text can be the id of something in a cloud. Those of
// Neutron are UUIDs; any word of 64 letters, digits, ".", "_" and "-" is taken. Ids
// become part of addresses and of what terminals show: nothing else gets in.
func CheckID(id string) error {
	const most = 64
	if !word(id, most) {
		return fmt.Errorf("%.80q is no id", id)
	}
	return nil
}

// MaxName is how long a name of a policy's own may be, in characters; two of them
// and the ownership mark fit into a description.
const MaxName = 63

// IsName says whether a text can be the name of something in a policy: at most [MaxName]
// letters, digits, ".", "_" and "-", the first a letter or digit.
func IsName(s string) bool { return word(s, MaxName) }

// CheckPolicyName says whether a text can be the name of a policy, which is at
// most 63 lower-case letters, digits, ".", "_" and "-", the first a letter or digit.
func CheckPolicyName(name string) error {
	if !IsName(name) || strings.ToLower(name) != name {
		return fmt.Errorf("%.80q cannot be the name of a policy", name)
	}
	return nil
}

// word says whether s is letters, digits, ".", "_" and "-", the first a letter or digit.
func word(s string, most int) bool {
	if s == "" || len(s) > most {
		return false
	}
	for i, c := range []byte(s) {
		alphanumeric := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
		if !alphanumeric && (i == 0 || c != '.' && c != '_' && c != '-') {
			return false
		}
	}
	return true
}
