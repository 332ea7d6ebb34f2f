"""articles.py NEWS.jsonl.gz GOLD.jsonl OUT.txt.gz: Arabic articles (`lang`, `source`, `body`) of outlets that are not measured on, one a line.

Outlets of GOLD are left out. Paragraphs are parted by U+2029, which `khabar-lab distil` and `khabar-lab train` read as ends of lines, so that
a name that is found once in an article helps to find it again.
"""
import gzip
import json
import sys

LEAST, MOST = 200, 30_000


def main(news, gold, out):
    with open(gold, encoding="utf8") as file:
        measured = {json.loads(line)["source"] for line in file}
    words = 0
    with gzip.open(news, "rt", encoding="utf8") as articles, gzip.open(out, "wt", encoding="utf8") as file:
        for line in articles:
            article = json.loads(line)
            if article["lang"] != "ar" or article["source"] in measured:
                continue
            paragraphs = (" ".join(paragraph.split()) for paragraph in article["body"].splitlines())
            text = "\u2029".join(paragraph for paragraph in paragraphs if paragraph)[:MOST]
            if len(text) >= LEAST:
                file.write(text + "\n")
                words += len(text.split())
    print("words", words)


if __name__ == "__main__":
    main(*sys.argv[1:])
