"""Development parts of two public corpora as annotated articles, with their own text.

`corpora.py factrueval DEVSET OUT` (Russian news; PER, ORG, LOC) and `corpora.py uner FILE... OUT` (English web text; PER, ORG, LOC):
every tenth document, the ones that the encoder was not trained on (`../neural/prep_gold.py`). Names keep the conventions of
their corpus."""
import sys
from pathlib import Path

from common import mention, write

TENTH = 10
KINDS = {"Person": "PER", "Org": "ORG", "LocOrg": "LOC", "Location": "LOC"}


def factrueval(folder):
    for path in sorted(Path(folder).glob("*.tokens"))[::TENTH]:
        body = path.with_suffix(".txt").read_text(encoding="utf-8")
        spans = {}
        for line in path.with_suffix(".spans").read_text(encoding="utf-8").splitlines():
            number, _, start, length = line.split()[:4]
            spans[number] = (int(start), int(start) + int(length))
        names = []
        for line in path.with_suffix(".objects").read_text(encoding="utf-8").splitlines():
            parts = line.split("#")[0].split()
            if len(parts) > 2 and parts[1] in KINDS:
                covered = [spans[part] for part in parts[2:] if part in spans]
                names.append((min(s for s, _ in covered), max(e for _, e in covered), KINDS[parts[1]]))
        kept = []
        for start, end, kind in sorted(set(names), key=lambda n: (n[0] - n[1], n)):  # outermost only
            if all(end <= other.get("start") or start >= other["end"] for other in kept):
                kept.append(mention(kind, start, end, body))
        yield {"lang": "ru", "source": "factrueval", "body": body, "mentions": sorted(kept, key=lambda m: m["start"])}


def uner(paths):
    documents = []
    for line in (line for path in paths for line in open(path, encoding="utf-8")):
        if line.startswith("# newdoc"):
            documents.append([])
        elif line.startswith("# text = "):
            documents[-1].append((line.removeprefix("# text = ").rstrip("\n"), []))
        elif not line.startswith("#") and line.strip():
            documents[-1][-1][1].append(line.split("\t")[1:3])
    for document in documents[::TENTH]:
        body, names = "", []
        for text, words in document:
            at = len(body)
            body += text + "\n"
            for word, label in words:
                start = body.index(word, at)
                at = start + len(word)
                if label.startswith("I-") and names and names[-1][0] == label[2:]:
                    names[-1][2] = at
                elif label != "O":
                    names.append([label[2:], start, at])
        kept = [mention(*name, body) for name in names if name[0] in ("PER", "ORG", "LOC")]
        yield {"lang": "en", "source": "uner", "body": body, "mentions": kept}


def main(which, *paths):
    found = list(factrueval(paths[0]) if which == "factrueval" else uner(paths[:-1]))
    write(paths[-1], found)
    print(f"{len(found)} documents, {sum(len(a['mentions']) for a in found)} names, {sum(len(a['body'].split()) for a in found)} words")


if __name__ == "__main__":
    main(*sys.argv[1:])
