package api

import (
	"cmp"
	"strings"
	"unicode"
)

// Fold makes equal what the database's collation, utf8mb3_general_ci, takes for
// equal: letters without case and, of Latin's, without accents, blanks at the end aside.
func Fold(s string) string {
	return strings.Map(unaccented, strings.ToLower(strings.TrimRight(s, " ")))
}

// unaccented is the plain letter of a lower-case one of Latin 1.
func unaccented(r rune) rune {
	switch r {
	case 'à', 'á', 'â', 'ã', 'ä', 'å':
		return 'a'
	case 'ç':
		return 'c'
	case 'è', 'é', 'ê', 'ë':
		return 'e'
	case 'ì', 'í', 'î', 'ï':
		return 'i'
	case 'ñ':
		return 'n'
	case 'ò', 'ó', 'ô', 'õ', 'ö':
		return 'o'
	case 'ù', 'ú', 'û', 'ü':
		return 'u'
	case 'ý', 'ÿ':
		return 'y'
	}
	return r
}

// Collate orders texts as the database does: signs, digits, letters.
func Collate(a, b string) int {
	class := func(r rune) int {
		switch {
		case unicode.IsLetter(r):
			return 2
		case unicode.IsDigit(r):
			return 1
		}
		return 0
	}
	x, y := []rune(Fold(a)), []rune(Fold(b))
	for i := range min(len(x), len(y)) {
		if n := cmp.Or(cmp.Compare(class(x[i]), class(y[i])), cmp.Compare(x[i], y[i])); n != 0 {
			return n
		}
	}
	return cmp.Compare(len(x), len(y))
}
