package rule

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Alike is one text for all that a cloud's database may take for equal, as MariaDB's
// utf8mb3_general_ci does: it tells neither capitals nor accents apart, nor minds blanks
// at the end. Some clouds do tell them apart; a policy is for all of them.
func Alike(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == 'ß':
			return 's'
		case r == 'ϲ', r == 'Ϲ':
			return 'σ'
		}
		return unicode.ToLower(unicode.ToUpper(r))
	}, norm.NFD.String(strings.TrimRight(s, " ")))
}
