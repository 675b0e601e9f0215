package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"
)

func manCommand(s streams) *cli.Command {
	return &cli.Command{
		Name:        "man",
		Usage:       "print the manual page",
		Description: "All that --help says of every command, as a page for man.\n\n   sgc man > sgc.1 && man ./sgc.1",
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return errors.New("man takes no arguments")
			}
			_, err := io.WriteString(s.out, manual(c.App))
			return err
		},
	}
}

// manual is the help of all commands as a page for man, in roff.
func manual(app *cli.App) string {
	var b strings.Builder
	fmt.Fprintf(&b, ".TH SGC 1 \"\" \"sgc %s\"\n", roff.Replace(app.Version))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", app.Name, roff.Replace(app.Usage))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n.I COMMAND\n[\\fIOPTION\\fR]... [\\fIARGUMENT\\fR]...\n", app.Name)
	b.WriteString(".SH DESCRIPTION\n")
	describe(&b, app.Description)
	options(&b, app.VisibleFlags())
	b.WriteString(".SH COMMANDS\n")
	for _, command := range app.VisibleCommands() {
		fmt.Fprintf(&b, ".SS %s\n", roff.Replace(strings.TrimSpace("sgc "+command.Name+" "+command.ArgsUsage)))
		describe(&b, command.Usage+"\n\n"+command.Description)
		options(&b, command.VisibleFlags())
	}
	return b.String()
}

// describe writes paragraphs; examples and tables stay as they are.
func describe(b *strings.Builder, text string) {
	for paragraph := range strings.SplitSeq(strings.Trim(text, "\n"), "\n\n") {
		begin, end := ".PP\n", ""
		if strings.Contains(paragraph, "  ") {
			begin, end = ".PP\n.EX\n", ".EE\n"
		}
		b.WriteString(begin)
		for line := range strings.SplitSeq(paragraph, "\n") {
			b.WriteString(`\&` + roff.Replace(line) + "\n") // without \&, a point at the beginning is a request
		}
		b.WriteString(end)
	}
}

// options writes flags as the help has them, each in two columns.
func options(b *strings.Builder, flags []cli.Flag) {
	for _, flag := range flags {
		names, usage, _ := strings.Cut(flag.String(), "\t")
		fmt.Fprintf(b, ".TP\n.B %s\n\\&%s\n", roff.Replace(names), roff.Replace(usage))
	}
}

// roff spells what would be a command or a typographer's mark.
var roff = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`)
