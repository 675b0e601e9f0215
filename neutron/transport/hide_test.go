package transport

import (
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
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

// TestHideForms takes a secret out in each form in which a server may write it, whatever
// stands around it.
func TestHideForms(t *testing.T) {
	const secret = "S3cr/t+w0rd\"it's&x 😀"
	s := SecretsOf(gophercloud.AuthOptions{Password: secret})
	for text, most := range map[string]int{ // how many characters that belong to the rest or to both may stay
		hex.EncodeToString([]byte(secret)):                         0,
		strings.ToUpper(hex.EncodeToString([]byte(secret))):        0,
		strings.ToLower(url.QueryEscape(secret)):                   0,
		`S3cr/t+w0rd&quot;it&#x27;s&amp;x 😀`:                       0,
		`S3cr/t+w0rd\"it's&x \ud83d\ude00`:                         0,
		strings.ToUpper(units(secret, true)):                       0,
		base64.StdEncoding.EncodeToString([]byte(secret)):          4,
		base64.URLEncoding.EncodeToString([]byte("u:" + secret)):   8,
		base64.StdEncoding.EncodeToString([]byte("me:" + secret)):  8,
		base64.StdEncoding.EncodeToString([]byte("bob:" + secret)): 12,
	} {
		shown := s.Hide("bad " + text + "!")
		if !strings.HasPrefix(shown, "bad ") || !strings.Contains(shown, "…") || len(shown) > len("bad …!")+most {
			t.Errorf("%s is shown as %s", text, shown)
		}
	}
}
