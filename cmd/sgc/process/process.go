// Package process is what systems do differently: drop what has been typed, and end what a
// program has started with it.
package process
