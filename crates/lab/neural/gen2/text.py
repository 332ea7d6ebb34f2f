"""Words, pieces, epochs of annotated sentences, windows. Plain Python and numpy.

WORK (environment, default `work`) is the folder that all scripts read and write: e5-small-57k-q4.bin, gold.json.gz and so on.
"""
import gzip
import json
import os
import pickle
import random
import re
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from e5 import E5, Tokeniser  # noqa: E402

WORK = os.environ.get('WORK', 'work')
DROPPED = '\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00ad\u200b'
WORD = re.compile(r'[\w\u0610-\u061a\u064b-\u065f\u0670\u0640\u200c\u200d]+|[^\w\s' + DROPPED + ']')
MARKS = re.compile('[\u0610-\u061a\u064b-\u065f\u0670\u0640\u200c\u200d]')
ARABIC = re.compile('[\u0621-\u064a]')
TYPES = ['PER', 'ORG', 'LOC', 'EVENT', 'MISC']
LABELS = ['O'] + [position + kind for kind in TYPES for position in ('B-', 'I-')]
NUMBER = {label: n for n, label in enumerate(LABELS)}
ANY = (1 << len(LABELS)) - 1  # any label is right: nothing is learnt
BEGIN, PADDING, END, UNKNOWN = 0, 1, 2, 3
MOST = 252  # pieces of a window
MOST_OF_WORD = 24
# Rules of annotation: khabar's own, and those of each corpus. Each is a vector that is added to every input.
STYLE = {'kh': 0, 'kho_train': 0, 'kho_dev': 0, 'aner': 1, 'wiki': 2, 'uner': 3, 'fact': 4, 'euro': 5}
STYLES = 6

# (part of gold.json.gz, times in an epoch, weight of its loss)
TRAIN = [('kh.train', 3, 1), ('aner.train', 1, 1), ('kho_train.en', 4, 1), ('kho_train.ru', 4, 1), ('kho_train.fr', 4, 1),
         ('wiki.train', 1, 1), ('uner.train', .7, 1), ('fact.train', 1, 1), ('euro.train', .15, .5)]
HELD = [('kh.held', 3, 1), ('aner.dev', 1, 1), ('kho_dev.en', 4, 1), ('kho_dev.ru', 4, 1), ('kho_dev.fr', 4, 1),
        ('wiki.dev', 1, 1), ('uner.dev', .7, 1), ('fact.dev', 1, 1), ('euro.dev', .15, .5)]
MIXES = {'held': TRAIN, 'all': TRAIN + HELD}
OWN_STYLE = .7  # how often a foreign corpus is shown in its own style
SWAP, CLITIC, POOL, WIDE = .3, .08, .6, .6  # see augmented() and gold_epoch()


def clean(word):
    return MARKS.sub('', word) or word


def path(*names):
    return os.path.join(WORK, *names)


def load_json(name):
    with gzip.open(path(name), 'rt', encoding='utf8') as file:
        return json.load(file)


def save_json(name, value):
    with gzip.open(path(name), 'wt', encoding='utf8') as file:
        json.dump(value, file, ensure_ascii=False)


_tokeniser = None


def tokeniser():
    global _tokeniser
    if _tokeniser is None:
        _tokeniser = Tokeniser(E5(path('e5-small-57k-q4.bin')))
        if os.path.exists(path('pieces.pkl')):
            with open(path('pieces.pkl'), 'rb') as file:
                _tokeniser.cache.update(pickle.load(file))
    return _tokeniser


def pieces_of(word):
    return tokeniser().word(word)[:MOST_OF_WORD] or [UNKNOWN]


def bits(*labels):
    return sum(1 << NUMBER[label] for label in labels)


def right_labels(corpus, style):
    """For each label of a corpus the set (bits) of our labels that are right.

    In the corpus's own style exactly that label. In khabar's style what a corpus lacks or means otherwise may be several.
    """
    right = {label: 1 << n for label, n in NUMBER.items()} | {'X': ANY}
    if style == 0 and corpus in ('aner', 'wiki'):
        right |= {'B-MISC': bits('B-MISC', 'B-EVENT', 'O'), 'I-MISC': bits('I-MISC', 'I-EVENT', 'O')}
    if style == 0 and corpus in ('uner', 'fact', 'euro'):
        right |= {'O': bits('O', 'B-MISC', 'I-MISC', 'B-EVENT', 'I-EVENT')}
    return right


def spans(labels):
    """(first word, last word + 1, type) of each name."""
    found, start = [], None
    for i, label in enumerate([*labels, 'O']):
        if start is not None and not (label[0] == 'I' and label[2:] == labels[start][2:]):
            found.append((start, i, labels[start][2:]))
            start = None
        if start is None and label[0] in 'BI':
            start = i
    return found


def annotated_names(gold):
    """Arabic names by type, from the parts that are trained on, without the proclitic before an article."""
    names = {}
    for part in ('kh.train', 'aner.train'):
        for document in gold[part]:
            for words, labels in document:
                for start, end, kind in spans(labels):
                    name = words[start:end]
                    if kind not in ('PER', 'LOC', 'ORG') or not all(ARABIC.match(word) for word in name):
                        continue
                    if len(name[0]) > 4 and name[0][0] in 'وبلف' and name[0][1:3] == 'ال':
                        name = [name[0][1:], *name[1:]]
                    names.setdefault(kind, []).append(name)
    return names


def with_proclitic(word, random_):
    """A proclitic on a word."""
    clitic = random_.choice('وبلكف' if random_.random() < .6 else 'ولب')
    if clitic == 'ل' and word.startswith('ال'):
        return 'لل' + word[2:]
    if clitic in 'بلك' and random_.random() < .15:
        return 'و' + clitic + word
    return clitic + word


def augmented(words, labels, names, pool, random_):
    """A sentence in which names may be others of their type, annotated ones or (share POOL) ones of the pool that was read in
    raw text, and may have a proclitic."""
    found = spans(labels)
    if not found:
        return words, labels
    new_words, new_labels, at = [], [], 0
    swaps = random_.random() < SWAP
    for start, end, kind in found:
        new_words += words[at:start]
        new_labels += labels[at:start]
        at = end
        name, swapped = words[start:end], False
        if swaps and ARABIC.match(name[0]) and random_.random() < .6:
            if pool and kind in pool and (kind not in names or random_.random() < POOL):
                name, swapped = random_.choice(pool[kind]).split(' '), True
            elif kind in names:
                name, swapped = list(random_.choice(names[kind])), True
        rate = CLITIC * 2 if swapped else CLITIC
        if ARABIC.match(name[0]) and len(name[0]) > 2 and random_.random() < rate:
            name = [with_proclitic(name[0], random_), *name[1:]]
        new_words += name
        new_labels += [f'B-{kind}'] + [f'I-{kind}'] * (len(name) - 1)
    return new_words + words[at:], new_labels + labels[at:]


class Flat:
    """All pieces in a row, which of them begin a word, the labels that are right there, and windows: first piece, length, style,
    weight."""

    def __init__(self):
        self.ids, self.first, self.right, self.windows = [], [], [], []

    def pack(self, sentences, style, weight, limit):
        """Sentences of one document (lists of a word's pieces and its right labels) in windows; `limit()` says how many pieces
        the next one may have, 0 for one sentence."""
        start, room = len(self.ids), limit()

        def close():
            nonlocal start, room
            if len(self.ids) > start:
                self.windows.append((start, len(self.ids) - start, style, weight))
            start, room = len(self.ids), limit()

        for words in sentences:
            length = sum(len(pieces) for pieces, _ in words)
            filled = len(self.ids) - start
            if filled and filled + length > min(room, MOST):
                close()
            for pieces, right in words:
                if len(self.ids) - start + len(pieces) > MOST:
                    close()
                self.ids += pieces
                self.first += [True] + [False] * (len(pieces) - 1)
                self.right += [right] + [0] * (len(pieces) - 1)
            if room == 0:
                close()
        close()

    def arrays(self):
        return {
            'ids': np.array(self.ids, np.uint16),
            'first': np.array(self.first, bool),
            'right': np.array(self.right, np.uint16),
            'windows': np.array(self.windows, np.float64).reshape(-1, 4),
        }


def gold_epoch(gold, pool, mix, seed):
    """One pass over the annotated sentences, each time with other names in them and in other windows."""
    random_, names, flat = random.Random(seed), annotated_names(gold), Flat()
    for part, times, weight in mix:
        corpus, documents = part.split('.')[0], gold[part]
        whole = int(times)
        for document in documents * whole + random_.sample(documents, int((times - whole) * len(documents))):
            own = STYLE[corpus]
            style = own if own == 0 or random_.random() < OWN_STYLE else 0
            right, sentences = right_labels(corpus, style), []
            for words, labels in document:
                if corpus in ('kh', 'aner') and random_.random() < .5:
                    of_pool = pool if corpus == 'kh' or style == 0 else None
                    words, labels = augmented(words, labels, names, of_pool, random_)
                sentences.append([(pieces_of(word), right[label]) for word, label in zip(words, labels)])
            wide = random_.random() < WIDE
            flat.pack(sentences, style, weight, (lambda: random_.randint(70, MOST)) if wide else (lambda: 0))
    return flat.arrays()


def to_measure(documents, style, wide):
    """Documents in windows as wide as they may be, or sentence by sentence."""
    flat = Flat()
    for document in documents:
        sentences = [[(pieces_of(word), ANY) for word in words] for words, _ in document]
        flat.pack(sentences, style, 1, lambda: MOST if wide else 0)
    return flat.arrays()
