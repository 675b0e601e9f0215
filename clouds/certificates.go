package clouds

import (
	"bytes"
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// certificates is how certificates are checked, and which the client shows.
func (e entry) certificates() (*tls.Config, error) {
	verify := true
	switch value := e.beside["verify"].value.(type) {
	case nil:
	case bool:
		verify = value
	default: // the file of an authority, to openstack
		return nil, fmt.Errorf("%s: write true or false, and the file of an authority to trust as cacert", e.beside["verify"].by)
	}
	insecure := strings.EqualFold(fmt.Sprint(e.beside["insecure"].value), "true") // openstack takes other text for false
	config := &tls.Config{InsecureSkipVerify: insecure || !verify}
	authority, err := e.pem("cacert")
	if err != nil {
		return nil, err
	}
	if authority != nil {
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(authority) {
			return nil, fmt.Errorf("%s: there is no certificate in this file", e.beside["cacert"].by)
		}
	}
	certificate, err := e.pem("cert")
	if err != nil {
		return nil, err
	}
	key, err := e.pem("key")
	switch {
	case err != nil:
		return nil, err
	case certificate == nil && key == nil:
		return config, nil
	case certificate == nil:
		return nil, fmt.Errorf("%s is there, and no cert that it is for: add that, or leave it out", e.beside["key"].by)
	case key == nil: // the file may hold both
		key = certificate
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", cmp.Or(e.beside["key"].by, e.beside["cert"].by), err)
	}
	config.Certificates = []tls.Certificate{pair}
	return config, nil
}

// pem is the file that a key names, nil where it names none. Where a private key may stand instead
// of a name, that is not shown.
func (e entry) pem(key string) ([]byte, error) {
	name, err := e.text(key)
	if name == "" || err != nil {
		return nil, err
	}
	by := e.beside[key].by
	if strings.Contains(name, "-----") || strings.Contains(name, "\n") {
		return nil, fmt.Errorf("%s: write the name of a file, not what is in it", by)
	}
	if key != "key" {
		by += ": " + name
	}
	if below, is := strings.CutPrefix(name, "~/"); is {
		home, err := os.UserHomeDir()
		if err != nil {
			return nil, err
		}
		name = filepath.Join(home, below)
	}
	data, err := readFile(name)
	if err == nil && len(bytes.TrimSpace(data)) == 0 {
		err = errors.New("this file is empty")
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", by, err)
	}
	return data, err
}
