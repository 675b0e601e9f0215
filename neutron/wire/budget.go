package wire

import (
	"fmt"
	"io"
)

const (
	// longestAnswer is how many bytes of one answer, or of all pages of one list, are
	// read: a thousand rules take half a MiB.
	longestAnswer = 96 << 20
	// mostObjects and mostValues are how many JSON objects and values may be in that: a
	// rule is one object of twenty values. Empty ones take a hundred times as much
	// memory as they are long.
	mostObjects = 500_000
	mostValues  = 4_000_000
	// leastItem is how many bytes there are for each item of all lists in that, beyond the first
	// few, and there are no more of them than of objects: a rule takes four hundred, a null four.
	leastItem = 16
	fewItems  = 1_000
)

var (
	errLong = Distrusted(fmt.Sprintf("it is longer than %d MiB, which no project needs", longestAnswer>>20))
	errMany = Distrusted(fmt.Sprintf("there are more than %d objects or %d values in it, which no project needs", mostObjects, mostValues))
	errVoid = Distrusted("most items of its lists are empty, which no project needs")
)

// Distrusted is an answer that is not taken; the same call would bring the same.
type Distrusted string

func (d Distrusted) Error() string { return string(d) }

// Budget is what has been read of what may be. The zero budget is whole.
type Budget struct {
	bytes, objects, values int
	colons                 int  // one for each member of an object
	text, escaped          bool // where the JSON is: in a string, behind a backslash
}

// Spend counts the next part of an answer.
func (b *Budget) Spend(part []byte) error {
	b.bytes += len(part)
	for _, c := range part {
		switch {
		case b.escaped:
			b.escaped = false
		case b.text && c == '\\':
			b.escaped = true
		case c == '"':
			b.text = !b.text
		case b.text:
		case c == '{':
			b.objects++
		case c == ',' || c == '[':
			b.values++
		case c == ':':
			b.colons++
		}
	}
	items := b.values + b.objects - b.colons // what begins behind a bracket or a comma, and is no member of an object
	switch {
	case b.bytes > longestAnswer:
		return errLong
	case max(b.objects, items) > mostObjects || b.values > mostValues:
		return errMany
	case items > fewItems+b.bytes/leastItem:
		return errVoid
	}
	return nil
}

// ReadWhole reads no answer without end, however short it is on its way: what is counted has been
// unpacked.
func ReadWhole(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, longestAnswer+1))
	if err == nil {
		err = new(Budget).Spend(body)
	}
	return body, err
}
