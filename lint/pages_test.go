package lint

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestPages runs what the pages show: the first policy of each fires the lint,
// every other one answers it. Every lint is asked for.
func TestPages(t *testing.T) {
	block := regexp.MustCompile("(?ms)^```cue\n(.*?)^```$")
	fires := func(text, code string) bool {
		return slices.ContainsFunc(checkFor(t, text, Options{AsOf: today, ExpireBy: soon, Thorough: true, WiderThan: 100}), func(f Finding) bool { return f.Code == code })
	}
	for _, l := range All() {
		t.Run(l.Code, func(t *testing.T) {
			if want := fmt.Sprintf("# %s: %s\n", l.Code, l.Title); !strings.HasPrefix(l.Page, want) {
				t.Errorf("the page does not begin with %q", want)
			}
			for line := range strings.Lines(l.Page) {
				if len(line) > 95 {
					t.Errorf("too wide for a terminal: %s", line)
				}
			}
			examples := block.FindAllStringSubmatch(l.Page, -1)
			if len(examples) < 3 {
				t.Fatalf("%d examples: one that fires, one that is mended and one that is waived are needed", len(examples))
			}
			for i, example := range examples {
				if got, want := fires(example[1], l.Code), i == 0; got != want {
					t.Errorf("example %d fires: %v, not %v\n%s%s", i+1, got, want, example[1], show(check(t, example[1])))
				}
			}
			if last := examples[len(examples)-1][1]; !strings.Contains(last, "waive: "+l.Code+": \"") {
				t.Errorf("the last example has no waiver:\n%s", last)
			}
		})
	}
}

// TestCodes holds that codes are unique and in order, and every page has its lint.
func TestCodes(t *testing.T) {
	all := All()
	for i, l := range all {
		if want := fmt.Sprintf("SGC%03d", i+1); l.Code != want {
			t.Errorf("lint %d has the code %s, not %s", i, l.Code, want)
		}
		if got, ok := Find(l.Code); !ok || got != l {
			t.Errorf("Find(%s) is %v", l.Code, got)
		}
	}
	files, err := fs.ReadDir(pages, "pages")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(all) {
		t.Errorf("%d pages for %d lints", len(files), len(all))
	}
	if _, ok := Find("SGC000"); ok {
		t.Error("SGC000 is no lint")
	}
}
