"""What the comparisons share: articles, words, tokens, CPU time."""
import json
import re
import sys
import time

MARKS = "\u0610-\u061a\u064b-\u065f\u0670\u0640\u200c\u200d"
DROPPED = "\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00ad\u200b"
# The words that `khabar-lab speed` counts: runs of letters and digits, any other sign by itself.
WORD = re.compile(rf"[\w{MARKS}]+|[^\w\s{DROPPED}]")


def articles(path, first=None):
    """Articles of a file of JSON lines; the first so many."""
    with open(path, encoding="utf-8") as lines:
        out = [json.loads(line) for line in lines if line.strip()]
    return out if first is None else out[:first]


def write(path, found):
    """Writes articles as JSON lines."""
    with open(path, "w", encoding="utf-8") as out:
        for article in found:
            out.write(json.dumps(article, ensure_ascii=False) + "\n")


def count(texts):
    """Words of texts."""
    return sum(len(WORD.findall(text)) for text in texts)


def timed(name, texts, work):
    """Runs `work` once; says on standard error what it cost in CPU time of the process, and gives back its result."""
    before = time.process_time()
    result = work()
    spent = time.process_time() - before
    words = count(texts)
    print(f"{name}: {len(texts)} texts, {words} words, {spent:.3f} s, {words / spent:.0f} words a CPU-second", file=sys.stderr)
    return result


def tokens(body):
    """What white space parts, with code points, line by line."""
    for line in re.finditer(r"[^\n]+", body):
        found = [(m.group(), line.start() + m.start(), line.start() + m.end()) for m in re.finditer(r"\S+", line.group())]
        if found:
            yield found


def mention(kind, start, end, body):
    """A name in the format of annotated articles."""
    return {"type": kind, "start": start, "end": end, "text": body[start:end]}
