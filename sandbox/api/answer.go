package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
)

// An Answer is what the client gets.
type Answer struct {
	Status int
	Header map[string]string
	Body   any    // as JSON; nil is no body
	Text   string // instead of JSON, as plain text where the header does not say otherwise
}

// Null is the body of an answer that says null.
type Null struct{}

// MarshalJSON makes the only JSON that null has.
func (Null) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

// Plain is an answer in plain text.
func Plain(status int, text string) Answer { return Answer{Status: status, Text: text} }

// Write sends the answer; one to a HEAD has no body.
func (a Answer) Write(w http.ResponseWriter, method string) {
	h := w.Header()
	var body []byte
	switch {
	case a.Text != "":
		h.Set("Content-Type", "text/plain; charset=UTF-8")
		body = []byte(a.Text)
	case a.Body != nil:
		h.Set("Content-Type", "application/json")
		buffer := new(bytes.Buffer)
		encoder := json.NewEncoder(buffer)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(a.Body); err != nil {
			panic(err) // bodies are made of maps, lists and scalars
		}
		body = bytes.TrimSpace(buffer.Bytes())
	}
	for name, value := range a.Header {
		h.Set(name, value)
	}
	if a.Status != http.StatusNoContent {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	h.Set("X-Openstack-Request-Id", newRequestID())
	w.WriteHeader(a.Status)
	if method != http.MethodHead {
		w.Write(body)
	}
}
