package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/schema"
)

// Headings of flags.
const (
	cloudFlagsHeading  = "CLOUD (else OS_CLOUD and clouds.yaml, or OS_AUTH_URL and its like)"
	permitFlagsHeading = "PERMITS"
)

// cloudFlags say which cloud is meant, as those of openstack do.
func cloudFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "os-cloud", Category: cloudFlagsHeading, Usage: "the `CLOUD` of clouds.yaml"},
		&cli.StringFlag{Name: "os-region-name", Category: cloudFlagsHeading, Usage: "the `REGION`"},
		&cli.StringFlag{Name: "os-cacert", Category: cloudFlagsHeading, Usage: "take certificates of the authorities in this `FILE`", TakesFile: true},
		&cli.BoolFlag{Name: "insecure", Category: cloudFlagsHeading, Usage: "take any certificate"},
		&cli.DurationFlag{Name: "timeout", Category: cloudFlagsHeading, Usage: "give a call up after this `TIME`", DefaultText: "1m"},
	}
}

// connect gets a token. Pauses before a call is made again are told on standard error.
func connect(ctx context.Context, c *cli.Context, s streams) (*neutron.Client, error) {
	if c.IsSet("timeout") && c.Duration("timeout") <= 0 {
		return nil, fmt.Errorf("--timeout: a time such as 90s or 5m")
	}
	client, err := neutron.Connect(ctx, neutron.Options{
		Cloud:    c.String("os-cloud"),
		Region:   c.String("os-region-name"),
		CACert:   c.String("os-cacert"),
		Insecure: c.Bool("insecure"),
		Timeout:  c.Duration("timeout"),
		Notice: func(text string) {
			if terminal(s.err) {
				fmt.Fprint(s.err, clearLine) // of progress
			}
			fmt.Fprintln(s.err, "sgc:", rule.Printable(text))
		},
	})
	var unknown *neutron.NoSuchCloud
	switch {
	case !errors.As(err, &unknown):
	case unknown.Clouds == nil && os.Getenv("OS_AUTH_URL") != "": // as in the sandbox
		err = fmt.Errorf("%w; without --os-cloud and OS_CLOUD, OS_AUTH_URL and its like count", err)
	default:
		err = fmt.Errorf("%w%s", err, didYouMean(unknown.Cloud, unknown.Clouds))
	}
	return client, err
}

// planFlags say how to plan, and what may be done beyond the ordinary.
func planFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "adopt", Category: permitFlagsHeading, Usage: "take over groups that have a tier's name and are nobody's"},
		&cli.BoolFlag{Name: "tidy", Category: permitFlagsHeading, Usage: "rewrite rules to the fewest, also where they mean the same"},
		&cli.BoolFlag{Name: "allow-destroy", Category: permitFlagsHeading, Usage: "delete groups, and close most of what a group in use allows"},
		&cli.BoolFlag{Name: "allow-interruption", Category: permitFlagsHeading, Usage: "delete before creating: where the quota has no room for both, or with --descriptions"},
		&cli.BoolFlag{Name: "descriptions", Category: permitFlagsHeading, Usage: "rewrite rules whose description is not the policy's; takes --allow-interruption"},
	}
}

func planOptions(c *cli.Context) (plan.Options, error) {
	o := plan.Options{
		Adopt:        c.Bool("adopt"),
		Tidy:         c.Bool("tidy"),
		Descriptions: c.Bool("descriptions"),
		DeletesFirst: c.Bool("allow-interruption"),
	}
	if o.Descriptions && !o.DeletesFirst {
		return o, fmt.Errorf("--descriptions: a description cannot be changed, its rule has to go and come again; say --allow-interruption too")
	}
	return o, nil
}

// jobs are what the policies want of a project. Policies that do not hold what they
// demand of themselves want nothing: no cloud is asked for them. Whoever names a group
// of another comes after that one.
func jobs(c *cli.Context, sets []*rule.Set) ([]neutron.Job, error) {
	o, err := planOptions(c)
	if err != nil {
		return nil, err
	}
	if err := rule.CheckClaims(sets); err != nil {
		return nil, err
	}
	var failures schema.Errors
	for _, set := range sets {
		failures = append(failures, judged(set)...)
	}
	if failures != nil {
		return nil, failures
	}
	var list []neutron.Job
	for _, set := range rule.InOrder(sets) {
		list = append(list, neutron.Job{
			Desired: plan.FromSet(set),
			Set:     set,
			Options: o,
			Permits: plan.Permits{Destroy: c.Bool("allow-destroy")},
		})
	}
	return list, nil
}
