package plan

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"sgc.dev/sgc/rule"
)

// TestTextAddsUp counts the lines of random plans: the counts below them say the same, and
// what is shown at first has every rule that comes or goes.
func TestTextAddsUp(t *testing.T) {
	u := universe{rand.New(rand.NewPCG(3, 30))}
	remotes := []rule.Remote{rule.Anyone(), network("10.0.0.0/8"), network("10.128.0.0/9")}
	born, unchanged, left := 0, 0, 0
	for round := range 300 {
		set := shopSet(u.rules(6, remotes)...)
		set.Groups[1].Others = entries(u.rules(2, remotes)...)
		if round%2 == 0 {
			set.Groups[0].Rules = append(set.Groups[0].Rules, entries(bornWith[round/2%2])...)
		}
		s := &rule.State{Project: "p1"}
		for _, tier := range []string{"db", "web", "old"} {
			if u.IntN(3) > 0 {
				s.Groups = append(s.Groups, live("id-"+tier, tier, u.rules(8, remotes)...))
			}
		}
		p := mustMake(t, FromSet(set), s, Options{})
		var b, all strings.Builder
		Text(&b, p)
		WholeText(&all, p)
		text, whole := b.String(), all.String()
		if shown, all := changing(text), changing(whole); shown != all {
			t.Fatalf("round %d: what is shown at first\n%s, not\n%s", round, shown, all)
		}
		given := strings.Count(whole, ", given by the cloud\n")
		theirs := strings.Count(whole, ", left to others\n")
		stay := strings.Count(whole, "\n  = ") - theirs
		gone := strings.Count(whole, "\n  - ")
		for _, usually := range regexp.MustCompile(`\n  - other rules that the cloud gives a new group: usually (\w+)`).FindAllStringSubmatch(whole, -1) {
			n, _ := strconv.Atoi(usually[1]) // 0 of none
			gone += n - 1
		}
		want := fmt.Sprintf("rules: %d to create, ", strings.Count(whole, "\n  + ")-given)
		if given > 0 {
			want += fmt.Sprintf("%d given by the cloud, ", given)
		}
		want += fmt.Sprintf("%d to remove\n", gone)
		if p.Empty() {
			want = "policy shop: nothing to do\n"
		}
		if keep := strings.Count("\n"+whole, "\n= "); keep+stay+theirs > 0 {
			want += "unchanged: " + rule.Counted(keep, "group") + ", " + rule.Counted(stay, "rule")
			if theirs > 0 {
				want += "; left to others: " + rule.Counted(theirs, "rule")
			}
			want += "\n"
		}
		if !strings.HasSuffix(whole, want) {
			t.Fatalf("round %d: the end is not\n%sof\n%s", round, want, whole)
		}
		if hint := strings.TrimSuffix(want, "\n") + "; --all lists them\n"; strings.Contains(want, "\nunchanged: ") && !strings.HasSuffix(text, hint) {
			t.Fatalf("round %d: the end is not\n%sof\n%s", round, hint, text)
		}
		born, unchanged, left = born+given, unchanged+stay, left+theirs
	}
	if born < 50 || unchanged < 50 || left < 20 {
		t.Errorf("%d given, %d unchanged, %d left: the universe is too thin", born, unchanged, left)
	}
}

// changing is the lines of a plan about rules that come and go, without the blanks between
// their columns.
func changing(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "  + ") || strings.HasPrefix(line, "  - ") {
			lines = append(lines, strings.Join(strings.Fields(line), " "))
		}
	}
	return strings.Join(lines, "\n")
}
