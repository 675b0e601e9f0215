package picture_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"sgc.dev/sgc/reach"
)

// TestPagesFit looks at pages on wide and narrow screens and on paper: nothing is cut
// off, and the names of a drawing are large enough to read.
func TestPagesFit(t *testing.T) {
	files := map[string]string{}
	for _, policy := range []string{"../policies/three-tier", "../policies/kubernetes", "testdata/shop.cue", "testdata/farm.cue", "../testdata/estates/edge/engineer.cue"} {
		view, _ := graph(t, policy)
		files[policy] = page(t, view)
	}
	view := reach.New(many(60))
	files["60 tiers"] = page(t, view)
	files["a difference"] = filepath.Join(t.TempDir(), "change.html")
	if err := os.WriteFile(files["a difference"], []byte(changed(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, file := range files {
		t.Run(name, func(t *testing.T) {
			ctx, faults := browser(t, file)
			for _, look := range []struct {
				medium string
				width  int64
			}{{"screen", 1400}, {"screen", 900}, {"screen", 500}, {"print", 700}, {"print", 1047}} { // paper upright, and on its side
				params := emulation.SetDeviceMetricsOverrideParams{Width: look.width, Height: 1000, DeviceScaleFactor: 1}
				if _, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, params); err != nil {
					t.Fatal(err)
				}
				if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: look.medium}); err != nil {
					t.Fatal(err)
				}
				run(t, ctx, chromedp.Evaluate[chromedp.Void](`resize(1)`)) // a headless browser may draw later
				for _, fault := range value[[]string](t, ctx, unfit) {
					t.Errorf("%s of %d: %s", look.medium, look.width, fault)
				}
			}
			if f := faults(); f != nil {
				t.Error(f)
			}
		})
	}
}

// unfit is what a reader could not see on opening the page.
const unfit = `(() => {
	const bad = [];
	const paper = matchMedia("print").matches;
	const overflows = (e) => e.scrollWidth > e.clientWidth + 1;
	if (overflows(document.documentElement)) bad.push("the page is " + document.documentElement.scrollWidth + " wide");
	const seen = pictures.filter((p) => p.checkVisibility());
	if (seen.length !== 1) bad.push(seen.length + " drawings");
	if (seen[0]?.getBoundingClientRect().width < 100) bad.push("the drawing is not to be seen");
	if (overflows(document.getElementById("drawing"))) { const d = document.getElementById("drawing"); const p = seen[0]; bad.push("the drawing is cut: " + p.getBoundingClientRect().width + " of " + p.viewBox.baseVal.width + " in " + d.clientWidth); }
	for (const [word, least] of [["name", 9], ["legend", 8]]) for (const e of document.querySelectorAll(".picture ." + word)) {
		if (!e.checkVisibility()) continue;
		const scale = e.getCTM().a, size = parseFloat(getComputedStyle(e).fontSize) * scale;
		if (size < (paper ? least * 2 / 3 : least)) { bad.push("a " + word + " of " + size + " px"); break; }
	}
	if (!paper) for (const e of document.querySelectorAll(".list td")) {
		const range = document.createRange(), text = e.querySelector("code")?.firstChild ?? e.firstChild;
		for (const {0: word, index} of text?.data?.matchAll(/[\w.]+/g) ?? []) {
			range.setStart(text, index);
			range.setEnd(text, index + word.length);
			if (range.getClientRects().length > 1) { bad.push("a broken word: " + word); break; }
		}
	}
	if (paper) for (const e of document.querySelectorAll(".scroll")) if (e.checkVisibility() && overflows(e)) bad.push("cut on paper: " + e.getAttribute("aria-labelledby"));
	return bad;
})()`
