package reach

import (
	"encoding/json"
	"io"
	"net/netip"

	"sgc.dev/sgc/rule"
)

// Version is the version of the JSON documents. It grows when a field changes
// its meaning or goes; new fields alone do not change it.
const Version = 1

type document struct {
	Version int `json:"version"`
	jsonAnswer
}

type listing struct {
	Version int          `json:"version"`
	Answers []jsonAnswer `json:"answers"`
}

type jsonAnswer struct {
	From      string       `json:"from"`
	To        string       `json:"to"`
	Service   string       `json:"service"`
	Verdict   string       `json:"verdict"`           // "yes", "no" or "in part"
	Perhaps   bool         `json:"perhaps,omitempty"` // in part, and depending on addresses that the policy does not know alone
	Parts     []jsonPart   `json:"parts"`
	Lacks     []jsonPacket `json:"lacks"` // examples of what does not pass
	Blocks    []jsonBlock  `json:"blocks"`
	Replies   string       `json:"replies,omitempty"`   // the verdict on what comes back
	Stateless []string     `json:"stateless,omitempty"` // the servers that do not let it through by themselves
	Notes     []string     `json:"notes,omitempty"`
}

type jsonPart struct {
	Ethertype string      `json:"ethertype"` // "IPv4" or "IPv6"
	Services  []string    `json:"services"`  // "tcp/443", "udp/1-1024", "icmp/3:4", "esp", "any"
	From      jsonSide    `json:"from"`
	To        jsonSide    `json:"to"`
	Egress    *jsonOrigin `json:"egress,omitempty"`  // the rule that lets it out, where the source has rules
	Ingress   *jsonOrigin `json:"ingress,omitempty"` // the rule that lets it in
}

type jsonSide struct {
	Name         string         `json:"name"`                   // a server, also where the question names its address; else the outsiders there
	Addresses    []netip.Prefix `json:"addresses,omitempty"`    // where not all pass
	Conditional  bool           `json:"conditional,omitempty"`  // the addresses are a condition: the policy does not know those of the end
	AddressGroup string         `json:"addressGroup,omitempty"` // in which the address has to be
}

type jsonOrigin struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
	Path   string `json:"path"`
	Peer   string `json:"peer"`
}

type jsonPacket struct {
	Ethertype string   `json:"ethertype"`
	Service   string   `json:"service"`
	From      jsonSpot `json:"from"`
	To        jsonSpot `json:"to"`
}

type jsonSpot struct {
	Name         string `json:"name"`
	Address      string `json:"address,omitempty"`
	AddressGroup string `json:"addressGroup,omitempty"`
}

type jsonBlock struct {
	Direction string       `json:"direction"` // "egress" or "ingress"
	Server    string       `json:"server"`
	Rules     int          `json:"rules"`
	Nearest   []jsonOrigin `json:"nearest"`
}

// JSON writes an answer as one versioned document.
func JSON(w io.Writer, a Answer) error {
	return encode(w, document{Version, answerOf(a)})
}

// ListingJSON writes answers as one versioned document.
func ListingJSON(w io.Writer, answers []Answer) error {
	list := []jsonAnswer{}
	for _, a := range answers {
		list = append(list, answerOf(a))
	}
	return encode(w, listing{Version, list})
}

func encode(w io.Writer, document any) error {
	encoder := json.NewEncoder(rule.PrintableJSON(w))
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(document)
}

func answerOf(a Answer) jsonAnswer {
	out := jsonAnswer{
		From: a.From.Name, To: a.To.Name, Service: a.Service.Name, Verdict: a.Verdict.String(), Perhaps: a.Perhaps,
		Parts: []jsonPart{}, Lacks: []jsonPacket{}, Blocks: []jsonBlock{}, Notes: a.Notes,
	}
	for _, p := range a.Parts {
		part := jsonPart{Ethertype: p.Family.String(), From: sideOf(p.From), To: sideOf(p.To), Egress: originOf(p.Egress), Ingress: originOf(p.Ingress)}
		for _, m := range p.Matches {
			part.Services = append(part.Services, m.String())
		}
		out.Parts = append(out.Parts, part)
	}
	for _, p := range a.Lacks {
		out.Lacks = append(out.Lacks, packetOf(p))
	}
	for _, b := range a.Blocks {
		block := jsonBlock{Direction: b.Direction.String(), Server: b.Server.Name, Rules: b.Rules, Nearest: []jsonOrigin{}}
		for _, near := range b.Nearest {
			block.Nearest = append(block.Nearest, *originOf(&near.Origin))
		}
		out.Blocks = append(out.Blocks, block)
	}
	if a.Replies.Verdict != 0 {
		out.Replies = a.Replies.Verdict.String()
	}
	for _, e := range a.Replies.Stateless {
		out.Stateless = append(out.Stateless, e.Name)
	}
	return out
}

func sideOf(s Side) jsonSide { return jsonSide{s.End.Name, s.Addresses, s.Unknown, s.AddressGroup} }

func originOf(o *rule.Origin) *jsonOrigin {
	if o == nil {
		return nil
	}
	return &jsonOrigin{o.Pos.File, o.Pos.Line, o.Pos.Column, o.Path, o.Peer}
}

func packetOf(p Packet) jsonPacket {
	return jsonPacket{p.Match.Family.String(), serviceOf(p.Match), spotOf(p.From), spotOf(p.To)}
}

func spotOf(s Spot) jsonSpot {
	out := jsonSpot{Name: s.End.Name, AddressGroup: s.AddressGroup}
	if s.Addr.IsValid() {
		out.Address = s.Addr.String()
	}
	return out
}
