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
	if (!Object.hasOwn(data.protocols, name)) return null;
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
	if (!matches) return { error: `unknown service "${service}": write a name, or as in tcp/5432, udp/1-1024, icmp/3:4, esp` };
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
	const text = a.verdict === "no" ? `: ${from} does not reach ${to} with ${service}` : `: ${from} reaches ${to} with ${service}`;
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
	const quoted = [from, to, service].map((s) => (/^[\w.\/:-]+$/.test(s) ? s : `'${s.replaceAll("'", "'\\''")}'`));
	box.append(element("p", { class: "faint" }, "The same on the command line, in the policy's folder: ",
		element("code", {}, `sgc can --from ${quoted[0]} --to ${quoted[1]} --service ${quoted[2]}`)));
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

// The question stands in the address, so that it is a link.
const ends = { from: "public", to: "public", service: "any" };

function asked() {
	const wanted = new URLSearchParams(location.hash.slice(1));
	if (!wanted.has("from") || !wanted.has("to")) return;
	for (const name in ends) byId(name).value = wanted.get(name) ?? ends[name];
	if (byId("from").value && byId("to").value) show(byId("from").value, byId("to").value, byId("service").value);
	else byId("answer").replaceChildren(element("p", { class: "verdict" }, `the policy has no "${wanted.get(byId("from").value ? "to" : "from")}"`));
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
// the drawing the boxes whose names, tiers or addresses do.
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
	byId("filter-count").textContent = wanted ? `${shown} ${shown === 1 ? "row" : "rows"}` : "";
	const found = [...document.querySelectorAll(".names tbody tr")].filter((row) => has(row.textContent)).map((row) => row.dataset.node);
	highlight(wanted ? found : []);
}

const pictures = [...document.querySelectorAll(".picture")];
const among = (list, nodes) => (list ?? "").split(" ").some((n) => nodes.includes(n));

// highlight shows the arrows of some nodes, or of all.
function highlight(nodes) {
	for (const picture of pictures) {
		picture.classList.toggle("chosen", nodes.length > 0);
		const beside = [...nodes];
		for (const e of picture.querySelectorAll("[data-from]")) {
			const on = among(e.dataset.from, nodes) || among(e.dataset.to, nodes);
			e.classList.toggle("on", on);
			if (on) beside.push(...(among(e.dataset.from, nodes) ? e.dataset.to : e.dataset.from).split(" "));
		}
		for (const e of picture.querySelectorAll(".box")) e.classList.toggle("on", among(e.dataset.node, beside));
	}
}

// choose shows all about a node: its arrows with their words, and below the drawing
// what passes and by which rules.
function choose(node) {
	byId("highlight").value = node;
	highlight(node === "" ? [] : [node]);
	const chosen = byId("chosen");
	chosen.replaceChildren();
	if (node === "") return;
	const { name, tiers } = data.nodes[node];
	chosen.append(element("h3", {}, name));
	const names = [name, ...(tiers ?? [])];
	for (const [table, wanted] of [
		[document.querySelector(".list"), (row) => among(row.dataset.from, [node]) || among(row.dataset.to, [node])],
		[document.querySelector(".rules"), (row) => (tiers ?? []).includes(row.cells[0].textContent) || names.includes(row.dataset.peer)],
	]) {
		const rows = [...(table?.tBodies[0].rows ?? [])].filter(wanted).map((row) => row.cloneNode(true));
		if (!rows.length) continue;
		for (const row of rows) row.classList.remove("hidden", "perhaps");
		const body = element("tbody", {}, ...rows);
		chosen.append(element("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": `${name}: ${table.closest("section").querySelector("h2").textContent}` }, element("table", { class: table.className }, table.tHead.cloneNode(true), body)));
	}
}

// As wide as the page where words stay legible, and by the buttons.
let scale = 1;
function resize(to) {
	for (const picture of pictures) {
		const { width, height } = picture.viewBox.baseVal;
		const fitted = Math.min(1.2, (byId("drawing").clientWidth - 18) / width);
		scale = to;
		const by = to * Math.max(fitted, 0.6);
		picture.setAttribute("width", width * by);
		picture.setAttribute("height", height * by);
	}
}

if (pictures.length) {
	const choice = byId("highlight"), unbundle = byId("unbundle"), drawing = byId("drawing");
	data.nodes.forEach((n, i) => n.share || choice.append(element("option", { value: i }, n.name)));
	choice.addEventListener("change", () => choose(choice.value));
	const whole = (on) => {
		drawing.classList.toggle("unbundled", on);
		unbundle.setAttribute("aria-pressed", on);
	};
	unbundle.hidden = !document.querySelector(".whole");
	unbundle.addEventListener("click", () => whole(!drawing.classList.contains("unbundled")));
	for (const b of document.querySelectorAll(".picture .box")) {
		b.addEventListener("click", () => {
			const nodes = b.dataset.node.split(" ");
			if (nodes.length > 1 && !unbundle.hidden) whole(true);
			choose(choice.value === nodes[0] ? "" : nodes[0]);
		});
	}
	new ResizeObserver(() => resize(scale)).observe(drawing);
	byId("larger").addEventListener("click", () => resize(scale * 1.25));
	byId("smaller").addEventListener("click", () => resize(scale / 1.25));
	byId("fit").addEventListener("click", () => resize(1));
}
search();
