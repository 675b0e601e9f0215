package guard

import (
	"math"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

const (
	reserved    = 5 << 28  // bytes of the address space that Go's runtime takes for itself
	leastMemory = 64 << 20 // what a policy may have on any machine
)

// affordable is how much memory a policy can have on this machine: so much that
// a text twice as large as all of it can still be allocated. Go ends a program
// for which there is not so much, with pages of addresses.
func affordable() uint64 {
	least := uint64(defaultMemory)
	var info syscall.Sysinfo_t
	if syscall.Sysinfo(&info) == nil {
		least = min(least, uint64(info.Totalram)*uint64(max(1, info.Unit))/2)
	}
	groups, _ := os.ReadFile("/proc/self/cgroup")
	least = min(least, allowed("/sys/fs/cgroup", string(groups))/2)
	var space syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_AS, &space) == nil {
		least = min(least, (max(space.Cur, reserved)-reserved)/3)
	}
	return max(least, leastMemory)
}

// allowed is how much memory the control groups leave to a process that is in these, given as
// /proc/PID/cgroup has them: each holds all that are in it to its own limit.
func allowed(root, groups string) uint64 {
	least := uint64(math.MaxUint64)
	for line := range strings.Lines(groups) {
		_, line, _ = strings.Cut(strings.TrimSpace(line), ":")
		controllers, group, _ := strings.Cut(line, ":")
		base, limit := "memory", "memory.limit_in_bytes"
		if controllers == "" { // the second version's
			base, limit = "", "memory.max"
		} else if !slices.Contains(strings.Split(controllers, ","), "memory") {
			continue
		}
		for at, top := path.Clean("/"+group), false; !top; at = path.Dir(at) {
			top = at == "/"
			text, err := os.ReadFile(path.Join(root, base, at, limit))
			if n, none := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64); err == nil && none == nil {
				least = min(least, n)
			}
		}
	}
	return least
}
