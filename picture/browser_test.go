package picture_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"sgc.dev/sgc/picture"
	"sgc.dev/sgc/reach"
)

// chromium is started once for all tests.
var chromium struct {
	sync.Once
	ctx    context.Context
	cancel context.CancelFunc
	err    error
}

// browser opens a page in a tab of a headless Chromium and collects what a page without
// faults does not do: write to the console, fail, ask a network. The tab ends with the test.
func browser(t *testing.T, file string) (ctx context.Context, faults func() []string) {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed: .ci/run installs it")
	}
	chromium.Do(func() {
		options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.WindowSize(1280, 900))
		if os.Getuid() == 0 {
			options = append(options, chromedp.NoSandbox)
		}
		ctx, _ := chromedp.NewExecAllocator(context.Background(), options...)
		chromium.ctx, chromium.cancel = chromedp.NewContext(ctx)
		chromium.err = chromedp.Do(chromium.ctx)
	})
	if chromium.err != nil {
		t.Fatal(chromium.err)
	}
	ctx, cancel := context.WithTimeout(chromium.ctx, 2*time.Minute)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	address := (&url.URL{Scheme: "file", Path: file}).String()
	var mutex sync.Mutex
	var list []string
	add := func(fault string) {
		mutex.Lock()
		defer mutex.Unlock()
		list = append(list, fault)
	}
	err = chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventConsoleAPICalled:
			add(fmt.Sprintf("console: %s %v", e.Type, e.Args))
		case *runtime.EventExceptionThrown:
			add(fmt.Sprintf("exception: %+v", e.ExceptionDetails))
		case *log.EventEntryAdded:
			add("log: " + e.Entry.Text)
		case *network.EventRequestWillBeSent:
			if e.Request.URL != address {
				add("request: " + e.Request.URL)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	run(t, ctx, chromedp.Navigate(address))
	return ctx, func() []string {
		mutex.Lock()
		defer mutex.Unlock()
		return slices.Clone(list)
	}
}

func run(t *testing.T, ctx context.Context, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}

// media is what the reader's system says that he likes.
func media(t *testing.T, ctx context.Context, features []*emulation.MediaFeature) {
	t.Helper()
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features}); err != nil {
		t.Fatal(err)
	}
}

// value evaluates an expression in the page.
func value[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// page writes a page for a policy.
func page(t *testing.T, v *reach.View) string {
	t.Helper()
	var b strings.Builder
	if err := picture.WriteHTML(&b, v, catalog(t), graphviz(t)); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestPageInUse asks, filters and looks, with the pointer and with keys alone.
func TestPageInUse(t *testing.T) {
	view, g := graph(t, "testdata/shop.cue")
	ctx, faults := browser(t, page(t, view))
	answer := func() string { return value[string](t, ctx, `document.getElementById("answer").innerText`) }
	expect := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s:\n%s\nwant\n%s", what, got, want)
		}
	}

	// With the pointer.
	run(t, ctx, chromedp.SetValue("#from", "app"), chromedp.SetValue("#to", "db"), chromedp.SetValue("#service", "postgresql"), chromedp.Click("#question button"))
	expect("an answer", answer(), `yes: app reaches db with postgresql

tcp/5432, udp/5433 (IPv4, IPv6)
testdata/shop.cue:35:4: tiers.app.egress.postgresql to "db"
testdata/shop.cue:40:12: tiers.db.ingress.postgresql from "app"

The same on the command line, in the policy's folder: sgc can --from app --to db --service postgresql`)
	run(t, ctx, chromedp.SetValue("#service", "a'b"), chromedp.Click("#question button"))
	expect("no service", answer(), `unknown service "a'b": write a name, or as in tcp/5432, udp/1-1024, icmp/3:4, esp`)

	run(t, ctx, chromedp.SetValue("#from", "web"), chromedp.SetValue("#service", "ssh"), chromedp.Click("#question button"))
	expect("a no", answer(), `no: web does not reach db with ssh

egress of web blocks; nearest:
testdata/shop.cue:18:4: tiers.base.egress.ntp: udp/123 to "public"
ingress of db blocks: of its 4 rules none is about ssh or about the other end

The same on the command line, in the policy's folder: sgc can --from web --to db --service ssh`)

	// With keys alone: the link to the question, both ends, a service, Enter.
	run(t, ctx, chromedp.Evaluate[chromedp.Void](`document.activeElement.blur(), document.body.focus(), scrollTo(0, 0)`), chromedp.Reload())
	focus := func() string {
		return value[string](t, ctx, `(document.activeElement.id || document.activeElement.textContent)`)
	}
	run(t, ctx, chromedp.KeyEvent(kb.Tab))
	expect("the first stop", focus(), "Skip to the question")
	run(t, ctx, chromedp.KeyEvent(kb.Enter))
	expect("behind the link", focus(), "ask")
	run(t, ctx, chromedp.KeyEvent(kb.Tab))
	expect("the next stop", focus(), "from")
	run(t, ctx, chromedp.KeyEvent("web"), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent("app"), chromedp.KeyEvent(kb.Tab))
	expect("the third stop", focus(), "service")
	run(t, ctx, chromedp.Evaluate[chromedp.Void](`document.activeElement.select()`), chromedp.KeyEvent("tcp/9000-9001"), chromedp.KeyEvent(kb.Enter))
	expect("an answer by keys", strings.Split(answer(), "\n")[0], "in part: web reaches app with tcp/9000-9001")

	// The question is a link, which asks by itself.
	expect("the link", value[string](t, ctx, `location.hash`), "#from=web&to=app&service=tcp%2F9000-9001")
	run(t, ctx, chromedp.Evaluate[chromedp.Void](`location.hash = "#from=app&to=db&service=postgresql"`))
	for range 50 { // the event comes behind it
		if strings.HasPrefix(answer(), "yes") {
			break
		}
		run(t, ctx, chromedp.Evaluate[chromedp.Void](`new Promise((done) => setTimeout(done, 20))`))
	}
	expect("an answer to a link", strings.Split(answer(), "\n")[0], "yes: app reaches db with postgresql")
	run(t, ctx, chromedp.Evaluate[chromedp.Void](`ask("nobody", "db", "any")`))
	expect("a link to nobody", answer(), `this page has no "nobody": it knows names alone

The command line knows addresses and networks, too: sgc can --from nobody --to db --service any`)

	// A cell of the matrix asks; one search is over all.
	run(t, ctx, chromedp.Click(`.matrix button[data-from="public"][data-to="web"]`))
	expect("a cell", strings.Split(answer(), "\n")[0], "in part: public reaches web with any")
	cells := func() int {
		return value[int](t, ctx, `[...document.querySelectorAll(".matrix button")].filter((b) => b.checkVisibility({visibilityProperty: true})).length`)
	}
	all := cells()
	search := func(text string) {
		t.Helper()
		run(t, ctx, chromedp.Evaluate[chromedp.Void](`byId("filter").value = "", byId("filter").focus(), search()`))
		if text != "" {
			run(t, ctx, chromedp.KeyEvent(text))
		}
	}
	search("postgresql")
	if n := cells(); n != 1 || all < 10 {
		t.Errorf("%d cells of %d have postgresql", n, all)
	}
	rows := func(table string) string {
		return value[string](t, ctx, `[...document.querySelectorAll(".`+table+` tbody tr")].filter((r) => r.checkVisibility()).map((r) => r.cells[0].textContent + " " + r.cells[r.cells.length - 1].textContent).join("; ")`)
	}
	expect("the count", value[string](t, ctx, `document.getElementById("filter-count").textContent`), "3 rows")
	expect("who reaches whom with it", rows("list"), "app postgresql")
	expect("rules about it", rows("rules"), "app testdata/shop.cue:35:4; db testdata/shop.cue:40:12")
	for text, want := range map[string]string{"203.0.113.16": "vendor 203.0.113.16/28", "2001:db8:ff1": "office 198.51.100.0/24, 2001:db8:ff1::/48"} {
		search(text)
		expect("an address", rows("names"), want)
		if n := value[int](t, ctx, `document.querySelectorAll(".picture.chosen .box.addresses.on").length`); n == 0 {
			t.Error("the drawing does not show whose address was found")
		}
	}
	search("")

	// The drawing shows one node's arrows, by a list or by a click on it.
	on := func() int {
		return value[int](t, ctx, `document.querySelectorAll(".wide .picture.chosen .arrow.on").length`)
	}
	node := value[string](t, ctx, `String(data.nodes.findIndex((n) => n.name === "db"))`)
	run(t, ctx, chromedp.SetValue("#highlight", node), chromedp.Evaluate[chromedp.Void](`document.getElementById("highlight").dispatchEvent(new Event("change"))`))
	arrows := 0
	for _, e := range g.Edges {
		if g.Nodes[e.From].End.Name == "db" || g.Nodes[e.To].End.Name == "db" {
			arrows++
		}
	}
	if on() == 0 || on() > arrows {
		t.Errorf("%d lines of db, which has %d arrows", on(), arrows)
	}
	expect("all of a node", value[string](t, ctx, `[...document.querySelectorAll("#chosen tbody tr")].map((r) => [...r.cells].map((c) => c.textContent).join(" ")).join("; ")`),
		`app db postgresql; db metrics in part: tcp/9200 (IPv4); `+
			`app egress tiers.app.egress.postgresql tcp/5432, udp/5433 to db testdata/shop.cue:35:4; `+
			`db ingress tiers.db.ingress.postgresql tcp/5432, udp/5433 from app testdata/shop.cue:40:12; `+
			`db egress tiers.db.egress.metrics tcp/9200 to metrics testdata/shop.cue:41:11`)
	run(t, ctx, chromedp.Evaluate[chromedp.Void](`document.querySelector('.box[data-node="`+node+`"]').dispatchEvent(new MouseEvent("click", {bubbles: true}))`))
	if on() != 0 {
		t.Error("a second click does not show everybody again")
	}
	width := func() float64 { return value[float64](t, ctx, `pictures[0].getBoundingClientRect().width`) }
	before := width()
	run(t, ctx, chromedp.Click("#larger"))
	if width() <= before {
		t.Error("the drawing does not grow")
	}

	for _, scheme := range []string{"light", "dark"} {
		media(t, ctx, []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}})
		for _, pair := range value[[]string](t, ctx, contrasts) {
			t.Errorf("%s: too little contrast: %s", scheme, pair)
		}
	}
	media(t, ctx, []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}})
	expect("motion", value[string](t, ctx, `getComputedStyle(document.querySelector(".picture .box")).transitionDuration`), "0s")
	for _, fault := range value[[]string](t, ctx, unnamed) {
		t.Errorf("without a name for a screen reader: %s", fault)
	}
	if f := faults(); f != nil {
		t.Error(f)
	}
}

// unnamed is what a reader could come to and would hear nothing about.
const unnamed = `[...document.querySelectorAll("a, button, select, input, [role=group], svg[role=img], section")].filter((e) => {
	const ids = (e.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean);
	if (ids.length) return !ids.every((id) => document.getElementById(id)?.textContent.trim());
	return !(e.getAttribute("aria-label") || e.textContent.trim() || e.labels?.[0]?.textContent.trim());
}).map((e) => e.outerHTML.slice(0, 100))`

// contrasts is the text of the page whose colour is too near to that behind it
// (WCAG 2: 4.5 to 1).
const contrasts = `(() => {
	const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
	const rgb = (color) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
	const light = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((s, c, i) => s + c * [0.2126, 0.7152, 0.0722][i], 0);
	const behind = (e) => {
		for (; e; e = e.parentElement) {
			const rect = e.matches("g.box") && e.querySelector("rect");
			const color = rgb(rect ? getComputedStyle(rect).fill : getComputedStyle(e).backgroundColor);
			if (color[3] === 255) return color;
		}
		return rgb("white");
	};
	const bad = new Set();
	let seen = 0;
	for (const e of document.body.querySelectorAll("*")) {
		const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
		if (!own || e.closest("script, title, desc, noscript, datalist") || !e.checkVisibility({visibilityProperty: true})) continue;
		seen++;
		const style = getComputedStyle(e);
		const [a, b] = [light(rgb(e.closest("svg") ? style.fill : style.color)), light(behind(e))].sort((a, b) => b - a);
		if ((a + 0.05) / (b + 0.05) < 4.5) bad.add(e.tagName + "." + e.getAttribute("class") + " " + ((a + 0.05) / (b + 0.05)).toFixed(2));
	}
	if (seen < 50) bad.add("only " + seen + " texts seen");
	return [...bad];
})()`
