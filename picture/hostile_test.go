package picture_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"sgc.dev/sgc/picture"
	"sgc.dev/sgc/reach"
	"sgc.dev/sgc/rule"
)

// The schema lets no such name in. The formats do not rely on it.
var names = []string{
	`a"b\`, `</script><script>alert(1)</script>`, "`#quot;` & <b>", "\x1b[2J\n]; DROP -->", "ünïcødé 日本 \u202e", `<img src=x onerror=alert(2)>`, `{{.}} ${7*7} \N`, "]]>", "n1",
}

// hostile is a policy in which every word is meant to be more than one.
func hostile() *reach.View {
	set := &rule.Set{Policy: names[1], Families: []rule.Family{rule.IPv4, rule.IPv6}}
	entry := func(d rule.Direction, i int, r rule.Remote) rule.Entry {
		return rule.Entry{
			Rule: rule.Rule{Direction: d, Family: rule.IPv4, Protocol: rule.TCP, Ports: rule.PortRange(uint16(7000+i), uint16(7000+i)), Remote: r},
			Origins: []rule.Origin{{
				Pos: rule.Pos{File: names[1] + ".cue", Line: 10 + i, Column: 3}, Path: "tiers." + names[i], Peer: names[(i+1)%len(names)], Description: names[5],
			}},
		}
	}
	for i, name := range names {
		set.Services = append(set.Services, rule.Service{Name: name, Matches: []rule.Match{{Family: rule.IPv4, Protocol: rule.TCP, Ports: rule.PortRange(uint16(7000+i), uint16(7000+i))}}})
		set.Groups = append(set.Groups, rule.Group{Tier: name, Name: name, Stateful: i%2 == 0, Written: []rule.Entry{
			entry(rule.Ingress, i, rule.Anyone()), entry(rule.Egress, i, rule.Tier(name)), entry(rule.Egress, (i+1)%len(names), rule.Anyone()),
		}})
		set.Servers = append(set.Servers, rule.Server{Name: "server " + name, Tiers: []string{name}})
		set.Addresses = append(set.Addresses, rule.AddressSet{Name: "set " + name, Prefixes: []netip.Prefix{netip.PrefixFrom(netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}), 32)}})
		set.Foreign = append(set.Foreign, rule.External{Key: "group " + name})
	}
	return reach.New(set)
}

func TestHostileSVG(t *testing.T) {
	v := hostile()
	svg := draw(t, picture.SVG, v)
	allowed := []string{"svg", "title", "desc", "style", "rect", "g", "path", "polygon", "text", "tspan"}
	texts := ""
	decoder := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if !slices.Contains(allowed, token.Name.Local) {
				t.Errorf("an element %s", token.Name.Local)
			}
			for _, a := range token.Attr {
				if strings.HasPrefix(a.Name.Local, "on") || strings.Contains(a.Name.Local, "href") || a.Name.Local == "style" {
					t.Errorf("an attribute %s", a.Name.Local)
				}
			}
		case xml.CharData:
			texts += string(token)
		}
	}
	for _, name := range names {
		if !strings.Contains(texts, "server "+rule.Printable(name)) {
			t.Errorf("no server %q", name)
		}
	}
}

func TestHostileHTML(t *testing.T) {
	v := hostile()
	html := draw(t, picture.HTML, v)
	// Its own data and its own script, and no other.
	if n := strings.Count(strings.ToLower(html), "<script"); n != 2 {
		t.Errorf("%d scripts", n)
	}
	if n := strings.Count(strings.ToLower(html), "</script"); n != 2 {
		t.Errorf("%d ends of scripts", n)
	}
	if strings.Contains(html, "<img") || strings.Contains(html, "ZgotmplZ") {
		t.Error("a name became an element, or was dropped")
	}
}

func TestHostileDOT(t *testing.T) {
	v := hostile()
	placed, err := graphviz(t)([]byte(draw(t, picture.DOT, v)))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Name    string
		Objects []struct{ Label, Pos string }
		Edges   []struct{ Label string }
	}
	if err := json.Unmarshal(placed, &got); err != nil {
		t.Fatal(err)
	}
	unescape := strings.NewReplacer(`\\`, `\`, "&amp;", "&")
	var labels []string
	for _, o := range got.Objects {
		if o.Pos != "" {
			labels = append(labels, unescape.Replace(o.Label))
		}
	}
	for _, name := range names {
		if !slices.Contains(labels, "server "+rule.Printable(name)) {
			t.Errorf("no server %q among %q", name, labels)
		}
	}
}

func TestHostileMermaid(t *testing.T) {
	v := hostile()
	text := `[\pL\pN .,:/()#;-]*`
	line := regexp.MustCompile(`^(flowchart LR|\taccTitle: ` + text + `|\tn\d+(\[|\(\[|\(\(|\[\[)"` + text + `"(\]|\]\)|\)\)|\]\])|\tn\d+ (-->|-\.->)\|"` + text + `"\| n\d+|\tlinkStyle [\d,]+ stroke:#d1242f,stroke-width:3px)$`)
	for l := range strings.Lines(draw(t, picture.Mermaid, v)) {
		if !line.MatchString(strings.TrimSuffix(l, "\n")) {
			t.Errorf("not a line of ours: %q", l)
		}
	}
}

func TestHostileText(t *testing.T) {
	v := hostile()
	for _, r := range draw(t, picture.Text, v) {
		if r != '\n' && !unicode.IsPrint(r) {
			t.Fatalf("a terminal gets %q", r)
		}
	}
}

// TestHostilePage opens the page: none of the names does anything, and each can be asked for.
func TestHostilePage(t *testing.T) {
	v := hostile()
	ctx, faults := browser(t, page(t, v))
	if n := value[int](t, ctx, `document.querySelectorAll("img, iframe, object, embed, link").length + document.scripts.length`); n != 2 {
		t.Errorf("%d elements that nobody wrote, with the two scripts", n)
	}
	for i, name := range names {
		quoted, _ := json.Marshal(name)
		got := value[string](t, ctx, `answer("public", `+string(quoted)+`, `+string(quoted)+`).verdict`)
		if got != "yes" {
			t.Errorf("public to %q with port %d: %s", name, 7000+i, got)
		}
	}
	if f := faults(); f != nil {
		t.Error(f)
	}
}
