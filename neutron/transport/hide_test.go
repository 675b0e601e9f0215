package transport

import (
	"testing"

	"github.com/gophercloud/gophercloud/v2"
)

// TestHide takes secrets out of what servers write, whatever they do to them.
func TestHide(t *testing.T) {
	s := SecretsOf(gophercloud.AuthOptions{Password: `a"<é /1`, ApplicationCredentialSecret: "key", Passcode: "135790"})
	s.add("key-and-token")
	s.add("")
	for text, want := range map[string]string{
		"":                                     "",
		`no such user`:                         "no such user",
		`password a"<é /1!`:                    "password …!",
		`{"password": "a\"<é /1"}`:             `{"password": "…"}`,
		`{"password": "a\"\u003cé /1"}`:        `{"password": "…"}`,
		`{"password": "a\"<\u00e9 /1"}`:        `{"password": "…"}`,
		"password=a%22%3C%C3%A9+%2F1&x":        "password=…&x",
		"/a%22%3C%C3%A9%20%2F1/x":              "/…/x",
		"<b>a&#34;&lt;é /1</b>":                "<b>…</b>",
		"X-Auth-Token: key-and-token, key/key": "X-Auth-Token: …, …/…",
		"passcode 135790":                      "passcode …",
	} {
		if got := s.Hide(text); got != want {
			t.Errorf("%s is shown as %s, not %s", text, got, want)
		}
	}
}
