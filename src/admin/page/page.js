// The status each second, and the records as they come.

// The most that is shown of either.
const ARTICLES = 8, LETTERS = 5;
// Between two articles while they are followed, in milliseconds.
const PACE = 3000;
// Without a word for so long the connection is taken to be lost.
const SILENCE = 5000;

const by = id => document.getElementById(id);
const put = (id, text) => { const at = by(id); if (at.textContent !== text) at.textContent = text; };
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const count = n => whole.format(n);
const rate = n => n >= 100 ? whole.format(n) : String(Math.round(n * 10) / 10);
function bytes(n) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let at = 0;
  while (n >= 1000 && at < units.length - 1) { n /= 1024; at++; }
  return (at && n < 10 ? n.toFixed(1) : Math.round(n)) + " " + units[at];
}
function seconds(n) {
  if (n === null || n === undefined) return "–";
  if (n < 0.001) return Math.round(n * 1e6) + " µs";
  if (n < 1) return (n < 0.01 ? (n * 1e3).toFixed(1) : Math.round(n * 1e3)) + " ms";
  if (n < 120) return n.toFixed(n < 10 && !Number.isInteger(n) ? 1 : 0) + " s";
  return n < 7200 ? Math.round(n / 60) + " min" : n < 172800 ? Math.round(n / 3600) + " h" : Math.round(n / 86400) + " days";
}
const words = name => name.replaceAll("_", " ");

// Rows of a description list; with bars where the list has the class.
function rows(id, entries, none) {
  const list = by(id), bars = list.classList.contains("bars");
  const most = Math.max(1, ...entries.map(entry => entry.count));
  const made = entries.map(({ name, count: n, cls }) => {
    const row = make("div");
    if (bars) {
      const bar = make("i", { class: cls, "aria-hidden": "true" });
      bar.style.inlineSize = 100 * n / most + "%";
      row.append(make("dt", null, bar, make("span", null, name)), make("dd", null, count(n)));
    } else {
      row.append(make("dt", null, name), make("dd", null, count(n)));
    }
    return row;
  });
  if (!made.length) made.push(make("div", null, make("dt", { class: "none" }, none || "none"), make("dd", { class: "none" }, "0")));
  list.replaceChildren(...made);
}
const sorted = counts => Object.entries(counts).map(([name, n]) => ({ name: words(name), count: n }))
  .filter(entry => entry.count > 0).sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));

function chart(id, values, label) {
  const SVG = "http://www.w3.org/2000/svg", WIDTH = 120, HEIGHT = 30;
  const most = Math.max(1, ...values), left = WIDTH - values.length;
  const y = value => (HEIGHT - 1 - (HEIGHT - 3) * value / most).toFixed(1);
  const line = values.map((value, i) => "L" + (left + i + 0.5) + " " + y(value)).join("");
  const at = by(id);
  let svg = at.firstChild;
  if (!svg) {
    svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 " + WIDTH + " " + HEIGHT);
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("role", "img");
    svg.append(document.createElementNS(SVG, "path"));
    at.append(svg);
  }
  at.dataset.scale = "2 min, at most " + count(Math.max(0, ...values));
  svg.setAttribute("aria-label", label + ", last two minutes, at most " + count(Math.max(0, ...values)));
  svg.firstChild.setAttribute("d", values.length ? "M" + (left + 0.5) + " " + HEIGHT + line + "L" + (WIDTH - 0.5) + " " + HEIGHT + "Z" : "");
}

function table(id, lines, none) {
  const made = lines.map(([head, ...cells]) => make("tr", null, make("th", { scope: "row" }, make("bdi", null, head)),
    ...cells.map(cell => cell instanceof Node ? make("td", null, cell) : make("td", null, cell))));
  if (!made.length) made.push(make("tr", null, make("td", { colspan: 7, class: "none" }, none)));
  by(id).replaceChildren(...made);
}

function show(status) {
  const { instance, state, records, rates, latency, memory, progress, quality, history } = status;
  by("state").className = "state " + (state.ready ? "good" : "bad");
  put("state-word", state.draining ? "ending" : state.ready ? "ready" : "not ready");
  put("build", "khabar " + instance.version + " · up " + seconds(instance.uptime_seconds));
  const problems = state.problems.map(text => make("li", null, text)).concat(state.notes.map(text => make("li", { class: "note" }, text)));
  by("problems").replaceChildren(...problems);
  by("problems").hidden = !problems.length;

  put("published-rate", rate(rates.published));
  put("consumed-rate", rate(rates.consumed) + "/s");
  put("consumed-bytes", bytes(rates.consumed_bytes) + "/s");
  put("published-bytes", bytes(rates.published_bytes) + "/s");
  chart("published-chart", history.published, "Records published a second");
  // Of what nobody owns here the lag is not known.
  put("lag", progress.partitions ? count(progress.lag) : "–");
  put("catch-up", !progress.partitions ? "nothing owned" : progress.lag === 0 ? "yes" : progress.rate > 0 ? "in " + seconds(progress.lag / progress.rate) : "not moving");
  put("assigned", count(progress.partitions));
  chart("lag-chart", history.lag, "Lag in records");
  put("p50", seconds(latency.p50));
  put("p95", seconds(latency.p95));
  put("p99", seconds(latency.p99));
  by("stages").replaceChildren(...["decode", "extract", "encode"].filter(name => name in status.stages).map(name => {
    const stage = status.stages[name];
    return make("div", null, make("dt", null, name), make("dd", null, seconds(stage.seconds) + (stage.queue > 0 ? ", " + count(stage.queue) + " wait" : "")));
  }));
  put("in-flight-bytes", bytes(memory.in_flight_bytes));
  put("budget", "of " + bytes(memory.budget_bytes));
  const share = memory.budget_bytes ? Math.min(1, memory.in_flight_bytes / memory.budget_bytes) : 0;
  by("budget-bar").style.inlineSize = 100 * share + "%";
  by("budget-bar").parentNode.classList.toggle("full", memory.paused);
  put("in-flight", count(records.in_flight));
  put("producer-queue", count(memory.producer_queue));
  put("paused", memory.paused ? "waits for memory" : memory.paused_partitions ? memory.paused_partitions + " partitions wait" : "goes on");

  rows("records", ["consumed", "published", "dead_lettered", "dropped", "abandoned", "in_flight"].map(name => ({ name: words(name), count: records[name] })));
  rows("dead-letters", sorted(status.dead_letters));
  rows("empty", sorted(quality.empty_results));
  rows("open", [{ name: "quotes without a speaker", count: quality.unattributed_quotes }, { name: "times without a full value", count: quality.unresolved_times }]);
  put("density", quality.entities_per_thousand_characters === null ? "–" : String(quality.entities_per_thousand_characters));
  rows("entities", Object.keys(HEADINGS).filter(type => quality.entities[type]).map(type => ({ name: HEADINGS[type], count: quality.entities[type], cls: CLASSES[type] })));

  const articles = Object.values(quality.languages).reduce((sum, language) => sum + language.articles, 0);
  table("languages", Object.entries(quality.languages).filter(([, language]) => language.articles > 0)
    .sort((a, b) => b[1].articles - a[1].articles)
    .map(([code, language]) => [LANGUAGES[code] || code, count(language.articles), Math.round(100 * language.articles / articles) + " %",
      language.entities_per_thousand_characters === null ? "–" : language.entities_per_thousand_characters.toFixed(2)]), "no article yet");
  const known = n => n === null ? "–" : count(n);
  table("partitions", status.partitions.map(p => [p.topic + "/" + p.partition,
    p.waiting ? make("span", { class: "warn" }, known(p.lag) + ", waits: " + words(p.waiting)) : known(p.lag),
    p.end > 0 && p.watermark !== null ? Math.floor(100 * p.watermark / p.end) + " %" : "–", rate(p.rate), known(p.watermark), known(p.end), count(p.in_flight)]),
    "none assigned");
  const more = progress.partitions - status.partitions.length;
  put("partitions-caption", more > 0 ? "Partitions with the greatest lag; " + count(more) + " more are not shown" : "Partitions");

  const models = Object.entries(instance.models).map(([language, version]) => language + " " + version).join(", ");
  put("about", "khabar " + instance.version + " · settings " + instance.config + " · knowledge base " + instance.knowledge_base + (models ? " · models " + models : ""));
  if (!status.samples) {
    put("articles-note", "Articles are not shown: this instance runs with --no-samples or admin.samples = false.");
    put("letters-note", "Dead letters are not shown, for the same reason; their reasons are counted above.");
    by("follow").hidden = true;
  }
  document.title = (state.ready ? "" : "! ") + rate(rates.published) + "/s · khabar";
}

// Articles come at a pace at which they can be read, and not while somebody reads: a pointer or the keyboard
// within the list, or the list scrolled under the window's edge.
const waiting = [], letters = [];
let following = true, latest = 0;
function isRead(list) {
  return list.matches(":hover, :focus-within") || list.getBoundingClientRect().top < 0;
}
function held(newer, why) {
  return count(newer.length) + (newer.length < 20 ? "" : " or more") + " newer: " + why;
}
// Dead letters come at once, and not while somebody reads one.
function arrangeLetters() {
  const list = by("letters");
  if (!letters.length) return;
  if (list.childElementCount && (isRead(list) || list.querySelector("details[open]"))) {
    put("letters-note", held(letters, "they come once you close what you read, and point elsewhere"));
    return;
  }
  list.prepend(...letters.splice(0).slice(-LETTERS).reverse().map(letter));
  while (list.childElementCount > LETTERS) list.lastChild.remove();
  put("letters-note", "The latest are first.");
}
function arrange() {
  const first = !by("articles").childElementCount;
  if (waiting.length && (first || (following && !isRead(by("articles")) && Date.now() - latest >= PACE))) {
    by("articles").prepend(...waiting.splice(0).slice(-ARTICLES).reverse().map(article));
    while (by("articles").childElementCount > ARTICLES) by("articles").lastChild.remove();
    latest = Date.now();
  }
  if (by("articles").childElementCount) {
    const wait = waiting.length && (!following || isRead(by("articles")));
    const why = following ? "they come once you point and read elsewhere" : "press Follow to see them";
    put("articles-note", wait ? held(waiting, why) : "The latest are first.");
  }
}
by("follow").addEventListener("click", () => {
  following = !following;
  by("follow").setAttribute("aria-pressed", String(following));
  latest = 0;
  arrange();
});
setInterval(arrange, 500);
setInterval(arrangeLetters, 500);

let heard = Date.now();
function lost(is) {
  document.body.classList.toggle("stale", is);
  if (is) {
    by("state").className = "state bad";
    put("state-word", "no connection: these are the last numbers");
  }
}
setInterval(() => { if (Date.now() - heard > SILENCE) lost(true); }, 1000);

let source, seen = "";
function connect() {
  // What was seen before a refusal is not sent again.
  source = new EventSource(seen ? "events?after=" + encodeURIComponent(seen) : "events");
  const on = (name, what) => source.addEventListener(name, event => {
    heard = Date.now();
    seen = event.lastEventId || seen;
    what(JSON.parse(event.data));
  });
  on("status", status => { lost(false); show(status); });
  on("article", record => {
    waiting.push(record);
    if (waiting.length > 20) waiting.shift();
  });
  on("dead-letter", sampled => {
    letters.push(sampled);
    if (letters.length > 20) letters.shift();
    arrangeLetters();
  });
  // A browser tries again by itself, but not after an answer such as "too many watch".
  source.addEventListener("error", () => {
    lost(true);
    if (source.readyState === EventSource.CLOSED) refused().finally(() => setTimeout(connect, 3000));
  });
}
// Why there is no stream, in the server's words, which an EventSource keeps to itself; numbers come without one too.
async function refused() {
  const stop = new AbortController();
  try {
    const answer = await fetch("events", { signal: stop.signal });
    if (answer.ok) return;
    const why = (await answer.text()).trim();
    show(await (await fetch("status.json", { signal: stop.signal })).json());
    heard = Date.now();
    document.body.classList.remove("stale");
    by("state").className = "state bad";
    put("state-word", why + "; numbers come every few seconds, articles do not");
  } catch {
    // Nobody answers: the last numbers stand.
  } finally {
    stop.abort();
  }
}
connect();
