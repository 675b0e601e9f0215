package guard

import (
	"math"
	"os"
	"path/filepath"
	"testing"
)

// TestAllowed has limits of control groups, and of those that they lie in.
func TestAllowed(t *testing.T) {
	const none = math.MaxUint64
	for _, c := range []struct {
		groups string
		files  map[string]string
		want   uint64
	}{
		{"0::/\n", map[string]string{"memory.max": "300\n"}, 300},
		{"0::/\n", map[string]string{"memory.max": "max\n"}, none},
		{"0::/a/b/c\n", map[string]string{"a/memory.max": "200\n", "a/b/memory.max": "max\n", "a/b/c/memory.max": "400\n"}, 200},
		{"0::/a/b/c\n", map[string]string{"a/memory.max": "max\n", "a/b/c/memory.max": "400\n", "a/other/memory.max": "1\n"}, 400},
		{"0::/a: b\n", map[string]string{"a: b/memory.max": "500\n"}, 500},
		{"0::/../a\n", map[string]string{"memory.max": "600\n"}, 600},
		{"3:cpu,memory:/x/y\n2:pids:/z\n0::/\n", map[string]string{"memory/x/memory.limit_in_bytes": "700\n", "memory/x/y/memory.limit_in_bytes": "9223372036854771712\n", "memory/z/memory.limit_in_bytes": "1\n"}, 700},
		{"4:memory:/docker/id\n", map[string]string{"memory/memory.limit_in_bytes": "800\n"}, 800}, // mounted as the root
		{"1:cpu:/\n", map[string]string{"memory/memory.limit_in_bytes": "1\n"}, none},
		{"", nil, none},
	} {
		root := t.TempDir()
		for name, text := range c.files {
			name = filepath.Join(root, name)
			if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := allowed(root, c.groups); got != c.want {
			t.Errorf("%q with %v: %d, not %d", c.groups, c.files, got, c.want)
		}
	}
}
