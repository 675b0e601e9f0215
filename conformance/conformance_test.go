//go:build conformance

package conformance

import "testing"

// TestConformance starts a cloud of each release, one after the other, and puts
// one case after the other to it, as many at a time as there are processors.
func TestConformance(t *testing.T) {
	for _, d := range debians() {
		t.Run(d.codename, func(t *testing.T) { testCloud(t, startCloud(t, d)) })
	}
}

func testCloud(t *testing.T, c *cloud) {
	// Not beside the others: the client is told of its cloud by the environment.
	t.Run("converge", func(t *testing.T) { testConverge(t, c) })
	for _, test := range []struct {
		name string
		run  func(*testing.T, *cloud)
	}{
		{"cases", func(t *testing.T, c *cloud) { testCases(t, c, c.release(t)) }},
		{"differ", testDiffer},
		{"three-tier", testThreeTier},
		{"killed", testKilled},
		{"refused", testRefused},
		{"settled", testSettled},
		{"quota", testQuota},
		{"text", testText},
		{"rules", testRules},
		{"externals", testExternals},
		{"import", testImport},
		{"others", testOthers},
		{"drift", testDrift},
		{"configured", testConfigured},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.run(t, c)
		})
	}
}
