package rule

import "testing"

// TestAlike has texts that MariaDB's utf8mb3_general_ci takes for equal, by its
// WEIGHT_STRING, and some that it does not.
func TestAlike(t *testing.T) {
	for _, pair := range [][2]string{
		{"x", "X"}, {"e", "é"}, {"É", "e"}, {"e", "e  "}, {"Rosé ", "rose"}, {"ß", "S"}, {"ſ", "s"}, {"Ο", "ό"}, {"ς", "Σ"}, {"ϲ", "σ"},
		{"Ж", "ж"}, {"й", "И"}, {"ı", "I"}, {"ǆ", "Ǆ"}, {"ﬀ", "ﬀ"}, {"ế", "E"}, {"", " "}, {"e\u0301", "é"},
	} {
		if Alike(pair[0]) != Alike(pair[1]) {
			t.Errorf("%q is not like %q", pair[0], pair[1])
		}
	}
	for _, pair := range [][2]string{
		{"x", "y"}, {"e", " e"}, {"e", "e\t"}, {"a b", "ab"}, {"æ", "ae"}, {"ø", "o"}, {"ł", "l"}, {"ﬀ", "ff"}, {"¹", "1"}, {"Ε", "E"}, {"a-b", "a_b"},
	} {
		if Alike(pair[0]) == Alike(pair[1]) {
			t.Errorf("%q is like %q", pair[0], pair[1])
		}
	}
}
