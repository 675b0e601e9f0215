package schema

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// manyTiers is a policy of n tiers of six rules.
func manyTiers(n int) string {
	var b strings.Builder
	b.WriteString("package bench\n\nname: \"bench\"\n")
	b.WriteString("addresses: {admins: [\"2.3.4.5\", \"2001:db8::a66:ad\"], office: [\"192.0.2.0/24\"]}\n")
	b.WriteString("services: app: tcp: [8080]\ntiers: {\n")
	for i := range n {
		fmt.Fprintf(&b, `	"tier-%d": {
		description: "tier number %d"
		ingress: {
			http: from: ["public"]
			https: from: ["public"]
			ssh: from: ["admins"]
			app: from: ["tier-%d"]
		}
		egress: {
			postgresql: to: ["tier-%d"]
			metrics: {tcp: [%d], to: ["office"]}
		}
	}
`, i, i, (i+1)%n, (i+7)%n, 9000+i%1000)
	}
	b.WriteString("}\n")
	return b.String()
}

func BenchmarkLoad(b *testing.B) {
	for _, n := range []int{10, 1000, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			dir := b.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "policy.cue"), []byte(manyTiers(n)), 0o666); err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Load(Options{Dir: dir}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
