package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"sgc.dev/sgc/apply"
	"sgc.dev/sgc/clouds"
	"sgc.dev/sgc/neutron"
	"sgc.dev/sgc/plan"
	"sgc.dev/sgc/rule"
	"sgc.dev/sgc/targets"
)

// Headings of flags.
const (
	cloudFlagsHeading  = "CLOUD (else OS_CLOUD and clouds.yaml, or OS_AUTH_URL and its like)"
	permitFlagsHeading = "PERMITS"
)

// cloudFlags say which cloud is meant, as those of openstack do.
func cloudFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringSliceFlag{Name: "os-cloud", Category: cloudFlagsHeading, Usage: "the `CLOUD` of clouds.yaml"},
		&cli.StringFlag{Name: "os-region-name", Category: cloudFlagsHeading, Usage: "the `REGION`"},
		&cli.StringFlag{Name: "os-cacert", Category: cloudFlagsHeading, Usage: "take certificates of the authorities in this `FILE`", TakesFile: true},
		&cli.BoolFlag{Name: "insecure", Category: cloudFlagsHeading, Usage: "take any certificate"},
		&cli.BoolFlag{Name: "plain-http", Category: cloudFlagsHeading, Usage: "send the token over plain http too, though it came by https"},
		&cli.DurationFlag{Name: "timeout", Category: cloudFlagsHeading, Usage: "give up on a call after this `TIME`", Value: time.Minute},
	}
}

// cloudsOf is the clouds that flags mean: each of several, or the one that is meant, which
// needs no name.
func cloudsOf(c *cli.Context) (list []targets.Target, err error) {
	choice := clouds.Choice{Region: c.String("os-region-name")}
	names := c.StringSlice("os-cloud")
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return nil, fmt.Errorf("--os-cloud %s is given twice", name)
		}
		choice.Cloud = name
		list = append(list, targets.Target{Name: name, Choice: choice})
	}
	switch len(list) {
	case 0:
		return []targets.Target{{Choice: choice}}, nil
	case 1:
		list[0].Name = ""
	}
	return list, nil
}

// oneCloud is the cloud that flags mean, of what is about one project.
func oneCloud(c *cli.Context) (targets.Target, error) {
	list, err := cloudsOf(c)
	if err != nil {
		return targets.Target{}, err
	}
	if len(list) > 1 {
		return targets.Target{}, errors.New("--os-cloud: this is about one project: name one cloud")
	}
	return list[0], nil
}

// connect gets a token. Pauses before a call is made again are told on standard error.
func connect(c *cli.Context, s streams, choice clouds.Choice) (*neutron.Client, error) {
	choice.CACert, choice.Insecure = c.String("os-cacert"), c.Bool("insecure")
	client, err := neutron.Connect(c.Context, neutron.Options{
		Choice:    choice,
		PlainHTTP: c.Bool("plain-http"),
		Timeout:   c.Duration("timeout"),
		Notice: func(text string) {
			if terminal(s.err) {
				fmt.Fprint(s.err, clearLine) // of progress
			}
			fmt.Fprintln(s.err, "sgc:", rule.Printable(text))
		},
	})
	var unknown *clouds.NoSuchCloud
	switch {
	case !errors.As(err, &unknown):
	case unknown.Clouds == nil && os.Getenv("OS_AUTH_URL") != "": // as in the sandbox
		err = fmt.Errorf("%w; without --os-cloud and OS_CLOUD, OS_AUTH_URL and its like count", err)
	default:
		err = fmt.Errorf("%w%s", err, didYouMean(unknown.Cloud, unknown.Clouds))
	}
	return client, err
}

// planFlags say how to plan.
func planFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "adopt", Category: permitFlagsHeading, Usage: "take over groups that have a tier's name and are nobody's"},
		&cli.StringSliceFlag{Name: "adopt-only", Category: permitFlagsHeading, Usage: "take over groups as --adopt does, but of tiers like `TIER-GLOB` alone, and leave the others for later; may be repeated"},
		&cli.StringSliceFlag{Name: "adopt-group", Category: permitFlagsHeading, Usage: "take over, for a tier, the group with this id, which is nobody's: `TIER=ID`; may be repeated"},
		&cli.StringFlag{Name: "adopt-from", Category: permitFlagsHeading, Usage: "take over the groups that `POLICY` has for these tiers, or that have their names"},
		tidyFlag(),
		interruptionFlag(),
		&cli.BoolFlag{Name: "fingerprints", Category: permitFlagsHeading, Usage: "tag each group with a fingerprint of its access, by which sgc drift tells what others change from what is not applied yet"},
		&cli.BoolFlag{Name: "descriptions", Category: permitFlagsHeading, Usage: "rewrite rules whose description is not the policy's; takes --allow-interruption, since the old ones go first"},
	}
}

// permitFlags say what may be done beyond the ordinary.
func permitFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "allow-destroy", Category: permitFlagsHeading, Usage: "delete groups, and close most of what a group in use allows; destroy needs no permit"},
		overQuotaFlag(),
	}
}

func tidyFlag() cli.Flag {
	return &cli.BoolFlag{Name: "tidy", Category: permitFlagsHeading, Usage: "make rules exactly those that are wanted, also where others allow the same"}
}

func interruptionFlag() cli.Flag {
	return &cli.BoolFlag{Name: "allow-interruption", Category: permitFlagsHeading, Usage: "delete before creating, where the quota has no room for both"}
}

func overQuotaFlag() cli.Flag {
	return &cli.BoolFlag{Name: "over-quota", Category: permitFlagsHeading, Usage: "begin although the quota has no room: as much is done as fits"}
}

func permits(c *cli.Context) plan.Permits {
	return plan.Permits{Destroy: c.Bool("allow-destroy"), OverQuota: c.Bool("over-quota")}
}

func planOptions(c *cli.Context, sets []*rule.Set) (plan.Options, error) {
	o := plan.Options{
		Adopt:        c.Bool("adopt") || c.IsSet("adopt-only"),
		AdoptOnly:    c.StringSlice("adopt-only"),
		AdoptFrom:    c.String("adopt-from"),
		Tidy:         c.Bool("tidy"),
		Fingerprints: c.Bool("fingerprints"),
		Descriptions: c.Bool("descriptions"),
		DeletesFirst: c.Bool("allow-interruption"),
	}
	if o.Descriptions && !o.DeletesFirst {
		return o, fmt.Errorf("--descriptions: a description cannot be changed: its rule has to go and come again, which takes --allow-interruption too")
	}
	if c.Bool("adopt") && len(o.AdoptOnly) > 0 {
		return o, errors.New("--adopt takes over the groups of all tiers, and --adopt-only those of some: give one of them")
	}
	if err := checkAdoptOnly(o, sets); err != nil {
		return o, fmt.Errorf("--adopt-only: %w", err)
	}
	for _, pair := range c.StringSlice("adopt-group") {
		tier, id, ok := strings.Cut(pair, "=")
		var having []string
		for _, set := range sets {
			if slices.ContainsFunc(set.Groups, func(g rule.Group) bool { return g.Tier == tier }) {
				having = append(having, set.Policy)
			}
		}
		switch {
		case !ok || rule.CheckID(id) != nil:
			return o, fmt.Errorf("--adopt-group %q: a tier and the id of a security group, as in web=6f1cf1b5-4b8a-4b5b-9df4-2f3f0f3f4c11", pair)
		case having == nil:
			return o, fmt.Errorf("--adopt-group %q: no policy here has a tier %s", pair, tier)
		case len(having) > 1:
			return o, fmt.Errorf("--adopt-group %q: policies %s all have a tier %s: plan for one of them alone", pair, strings.Join(having, ", "), tier)
		case o.AdoptGroups[tier] != "":
			return o, fmt.Errorf("--adopt-group %q: tier %s is given a second group", pair, tier)
		}
		if o.AdoptGroups == nil {
			o.AdoptGroups = map[string]string{}
		}
		o.AdoptGroups[tier] = id
	}
	return o, nil
}

// checkAdoptOnly demands that each pattern means a tier.
func checkAdoptOnly(o plan.Options, sets []*rule.Set) error {
	if err := o.AdoptOnly.Check(); err != nil {
		return err
	}
	if len(o.AdoptOnly) > 0 && o.AdoptFrom != "" {
		return errors.New("--adopt-from takes over all that the other policy gives away, and does not go with it")
	}
	var tiers []string
	for _, set := range sets {
		for _, g := range set.Groups {
			tiers = append(tiers, g.Tier)
		}
	}
	for _, glob := range o.AdoptOnly {
		if !slices.ContainsFunc(tiers, func(tier string) bool { return rule.Globs{glob}.Match(tier) }) {
			return fmt.Errorf("no policy here has a tier like %q%s%s", glob, didYouMean(glob, tiers), severalTimes("--adopt-only", glob))
		}
	}
	return nil
}

// jobs are what the policies want of a project, and what a document has of that.
func jobs(c *cli.Context, sets []*rule.Set) ([]apply.Job, plan.Document, error) {
	made := plan.Document{Policies: rule.InOrder(sets)}
	var err error
	if made.Options, err = planOptions(c, sets); err != nil {
		return nil, made, err
	}
	if made.Day, err = asOf(c); err != nil {
		return nil, made, err
	}
	if err := rule.CheckClaims(sets); err != nil {
		return nil, made, err
	}
	return jobsOf(made.Policies, made.Options), made, nil
}

// jobsOf is a job for each policy. One that gives groups away comes last: what the others
// take over is not its own any more.
func jobsOf(sets []*rule.Set, o plan.Options) []apply.Job {
	var list, giving []apply.Job
	for _, set := range sets {
		j := apply.Job{Desired: plan.FromSet(set), Options: o}
		if set.Policy == o.AdoptFrom {
			giving = append(giving, j)
		} else {
			list = append(list, j)
		}
	}
	return append(list, giving...)
}
