// Package conformance holds sgc to a real cloud: a Keystone and a Neutron on
// loopback, started by testdata/devcloud, and the real openstack command. What
// the other packages say about Neutron, and what exported scripts promise, is
// shown here by doing it and reading the cloud back over its REST API.
//
// The tests need root and Debian, take minutes, and therefore stand behind a
// build tag:
//
//	go test -tags conformance -count=1 -timeout 30m ./conformance
//	go test -tags conformance -run '^$' -bench Script -benchtime 3x ./conformance
//
// With -cloud DIR behind that they use the cloud that testdata/devcloud/up.sh started in
// DIR, instead of one of their own. Each case has a project of its own in it.
package conformance
