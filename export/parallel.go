package export

import (
	"io"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// batch is how many texts of a group are in memory at once.
const batch = 256

// inOrder writes n texts in order. They are made side by side: text(i) must
// depend on i alone.
func inOrder(w io.Writer, n int, text func(i int) ([]byte, error)) error {
	for start := 0; start < n; start += batch {
		texts := make([][]byte, min(batch, n-start))
		var makers errgroup.Group
		makers.SetLimit(runtime.GOMAXPROCS(0))
		for i := range texts {
			makers.Go(func() (err error) {
				texts[i], err = text(start + i)
				return err
			})
		}
		if err := makers.Wait(); err != nil {
			return err
		}
		for _, t := range texts {
			if _, err := w.Write(t); err != nil {
				return err
			}
		}
	}
	return nil
}
