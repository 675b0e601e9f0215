package guard

import (
	"testing"
	"time"
)

func TestDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"1ms": time.Millisecond, "90s": 90 * time.Second, "5m": 5 * time.Minute, "2h": 2 * time.Hour,
		"1h30m": 90 * time.Minute, "30d": 720 * time.Hour, "1d": 24 * time.Hour, "65535d": 65535 * 24 * time.Hour,
	} {
		if d, err := ParseDuration(text); err != nil || d != want {
			t.Errorf("%q is %s, %v", text, d, err)
		}
	}
	for _, text := range []string{"", "5", "0", "0s", "0d", "-1s", "-1d", "d", "soon", "1d12h", "1.5d", "65536d", "30 d", "30D"} {
		if d, err := ParseDuration(text); err == nil {
			t.Errorf("%q is %s", text, d)
		}
	}
	for want, d := range map[string]time.Duration{
		"2m": 2 * time.Minute, "1h": time.Hour, "10m": 10 * time.Minute, "20h": 20 * time.Hour, "30d": 720 * time.Hour,
		"1m30s": 90 * time.Second, "1h0m1s": time.Hour + time.Second, "25h": 25 * time.Hour, "1ms": time.Millisecond, "10s": 10 * time.Second, "0s": 0,
	} {
		if text := FormatDuration(d); text != want {
			t.Errorf("%s is %q, not %q", d, text, want)
		}
		if d > 0 {
			if back, err := ParseDuration(want); err != nil || back != d {
				t.Errorf("%q is %s, %v", want, back, err)
			}
		}
	}
}
