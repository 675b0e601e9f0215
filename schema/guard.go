package schema

import (
	"fmt"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// Defaults of [Limits].
const (
	defaultMemory  = 4 << 30
	defaultTime    = 2 * time.Minute
	defaultNesting = 1000
	defaultValues  = 20_000_000
)

// maxStack is how much stack, in bytes, the program may need before it counts
// as endless recursion. Go itself ends a program at about 512 MiB, with pages
// of addresses and no way to say why.
const maxStack = 128 << 20

// watchEvery is how often the guard looks. Doubling strings take a gigabyte a
// second.
const watchEvery = 5 * time.Millisecond

// Guard watches what the program costs until stop is called, and calls exceeded
// once, with a message, when a limit is passed. CUE can be neither cancelled
// nor bounded from inside, so all that exceeded can do is to end the process.
//
// While it watches, the garbage collector works towards limits.Memory, so that
// what the guard counts is what the policy needs, not what is about to be freed.
func Guard(limits Limits, exceeded func(message string)) (stop func()) {
	memory, deadline := limits.memory(), limits.time()
	before := debug.SetMemoryLimit(int64(memory))
	done := make(chan struct{})
	go func() {
		start := time.Now()
		tick := time.NewTicker(watchEvery)
		defer tick.Stop()
		samples := []metrics.Sample{
			{Name: "/memory/classes/heap/objects:bytes"},
			{Name: "/memory/classes/heap/stacks:bytes"},
		}
		for {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			metrics.Read(samples)
			heap, stack := samples[0].Value.Uint64(), samples[1].Value.Uint64()
			message := ""
			switch {
			case heap > memory:
				message = fmt.Sprintf("the policy needs more than %d MiB of memory: raise --max-memory if this is meant", memory>>20)
			case stack > maxStack:
				message = "the policy is nested too deep to be evaluated"
			case time.Since(start) > deadline:
				message = fmt.Sprintf("the policy needs more than %s to be evaluated: raise --max-time if this is meant", deadline)
			default:
				continue
			}
			exceeded(message)
			return
		}
	}()
	return func() {
		close(done)
		debug.SetMemoryLimit(before)
	}
}

func (l Limits) memory() uint64 {
	if l.Memory > 0 {
		return l.Memory
	}
	return defaultMemory
}

func (l Limits) time() time.Duration {
	if l.Time > 0 {
		return l.Time
	}
	return defaultTime
}

func (l Limits) nesting() int {
	if l.Nesting > 0 {
		return l.Nesting
	}
	return defaultNesting
}

func (l Limits) values() int {
	if l.Values > 0 {
		return l.Values
	}
	return defaultValues
}
