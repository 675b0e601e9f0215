package sandbox

import (
	"fmt"
	"slices"
)

// orders are the attributes that a list is sorted by. The id comes last, so that
// every list has one order: that of the ids, which is no order to speak of, where nobody asks.
type orders []order

type order struct {
	attribute
	desc bool
}

func sorting(p params, table attributes) (orders, error) {
	keys := slices.DeleteFunc(p.all("sort_key"), func(s string) bool { return s == "" })
	dirs := slices.DeleteFunc(p.all("sort_dir"), func(s string) bool { return s == "" })
	if len(keys) != len(dirs) {
		return nil, badRequest("The number of sort_keys and sort_dirs must be same")
	}
	if wrong := slices.DeleteFunc(slices.Clone(keys), func(key string) bool { a, ok := table.named(key); return ok && a.sort }); len(wrong) > 0 {
		return nil, badRequest("%s is invalid attribute for sort_keys", listRepr(wrong))
	}
	if wrong := slices.DeleteFunc(slices.Clone(dirs), func(dir string) bool { return dir == "asc" || dir == "desc" }); len(wrong) > 0 {
		return nil, badRequest("%s is invalid value for sort_dirs, valid value is 'asc' and 'desc'", listRepr(wrong))
	}
	var all orders
	for i, key := range keys {
		by, _ := table.named(key)
		all = append(all, order{by, dirs[i] == "desc"})
	}
	return append(all, order{attribute: attribute{name: "id"}}), nil
}

func (o orders) compare(a, b object) int {
	for _, by := range o {
		x, y := a[by.name], b[by.name]
		if by.ranks != nil {
			x, y = slices.Index(by.ranks, x.(string)), slices.Index(by.ranks, y.(string))
		}
		n := compare(x, y)
		if by.desc {
			n = -n
		}
		if n != 0 {
			return n
		}
	}
	return 0
}

// compare orders values of an attribute: null first.
func compare(a, b any) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return -1
	case b == nil:
		return 1
	}
	if x, ok := a.(int); ok {
		if y, ok := b.(int); ok {
			return x - y
		}
	}
	return collate(fmt.Sprint(a), fmt.Sprint(b))
}
