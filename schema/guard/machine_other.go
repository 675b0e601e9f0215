//go:build !linux

package guard

// affordable is how much memory a policy can have: how much there is, is not known.
func affordable() uint64 { return defaultMemory }
