"""Exact names against annotated ones: `score.py GOLD FOUND [--words] [--misc]`, both JSON lines with `body` and `mentions`.

Right is a name with the same first and last code point and the same type. `--words` widens the names of both to whole words,
as white space parts them: clitics and marks count for nothing then. `--misc` counts events as MISC and prints MISC too, as
corpora with four types have it. What the annotation calls optional is neither rewarded nor punished."""
import argparse
import sys

from common import articles, tokens


def spans(article, words, misc):
    kept, optional = set(), set()
    bounds = [(start, end) for line in tokens(article["body"]) for _, start, end in line] if words else None
    for name in article["mentions"]:
        kind = "MISC" if misc and name["type"] == "EVENT" else name["type"]
        start, end = name["start"], name["end"]
        if words:
            covered = [b for b in bounds if b[0] < end and b[1] > start]
            start, end = (covered[0][0], covered[-1][1]) if covered else (start, end)
        (optional if name.get("optional") else kept).add((start, end, kind))
    return kept, {(start, end) for start, end, _ in optional}


def score(gold, found, words=False, misc=False):
    """Right, found and annotated names by type."""
    types = ["PER", "ORG", "LOC"] + (["MISC"] if misc else [])
    counts = {kind: [0, 0, 0] for kind in types}
    if len(gold) != len(found):
        sys.exit(f"{len(gold)} annotated articles and {len(found)} with names found")
    for a, b in zip(gold, found):
        if a["body"] != b["body"]:
            sys.exit("the two files have not the same articles in the same order")
        annotated, optional = spans(a, words, misc)
        answers, _ = spans(b, words, misc)
        answers = {s for s in answers if s[:2] not in optional}
        for at, names in ((0, annotated & answers), (1, answers), (2, annotated)):
            for *_, kind in names:
                if kind in counts:
                    counts[kind][at] += 1
    return counts


def table(counts, misc=False):
    """Lines with precision, recall and F1."""
    rows = [("PER, ORG, LOC", ["PER", "ORG", "LOC"])] + [(kind, [kind]) for kind in counts]
    if misc:
        rows.insert(0, ("all four", list(counts)))
    for name, kinds in rows:
        right, found, gold = (sum(counts[kind][i] for kind in kinds) for i in range(3))
        p, r = right / max(found, 1), right / max(gold, 1)
        yield f"{name:<14} P {p:.3f}  R {r:.3f}  F1 {2 * p * r / max(p + r, 1e-9):.3f}  of {gold}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold")
    parser.add_argument("found")
    parser.add_argument("--words", action="store_true", help="whole words: clitics forgiven")
    parser.add_argument("--misc", action="store_true", help="four types; events are MISC")
    args = parser.parse_args()
    counts = score(articles(args.gold), articles(args.found), args.words, args.misc)
    print("\n".join(table(counts, args.misc)))
