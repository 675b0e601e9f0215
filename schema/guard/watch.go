package guard

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// maxStack is how much stack, in bytes, the program may need before it counts
// as endless recursion. Go itself ends a program at about 512 MiB, with pages
// of addresses and no way to say why.
const maxStack = 128 << 20

// watchEvery is how often the guard looks. Doubling strings take a gigabyte a
// second.
const watchEvery = 5 * time.Millisecond

// Watch watches what the program costs until stop is called, and calls exceeded
// once, with a message, when a limit is passed. CUE can be neither cancelled
// nor bounded from inside, so all that exceeded can do is to end the process.
//
// While it watches, the garbage collector works towards limits.Memory, so that
// what the guard counts is what the policy needs, not what is about to be freed.
//
// One step of CUE's may allocate and fill gigabytes, and meanwhile the collector
// waits for it on a processor, and makes wait whoever allocates. So the guard has
// a processor more than there are, and neither it nor exceeded may allocate.
func Watch(limits Limits, exceeded func(message string)) (stop func()) {
	limits = limits.WithDefaults()
	memory, deadline := limits.Memory, limits.Time
	large := fmt.Sprintf("the policy needs more than %d MiB of memory: raise --max-memory if this is meant", memory>>20)
	long := fmt.Sprintf("the policy needs more than %s to be evaluated: raise --max-time if this is meant", FormatDuration(deadline))
	const deep = "the policy is nested too deep to be evaluated"
	samples := []metrics.Sample{
		{Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/memory/classes/heap/stacks:bytes"},
		{Name: "/memory/classes/total:bytes"},
	}
	metrics.Read(samples) // allocates, the first time
	before := debug.SetMemoryLimit(int64(memory))
	processors := runtime.GOMAXPROCS(0)
	runtime.GOMAXPROCS(processors + 1)
	done := make(chan struct{})
	start := time.Now()
	tick := time.NewTicker(watchEvery)
	go func() {
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			metrics.Read(samples)
			heap, stack, all := samples[0].Value.Uint64(), samples[1].Value.Uint64(), samples[2].Value.Uint64()
			switch {
			case heap > memory, all > 2*memory: // what is freed in pieces may fit nothing
				exceeded(large)
			case stack > maxStack:
				exceeded(deep)
			case time.Since(start) > deadline:
				exceeded(long)
			default:
				continue
			}
			return
		}
	}()
	return func() {
		close(done)
		runtime.GOMAXPROCS(processors)
		debug.SetMemoryLimit(before)
	}
}
