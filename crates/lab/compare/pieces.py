"""The pieces of each line of a text by the reference tokeniser: `pieces.py REFERENCE TEXT > OUT`, as `khabar-lab pieces` prints them.

REFERENCE is the folder with the prototype's `e5load.py` and `e5-small-57k-q4.bin`."""
import gzip
import re
import sys

from common import MARKS, WORD


def main(reference, path):
    sys.path.insert(0, reference)
    from e5load import Tok, read

    config, pieces, scores, norm, *_ = read(f"{reference}/e5-small-57k-q4.bin")
    tokeniser = Tok(pieces, scores, norm, config["unk"])
    mark = re.compile(f"[{MARKS}]")
    opened = gzip.open if path.endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            words = (mark.sub("", word) or word for word in WORD.findall(line))
            sys.stdout.write("".join(",".join(map(str, tokeniser.word(word))) + " " for word in words) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
