package guard

import (
	"os"
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
	for _, name := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		text, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		if n, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64); err == nil {
			least = min(least, n/2)
		}
	}
	var space syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_AS, &space) == nil {
		least = min(least, (max(space.Cur, reserved)-reserved)/3)
	}
	return max(least, leastMemory)
}
