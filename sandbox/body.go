package sandbox

import (
	"bytes"
	"encoding/json"
	"io"
)

// bodyItems reads the body of a POST: one item or a list of them.
func bodyItems(body []byte, at collection, table attributes, who token) (items []object, bulk bool, err error) {
	decoded, err := decode(body)
	if err != nil {
		return nil, false, err
	}
	if falsy(decoded) {
		return nil, false, badRequest("Resource body required")
	}
	whole, ok := decoded.(object)
	if !ok {
		return nil, false, badRequest("Body contains invalid data")
	}
	if _, bulk = whole[at.plural]; !bulk {
		item, err := single(whole, at.single)
		if err != nil {
			return nil, false, err
		}
		return []object{item}, false, table.created(item, who)
	}
	if falsy(whole[at.plural]) {
		return nil, true, badRequest("Resources required")
	}
	var list []any
	switch items := whole[at.plural].(type) {
	case []any:
		list = items
	case string, object: // Python goes through letters and keys
		return nil, true, badRequest("Object '%s' contains invalid data", at.single)
	default:
		return nil, true, badRequest("Body contains invalid data")
	}
	for _, one := range list {
		wrapper, _ := one.(object)
		if _, wrapped := wrapper[at.single]; !wrapped {
			wrapper = object{at.single: one}
		}
		switch one.(type) {
		case object, []any, string: // what Python can look into
		default:
			return nil, true, badRequest("Body contains invalid data")
		}
		item, err := single(wrapper, at.single)
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

// bodyItem reads the body of a PUT.
func bodyItem(body []byte, at collection, table attributes, who token) (object, error) {
	decoded, err := decode(body)
	if err != nil {
		return nil, err
	}
	var whole object
	switch decoded := decoded.(type) {
	case object:
		whole = decoded
	case []any:
		return nil, crash()
	default:
		return nil, invalid("BadRequest", "Bad body request: Invalid format: b%s.", repr(string(body)))
	}
	if len(whole) == 0 {
		return nil, badRequest("Resource body required")
	}
	if _, bulk := whole[at.plural]; bulk {
		return nil, crash()
	}
	item, err := single(whole, at.single)
	if err != nil {
		return nil, err
	}
	return item, table.updated(item, who)
}

func single(body object, name string) (object, error) {
	value := body[name]
	if value == nil {
		return nil, badRequest("Unable to find '%s' in request body", name)
	}
	item, ok := value.(object)
	if !ok {
		return nil, badRequest("Object '%s' contains invalid data", name)
	}
	return item, nil
}

// decode reads JSON and keeps its numbers as they are written. No body is nil.
func decode(body []byte) (any, error) {
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
	return invalid("MalformedRequestBody", "Malformed request body: Cannot understand JSON.")
}
