"use strict";
// Records as elements. All of their text is foreign: it becomes text nodes and nothing else.

// What could steer or reorder what surrounds it: as the terminal's renderer, which is src/render/clean.rs.
const STEERING = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g;
function clean(text) {
  return String(text).replace(/\r\n?|[\u0085\u2028\u2029]/g, "\n").replace(/\t/g, " ").replace(STEERING, "");
}

// An element with attributes (class, dir, …) and children; strings become text.
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.map(child => child instanceof Node ? child : document.createTextNode(clean(child))));
  return element;
}

const CLASSES = { PER: "per", ORG: "org", LOC: "loc", EVENT: "event", MISC: "misc" };
const HEADINGS = { PER: "People", ORG: "Organisations", LOC: "Places", EVENT: "Events", MISC: "Other names" };
const KINDS = { PER: "person", ORG: "organisation", LOC: "place", EVENT: "event", MISC: "name" };
const LANGUAGES = { ar: "Arabic", en: "English", fr: "French", ru: "Russian", fa: "Persian", ur: "Urdu", es: "Spanish", de: "German",
  other: "others", unknown: "not told" };
const RIGHT_TO_LEFT = ["ar", "fa", "ur", "he", "ckb", "ps"];
// The most that is shown of a body before it is asked for, in UTF-16 units.
const SHORT = 900;

function english(entity) { return entity.name_en || entity.name; }

// Annotations of one field as nested marks: [from, to, class, title], in UTF-16 units.
function marksOf(record, field) {
  const entities = new Map(record.entities.map(entity => [entity.id, entity]));
  const marks = [];
  const add = (rank, spans, cls, title) => spans.filter(s => s.field === field).forEach(s =>
    marks.push({ from: s.utf16[0], to: s.utf16[1], rank, cls: cls(s), title: title(s) }));
  const span = list => list.map(item => ({ ...item, ...(item.span || {}) }));
  add(0, span(record.quotes), () => "quote", q => "said by " + speaker(record, q));
  add(1, span(record.quantities), () => "value", q => q.value + (q.unit ? " " + q.unit : ""));
  add(2, span(record.times), () => "value", t => t.value);
  add(3, span(record.mentions), m => CLASSES[m.type] || "misc", m => {
    const entity = entities.get(m.entity);
    return (KINDS[m.type] || m.type) + (entity ? ": " + english(entity) : "");
  });
  return marks;
}

// Text with its marks. Where two marks cross, the one that begins later is cut in two at the border.
function marked(parent, text, marks, upto) {
  const queue = marks.filter(m => m.from < m.to && m.to <= text.length && m.from < upto)
    .map(m => ({ ...m, to: Math.min(m.to, upto) }));
  const order = (a, b) => a.from - b.from || b.to - a.to || a.rank - b.rank;
  queue.sort(order);
  let at = 0;
  const open = [{ to: upto, element: parent }];
  const put = to => {
    if (to > at) open[open.length - 1].element.append(document.createTextNode(clean(text.slice(at, to))));
    at = Math.max(at, to);
  };
  const close = to => {
    while (open.length > 1 && open[open.length - 1].to <= to) {
      put(open[open.length - 1].to);
      open.pop();
    }
  };
  while (queue.length) {
    const mark = queue.shift();
    close(mark.from);
    const border = open[open.length - 1].to;
    if (mark.to > border) {
      queue.push({ ...mark, to: border }, { ...mark, from: border });
      queue.sort(order);
      continue;
    }
    put(mark.from);
    const element = make("span", { class: mark.cls, title: clean(mark.title) });
    open[open.length - 1].element.append(element);
    open.push({ to: mark.to, element });
  }
  close(upto);
  put(upto);
}

function direction(record, text) {
  const language = record.language.detected;
  if (language) return RIGHT_TO_LEFT.includes(language) ? "rtl" : "ltr";
  const letter = /\p{L}/u.exec(text);
  return letter && /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(letter[0]) ? "rtl" : "ltr";
}

function speaker(record, quote) {
  const entity = record.entities.find(entity => entity.id === quote.speaker);
  return entity ? english(entity) : quote.speaker_text || "speaker not told";
}

function place(at) { return at ? at.topic + "/" + at.partition + "@" + at.offset : null; }

function field(record, name, tag, cls) {
  const text = record.text[name];
  const element = make(tag, { class: cls, dir: direction(record, text), lang: record.language.detected });
  return { element, text, marks: marksOf(record, name) };
}

// One enriched record.
function article(record) {
  const { title, body: whole } = record.text;
  const out = make("article", { class: direction(record, title || whole || "") });
  if (record.text.title) {
    const title = field(record, "title", "h3");
    marked(title.element, title.text, title.marks, title.text.length);
    out.append(title.element);
  } else {
    out.append(make("h3", { class: "none" }, "Without a title"));
  }
  const detected = record.language.detected;
  const by = [
    detected ? (LANGUAGES[detected] || detected) + " " + Math.round(record.language.confidence * 100) + " %" : "language not told",
    record.article.publisher, record.article.published && record.article.published.value.replace("T", " "),
    record.article.authors.length ? "by " + record.article.authors.join(", ") : null, place(record.source) || record.id,
  ].filter(Boolean);
  const line = make("p", { class: "by" });
  by.forEach((part, i) => line.append(i ? " · " : "", make("bdi", null, part)));
  out.append(line);
  const text = make("div"), facts = make("div", { class: "facts" });
  if (record.text.body) body(text, record);
  names(facts, record);
  quotes(facts, record);
  out.append(make("div", { class: "read" }, text, facts));
  return out;
}

function body(out, record) {
  const { element, text, marks } = field(record, "body", "div", "body");
  let upto = text.length;
  if (upto > SHORT * 1.3) {
    upto = text.lastIndexOf(" ", SHORT) > 0 ? text.lastIndexOf(" ", SHORT) : SHORT;
  }
  marked(element, text, marks, upto);
  out.append(element);
  if (upto < text.length) {
    const more = make("button", { type: "button" }, "Show all of it");
    more.addEventListener("click", () => {
      element.textContent = "";
      marked(element, text, marks, text.length);
      element.tabIndex = -1;
      element.focus();
      more.remove();
    });
    out.append(more);
  }
}

function names(out, record) {
  for (const [type, heading] of Object.entries(HEADINGS)) {
    const found = record.entities.filter(entity => entity.type === type);
    if (!found.length) continue;
    const list = make("ul", { class: "names" });
    for (const entity of found) {
      const name = make("span", { class: CLASSES[type] }, make("bdi", null, english(entity)));
      const item = make("li", null, name);
      if (entity.mentions.length > 1) item.append(make("small", null, "×" + entity.mentions.length));
      if (english(entity) !== entity.name) item.append(" ", make("bdi", { class: "soft" }, entity.name));
      list.append(item);
    }
    out.append(make("h4", null, heading), list);
  }
}

function quotes(out, record) {
  if (record.quotes.length) out.append(make("h4", null, "Said"));
  for (const quote of record.quotes) {
    const caption = make("figcaption", null, make("bdi", null, speaker(record, quote)));
    if (quote.cue) caption.append(" ", make("small", null, make("bdi", null, quote.cue)));
    const words = quote.kind === "direct" ? "“" + quote.text + "”" : quote.text;
    out.append(make("figure", { dir: direction(record, quote.text) }, caption, make("blockquote", null, words)));
  }
}

// One dead letter.
function letter(sampled) {
  const out = make("article", { class: "letter" }, make("h3", null, sampled.reason), make("p", null, sampled.message));
  const by = [place(sampled.source), sampled.value_bytes + " bytes", sampled.attempts > 1 ? sampled.attempts + " attempts" : null];
  out.append(make("p", { class: "by" }, by.filter(Boolean).join(" · ")));
  const content = sampled.value && ("text" in sampled.value ? sampled.value.text : sampled.value.base64);
  if (content) {
    const what = "text" in sampled.value ? "what was read" : "what was read, in base64";
    const cut = sampled.value_cut ? ", its beginning" : "";
    out.append(make("details", null, make("summary", null, what + cut), make("pre", { dir: "auto", tabindex: 0 }, content)));
  }
  return out;
}
