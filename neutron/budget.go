package neutron

import "fmt"

const (
	// longestAnswer is how many bytes of one answer, or of all pages of one list, are
	// read: a thousand rules take half a MiB.
	longestAnswer = 96 << 20
	// mostObjects and mostValues are how many JSON objects and values may be in that: a
	// rule is one object of twenty values. Empty ones take a hundred times as much
	// memory as they are long.
	mostObjects = 500_000
	mostValues  = 4_000_000
)

var (
	errLong = &distrusted{fmt.Sprintf("it is longer than %d MiB, which no project needs", longestAnswer>>20)}
	errMany = &distrusted{fmt.Sprintf("there are more than %d objects or %d values in it, which no project needs", mostObjects, mostValues)}
)

// budget is what has been read of what may be. The zero budget is whole.
type budget struct {
	bytes, objects, values int
	text, escaped          bool // where the JSON is: in a string, behind a backslash
}

// left is how many bytes may still be read.
func (b *budget) left() int { return longestAnswer - b.bytes }

// spend counts the next part of an answer.
func (b *budget) spend(part []byte) error {
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
		}
	}
	switch {
	case b.bytes > longestAnswer:
		return errLong
	case b.objects > mostObjects || b.values > mostValues:
		return errMany
	}
	return nil
}
