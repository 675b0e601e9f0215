package api

import (
	"bytes"
	"encoding/json"
	"io"
)

// BodyItems reads the body of a POST: one item or a list of them.
func BodyItems(body []byte, single, plural string, table Attributes, who Account) (items []Object, bulk bool, err error) {
	decoded, err := Decode(body)
	if err != nil {
		return nil, false, err
	}
	if Falsy(decoded) {
		return nil, false, BadRequest("Resource body required")
	}
	whole, ok := decoded.(Object)
	if !ok {
		return nil, false, BadRequest("Body contains invalid data")
	}
	if _, bulk = whole[plural]; !bulk {
		item, err := itemOf(whole, single)
		if err != nil {
			return nil, false, err
		}
		return []Object{item}, false, table.created(item, who)
	}
	if Falsy(whole[plural]) {
		return nil, true, BadRequest("Resources required")
	}
	var list []any
	switch items := whole[plural].(type) {
	case []any:
		list = items
	case string, Object: // Python goes through letters and keys
		return nil, true, BadRequest("Object '%s' contains invalid data", single)
	default:
		return nil, true, BadRequest("Body contains invalid data")
	}
	for _, one := range list {
		wrapper, _ := one.(Object)
		if _, wrapped := wrapper[single]; !wrapped {
			wrapper = Object{single: one}
		}
		switch one.(type) {
		case Object, []any, string: // what Python can look into
		default:
			return nil, true, BadRequest("Body contains invalid data")
		}
		item, err := itemOf(wrapper, single)
		if err == nil {
			err = table.created(item, who)
		}
		if err != nil {
			return nil, true, err
		}
		items = append(items, item)
	}
	return items, true, nil
}

// BodyItem reads the body of a PUT.
func BodyItem(body []byte, single, plural string, table Attributes, who Account) (Object, error) {
	decoded, err := Decode(body)
	if err != nil {
		return nil, err
	}
	var whole Object
	switch decoded := decoded.(type) {
	case Object:
		whole = decoded
	case []any:
		return nil, Crash()
	default:
		return nil, Invalid("BadRequest", "Bad body request: Invalid format: b%s.", Repr(string(body)))
	}
	if len(whole) == 0 {
		return nil, BadRequest("Resource body required")
	}
	if _, bulk := whole[plural]; bulk {
		return nil, Crash()
	}
	item, err := itemOf(whole, single)
	if err != nil {
		return nil, err
	}
	return item, table.updated(item, who)
}

func itemOf(body Object, name string) (Object, error) {
	value := body[name]
	if value == nil {
		return nil, BadRequest("Unable to find '%s' in request body", name)
	}
	item, ok := value.(Object)
	if !ok {
		return nil, BadRequest("Object '%s' contains invalid data", name)
	}
	return item, nil
}

// Decode reads JSON and keeps its numbers as they are written. No body is nil.
func Decode(body []byte) (any, error) {
	if len(body) == 0 {
		return nil, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, malformed()
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, malformed()
	}
	return value, nil
}

func malformed() error {
	return Invalid("MalformedRequestBody", "Malformed request body: Cannot understand JSON.")
}
