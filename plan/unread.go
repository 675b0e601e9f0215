package plan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// unread is why data is no document of a kind, "a plan" or "a snapshot", where JSON could
// not be decoded: in words of what stands there, not of the types that it is decoded to.
func unread(kind string, data []byte, err error) error {
	var typed *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		err = errors.New("it is empty")
	case errors.As(err, &typed) && typed.Field == "":
		err = fmt.Errorf("it is %s of JSON", article(typed.Value))
	case errors.As(err, &typed):
		field := strings.NewReplacer("Plan.", "", "Group.", "").Replace(typed.Field) // which the document embeds
		err = fmt.Errorf("%s cannot be %s of JSON", field, article(typed.Value))
	case errors.As(err, &syntax) && strings.Contains(syntax.Error(), "after top-level value"):
		err = errors.New("something follows its end")
	case errors.Is(err, io.ErrUnexpectedEOF), errors.As(err, &syntax) && syntax.Offset >= int64(len(data)):
		err = errors.New("it ends in the middle")
	}
	return fmt.Errorf("not %s of sgc: %w", kind, err)
}

// article is a kind of JSON value with its article.
func article(value string) string {
	if value == "array" || value == "object" {
		return "an " + value
	}
	return "a " + value
}

// firstVersion is the version of the first of several documents, 0 where it has none.
func firstVersion(data []byte) int {
	var of struct {
		Version int `json:"version"`
	}
	_ = json.NewDecoder(bytes.NewReader(data)).Decode(&of) // whatever is wrong, the caller says
	return of.Version
}
