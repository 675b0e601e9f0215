package rule

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// CheckKeys says whether a JSON text, or several one after the other, reads alike to
// everybody: no key is twice in an object, and none is one of fields but for its case.
// encoding/json takes "Groups" for "groups", and the last of the two; others do not.
// The text is known to be JSON.
func CheckKeys(data []byte, fields ...string) error {
	d := json.NewDecoder(bytes.NewReader(data))
	for d.More() {
		if err := checkValue(d, fields); err != nil {
			return err
		}
	}
	return nil
}

func checkValue(d *json.Decoder, fields []string) error {
	start, err := d.Token()
	if err != nil {
		return err
	}
	if start != json.Delim('{') && start != json.Delim('[') {
		return nil
	}
	keys := map[string]bool{}
	for d.More() {
		if start == json.Delim('{') {
			token, err := d.Token()
			if err != nil {
				return err
			}
			key, _ := token.(string)
			if keys[key] {
				return fmt.Errorf("%q is there twice", key)
			}
			keys[key] = true
			if slices.Contains(fields, key) {
				// as it should be, like most
			} else if at := slices.IndexFunc(fields, func(f string) bool { return strings.EqualFold(f, key) }); at >= 0 {
				return fmt.Errorf("%q is written %q", fields[at], key)
			}
		}
		if err := checkValue(d, fields); err != nil {
			return err
		}
	}
	_, err = d.Token() // the end
	return err
}
