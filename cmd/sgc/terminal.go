package main

import (
	"bytes"
	"io"
	"os"
	"slices"

	"golang.org/x/term"
)

// clearLine takes back what stands on the last line of a terminal.
const clearLine = "\r\x1b[K"

// terminal says whether a stream is one: a person sits there.
func terminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// width is that of a terminal, in characters.
func width(stream any) int {
	if f, ok := stream.(*os.File); ok {
		if columns, _, err := term.GetSize(int(f.Fd())); err == nil && columns > 0 {
			return columns
		}
	}
	return 80
}

// coloured is the writer for a plan or a difference: out itself, or where a person looks on,
// one that shows what opens in the dangerous colour, and what closes in none that alarms.
func coloured(out io.Writer) io.Writer {
	screen := out
	if v, ok := out.(*voice); ok {
		screen = v.to
	}
	if !terminal(screen) || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return out
	}
	return colours{out}
}

// colours colours lines by what they begin with: what opens red, what closes or goes grey;
// headings are bold. It is written whole lines.
type colours struct{ out io.Writer }

func (c colours) Write(p []byte) (int, error) {
	const off = "\x1b[0m"
	var b bytes.Buffer
	for line := range bytes.Lines(p) {
		on := ""
		switch text := bytes.TrimLeft(line, " "); {
		case bytes.HasSuffix(text, []byte(": nothing\n")):
		case begins(text, "opens: ", "others may open: "):
			on = "\x1b[31m"
		case begins(line, "+ ", "~ ", "- "):
			on = "\x1b[1m"
		case begins(text, "closes: ", "others may no longer open: ", "- "):
			on = "\x1b[90m"
		}
		if on == "" {
			b.Write(line)
			continue
		}
		b.WriteString(on)
		b.Write(bytes.TrimSuffix(line, []byte("\n")))
		b.WriteString(off + "\n")
	}
	if _, err := c.out.Write(b.Bytes()); err != nil {
		return 0, err
	}
	return len(p), nil
}

func begins(line []byte, with ...string) bool {
	return slices.ContainsFunc(with, func(prefix string) bool { return bytes.HasPrefix(line, []byte(prefix)) })
}
