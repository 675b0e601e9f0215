// Package written answers what an author's CUE files say as they are written, before
// anything is evaluated: where a field stands, which tags there are, what refers to what.
package written
