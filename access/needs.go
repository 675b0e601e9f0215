package access

import (
	"maps"
	"slices"
)

// searchWork bounds the search for the rules of one last day: how many numbers of
// needs are looked at.
const searchWork = 1 << 24

// needs is packets by the primes that have them. One of each has to be listed.
type needs struct {
	primes []*prime
	number map[*prime]int32 // their places in primes
	rows   [][]int32        // of each packet the numbers, sorted
	left   int              // of the work
}

// add is false where the needs are too many.
func (n *needs) add(having []*prime) bool {
	row := make([]int32, len(having))
	for i, p := range having {
		number, ok := n.number[p]
		if !ok {
			number = int32(len(n.primes))
			n.number[p] = number
			n.primes = append(n.primes, p)
		}
		row[i] = number
	}
	slices.Sort(row)
	n.rows = append(n.rows, row)
	n.left -= len(row)
	return n.left >= 0
}

// list lists the fewest primes that will do. It is false, and lists none, where
// to find them is too much work.
func (n *needs) list() bool {
	chosen := n.fewest(n.rows)
	if n.left < 0 {
		return false
	}
	for _, c := range chosen {
		n.primes[c].listed = true
	}
	return true
}

// fewest is a smallest set of numbers that has one of each row, and means nothing
// once it is too much work.
func (n *needs) fewest(rows [][]int32) []int32 {
	var chosen []int32
	for _, part := range connected(rows) {
		less := n.reduced(part)
		switch {
		case n.left < 0:
			return nil
		case len(less) == 1:
			chosen = append(chosen, less[0][0])
		case size(less) < size(part):
			chosen = append(chosen, n.fewest(less)...)
		default:
			chosen = append(chosen, n.either(part)...)
		}
	}
	return chosen
}

// either is fewest by trial: with the number that is in the fewest rows, and
// without it.
func (n *needs) either(rows [][]int32) []int32 {
	columns := columnsOf(rows)
	c := slices.MinFunc(slices.Sorted(maps.Keys(columns)), func(a, b int32) int { return len(columns[a]) - len(columns[b]) })
	var lacking, rest [][]int32
	for _, row := range rows {
		i, has := slices.BinarySearch(row, c)
		if !has {
			lacking = append(lacking, row)
			rest = append(rest, row)
			continue
		}
		rest = append(rest, slices.Delete(slices.Clone(row), i, i+1))
	}
	with, without := append(n.fewest(lacking), c), n.fewest(rest)
	if len(without) < len(with) {
		return without
	}
	return with
}

// reduced is the rows without the numbers that another can stand in for, which is
// in all of their rows, and then without the rows that have all of another.
func (n *needs) reduced(rows [][]int32) [][]int32 {
	columns := columnsOf(rows)
	less := make([][]int32, len(rows))
	for c, column := range columns {
		standIn := func(d int32) bool {
			return c != d && n.within(column, columns[d]) && (len(column) < len(columns[d]) || d < c)
		}
		if !slices.ContainsFunc(rows[column[0]], standIn) {
			for _, i := range column {
				less[i] = append(less[i], c)
			}
		}
	}
	for _, row := range less {
		slices.Sort(row)
	}
	columns = columnsOf(less)
	more := make([]bool, len(less))
	for i, row := range less {
		for _, j := range columns[row[0]] {
			more[j] = more[j] || int(j) != i && n.within(row, less[j]) && (len(row) < len(less[j]) || i < int(j))
		}
	}
	var out [][]int32
	for i, row := range less {
		if !more[i] {
			out = append(out, row)
		}
	}
	return out
}

// within says whether a sorted list has nothing that another lacks.
func (n *needs) within(a, b []int32) bool {
	n.left -= len(a) + len(b)
	for _, x := range a {
		i, ok := slices.BinarySearch(b, x)
		if !ok {
			return false
		}
		b = b[i+1:]
	}
	return true
}

// columnsOf is the rows, by their places, that have each number.
func columnsOf(rows [][]int32) map[int32][]int32 {
	columns := map[int32][]int32{}
	for i, row := range rows {
		for _, c := range row {
			columns[c] = append(columns[c], int32(i))
		}
	}
	return columns
}

// connected is the rows, those together that share a number, or share one with
// others that do.
func connected(rows [][]int32) [][][]int32 {
	leader := map[int32]int32{}
	find := func(c int32) int32 {
		for l, ok := leader[c]; ok && l != c; l, ok = leader[c] {
			c = l
		}
		return c
	}
	for _, row := range rows {
		for _, c := range row {
			x, y := find(row[0]), find(c)
			leader[max(x, y)] = min(x, y)
		}
	}
	place := map[int32]int{}
	var parts [][][]int32
	for _, row := range rows {
		l := find(row[0])
		i, ok := place[l]
		if !ok {
			i = len(parts)
			place[l] = i
			parts = append(parts, nil)
		}
		parts[i] = append(parts[i], row)
	}
	return parts
}

func size(rows [][]int32) int {
	size := 0
	for _, row := range rows {
		size += len(row)
	}
	return size
}
