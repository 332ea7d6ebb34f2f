"""Parts of annotated articles in several languages: `split_other.py ARTICLES OUT_DIR`.

Of each language the articles 0, 3, 6, ... are development articles (`dev.jsonl`, and `dev.en.jsonl` and so on), as in the
training of the encoder (`../neural/prep_gold.py`); the others are `train.jsonl`."""
import sys
from collections import defaultdict
from pathlib import Path

from common import articles, write


def main(path, out):
    seen, train, dev = defaultdict(int), [], defaultdict(list)
    for article in articles(path):
        lang = article["lang"]
        (train if seen[lang] % 3 else dev[lang]).append(article)
        seen[lang] += 1
    write(Path(out) / "train.jsonl", train)
    write(Path(out) / "dev.jsonl", [article for part in dev.values() for article in part])
    for lang, part in dev.items():
        write(Path(out) / f"dev.{lang}.jsonl", part)
        print(f"{lang}: {len(part)} articles, {sum(len(a['mentions']) for a in part)} names")


if __name__ == "__main__":
    main(*sys.argv[1:])
