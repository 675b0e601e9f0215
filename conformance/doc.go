// Package conformance puts the cases of testdata/neutron, what Keystone and
// Neutron answer, to the sandbox, and holds sgc to a real cloud: a Keystone and a
// Neutron on loopback, started by testdata/devcloud, and the real openstack
// command. The same cases are put to that, and random calls, whose answers the
// sandbox must give too. What exported scripts promise is shown by doing it and
// reading the cloud back over its REST API.
//
// All that needs a real cloud needs root and Debian, takes minutes, and therefore
// stands behind a build tag:
//
//	go test -tags conformance -count=1 -timeout 30m ./conformance
//	go test -tags conformance -run TestConformance//cases ./conformance -cloud DIR
//	go test -tags conformance -run TestConformance//differ ./conformance -cloud DIR -seed 7 -calls 1000
//	go test -tags conformance -run '^$' -bench Script -benchtime 3x ./conformance
//
// With -cloud DIR they use the cloud that testdata/devcloud/up.sh started in DIR,
// instead of one of their own. Tests have projects of their own in it.
//
// The client of package neutron is put through random policies and states here
// too (converge_test.go), with calls that go wrong in turn. That needs no more
// than a project that can be looked at past the client, so it runs without the
// tag as well, on the sandbox:
//
//	go test -run TestConverge -scenes 1000 ./conformance
package conformance
