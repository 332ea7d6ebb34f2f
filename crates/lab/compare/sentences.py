"""Sentences to compare tokenisers on: `sentences.py RAW NEWS OUT [--most N]`.

RAW is a gzip text of Arabic lines, NEWS a gzip of JSON lines with `lang` and `body`. Every so many lines of RAW come first, then
sentences of the articles that are not Arabic; at most N of each (60,000). Says how many there are of each language."""
import argparse
import gzip
import json
import re
from collections import Counter


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("raw")
    parser.add_argument("news")
    parser.add_argument("out")
    parser.add_argument("--most", type=int, default=60_000)
    args = parser.parse_args()
    with gzip.open(args.raw, "rt", encoding="utf-8", newline="\n") as lines:
        arabic = [line.strip() for line in lines]
    counts, others = Counter(), []
    with gzip.open(args.news, "rt", encoding="utf-8") as lines:
        for article in map(json.loads, lines):
            if article["lang"] == "ar":
                continue
            for sentence in re.split(r"(?<=[.!?…])\s+|\n+", article["body"]):
                if sentence.strip():
                    others.append((article["lang"], " ".join(sentence.split())))
    with open(args.out, "w", encoding="utf-8", newline="\n") as out:
        for lang, text in [("ar", line) for line in arabic[:: max(1, len(arabic) // args.most)]][: args.most] + others[:: max(1, len(others) // args.most)][: args.most]:
            out.write(text + "\n")
            counts[lang] += 1
    print(", ".join(f"{lang} {n}" for lang, n in sorted(counts.items())))


if __name__ == "__main__":
    main()
