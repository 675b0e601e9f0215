// Package sgc is the root of the compiler for OpenStack security groups. It
// holds no code: the program is cmd/sgc, and CONTRIBUTING.md draws the way that
// data takes through the packages.
package sgc
