package clouds_test

import (
	"os"
	"strings"
	"testing"

	"sgc.dev/sgc/clouds"
)

// found is what is said of a cloud that cannot be found in a clouds.yaml.
func found(t *testing.T, file string, o clouds.Choice) string {
	t.Helper()
	for _, pair := range os.Environ() {
		if name, _, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "OS_") {
			t.Setenv(name, "")
		}
	}
	t.Chdir(t.TempDir())
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", "")
	write(t, "clouds.yaml", file)
	_, err := clouds.Find(o)
	if err == nil {
		t.Errorf("%s is taken", file)
		return ""
	}
	return err.Error()
}

// TestNoSecretKeys shows no key that a password may be part of, or may be, wherever it stands.
func TestNoSecretKeys(t *testing.T) {
	const secret = "Hunter2SuperSecret99"
	it := clouds.Choice{Cloud: "it"}
	for _, entry := range []string{
		"clouds: {it: {auth: {password:SECRET}}}",
		"clouds: {it: {auth: {password=SECRET: }}}",
		"clouds: {it: {auth: {\"password:SECRET\": x}}}",
		"clouds: {it: {auth: {SECRET}}}",
		"clouds:\n  it:\n    auth:\n      ? SECRET\n",
		"clouds:\n  it:\n    auth:\n      ? SECRET\n      ? SECRET\n",
		"clouds:\n  it:\n    auth:\n      ? correcthorsebattery\n",
		"clouds: {it: {a-SECRET: 1, a_SECRET: 2}}",
		"clouds: {it: {auth: {SECRET: {a-b: 1, a_b: 2}}}}",
		"clouds: {it: {auth: {password: {{ SECRET }}}}}",
		"clouds: {it: {auth: {[SECRET]: x}}}",
		"clouds: {it: {key: SECRET, cert: it.pem}}",
	} {
		text := found(t, strings.ReplaceAll(entry, "SECRET", secret), it)
		for at := range len(secret) - 7 {
			if strings.Contains(text, secret[at:at+8]) || strings.Contains(text, "correcth") {
				t.Fatalf("%s: %s", entry, text)
			}
		}
	}
	if text := found(t, "clouds: {it: {auth: {}}, other: {auth: {}}, password:"+secret+"}", clouds.Choice{}); !strings.Contains(text, "(it, other)") || strings.Contains(text, secret) {
		t.Error(text)
	}
	for entry, want := range map[string]string{
		"pasword: x": "auth.pasword is not supported: did you mean \"password\"?",
		"realm: x":   "auth.realm is not supported: leave it out",
		"password:x": "auth.…: this key may be a secret, and so is not shown: keys are words, and a blank follows the colon",
		"auth-url: 'http://x.invalid', auth_url: 'http://x.invalid'": "auth_url is there with - and with _, which is one key: leave one out",
	} {
		if text := found(t, "clouds: {it: {auth: {"+entry+"}}}", it); !strings.HasSuffix(text, "cloud \"it\": "+want) && !strings.HasSuffix(text, want) {
			t.Errorf("%s: %s", entry, text)
		}
	}
}

// TestFilesOfCertificates reads files, and neither what has no end nor what stands where the name of one
// belongs.
func TestFilesOfCertificates(t *testing.T) {
	const logIn = "clouds: {it: {auth: {auth_url: 'http://x.invalid', username: a, password: b, project_id: c, user_domain_id: d}, "
	dir := t.TempDir()
	pems := certificateFiles(t)
	for name, text := range pems {
		write(t, dir+"/"+name, text)
	}
	write(t, dir+"/empty.pem", "\n")
	write(t, dir+"/long.pem", "")
	if err := os.Truncate(dir+"/long.pem", 17<<20); err != nil {
		t.Fatal(err)
	}
	inline := func(name string) string { return strings.ReplaceAll(pems[name], "\n", "\\n") }
	for entry, want := range map[string]string{
		"cacert: /dev/zero":                                      "cacert: /dev/zero: this is not a regular file: name one that is",
		"cacert: DIR":                                            "cacert: DIR: this is not a regular file: name one that is",
		"cacert: DIR/long.pem":                                   "cacert: DIR/long.pem: this is longer than 16 MiB, and nothing about a cloud is",
		"cacert: DIR/none.pem":                                   "cacert: DIR/none.pem: no such file or directory",
		"cacert: DIR/empty.pem":                                  "cacert: DIR/empty.pem: this file is empty",
		"cacert: DIR/key.pem":                                    "cacert: there is no certificate in this file",
		"cert: /dev/zero":                                        "cert: /dev/zero: this is not a regular file: name one that is",
		"cert: DIR/cert.pem, key: /dev/zero":                     "key: this is not a regular file: name one that is",
		"cert: DIR/cert.pem, key: DIR/none":                      "key: no such file or directory",
		"key: DIR/key.pem":                                       "key is there, and no cert that it is for: add that, or leave it out",
		"cert: DIR/cert.pem":                                     "cert: tls: found a certificate rather than a key in the PEM for the private key",
		"cacert: \"" + inline("both.pem") + "\"":                 "cacert: write the name of a file, not what is in it",
		"cert: \"" + inline("both.pem") + "\"":                   "cert: write the name of a file, not what is in it",
		"key: \"" + inline("key.pem") + "\", cert: DIR/cert.pem": "key: write the name of a file, not what is in it",
	} {
		entry, want = strings.ReplaceAll(entry, "DIR", dir), strings.ReplaceAll(want, "DIR", dir)
		if text := found(t, logIn+entry+"}}", clouds.Choice{Cloud: "it"}); !strings.HasSuffix(text, "cloud \"it\": "+want) {
			t.Errorf("%s: %s", entry, text)
		}
	}
}
