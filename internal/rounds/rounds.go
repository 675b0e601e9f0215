// Package rounds says how far the searches of the tests go: random policies, random
// calls, troubles at every call.
package rounds

import (
	"fmt"
	"os"
	"strconv"
)

// Of is how many rounds a search has: n, in which it finds what is often wrong, times
// the variable SGC_ROUNDS, which is 1 where it is not set.
func Of(n int) int {
	text := os.Getenv("SGC_ROUNDS")
	if text == "" {
		return n
	}
	times, err := strconv.Atoi(text)
	if err != nil || times < 1 {
		panic(fmt.Sprintf("SGC_ROUNDS is a number, 1 or more, not %q", text))
	}
	return n * times
}
