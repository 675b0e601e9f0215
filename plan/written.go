package plan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"sgc.dev/sgc/rule"
)

// checkWritten demands that a document is what sgc writes for what has been read from
// it. Whatever reading passed over or took for something else shows: a key in another
// case, a field that is missing or misspelt, and what is there for people and their
// tools alone, as what a plan opens. What they look at is what is carried out.
func checkWritten(data []byte, write func(io.Writer) error) error {
	if err := rule.CheckKeys(data); err != nil {
		return err
	}
	var again bytes.Buffer
	if err := write(&again); err != nil {
		return err
	}
	// However it is spaced, a document is not many times as long as what it says; what else is in
	// it would take memory by its shape.
	if len(data) > 8*again.Len()+1<<20 {
		return errors.New("it is much longer than its content")
	}
	is, err := tree(data)
	if err != nil {
		return err
	}
	should, err := tree(again.Bytes())
	if err != nil {
		return err
	}
	return difference("", "does not fit the rest", is, should)
}

// tree is JSON with its numbers as they are written.
func tree(data []byte) (t any, err error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	err = d.Decode(&t)
	return t, err
}

// difference is where a tree is first not as it should be, and what that means.
func difference(at, means string, is, should any) error {
	switch should := should.(type) {
	case map[string]any:
		is, ok := is.(map[string]any)
		if !ok {
			break
		}
		dot := at
		if at != "" {
			dot += "."
		}
		for _, key := range slices.Sorted(maps.Keys(is)) {
			if _, known := should[key]; !known {
				return fmt.Errorf("%s%s does not belong there", dot, key)
			}
		}
		for _, key := range slices.Sorted(maps.Keys(should)) {
			value, there := is[key]
			if !there {
				return fmt.Errorf("%s%s is missing", dot, key)
			}
			if err := difference(dot+key, means, value, should[key]); err != nil {
				return err
			}
		}
		return nil
	case []any:
		is, ok := is.([]any)
		if !ok || len(is) != len(should) {
			break
		}
		for i := range should {
			if err := difference(fmt.Sprintf("%s[%d]", at, i), means, is[i], should[i]); err != nil {
				return err
			}
		}
		return nil
	default:
		if is == should {
			return nil
		}
	}
	return fmt.Errorf("%s %s", at, means)
}
