package main

import (
	"io"
	"net/netip"
	"slices"
	"testing"

	"sgc.dev/sgc/sandbox"
)

// TestImportCalls holds what an import asks a cloud: each list once, where servers are only
// where some are alone, and what they are called only where there are any.
func TestImportCalls(t *testing.T) {
	cloud := sandbox.New()
	server, err := cloud.Listen()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	inEnvironment(t, server, cloud.Demo())
	t.Chdir(t.TempDir())
	group := cloud.PlantGroup(sandbox.Group{ProjectID: cloud.Demo().ProjectID, Name: "web", Stateful: true})
	lists := func() []string {
		before := len(cloud.Calls())
		if run([]string{"sgc", "import", "--name", "shop", "-o", "-"}, streams{nil, io.Discard, t.Output()}) != 0 {
			t.Fatal("import failed")
		}
		var paths []string
		for _, call := range cloud.Calls()[before:] {
			if call.Method == "GET" {
				paths = append(paths, call.Path)
			}
		}
		return paths
	}
	want := []string{"/v2.0/security-groups", "/v2.0/default-security-group-rules", "/v2.0/ports"}
	if got := lists(); !slices.Equal(got, want) {
		t.Errorf("%q, not %q", got, want)
	}
	for range 3 {
		cloud.AddServer(cloud.Demo(), "web", netip.MustParsePrefix("192.0.2.0/24"), group.ID)
	}
	alone := append(slices.Clone(want), "/v2.0/subnets", "/v2.0/ports", "/v2.1/servers")
	if got := lists(); !slices.Equal(got, alone) {
		t.Errorf("%q, not %q", got, alone)
	}
	cloud.AddServer(cloud.Demo(), "other", netip.MustParsePrefix("192.0.2.0/24"))
	if got := lists(); !slices.Equal(got, append(want, "/v2.1/servers")) {
		t.Errorf("beside others: %q", got)
	}
}
