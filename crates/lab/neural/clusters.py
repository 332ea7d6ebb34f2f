"""clusters.py NEWS.txt.gz OUT.tsv: word clusters of raw Arabic news, one word a line: WORD \t FINE \t COARSE.

Words as the tagger folds them; for each of the 60,000 most frequent the positive pointwise mutual information with the 4,000 most
frequent words one and two places before and behind it, 128 dimensions of it by a singular value decomposition, 800 and 80
clusters by k-means. Needs numpy, scipy and scikit-learn; about five minutes on one core. What it gave: docs/adr/0018.
"""
import collections
import gzip
import re
import sys

import numpy as np
import scipy.sparse as sp
from sklearn.cluster import MiniBatchKMeans
from sklearn.utils.extmath import randomized_svd

WORDS, LEAST, CONTEXTS, DIMENSIONS, FINE, COARSE, SEED = 60_000, 10, 4_000, 128, 800, 80, 1
FOLDED = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": None})
MARKS = re.compile("[\u064b-\u065f\u0670]")
TOKEN = re.compile(r"\d+|[^\W\d_]+|[^\w\s]")


def read(path):
    """Lines as lists of folded words; numbers are one word."""
    for line in gzip.open(path, "rt", encoding="utf8"):
        words = TOKEN.findall(MARKS.sub("", line).translate(FOLDED))
        yield ["0" if word.isdigit() else word for word in words]


def counts(ids, words):
    """How often each word has each context, for each of four places."""
    each = []
    for place in (-1, 1, -2, 2):
        word = ids[max(0, -place) : len(ids) - max(0, place)]
        context = ids[max(0, place) : len(ids) + min(0, place)]
        both = (word >= 0) & (context >= 0) & (context < CONTEXTS)
        ones = np.ones(both.sum(), np.float32)
        each.append(sp.coo_matrix((ones, (word[both], context[both])), shape=(words, CONTEXTS)).tocsr())
    return sp.hstack(each).tocsr()


def vectors(table):
    """Unit vectors of the words."""
    total = table.sum()
    rows, columns = np.asarray(table.sum(1)).ravel(), np.asarray(table.sum(0)).ravel() ** 0.75
    columns *= total / columns.sum()
    table = table.tocoo()
    values = np.log(table.data * total / (rows[table.row] * columns[table.col] + 1e-9))
    kept = values > 0
    information = sp.csr_matrix((values[kept], (table.row[kept], table.col[kept])), shape=table.shape)
    left, strength, _ = randomized_svd(information, DIMENSIONS, n_iter=3, random_state=SEED)
    left = left * np.sqrt(strength)
    return left / (np.linalg.norm(left, axis=1, keepdims=True) + 1e-9)


def main(news, out):
    lines = list(read(news))
    seen = collections.Counter(word for line in lines for word in line)
    words = [word for word, count in seen.most_common(WORDS) if count >= LEAST]
    number = {word: i for i, word in enumerate(words)}
    # Two places that are no word part the lines.
    ids = np.fromiter((i for line in lines for i in [*(number.get(w, -1) for w in line), -1, -1]), np.int32)
    points = vectors(counts(ids, len(words)))
    fine, coarse = (
        MiniBatchKMeans(count, random_state=SEED, batch_size=4096, n_init=1, max_iter=60).fit_predict(points)
        for count in (FINE, COARSE)
    )
    with open(out, "w", encoding="utf8") as file:
        file.writelines(f"{word}\t{a}\t{b}\n" for word, a, b in zip(words, fine, coarse))


if __name__ == "__main__":
    main(*sys.argv[1:])
