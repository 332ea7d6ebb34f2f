"""adjudicate.py sheets GOLD FOUND OUT: what a judge reads who must not know which annotation is whose.
adjudicate.py count OUT ANSWERS: precision, recall and F1 by the judge's answers.

Annotated articles have noise, and a rule that meets it is scored wrong. GOLD is annotated articles, FOUND what `khabar enrich` found in
them, in the same order. OUT gets `times.md`, `quantities.md` and `speakers.md`: every place where the two differ, with both annotations
in random order, among places where they agree and, of times and quantities, numbers and words of time that neither annotates. A judge
answers for each place all that is acceptable by the rules of annotation: `A`, `B`, `none` (nothing belongs there), `other`; ANSWERS is
a folder with `times.json`, `quantities.json` and `speakers.json`, of the form `{"0": ["A"], "1": ["none"]}`. Which annotation is whose
stands in OUT/key.json, which the judge does not see.

Where neither is acceptable the place counts as one that was missed. Places where both agree are taken as right; how many of those shown
the judge accepts, and how many of the distractors are rejected, is printed beside.
"""
import json
import random
import re
import sys

AGREED, DISTRACTORS, AGREED_SPEAKERS, SEED = 30, 20, 15, 7
TIMES = "مؤخرا|حاليا|الآن|اليوم|السابق|الماضية|القادم|لاحقا|قريبا"
NUMBERS = "اثنان|اثنين|ثلاثة|ثلاث|أربعة|أربع|خمسة|خمس|ستة|عشرة|عشرات|مئات|آلاف|ملايين|مرتين|الأول|الأولى|الثاني|الثانية|الثالث|الثالثة|واحد|واحدة|أحد|نصف|ضعف"
LOOSE = re.compile(rf"[0-9٠-٩]+(?:[.,][0-9]+)?|(?<!\w)(?:{TIMES}|{NUMBERS})(?!\w)")


def number(value):
    value = float(value)
    return str(int(value)) if value.is_integer() else repr(value)


def annotated(article, what):
    """Start, end and value of each annotation."""
    if what == "times":
        return [(t["start"], t["end"], decade(t["value"])) for t in article["times"]]
    value = lambda v: v.replace(" ", "") if isinstance(v, str) else number(v)
    return [(q["start"], q["end"], value(q["value"])) for q in article["quantities"]]


def found(record, what):
    if what == "times":
        return [(*t["char"], decade(t["value"])) for t in record["times"] if t["field"] == "body"]
    against = lambda q: "" if q.get("against") is None else "-" + number(q["against"])
    return [
        (*q["char"], number(q["value"]) + against(q))
        for q in record["quantities"]
        if q["field"] == "body" and q["kind"] != "duration"
    ]


def decade(value):
    """The 1970s are `197` in TIMEX3 and `197X` in ISO 8601-2."""
    return value[:-1] if re.fullmatch(r"\d{3}X", value) else value


def places(gold, ours):
    """Annotations that overlap, together: (those of gold, ours)."""
    todo = sorted([(*item, 0) for item in gold] + [(*item, 1) for item in ours])
    groups, end = [], -1
    for item in todo:
        if item[0] >= end:
            groups.append(([], []))
        groups[-1][item[3]].append(item[:3])
        end = max(end, item[1])
    return groups


def facts(articles, what, out, key):
    same, other, loose = [], [], []
    for article, record in zip(articles, key["records"]):
        body, gold, ours = article["body"], annotated(article, what), found(record, what)
        for group in places(gold, ours):
            (same if group[0] == group[1] else other).append((article, *group))
        key[what]["right"] += len(set(gold) & set(ours))
        key[what]["found"] += len(ours)
        taken = [span for w in ("times", "quantities") for span in annotated(article, w) + found(record, w)]
        for match in LOOSE.finditer(body):
            about_time = re.fullmatch(TIMES, match.group()) is not None
            if about_time == (what == "times") and not any(s < match.end() and match.start() < e for s, e, _ in taken):
                loose.append((article, match.span()))
    rows = [("differ", *row) for row in other]
    rows += [("agree", *row) for row in random.sample(same, min(AGREED, len(same)))]
    rows += [("neither", a, [(*span, "its value")], []) for a, span in random.sample(loose, min(DISTRACTORS, len(loose)))]
    random.shuffle(rows)
    with open(f"{out}/{what}.md", "w", encoding="utf8") as sheet:
        for place, (kind, article, gold, ours) in enumerate(rows):
            body = article["body"]
            start, end = min(i[0] for i in gold + ours), max(i[1] for i in gold + ours)
            sheet.write(f"## {place} (published {article['date'][:10]})\n")
            sheet.write(f"…{body[max(0, start - 160):start]}⟦{body[start:end]}⟧{body[end:end + 110]}…\n")
            ways = [("gold", gold), ("ours", ours)] if kind == "differ" else [("both", gold)]
            ways = [way for way in ways if way[1]]
            random.shuffle(ways)
            for letter, (_, items) in zip("AB", ways):
                sheet.write(f"- {letter}: " + " + ".join(f"«{body[s:e]}» = {v}" for s, e, v in items) + "\n")
            sheet.write("\n")
            whose = {owner: [letter, len(items)] for letter, (owner, items) in zip("AB", ways)}
            key[what]["places"].append({"kind": kind, "whose": whose})


def speakers(articles, out, key):
    same, other = [], []
    for article, record in zip(articles, key["records"]):
        key["speakers"]["gold"] += len(article["quotes"])
        mentions = {}
        for mention in article["mentions"]:
            mentions.setdefault(mention["entity"], []).append(mention)
        names = {entity["id"]: entity["name"] for entity in record["entities"]}
        direct = [q for q in record["quotes"] if q["kind"] == "direct" and q["field"] == "body"]
        key["speakers"]["found"] += len(direct)
        for quote in article["quotes"]:
            ours = next((q for q in direct if q["char"] == [quote["start"], quote["end"]]), None)
            if ours is None:
                continue
            said, words = quote["speaker"], ours["speaker_text"] or names.get(ours["speaker"])
            if said in mentions:
                spans = [m["char"] for m in record["mentions"] if m["entity"] == ours["speaker"] and m["field"] == "body"]
                agree = any(s < m["end"] and m["start"] < e for s, e in spans for m in mentions[said])
                said = max((m["text"] for m in mentions[said]), key=len)
            else:
                agree = words == said or bool(words and said and (words in said or said in words))
            row = (article, quote, said or "not said", names.get(ours["speaker"]) or words or "not said")
            (same if agree else other).append(row)
    key["speakers"]["right"] = len(same)
    rows = [("differ", row) for row in other]
    rows += [("agree", row) for row in random.sample(same, min(AGREED_SPEAKERS, len(same)))]
    random.shuffle(rows)
    with open(f"{out}/speakers.md", "w", encoding="utf8") as sheet:
        for place, (kind, (article, quote, said, ours)) in enumerate(rows):
            body, start, end = article["body"], quote["start"], quote["end"]
            sheet.write(f"## {place}\n{article['title']}\n")
            sheet.write(f"{body[max(0, start - 1500):start]}⟦{quote['text']}⟧{body[end:end + 500]}\n")
            ways = [("gold", said), ("ours", ours)] if kind == "differ" else [("both", said)]
            random.shuffle(ways)
            for letter, (_, words) in zip("AB", ways):
                sheet.write(f"- {letter}: {words}\n")
            sheet.write("\n")
            whose = {owner: [letter, 1] for letter, (owner, _) in zip("AB", ways)}
            key["speakers"]["places"].append({"kind": kind, "whose": whose})


def sheets(gold, ours, out):
    random.seed(SEED)
    read = lambda path: [json.loads(line) for line in open(path, encoding="utf8")]
    articles, key = read(gold), {"records": read(ours)}
    if [a["id"] for a in articles] != [r["id"] for r in key["records"]]:
        sys.exit(f"{ours} has other articles than {gold}, or in another order")
    for article, record in zip(articles, key["records"]):
        if article["body"] != record["text"]["body"]:
            print(f"{article['id']}: markup was taken out of the body, its places are elsewhere", file=sys.stderr)
    for what in ("times", "quantities", "speakers"):
        key[what] = {"right": 0, "found": 0, "gold": 0, "places": []}
    facts(articles, "times", out, key)
    facts(articles, "quantities", out, key)
    speakers(articles, out, key)
    del key["records"]
    with open(f"{out}/key.json", "w", encoding="utf8") as file:
        json.dump(key, file)


def count(out, answers):
    key = json.load(open(f"{out}/key.json", encoding="utf8"))
    for what, of in key.items():
        judged = json.load(open(f"{answers}/{what}.json", encoding="utf8"))
        right, there = of["right"], of["right"]
        seen = {"agree": [0, 0], "neither": [0, 0]}
        for place, row in enumerate(of["places"]):
            accepted, whose = set(judged.get(str(place), [])), row["whose"]
            if row["kind"] != "differ":
                seen[row["kind"]][0] += ("A" if row["kind"] == "agree" else "none") in accepted
                seen[row["kind"]][1] += 1
                continue
            good = {owner: whose.get(owner, ["none", 0])[0] in accepted for owner in ("gold", "ours")}
            right += whose["ours"][1] if good["ours"] and "ours" in whose else 0
            winner = "ours" if good["ours"] else "gold" if good["gold"] else None
            there += whose.get(winner, ["", 0])[1] if winner else 1
        # a quote has one speaker, whoever it is
        there = of["gold"] or there
        precision, recall = right / of["found"], right / there
        print(
            f"{what:12} precision {precision:.3f} recall {recall:.3f} F1 {2 * precision * recall / (precision + recall):.3f}; "
            f"agreed on {seen['agree'][0]} of {seen['agree'][1]}, distractors rejected {seen['neither'][0]} of {seen['neither'][1]}"
        )


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["sheets", gold, ours, out]:
            sheets(gold, ours, out)
        case ["count", out, answers]:
            count(out, answers)
        case _:
            sys.exit(__doc__)
