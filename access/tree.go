package access

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"sgc.dev/sgc/rule"
)

// tree is the remotes of one direction and family, ordered by containment. The
// root is anyone; a prefix hangs below the smallest prefix around it; a tier, a
// foreign group and an address group hang below the root, disjoint from every
// prefix, because no policy can prove that a group's members are within a
// network. Where both halves of a prefix are there, so is the prefix. Hence a
// node that lacks a half has addresses that no node below it has.
type tree struct {
	nodes []node // children before parents, siblings in order; the root is last
	at    map[rule.Remote]int32
}

type node struct {
	remote      rule.Remote
	parent      int32 // none for the root
	left, right int32 // the two halves of the prefix, or none
}

const none = int32(-1)

func (t *tree) root() int32 { return int32(len(t.nodes) - 1) }

// halves is the nodes that together are all of y's addresses.
func (t *tree) halves(y int32) (left, right int32, ok bool) {
	n := &t.nodes[y]
	return n.left, n.right, n.left != none
}

// find is the smallest node that contains r.
func (t *tree) find(r rule.Remote) int32 {
	if y, ok := t.at[r]; ok {
		return y
	}
	if r.Kind() == rule.RemotePrefix {
		p := r.Prefix()
		for bits := p.Bits() - 1; bits > 0; bits-- {
			if y, ok := t.at[rule.Prefix(netip.PrefixFrom(p.Addr(), bits))]; ok {
				return y
			}
		}
	}
	return t.root()
}

// newTree builds the tree of the remotes; repeated ones do no harm.
func newTree(family rule.Family, remotes []rule.Remote) *tree {
	t := &tree{at: make(map[rule.Remote]int32, len(remotes)+1)}
	var prefixes []netip.Prefix
	var named []rule.Remote
	for _, r := range remotes {
		if _, ok := t.at[r]; ok || r.Kind() == rule.RemoteAnyone {
			continue
		}
		t.at[r] = none
		if r.Kind() == rule.RemotePrefix {
			prefixes = append(prefixes, r.Prefix())
		} else {
			named = append(named, r)
		}
	}
	slices.SortFunc(named, func(a, b rule.Remote) int {
		return cmp.Or(cmp.Compare(a.Kind(), b.Kind()), strings.Compare(a.Name(), b.Name()))
	})
	slices.SortFunc(prefixes, func(a, b netip.Prefix) int {
		return cmp.Or(a.Addr().Compare(b.Addr()), cmp.Compare(a.Bits(), b.Bits()))
	})
	t.nodes = make([]node, 0, len(t.at)+1)
	for _, r := range named {
		t.add(r)
	}
	t.hang(family, prefixes)
	for y := range named {
		t.nodes[y].parent = t.root()
	}
	return t
}

func (t *tree) add(r rule.Remote) int32 {
	y := int32(len(t.nodes))
	t.nodes = append(t.nodes, node{remote: r, parent: none, left: none, right: none})
	t.at[r] = y
	return y
}

// adopt makes the children y's.
func (t *tree) adopt(y int32, children []int32) {
	for _, c := range children {
		t.nodes[c].parent = y
	}
	if len(children) == 2 && t.half(children[0], children[1]) == t.nodes[y].remote {
		t.nodes[y].left, t.nodes[y].right = children[0], children[1]
	}
}

// half is the prefix whose two halves l and r are, or the zero Remote. Disjoint
// prefixes of equal length inside one that is a bit shorter are its halves.
func (t *tree) half(l, r int32) rule.Remote {
	p, q := t.nodes[l].remote.Prefix(), t.nodes[r].remote.Prefix()
	if p.Bits() != q.Bits() {
		return rule.Remote{}
	}
	whole := netip.PrefixFrom(p.Addr(), p.Bits()-1).Masked()
	if !whole.Contains(q.Addr()) {
		return rule.Remote{}
	}
	return rule.Prefix(whole)
}

// hang adds the sorted prefixes and, last, the root. Sorted prefixes come in
// the order in which a walk of the tree enters them, so a stack holds those
// whose end has not been reached yet.
func (t *tree) hang(family rule.Family, prefixes []netip.Prefix) {
	type open struct {
		prefix netip.Prefix
		done   int // the children that are complete are done[done:]
	}
	zero := netip.IPv4Unspecified()
	if family == rule.IPv6 {
		zero = netip.IPv6Unspecified()
	}
	stack := []open{{prefix: netip.PrefixFrom(zero, 0)}}
	var done []int32
	finish := func() {
		top := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		y := t.add(rule.Prefix(top.prefix))
		t.adopt(y, done[top.done:])
		done = append(done[:top.done], y)
		if len(stack) == 0 {
			return
		}
		// Two halves make their prefix, unless that is the one around them,
		// which is about to be made anyhow.
		around := stack[len(stack)-1]
		for len(done)-around.done >= 2 {
			pair := done[len(done)-2:]
			whole := t.half(pair[0], pair[1])
			if whole == (rule.Remote{}) || whole == rule.Prefix(around.prefix) {
				break
			}
			y := t.add(whole)
			t.adopt(y, pair)
			done = append(done[:len(done)-2], y)
		}
	}
	for _, p := range prefixes {
		for !stack[len(stack)-1].prefix.Contains(p.Addr()) {
			finish()
		}
		stack = append(stack, open{p, len(done)})
	}
	for len(stack) > 0 {
		finish()
	}
}
