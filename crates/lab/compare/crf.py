"""The baseline: a linear-chain CRF (python-crfsuite) on whole words.

`crf.py train GOLD MODEL --data DATA` trains on annotated articles; `crf.py tag MODEL ARTICLES FOUND --data DATA` writes the names
of others and says what it cost. DATA is this repository's `data/`: the names of the knowledge base are the gazetteer.

Features of a word: itself, folded, its first and last one to four letters, what is left without each proclitic that it may
begin with, its shape and length; words and short affixes up to two places away, and pairs of neighbours; which names of the
knowledge base cover it, by type and place in the name, with and without a proclitic; given and family names, adjectives of
nationality, titles and other classes of single words."""
import argparse
import re
from pathlib import Path

import pycrfsuite

from common import articles, mention, timed, tokens, write

PROCLITICS = ("وال", "فال", "بال", "كال", "ولل", "فلل", "وب", "ول", "وك", "فب", "فل", "لل", "ال", "و", "ف", "ب", "ل", "ك", "س")
LANGUAGES = 4
FOLD = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ـ": None})
MARK = re.compile("[\u0610-\u061a\u064b-\u065f\u0670]")


def fold(word):
    """As letters that writers mix up are compared."""
    return MARK.sub("", word.translate(FOLD)).lower()


def stems(word):
    """What may be left of a folded word without a proclitic; the article that لل hides is put back."""
    for proclitic in PROCLITICS:
        if word.startswith(proclitic) and len(word) - len(proclitic) >= 2:
            stem = word[len(proclitic) :]
            yield proclitic, stem
            if proclitic.endswith(("لل", "وال", "فال", "بال", "كال")):
                yield proclitic, "ال" + stem


class Gazetteer:
    """Names as folded words, and classes of single words."""

    def __init__(self, data):
        self.names, self.classes, self.longest = {}, {}, 1
        data = Path(data)
        for path in sorted((data / "curated").glob("*.tsv")):
            if path.stem == "city_rules":
                continue
            for cells in rows(path):
                kind = "LOC" if path.stem == "countries" else cells[0]
                self.add(kind, cells[1 : 1 + LANGUAGES])
        for cells in rows(data / "cldr" / "territories.tsv"):
            self.add("LOC", cells[1 : 1 + LANGUAGES])
        for cells in rows(data / "geonames" / "cities.tsv"):
            self.add("CITY", cells[6:9])
        for path in sorted((data / "words").glob("*.tsv")):
            for kind, words in (cells[:2] for cells in rows(path)):
                for word in words.split():
                    self.classes.setdefault(fold(word), set()).add(kind)

    def add(self, kind, cells):
        for form in (form for cell in cells for form in cell.split("|")):
            weak = "~" if form.startswith("~") else ""
            name = tuple(map(fold, form.removeprefix("~").split()))
            if name:
                self.names.setdefault(name, set()).add(kind + weak)
                self.longest = max(self.longest, len(name))

    def find(self, words):
        """Of each word the names that cover it; longest first, from left to right."""
        found = [[] for _ in words]
        i = 0
        while i < len(words):
            i += self.at(words, i, found)
        return found

    def at(self, words, i, found):
        firsts = [("", words[i]), *stems(words[i])]
        for length in range(min(self.longest, len(words) - i), 0, -1):
            for proclitic, first in firsts:
                kinds = self.names.get((first, *words[i + 1 : i + length]))
                if not kinds:
                    continue
                for place in range(length):
                    part = "B" if place == 0 else "I"
                    for kind in kinds:
                        found[i + place].append(f"g:{part}-{kind}")
                        found[i + place].append(f"g:{part}-{kind}:{min(length, 3)}{'+' if proclitic else ''}")
                return length
        return 1


def rows(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def shape(word):
    out = re.sub(r"[^\W\d_]", "x", re.sub(r"[A-ZА-Я]", "X", re.sub(r"[\u0621-\u064a]", "a", word)))
    return re.sub(r"(.)\1+", r"\1", re.sub(r"\d", "0", out))


def features(words, gazetteer):
    """A list of features for each word of a sentence."""
    folded = [fold(word) for word in words]
    covered = gazetteer.find(folded)
    own = []
    for word, f, names in zip(words, folded, covered):
        of = [f"w={word}", f"f={f}", f"s={shape(word)}", f"l={min(len(word), 8)}"]
        of += [f"p{n}={f[:n]}" for n in range(1, 5)] + [f"e{n}={f[-n:]}" for n in range(1, 5)]
        for proclitic, stem in stems(f):
            of += [f"c={proclitic}", f"t={stem}", f"t4={stem[:4]}", f"te3={stem[-3:]}"]
            of += [f"ck={kind}" for kind in gazetteer.classes.get(stem, ())]
        of += [f"k={kind}" for kind in gazetteer.classes.get(f, ())]
        own.append(of + names)
    out = []
    for i, of in enumerate(own):
        of = ["1", *of]
        for at in (-2, -1, 1, 2):
            if not 0 <= i + at < len(words):
                of.append(f"{at}:edge")
                continue
            f = folded[i + at]
            of += [f"{at}:f={f}", f"{at}:e2={f[-2:]}", f"{at}:p2={f[:2]}", f"{at}:s={shape(words[i + at])}"]
            of += [f"{at}:{name}" for name in covered[i + at]]
            of += [f"{at}:k={kind}" for kind in gazetteer.classes.get(f, ())]
        if i > 0:
            of.append(f"-1,0={folded[i - 1]}|{folded[i]}")
        if i + 1 < len(words):
            of.append(f"0,1={folded[i]}|{folded[i + 1]}")
        out.append(of)
    return out


def labels(line, names):
    """Labels of the words of a line: a name is on every word that it touches."""
    out = []
    for _, start, end in line:
        name = next((n for n in names if n["start"] < end and n["end"] > start), None)
        first = name and (name["start"] >= start or not out)
        out.append("O" if name is None else f"{'B' if first else 'I'}-{name['type']}")
    return out


def train(args):
    gazetteer = Gazetteer(args.data)
    trainer = pycrfsuite.Trainer(verbose=False)
    for article in articles(args.gold):
        names = sorted(article["mentions"], key=lambda n: n["start"])
        for line in tokens(article["body"]):
            trainer.append(features([word for word, *_ in line], gazetteer), labels(line, names))
    trainer.set_params({"c1": args.c1, "c2": args.c2, "max_iterations": args.iterations, "feature.possible_transitions": True})
    trainer.train(args.model)


def names_of(tagger, gazetteer, body):
    found = []
    for line in tokens(body):
        for (_, start, end), label in zip(line, tagger.tag(features([word for word, *_ in line], gazetteer))):
            last = found[-1] if found else None
            if label.startswith("I-") and last and last["type"] == label[2:] and last["last"] == line[0][1]:
                last["end"] = end
            elif label != "O":
                found.append({"type": label[2:], "start": start, "end": end, "last": line[0][1]})
            if label == "O" and last:
                last["last"] = -1
    return [mention(name["type"], name["start"], name["end"], body) for name in found]


def tag(args):
    gazetteer = Gazetteer(args.data)
    tagger = pycrfsuite.Tagger()
    tagger.open(args.model)
    read = articles(args.articles, args.first)
    bodies = [article["body"] for article in read]
    found = timed("CRFsuite", bodies, lambda: [names_of(tagger, gazetteer, body) for body in bodies])
    if args.found != "-":
        write(args.found, [{"lang": a.get("lang", "ar"), "body": a["body"], "mentions": m} for a, m in zip(read, found)])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("train")
    one.add_argument("gold")
    one.add_argument("model")
    one.add_argument("--c1", type=float, default=0.1, help="L1 (default 0.1)")
    one.add_argument("--c2", type=float, default=0.05, help="L2 (default 0.05)")
    one.add_argument("--iterations", type=int, default=120, help="most iterations of L-BFGS (default 120)")
    one.set_defaults(run=train)
    two = commands.add_parser("tag")
    two.add_argument("model")
    two.add_argument("articles")
    two.add_argument("found", help="file to write; - for none")
    two.add_argument("--first", type=int, help="read this many articles")
    two.set_defaults(run=tag)
    for command in (one, two):
        command.add_argument("--data", required=True, help="this repository's data/")
    args = parser.parse_args()
    args.run(args)
