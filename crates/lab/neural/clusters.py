"""clusters.py WORDS.gz OUT.tsv [--words 60000] [--fine 800] [--coarse 80]: word clusters of raw news, WORD \\t FINE \\t COARSE.

WORDS are sentences of words as the tagger sees them (`khabar-lab words TEXT | gzip`). For each of the most frequent words the
positive pointwise mutual information with the 4,000 most frequent ones, one and two places before and behind it; 128 dimensions
of it by a singular value decomposition; k-means over them, and over the middles of the fine clusters for the coarse ones. Needs
numpy, scipy and scikit-learn; a few minutes on one core. What it gave: docs/adr/0018.
"""
import argparse
import collections
import gzip

import numpy as np
import scipy.sparse as sp
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.utils.extmath import randomized_svd

LEAST, CONTEXTS, DIMENSIONS, SEED = 10, 4_000, 128, 1
PLACES = (-1, 1, -2, 2)


def counts(ids, words):
    """How often each word has each context, for each place."""
    each = []
    for place in PLACES:
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


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("text")
    parser.add_argument("out")
    parser.add_argument("--words", type=int, default=60_000)
    parser.add_argument("--fine", type=int, default=800)
    parser.add_argument("--coarse", type=int, default=80)
    options = parser.parse_args()
    with gzip.open(options.text, "rt", encoding="utf8") as file:
        seen = collections.Counter(word for line in file for word in line.split())
    words = [word for word, count in seen.most_common(options.words) if count >= LEAST]
    number = {word: i for i, word in enumerate(words)}
    # Two places that are no word part the lines.
    with gzip.open(options.text, "rt", encoding="utf8") as file:
        ids = np.fromiter((i for line in file for i in [*(number.get(w, -1) for w in line.split()), -1, -1]), np.int32)
    points = vectors(counts(ids, len(words)))
    fine = MiniBatchKMeans(options.fine, random_state=SEED, batch_size=4096, n_init=1, max_iter=60).fit(points)
    coarse = KMeans(options.coarse, random_state=SEED, n_init=4).fit_predict(fine.cluster_centers_)
    with open(options.out, "w", encoding="utf8") as file:
        file.writelines(f"{word}\t{a}\t{coarse[a]}\n" for word, a in zip(words, fine.labels_))


if __name__ == "__main__":
    main()
