"use strict";
// The page looks answers up in what reach has found: which places of a family pass
// from one node to another, and by which rules. Nothing here knows what a rule
// means.
const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const rules = [...document.querySelectorAll(".rules tbody tr")].map((row) => {
	const words = (n) => row.cells[n].querySelector("code").textContent;
	return { line: words(5), path: words(2), peer: row.dataset.peer, direction: row.cells[1].textContent };
});
const cells = new Map(); // by "from,to"
for (const [i, row] of Object.entries(data.cells ?? {})) {
	for (const [shape, tos] of Object.entries(row)) for (const j of tos) cells.set(i + "," + j, data.shapes[shape]);
}

// parseService reads what sgc can does, into [family, first, last] each.
function parseService(text) {
	if (Object.hasOwn(data.services, text)) return data.services[text];
	const named = (name) => data.line[data.protocols[name]];
	const span = (p, first, last) => p.families.map((f) => [f, first, last]);
	const whole = (p) => span(p, p.first, p.last);
	if (text === "icmp") return [...whole(named("icmp4")), ...whole(named("icmp6"))];
	const slash = text.indexOf("/");
	const name = slash < 0 ? text : text.slice(0, slash);
	if (!Object.hasOwn(data.protocols, name) || /^\d+$/.test(text)) return null; // 22 is meant as a port, and would be a protocol
	const p = named(name);
	if (slash < 0) return whole(p);
	const rest = text.slice(slash + 1);
	let m;
	if (p.ports && (m = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(rest))) {
		const first = Number(m[1]), last = Number(m[2] ?? m[1]);
		if (first < 1 || last > 65535 || first > last) return null;
		return span(p, first === 1 ? p.first : p.first + first, p.first + last);
	}
	if (p.icmp && (m = /^(\d{1,3})(?::(\d{1,3}))?$/.exec(rest))) {
		const type = Number(m[1]), code = m[2] === undefined ? null : Number(m[2]);
		if (type > 255 || code > 255) return null;
		const of = p.first + type * 256;
		return code === null ? span(p, of, of + 255) : span(p, of + code, of + code);
	}
	return null;
}

// meant is what to write in place of a service that is not known.
function meant(text) {
	const better = [
		[/^(\d+(?:-\d+)?)$/, "tcp/$1 or udp/$1"],
		[/^(\d+(?:-\d+)?)[/: ]?(tcp|udp|sctp)$/, "$2/$1"],
		[/^(tcp|udp|sctp)[/: ]?(\d+(?:-\d+)?)$/, "$1/$2"],
	].find(([written]) => written.test(text.toLowerCase()));
	const write = better && text.toLowerCase().replace(...better);
	const [, first, last] = /\/(\d+)-(\d+)$/.exec(write ?? "") ?? [];
	if (Number(first) > Number(last)) return `: ${first} is above ${last}, write the lower port first`;
	if (write && write !== text) return `: write ${write}`;
	const near = Object.keys(data.services).filter((s) => text.length > 2 && s.startsWith(text.toLowerCase())).sort((a, b) => a.length - b.length);
	return near.length ? `, did you mean "${near[0]}"?` : ": write a name, or as in tcp/5432, udp/1-1024, icmp/3:4, esp";
}

// itself says whether all of a match passes by itself: neighbour discovery.
function itself([family, first, last], from, to) {
	return family === 6 && data.itself.some((s) => s.first <= first && last <= s.last && s.from === !!from.guarded && s.to === !!to.guarded);
}

// look is how much of a match passes from one node to another.
function look(i, j, match) {
	const [family, first, last] = match;
	if (itself(match, data.nodes[i], data.nodes[j])) return "yes";
	let verdict = "no";
	for (const [f, lo, hi, whole] of cells.get(i + "," + j)?.segments ?? []) {
		if (f !== family || hi < first || last < lo) continue;
		if (whole && lo <= first && last <= hi) return "yes";
		verdict = "in part";
	}
	return verdict;
}

// answer is {verdict, parts, notes}, or {error}.
function answer(from, to, service) {
	const matches = parseService(service);
	if (!matches) return { error: `unknown service "${service}"${meant(service)}` };
	let judged = false;
	const found = [], beside = [], pairs = [], parts = new Map(), stateless = new Set();
	let own = false;
	for (const i of data.names[from]) for (const j of data.names[to]) {
		const a = data.nodes[i], b = data.nodes[j];
		if (!a.guarded && !b.guarded) continue;
		judged = true;
		for (const match of matches) {
			if (!a.families.includes(match[0]) || !b.families.includes(match[0])) continue;
			const verdict = look(i, j, match);
			pairs.push([i, j, match]);
			(verdict === "no" && !data.families.includes(match[0]) ? beside : found).push(verdict);
			if (itself(match, a, b)) own = true;
			else collect(parts, i, j, match);
		}
		for (const n of [a, b]) if (n.stateless) stateless.add(n.name);
	}
	const list = found.length ? found : beside;
	if (!judged) return { error: `the policy says nothing about ${from} to ${to}: neither end is a tier or a server` };
	if (!list.length) return { error: `${from}, ${to} and ${service} have no IP version in common` };
	const verdict = list.every((v) => v === list[0]) ? list[0] : "in part";
	return { verdict, blocks: verdict === "no" ? blocks(pairs) : [], itself: own, stateless: verdict === "no" ? [] : [...stateless], parts: [...parts.values()].map(finished) };
}

// collect adds what passes of a match, together where the same rules let it pass.
function collect(parts, i, j, [family, first, last]) {
	for (const p of cells.get(i + "," + j)?.pieces ?? []) {
		if (p.family !== family) continue;
		for (let n = 0; n < p.spans.length; n += 2) {
			const lo = Math.max(first, p.spans[n]), hi = Math.min(last, p.spans[n + 1]);
			if (lo > hi) continue;
			const egress = data.nodes[i].rules?.[p.egress] ?? -1, ingress = data.nodes[j].rules?.[p.ingress] ?? -1;
			const key = JSON.stringify([i, j, family, egress, ingress, p.from.addressGroup, p.to.addressGroup, !p.from.addresses, !p.to.addresses]);
			if (!parts.has(key)) parts.set(key, { family, egress, ingress, from: side(i, p.from), to: side(j, p.to), spans: new Map() });
			const part = parts.get(key);
			part.spans.set(lo + "-" + hi, [lo, hi]);
			for (const a of p.from.addresses ?? []) part.from.addresses.add(a);
			for (const a of p.to.addresses ?? []) part.to.addresses.add(a);
		}
	}
}

// entries are those of a node's rules in a direction and a family: [rule, about the other
// end, about some of the packets, first place, last place].
function entries(own, other, direction, [family, first, last]) {
	const list = [];
	for (const n of data.nodes[own].rules ?? []) {
		if (rules[n].direction !== direction) continue;
		for (const [f, lo, hi, end] of data.entries[n]) {
			if (f === family) list.push([n, data.ends[end].includes(other), lo <= last && first <= hi, lo, hi]);
		}
	}
	return list;
}

// blocks says which side of who does not reach whom lets nothing through, and which of
// its rules come nearest: they are about the packets, or about the other end.
function blocks(pairs) {
	const list = new Map();
	for (const [i, j, match] of pairs) {
		const holds = (own, other, direction) => entries(own, other, direction, match).some(([, about, fits]) => about && fits);
		for (const [own, other, direction, back] of [[i, j, "egress", "ingress"], [j, i, "ingress", "egress"]]) {
			if (!data.nodes[own].guarded || list.has(own + direction)) continue;
			if (holds(own, other, direction) && data.nodes[other].guarded && !holds(other, own, back)) continue;
			const near = entries(own, other, direction, match).filter(([, about, fits]) => about || fits);
			near.sort((a, b) => b[2] - a[2]);
			const nearest = near.filter(([n], at) => !at || near[at - 1][0] !== n).slice(0, 3);
			const count = (data.nodes[own].rules ?? []).filter((n) => rules[n].direction === direction).reduce((sum, n) => sum + data.entries[n].length, 0);
			list.set(own + direction, { direction, name: data.nodes[own].name, count, nearest: nearest.map(([n, , , lo, hi]) => ({ rule: rules[n], service: word([lo, hi]) })) });
		}
	}
	return [...list.values()];
}

function side(i, s) {
	return { name: data.nodes[i].name, outside: !!data.nodes[i].outside, some: !!s.addresses, unknown: !!s.unknown, addressGroup: s.addressGroup ?? "", addresses: new Set() };
}

function finished(part) {
	const done = (s) => ({ ...s, addresses: [...s.addresses].sort((a, b) => a - b).map((a) => data.addresses[a]) });
	const services = [...part.spans.values()].sort((a, b) => protocolOf(a).first - protocolOf(b).first || kind(a) - kind(b) || a[0] - b[0] || a[1] - b[1]).map(word);
	return { ...part, spans: undefined, from: done(part.from), to: done(part.to), services: [...new Set(services)] };
}

// every stands for all protocols together, which come last.
const every = { word: "any", first: Infinity, last: Infinity };
const protocolOf = ([first, last]) => data.line.find((p) => p.first <= first && last <= p.last) ?? every;

// kind orders what a service says inside its protocol: all, ports, a type, a code.
function kind([first, last]) {
	const p = protocolOf([first, last]);
	if (p === every || first === p.first && last === p.last) return 0;
	if (p.icmp) return first === last ? 3 : 2;
	return 1;
}

// word is a service as sgc writes it everywhere.
function word(span) {
	const p = protocolOf(span), lo = span[0] - p.first, hi = span[1] - p.first;
	switch (kind(span)) {
	case 0: return p.word;
	case 1: return `${p.word}/${Math.max(lo, 1)}` + (hi > Math.max(lo, 1) ? `-${hi}` : "");
	case 2: return `${p.word}/${lo >> 8}`;
	}
	return `${p.word}/${lo >> 8}:${lo & 255}`;
}

// ---- what people see ----

function element(name, attributes, ...children) {
	const e = document.createElement(name);
	for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
	e.append(...children);
	return e;
}

// words is a side where it is not just what was asked about.
function words(preposition, s, asked) {
	const most = 4;
	let some = s.addresses.slice(0, most).join(", ");
	if (s.addresses.length > most) some += `, ${s.addresses.length - most} more`;
	if (s.addressGroup) return ` ${preposition} ${s.name} if its address is in the address group ${s.addressGroup}`;
	if (s.unknown) return ` ${preposition} ${s.name} if its address is in ${some}`;
	if (s.some) return s.outside ? ` ${preposition} ${some}` : ` ${preposition} ${s.name} at ${some}`;
	return s.name === asked ? "" : ` ${preposition} ${s.name}`;
}

function show(from, to, service) {
	const box = byId("answer"), a = answer(from, to, service);
	box.replaceChildren();
	if (a.error) {
		box.append(element("p", { class: "verdict" }, a.error));
		return;
	}
	const text = a.verdict === "no" ? `: ${from} does not reach ${to} with ${service === "any" ? "any service" : service}` : `: ${from} reaches ${to} with ${service}`;
	box.append(element("p", { class: "verdict " + a.verdict.replace(" ", "-") }, element("b", {}, a.verdict), text));
	const list = element("ul", {});
	for (const [line, rules] of together(a.parts, from, to)) {
		const inner = element("ul", {});
		for (const r of rules) inner.append(element("li", {}, element("code", {}, r)));
		list.append(element("li", {}, line, inner));
	}
	for (const b of a.blocks) {
		const inner = element("ul", {});
		for (const { rule, service } of b.nearest) inner.append(element("li", {}, element("code", {}, `${rule.line}: ${rule.path}: ${service} ${b.direction === "egress" ? "to" : "from"} "${rule.peer}"`)));
		const why = b.nearest.length ? "; nearest:" : b.count ? `: of its ${b.count} ${b.count === 1 ? "rule" : "rules"} none is about ${service} or about the other end` : ": it has no rules";
		list.append(element("li", {}, `${b.direction} of ${b.name} blocks${why}`, inner));
	}
	if (list.children.length) box.append(list);
	if (a.itself) box.append(element("p", {}, "Neighbour discovery always passes on its own link, whatever the rules say."));
	if (a.stateless.length) box.append(element("p", {}, `${a.stateless.join(", ")} is stateless: replies need rules of their own.`));
	box.append(element("p", { class: "faint" }, "The same on the command line, in the policy's folder: ", command(from, to, service)));
}

function command(...question) {
	const [from, to, service] = question.map((s) => (/^[\w.\/:-]+$/.test(s) ? s : `'${s.replaceAll("'", "'\\''")}'`));
	return element("code", {}, `sgc can --from ${from} --to ${to} --service ${service}`);
}

// together is lines of what passes, alike in both families as one, with their rules.
function together(parts, from, to) {
	const lines = new Map();
	for (const p of parts) {
		const by = [];
		for (const [n, preposition] of [[p.egress, "to"], [p.ingress, "from"]]) {
			if (n >= 0) by.push(`${rules[n].line}: ${rules[n].path} ${preposition} "${rules[n].peer}"`);
		}
		const like = (s) => [s.name, s.unknown, s.addressGroup, s.some];
		const key = JSON.stringify([p.services, by, like(p.from), like(p.to)]);
		const line = lines.get(key);
		if (!line) {
			lines.set(key, { ...p, by, families: ["IPv" + p.family] });
			continue;
		}
		line.families.push("IPv" + p.family);
		line.from = { ...line.from, addresses: line.from.addresses.concat(p.from.addresses) };
		line.to = { ...line.to, addresses: line.to.addresses.concat(p.to.addresses) };
	}
	return [...lines.values()].map((l) => [`${l.services.join(", ")}${words("from", l.from, from)}${words("to", l.to, to)} (${l.families.join(", ")})`, l.by]);
}

// The question stands in the address, so that it is a link. An end that it leaves out is
// the one that stands there.
function asked() {
	const wanted = new URLSearchParams(location.hash.slice(1));
	const ends = ["from", "to"].filter((name) => wanted.has(name));
	if (!ends.length) return;
	for (const name of ends) byId(name).value = wanted.get(name);
	byId("service").value = wanted.get("service") ?? "any";
	const unknown = ends.find((name) => !byId(name).value);
	if (!unknown) return show(byId("from").value, byId("to").value, byId("service").value);
	const [from, to] = ["from", "to"].map((name) => byId(name).value || (wanted.get(name) ?? ""));
	byId("answer").replaceChildren(
		element("p", { class: "verdict" }, `this page has no "${wanted.get(unknown)}": it knows names alone`),
		element("p", { class: "faint" }, "The command line knows addresses and networks, too: ", command(from, to, byId("service").value)));
}

function ask(from, to, service) {
	history.replaceState(null, "", "#" + new URLSearchParams({ from, to, service }));
	asked();
}

if (byId("question")) {
	byId("services").append(...Object.keys(data.services).sort().map((s) => element("option", { value: s })));
	byId("question").addEventListener("submit", (event) => {
		event.preventDefault();
		ask(byId("from").value, byId("to").value, byId("service").value.trim() || "any");
	});
	// A cell of the matrix asks about itself.
	for (const b of document.querySelectorAll(".matrix button")) {
		b.addEventListener("click", () => {
			ask(b.dataset.from, b.dataset.to, "any");
			byId("ask").scrollIntoView();
			byId("ask").focus({ preventScroll: true });
		});
	}
	addEventListener("hashchange", asked);
	asked();
}

// What depends on addresses that nobody knows is shown where somebody asks for it.
const folded = byId("folded");
folded?.addEventListener("change", search);
byId("filter").addEventListener("input", search);

// search keeps what contains a word: of the matrix cells, of the other tables rows, of
// the drawing whom the names mean and what the rows are about.
function search() {
	const wanted = byId("filter").value.trim().toLowerCase();
	const has = (text) => text.toLowerCase().includes(wanted);
	let shown = 0;
	const keep = (e, on) => {
		e.classList.toggle("hidden", !on);
		if (on) shown++;
	};
	for (const row of document.querySelectorAll(".rules tbody tr, .names tbody tr, .list tbody tr")) {
		keep(row, has(row.textContent) && (wanted || folded?.checked || !row.classList.contains("perhaps")));
	}
	for (const row of document.querySelectorAll(".matrix tbody tr")) {
		const named = has(row.querySelector("th").textContent);
		let kept = 0;
		for (const b of row.querySelectorAll("button")) {
			const on = named || has(b.dataset.words) || has(b.dataset.to);
			b.parentElement.classList.toggle("off", !on);
			b.disabled = !on;
			if (on) kept++;
		}
		row.classList.toggle("hidden", kept === 0);
	}
	const kept = (table) => [...document.querySelectorAll(`${table} tbody tr:not(.hidden)`)];
	byId("filter-count").replaceChildren();
	if (wanted) {
		const first = [".list", ".matrix", ".rules", ".names"].find((table) => kept(table).length) ?? ".list";
		byId("filter-count").append(element("a", { href: "#" + document.querySelector(first).closest("section").id }, `${shown} ${shown === 1 ? "row" : "rows"}`));
	}
	if (!wanted) return choose(numbers(byId("chosen").dataset.nodes));
	const pairs = kept(".list").filter((row) => has(row.cells[2].textContent)).map((row) => [numbers(row.dataset.from), numbers(row.dataset.to)]);
	for (const [n, row] of [...document.querySelectorAll(".rules tbody tr")].entries()) {
		if (!has(row.cells[2].textContent + " " + row.cells[3].textContent)) continue;
		const own = data.nodes.flatMap((node, i) => (node.rules?.includes(n) ? [i] : [])), others = data.entries[n].flatMap((entry) => data.ends[entry[3]]);
		pairs.push(row.cells[1].textContent === "egress" ? [own, others] : [others, own]);
	}
	highlight(kept(".names").map((row) => Number(row.dataset.node)), pairs);
}

const pictures = [...document.querySelectorAll(".picture")];
const numbers = (list) => (list ?? "").split(" ").filter(Boolean).map(Number);
const meet = (a, b) => a.some((n) => b.includes(n));

// marks are the lines of the drawings and the words on them, demanded those words that are
// shown on demand, with the ways of their lines.
const marks = [...document.querySelectorAll(".picture [data-from]")].map((e) => ({ e, from: numbers(e.dataset.from), to: numbers(e.dataset.to) }));
const like = (e, what) => [e.closest("svg").parentElement.className, e.dataset.from, e.dataset.to, e.getAttribute("class").replace(what, "")].join("|");
const ways = new Map(marks.filter((m) => m.e.matches(".arrow")).map((m) => [like(m.e, /^arrow/), m.e.querySelector("path")]));
const demanded = marks.filter((m) => m.e.matches(".label.asked")).map((m) => ({ ...m, way: ways.get(like(m.e, /^label| asked$/g)) }));
const boxes = [...document.querySelectorAll(".picture .box")].map((e) => ({ e, nodes: numbers(e.dataset.node) }));

// highlight shows the arrows of some nodes, and those of who sends to whom in some pairs.
function highlight(nodes, pairs = []) {
	for (const picture of pictures) {
		picture.classList.toggle("chosen", nodes.length + pairs.length > 0);
		const sends = [], receives = [];
		for (const { e, from, to } of marks.filter((m) => picture.contains(m.e))) {
			const found = pairs.filter(([senders, receivers]) => meet(from, senders) && meet(to, receivers));
			if (meet(from, nodes)) receives.push(...to);
			if (meet(to, nodes)) sends.push(...from);
			for (const [senders, receivers] of found) {
				sends.push(...senders.filter((n) => from.includes(n)));
				receives.push(...receivers.filter((n) => to.includes(n)));
			}
			e.classList.toggle("on", found.length > 0 || meet(from, nodes) || meet(to, nodes));
		}
		const ends = { sends: new Set(sends), receives: new Set(receives), both: new Set([...sends, ...receives]) };
		for (const { e, nodes: own } of boxes.filter((b) => picture.contains(b.e))) {
			const side = ["sends", "receives"].find((name) => e.classList.contains(name)) ?? "both";
			e.classList.toggle("on", meet(own, nodes) || own.some((n) => ends[side].has(n)));
		}
	}
	spread(nodes);
	bring(boxes.find((b) => meet(b.nodes, nodes) && b.e.checkVisibility())?.e ?? boxes.find((b) => b.e.matches(".chosen .on") && b.e.checkVisibility())?.e);
}

// spread puts words that are shown on demand on their arrows, near whom they are shown
// for, where there is no box and are no other words. Those without room are in the tables.
function spread(nodes) {
	const picture = pictures.find((p) => p.checkVisibility());
	const taken = boxes.filter((b) => picture?.contains(b.e)).map((b) => b.e.getBBox());
	for (const { e, from, way: path } of demanded) {
		if (!picture?.contains(e) || !e.matches(".on")) continue;
		const length = path.getTotalLength(), box = e.getBBox();
		const x = box.x + box.width / 2, y = box.y + box.height / 2;
		let to;
		const free = Array.from({ length: 21 }, (_, n) => Math.min(length / 2, 200) + 15 * Math.ceil(n / 2) * (n % 2 ? 1 : -1)).some((way) => {
			if (way < 0 || way > length) return false;
			const p = path.getPointAtLength(meet(from, nodes) ? way : length - way);
			to = { x: box.x + p.x - x, y: box.y + p.y - y, width: box.width + 4, height: box.height + 4 };
			return !taken.some((t) => to.x < t.x + t.width && t.x < to.x + to.width && to.y < t.y + t.height && t.y < to.y + to.height);
		});
		e.classList.toggle("crowded", !free);
		if (!free) continue;
		e.setAttribute("transform", `translate(${to.x - box.x} ${to.y - box.y})`);
		taken.push(to);
	}
}

// bring scrolls the drawing to what is not in view.
function bring(e) {
	if (!e) return;
	const pane = byId("drawing"), seen = pane.getBoundingClientRect(), { x, y, width, height } = e.getBoundingClientRect();
	if (x < seen.x || y < seen.y || x + width > seen.right || y + height > Math.min(seen.bottom, innerHeight)) {
		pane.scrollBy(x + width / 2 - seen.x - seen.width / 2, y + height / 2 - seen.y - seen.height / 2);
	}
}

// choose shows all about a node, or about those that one box stands for: their arrows with
// their words, and below the drawing what passes and by which rules.
function choose(nodes) {
	byId("chosen").dataset.nodes = nodes.join(" ");
	if (byId("highlight")) byId("highlight").value = nodes.length === 1 ? nodes[0] : "";
	highlight(nodes);
	const chosen = byId("chosen");
	chosen.replaceChildren();
	if (!nodes.length) return;
	const tiers = nodes.flatMap((n) => data.nodes[n].tiers ?? []), names = nodes.map((n) => data.nodes[n].name);
	const title = names.length > 1 ? `${names.length} alike` : names[0];
	chosen.append(element("h3", {}, title));
	if (nodes.length > 1) {
		chosen.append(element("p", { class: "tools" }, ...nodes.map((n) => {
			const one = element("button", { type: "button" }, data.nodes[n].name);
			one.addEventListener("click", () => choose([n]));
			return one;
		})));
	}
	for (const [table, wanted] of [
		[document.querySelector(".list"), (row) => meet(numbers(row.dataset.from), nodes) || meet(numbers(row.dataset.to), nodes)],
		[document.querySelector(".rules"), (row) => tiers.includes(row.cells[0].textContent) || [...names, ...tiers].includes(row.dataset.peer)],
	]) {
		const rows = [...(table?.tBodies[0].rows ?? [])].filter(wanted).map((row) => row.cloneNode(true));
		if (!rows.length) continue;
		for (const row of rows) row.classList.remove("hidden", "perhaps");
		const body = element("tbody", {}, ...rows);
		chosen.append(element("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": `${title}: ${table.closest("section").querySelector("h2").textContent}` }, element("table", { class: table.className }, table.tHead.cloneNode(true), body)));
	}
}

// opening is how large a drawing is at first: as wide as the page, and as high as the
// window, where words stay legible. Fitting is where it is all there.
const room = () => ({ width: byId("drawing").clientWidth - 18, height: innerHeight * 0.85 - 18 });
const opening = ({ width, height }) => Math.max(Math.min(1.2, room().width / width, Math.max(room().height / height, 0.75)), 0.6);
const fitting = ({ width, height }) => Math.min(1.2, room().width / width, room().height / height);

let scale = 1;
function resize(to) {
	scale = to;
	for (const picture of pictures) {
		const { width, height } = picture.viewBox.baseVal;
		const by = to * opening({ width, height });
		picture.setAttribute("width", width * by);
		picture.setAttribute("height", height * by);
	}
}

if (pictures.length) {
	const choice = byId("highlight"), unbundle = byId("unbundle"), drawing = byId("drawing");
	data.nodes.forEach((n, i) => n.share || choice.append(element("option", { value: i }, n.name)));
	choice.addEventListener("change", () => choose(numbers(choice.value)));
	unbundle.hidden = !document.querySelector(".whole");
	unbundle.addEventListener("click", () => {
		unbundle.textContent = drawing.classList.toggle("unbundled") ? "Alike ones together" : "Each on its own";
		choose(numbers(byId("chosen").dataset.nodes));
	});
	for (const { e, nodes } of boxes) {
		e.addEventListener("click", () => choose(byId("chosen").dataset.nodes === nodes.join(" ") ? [] : nodes));
	}
	new ResizeObserver(() => resize(scale)).observe(drawing);
	byId("larger").addEventListener("click", () => resize(scale * 1.25));
	byId("smaller").addEventListener("click", () => resize(scale / 1.25));
	byId("fit").addEventListener("click", () => {
		const seen = pictures.find((p) => p.checkVisibility()).viewBox.baseVal;
		resize(fitting(seen) / opening(seen));
	});
}
search();
