package rule

import (
	"slices"
	"strings"

	"github.com/xrash/smetrics"
)

// folded makes names equal that differ in capitals and in what stands between words.
var folded = strings.NewReplacer("_", "-", ".", "-", " ", "-")

func fold(name string) string { return folded.Replace(strings.ToLower(name)) }

// Closest is the known name that was probably meant, or "" where none is near, or several
// are; capitals, and what stands between words, make no difference. One letter may be wrong,
// missing, added, or swapped with its neighbour; else name may be the beginning of it, or its
// last words; else more letters may be wrong, the longer the name is, but not the first.
// A name with a sign before it that says "not" means all but that one.
func Closest(name string, known []string) string {
	lower := fold(name)
	if len(lower) < 2 {
		return ""
	}
	limit := editLimit(len(lower))
	var near, longer, far candidates
	for _, k := range slices.Compact(slices.Sorted(slices.Values(known))) {
		if strings.ContainsRune("!^~-", rune(name[0])) && !strings.HasPrefix(k, name[:1]) {
			continue
		}
		candidate := fold(k)
		more := len(candidate) - len(lower)
		if len(lower) >= 3 && more > 0 && (strings.HasPrefix(candidate, lower) || strings.HasSuffix(candidate, "-"+lower)) {
			longer.add(k, more)
		}
		if max(more, -more) > limit || len(candidate) < 2 {
			continue
		}
		same := candidate[0] == lower[0]
		switch distance := edits(lower, candidate); {
		case distance <= 1 && (len(lower) > 2 || !replaced(lower, candidate)):
			near.add(k, rank(lower, candidate, same))
		case distance > 1 && distance <= limit && same:
			far.add(k, distance)
		}
	}
	for _, c := range []candidates{near, longer, far} {
		if len(c.names) > 0 {
			return c.only()
		}
	}
	return ""
}

// editLimit is how many letters of a name may be wrong.
func editLimit(length int) int {
	if length < 5 {
		return 1
	}
	return min(max(2, length/3), 3)
}

// edits counts the letters that are wrong; two neighbours that are swapped are one.
func edits(a, b string) int {
	if swapped(a, b) {
		return 1
	}
	return smetrics.WagnerFischer(a, b, 1, 1, 1)
}

func swapped(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) - 1 {
		if a[i] != b[i] {
			return a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
		}
	}
	return false
}

// replaced says whether one letter is another: of all mistakes the one after
// which least is left of a short name.
func replaced(a, b string) bool { return len(a) == len(b) && !swapped(a, b) }

// rank orders the names that are one letter away, the likeliest least: of those
// that begin alike the ones with the same letters.
func rank(name, candidate string, sameFirst bool) int {
	if name == candidate {
		return -1 // but for capitals
	}
	r := 0
	if !sameFirst && !swapped(name, candidate) {
		r += 2
	}
	if replaced(name, candidate) {
		r++
	}
	return r
}

// candidates are the names of the least rank that has been added.
type candidates struct {
	names []string
	rank  int
}

func (c *candidates) add(name string, rank int) {
	if len(c.names) > 0 && rank > c.rank {
		return
	}
	if len(c.names) > 0 && rank < c.rank {
		c.names = nil
	}
	c.names, c.rank = append(c.names, name), rank
}

// only is the name where there is one alone.
func (c *candidates) only() string {
	if len(c.names) == 1 {
		return c.names[0]
	}
	return ""
}
