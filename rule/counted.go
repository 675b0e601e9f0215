package rule

import "fmt"

// Counted is a number of things as people read it: "1 rule", "2 rules".
func Counted(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}
