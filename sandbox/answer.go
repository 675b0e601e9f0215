package sandbox

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
)

// An answer is what the client gets.
type answer struct {
	status int
	header map[string]string
	body   any    // as JSON; nil is no body
	text   string // instead of JSON, as plain text where the header does not say otherwise
}

// null is the body of an answer that says null.
type null struct{}

// MarshalJSON makes the only JSON that null has.
func (null) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

func plain(status int, text string) answer { return answer{status: status, text: text} }

func (a answer) write(w http.ResponseWriter, method string) {
	h := w.Header()
	var body []byte
	switch {
	case a.text != "":
		h.Set("Content-Type", "text/plain; charset=UTF-8")
		body = []byte(a.text)
	case a.body != nil:
		h.Set("Content-Type", "application/json")
		buffer := new(bytes.Buffer)
		encoder := json.NewEncoder(buffer)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(a.body); err != nil {
			panic(err) // bodies are made of maps, lists and scalars
		}
		body = bytes.TrimSpace(buffer.Bytes())
	}
	for name, value := range a.header {
		h.Set(name, value)
	}
	if a.status != http.StatusNoContent {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	h.Set("X-Openstack-Request-Id", newRequestID())
	w.WriteHeader(a.status)
	if method != http.MethodHead {
		w.Write(body)
	}
}
