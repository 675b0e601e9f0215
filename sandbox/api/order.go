package api

import (
	"fmt"
	"slices"
)

// orders are the attributes that a list is sorted by. The id comes last, so that
// every list has one order: that of the ids, which is no order to speak of, where nobody asks.
type orders []order

type order struct {
	Attribute
	desc bool
}

func sorting(p Params, table Attributes) (orders, error) {
	keys := slices.DeleteFunc(p.All("sort_key"), func(s string) bool { return s == "" })
	dirs := slices.DeleteFunc(p.All("sort_dir"), func(s string) bool { return s == "" })
	if len(keys) != len(dirs) {
		return nil, BadRequest("The number of sort_keys and sort_dirs must be same")
	}
	if wrong := slices.DeleteFunc(slices.Clone(keys), func(key string) bool { a, ok := table.named(key); return ok && a.Sort }); len(wrong) > 0 {
		return nil, BadRequest("%s is invalid attribute for sort_keys", ListRepr(wrong))
	}
	if wrong := slices.DeleteFunc(slices.Clone(dirs), func(dir string) bool { return dir == "asc" || dir == "desc" }); len(wrong) > 0 {
		return nil, BadRequest("%s is invalid value for sort_dirs, valid value is 'asc' and 'desc'", ListRepr(wrong))
	}
	var all orders
	for i, key := range keys {
		by, _ := table.named(key)
		all = append(all, order{by, dirs[i] == "desc"})
	}
	return append(all, order{Attribute: Attribute{Name: "id"}}), nil
}

func (o orders) compare(a, b Object) int {
	for _, by := range o {
		x, y := a[by.Name], b[by.Name]
		if by.Ranks != nil {
			x, y = slices.Index(by.Ranks, x.(string)), slices.Index(by.Ranks, y.(string))
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
	return Collate(fmt.Sprint(a), fmt.Sprint(b))
}
