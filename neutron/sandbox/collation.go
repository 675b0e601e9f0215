package sandbox

import (
	"cmp"
	"strings"
	"unicode"
)

// fold makes equal what the database's collation, utf8mb3_general_ci, takes for
// equal: letters without case and, of Latin's, without accents, blanks at the end aside.
func fold(s string) string {
	return accents.Replace(strings.ToLower(strings.TrimRight(s, " ")))
}

var accents = strings.NewReplacer("à", "a", "á", "a", "â", "a", "ã", "a", "ä", "a", "å", "a", "ç", "c", "è", "e", "é", "e", "ê", "e", "ë", "e",
	"ì", "i", "í", "i", "î", "i", "ï", "i", "ñ", "n", "ò", "o", "ó", "o", "ô", "o", "õ", "o", "ö", "o", "ß", "s", "ù", "u", "ú", "u", "û", "u", "ü", "u", "ý", "y", "ÿ", "y")

// collate orders texts as the database does: signs, digits, letters.
func collate(a, b string) int {
	class := func(r rune) int {
		switch {
		case unicode.IsLetter(r):
			return 2
		case unicode.IsDigit(r):
			return 1
		}
		return 0
	}
	x, y := []rune(fold(a)), []rune(fold(b))
	for i := range min(len(x), len(y)) {
		if n := cmp.Or(cmp.Compare(class(x[i]), class(y[i])), cmp.Compare(x[i], y[i])); n != 0 {
			return n
		}
	}
	return cmp.Compare(len(x), len(y))
}
