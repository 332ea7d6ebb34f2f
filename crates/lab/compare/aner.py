"""ANERcorp (one token and its label a line) as annotated articles: `aner.py CORPUS OUT_DIR`.

Writes `train.jsonl` (the first 85 sentences of 100) and `dev.jsonl` (the rest), in the order of the corpus, 25 sentences an
article, words parted by a blank and sentences by a line break. The labels stay as they are, on whole words with their clitics;
PERS is called PER. Sentences of the first part that share eight words in a row with one of the second are left out."""
import sys
from pathlib import Path

from common import mention, write

KEPT, SENTENCES, GRAM = 0.85, 25, 8


def read(path):
    sentence = []
    for line in open(path, encoding="utf-8"):
        parts = line.split()
        if len(parts) == 2:
            sentence.append((parts[0], parts[1].replace("PERS", "PER")))
        elif sentence:
            yield sentence
            sentence = []
    if sentence:
        yield sentence


def grams(sentence):
    words = [word for word, _ in sentence]
    return {tuple(words[i : i + GRAM]) for i in range(len(words) - GRAM + 1)}


def article(sentences):
    body, mentions = "", []
    for sentence in sentences:
        begins = len(body)
        for word, label in sentence:
            start = len(body)
            body += word + " "
            kind = label[2:]
            # A name goes on only in its own type, from the word before.
            goes_on = label[:1] == "I" and mentions and mentions[-1]["end"] == start - 1 >= begins and mentions[-1]["type"] == kind
            if goes_on:
                mentions[-1]["end"] = start + len(word)
            elif label != "O":
                mentions.append(mention(kind, start, start + len(word), body))
        body = body[:-1] + "\n"
    for name in mentions:
        name["text"] = body[name["start"] : name["end"]]
    return {"lang": "ar", "source": "anercorp", "body": body.rstrip("\n"), "mentions": mentions}


def main(corpus, out):
    sentences = list(read(corpus))
    border = int(len(sentences) * KEPT)
    train, dev = sentences[:border], sentences[border:]
    seen = set().union(*map(grams, dev))
    apart = [sentence for sentence in train if not grams(sentence) & seen]
    for name, part in (("train", apart), ("dev", dev)):
        found = [article(part[i : i + SENTENCES]) for i in range(0, len(part), SENTENCES)]
        write(Path(out) / f"{name}.jsonl", found)
        words, names = sum(map(len, part)), sum(len(a["mentions"]) for a in found)
        print(f"{name}: {len(part)} sentences, {words} words, {names} names")
    print(f"{len(train) - len(apart)} sentences left out")


if __name__ == "__main__":
    main(*sys.argv[1:])
