"""What training reads, on CPUs: python3 prepare.py gold | raw | epochs

gold    leaves out of gold-all.json.gz (`../prep_gold.py`) what shares eight words in a row with what is measured on: gold.json.gz
raw     cuts ar_raw.txt.gz and other_raw.tsv.gz (`../bench_sub.py`) into pieces, without such lines; collects names from the silver
        labels of the first generation (silver_ar.bin.gz) into pool.json.gz
epochs  makes EPOCHS (environment, default 24) passes over the annotated sentences, for each of both mixes
PROCESSES (environment) work at once.
"""
import collections
import gzip
import multiprocessing
import os
import pickle
import random
import re
import sys

import numpy as np

import text
from text import MIXES, MOST, TYPES, clean, path, pieces_of

sys.path.insert(0, os.path.dirname(text.HERE))
from read_silver import silver  # noqa: E402

PROCESSES = int(os.environ.get('PROCESSES', os.cpu_count() or 1))
EPOCHS = int(os.environ.get('EPOCHS', 24))
GRAM = 8
MEASURED = ['kh.final', 'kh.held', 'aner.dev', 'kho_dev.en', 'kho_dev.ru', 'kho_dev.fr', 'wiki.dev', 'uner.dev', 'fact.dev',
            'euro.dev']
RAW = {'ar': 'ar_raw.txt.gz', 'other': 'other_raw.tsv.gz'}
SURE = 238  # of 256: names of the pool are at least so probable
FORK = multiprocessing.get_context('fork')


def grams(words):
    return {hash(' '.join(words[i:i + GRAM])) for i in range(len(words) - GRAM + 1)}


def grams_of(gold, parts):
    """Eight words in a row, across sentences, of all documents."""
    documents = (document for part in parts for document in gold[part])
    return {gram for document in documents for gram in grams([word for words, _ in document for word in words])}


def gold():
    """The last development part (`kh.final`) is kept from everything; the others from what is trained on."""
    parts = text.load_json('gold-all.json.gz')
    measured, final = grams_of(parts, MEASURED), grams_of(parts, ['kh.final'])
    for name, documents in parts.items():
        if name == 'kh.final':
            continue
        apart, dropped = final if name in MEASURED else measured, 0
        for document in documents:
            kept = [sentence for sentence in document if not grams(sentence[0]) & apart]
            dropped += len(document) - len(kept)
            document[:] = kept
        if dropped:
            print(f'{name}: {dropped} sentences left out', flush=True)
    text.save_json('gold.json.gz', parts)


def lines_of(name):
    with gzip.open(path(RAW[name]), 'rt', encoding='utf8', newline='\n') as file:
        lines = file.read().split('\n')[:-1]
    return [line.split('\t', 1)[1] for line in lines] if name == 'other' else lines


def cut_lines(job):
    """Pieces of some lines, which begin a word, units (pieces and words of a line or a part of it), and their lines."""
    offset, lines = job
    ids, first, units, numbers, dropped = [], [], [], [], 0
    for number, line in enumerate(lines, offset):
        words = [clean(word) for word in text.WORD.findall(line)]
        if not words:
            continue
        if grams(words) & APART:
            dropped += 1
            continue
        length = count = 0
        for word in words:
            pieces = pieces_of(word)
            if length + len(pieces) > MOST:
                units.append((length, count))
                numbers.append(number)
                length = count = 0
            ids += pieces
            first += [True] + [False] * (len(pieces) - 1)
            length += len(pieces)
            count += 1
        units.append((length, count))
        numbers.append(number)
    units = np.array(units, np.int64).reshape(-1, 2)
    return np.array(ids, np.uint16), np.array(first, bool), units, np.array(numbers, np.int32), dropped


def raw():
    global APART
    APART = grams_of(text.load_json('gold.json.gz'), MEASURED)
    text.tokeniser()
    for name in RAW:
        lines = lines_of(name)
        jobs = [(at, lines[at:at + 20_000]) for at in range(0, len(lines), 20_000)]
        with FORK.Pool(PROCESSES) as pool:
            done = pool.map(cut_lines, jobs, chunksize=1)
        ids, first, units, numbers = (np.concatenate([part[n] for part in done]) for n in range(4))
        starts = np.cumsum(units, 0) - units
        # Of each unit its first piece, pieces, first word, words.
        units = np.stack([starts[:, 0], units[:, 0], starts[:, 1], units[:, 1]], 1)
        for kind, array in (('ids', ids), ('first', first), ('units', units), ('line', numbers)):
            np.save(path(f'{name}.{kind}.npy'), array)
        dropped = sum(part[4] for part in done)
        print(f'{name}: {len(ids)} pieces, {int(first.sum())} words, {dropped} lines left out', flush=True)
    text.save_json('pool.json.gz', pool_of(lines_of('ar'), path('silver_ar.bin.gz')))


def pool_of(lines, labels):
    """Names of raw text by type, often ones several times: those that are sure, of one type in nine cases of ten, and not another
    name behind a proclitic."""
    arabic = re.compile('^[\u0621-\u064a]+$')
    counts = collections.defaultdict(lambda: [0] * len(TYPES))
    for number, length, names in silver(labels):
        names = [name for name in names if name[3] >= SURE]
        words = [clean(word) for word in text.WORD.findall(lines[number])] if names else []
        for start, end, kind, _ in names if len(words) == length else ():
            if end - start <= 9 and all(arabic.match(word) for word in words[start:end]):
                counts[' '.join(words[start:end])][kind] += 1
    pool = collections.defaultdict(list)
    for name, by_type in sorted(counts.items()):
        often, kind, first = sum(by_type), int(np.argmax(by_type)), name.split(' ')[0]
        if often < (2 if kind < 3 else 1) or by_type[kind] < .9 * often:
            continue
        is_behind = name[1:] in counts or (first.startswith('لل') and 'ال' + name[2:] in counts)
        if len(first) > 3 and first[0] in 'وبلكف' and is_behind:
            continue
        if first.startswith(('بال', 'وال', 'فال', 'كال', 'لل')) and len(first) > 5:
            continue
        is_long = TYPES[kind] == 'ORG' and name.count(' ') >= 2
        pool[TYPES[kind]] += [name] * (1 + (often > 5) + (often > 30) + 2 * is_long)
    for kind, names in pool.items():
        print(f'pool: {kind}, {len(set(names))} names', flush=True)
    return pool


def cut_words(words):
    return {word: text.tokeniser().cut(word) for word in words}


def epoch(job):
    mix, number = job
    arrays = text.gold_epoch(GOLD, POOL, MIXES[mix], 7000 + number)
    np.savez(path(f'gold_{mix}_{number}.npz'), **arrays)
    return f'{mix} {number}: {len(arrays["ids"])} pieces, {len(arrays["windows"])} windows'


def epochs():
    global GOLD, POOL
    GOLD, POOL = text.load_json('gold.json.gz'), text.load_json('pool.json.gz')
    words = {word for part in GOLD.values() for document in part for sentence in document for word in sentence[0]}
    words |= {word for names in POOL.values() for name in names for word in name.split(' ')}
    names = (name for names in text.annotated_names(GOLD).values() for name in names)
    words |= {text.with_proclitic(name[0], random.Random(n)) for n, name in enumerate(names)}
    words = sorted(words)
    with FORK.Pool(PROCESSES) as pool:
        pieces = {}
        for part in pool.imap_unordered(cut_words, [words[n::64] for n in range(64)]):
            pieces.update(part)
        with open(path('pieces.pkl'), 'wb') as file:
            pickle.dump(pieces, file)
    text.tokeniser().cache.update(pieces)
    with FORK.Pool(PROCESSES) as pool:
        for done in pool.imap_unordered(epoch, [(mix, n) for n in range(EPOCHS) for mix in MIXES]):
            print(done, flush=True)


if __name__ == '__main__':
    commands = {'gold': gold, 'raw': raw, 'epochs': epochs}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]]()
