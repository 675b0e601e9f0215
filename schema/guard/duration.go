package guard

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// ParseDuration reads a time as people type one, which is more than none: 90s, 5m, 1h30m or,
// in days of 24 hours, 30d.
func ParseDuration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		var n uint64
		n, err = strconv.ParseUint(days, 10, 16)
		d = time.Duration(n) * 24 * time.Hour
	}
	if err != nil || d <= 0 {
		return 0, errors.New("a time such as 90s, 5m or 30d")
	}
	return d, nil
}

// FormatDuration writes a time as [ParseDuration] reads it, without parts that are none: 2m,
// not 2m0s.
func FormatDuration(d time.Duration) string {
	const day = 24 * time.Hour
	if d >= day && d%day == 0 {
		return strconv.Itoa(int(d/day)) + "d"
	}
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
