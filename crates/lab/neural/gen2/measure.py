"""Names from probabilities (constrained Viterbi, exact marginals), and their strict F1.

python3 measure.py MODEL [final]: a .pt file or the prefix of safetensors files, as it is and as the service has it; on the parts of
gold.json.gz that nothing was trained on, or with `final` on the last one.
"""
import sys

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

import text
from network import DEVICE, Store, load, probabilities, rounded
from text import LABELS, TYPES

NEVER = -1e4
PARTS = [('kh.held', 0), ('aner.dev', 1), ('aner.dev', 0), ('kho_dev.en', 0), ('kho_dev.ru', 0), ('kho_dev.fr', 0),
         ('wiki.dev', 2), ('uner.dev', 3), ('fact.dev', 4), ('euro.dev', 5)]
FINAL = [('kh.final', 0)]


def transitions():
    """I-X only behind B-X and I-X."""
    between, first = torch.zeros(len(LABELS), len(LABELS)), torch.zeros(len(LABELS))
    for i, label in enumerate(LABELS):
        if label[0] == 'I':
            first[i] = NEVER
            for j, before in enumerate(LABELS):
                if before[2:] != label[2:]:
                    between[j, i] = NEVER
    return between.to(DEVICE), first.to(DEVICE)


@torch.no_grad()
def decode(logs, starts, lengths, room=400_000):
    """logs: [words, labels]; sentences by their first words and lengths -> rows of sentence, first word, last word + 1, type,
    probability in millionths: of this very span under the constrained chain."""
    between, first = transitions()
    order = np.argsort(lengths, kind='stable')
    order, rows, at = order[lengths[order] > 0], [], 0
    while at < len(order):
        to = at + 1
        while to < len(order) and (to - at + 1) * lengths[order[to]] <= room:
            to += 1
        rows.append(decode_batch(logs, starts, lengths, order[at:to], between, first))
        at = to
    rows = np.concatenate(rows) if rows else np.zeros((0, 5), np.int64)
    return rows[np.lexsort((rows[:, 1], rows[:, 0]))]


def decode_batch(logs, starts, lengths, sentences, between, first):
    count, longest = len(sentences), int(lengths[sentences[-1]])
    tensor = lambda array: torch.from_numpy(array.astype(np.int64)).to(DEVICE)
    start, length = tensor(starts[sentences]), tensor(lengths[sentences])
    word = torch.arange(longest, device=DEVICE)[None]
    inside = word < length[:, None]
    outside = torch.full((len(LABELS),), NEVER, device=DEVICE)
    outside[0] = 0  # what fills a sentence up is outside of names
    score = logs[torch.where(inside, start[:, None] + word, 0)].float()
    score = torch.where(inside[..., None], score, outside)

    best, forward = score[:, 0] + first, [score[:, 0] + first]
    back = []
    for k in range(1, longest):
        best, before = (best[:, :, None] + between).max(1)
        best = best + score[:, k]
        back.append(before)
        forward.append(torch.logsumexp(forward[-1][:, :, None] + between, 1) + score[:, k])
    label = best.argmax(-1)
    path = [label]
    for before in reversed(back):
        label = before.gather(1, label[:, None])[:, 0]
        path.append(label)
    path = torch.stack(path[::-1], 1)
    backward = [torch.zeros(count, len(LABELS), device=DEVICE)]
    for k in range(longest - 1, 0, -1):
        backward.append(torch.logsumexp(between[None] + (score[:, k] + backward[-1])[:, None, :], 2))
    backward, forward = torch.stack(backward[::-1], 1), torch.stack(forward, 1)
    total, sums = torch.logsumexp(forward[:, -1], -1), torch.cumsum(score, 1)

    sentence, begin = ((path % 2 == 1) & inside).nonzero(as_tuple=True)
    if len(sentence) == 0:
        return np.zeros((0, 5), np.int64)
    kind = path[sentence, begin]
    goes_on = torch.cat([(path > 0) & (path % 2 == 0), torch.zeros(count, 1, dtype=torch.bool, device=DEVICE)], 1)
    ends = torch.where(goes_on, longest, torch.arange(longest + 1, device=DEVICE)[None])
    ends = torch.flip(torch.cummin(torch.flip(ends, [1]), 1)[0], [1])
    end = ends[sentence, begin + 1]
    chance = forward[sentence, begin, kind] + sums[sentence, end - 1, kind + 1] - sums[sentence, begin, kind + 1]
    # The word behind neither goes on with the name nor with another that does not begin there.
    behind = end.clamp(max=longest - 1)
    rest = score[sentence, behind] + backward[sentence, behind]
    rest[:, 2::2] += NEVER * 2
    rest = torch.where(end >= longest, 0., torch.logsumexp(rest, -1))
    chance = (chance + rest - total[sentence]).clamp(max=0).exp()
    columns = [x.cpu().numpy() for x in (sentence, begin, end, (kind - 1) // 2, chance)]
    return np.stack([sentences[columns[0]], *columns[1:4], np.rint(columns[4] * 1e6)], 1).astype(np.int64)


def figures(model, documents, corpus, style, wide=True):
    """F1 by type, of all types (`all`) and of PER, ORG, LOC (`3`)."""
    flat = text.to_measure(documents, style, wide)
    logs = probabilities(model, Store(flat['ids'], flat['first'], flat['windows']), logs=True)
    sentences = [sentence for document in documents for sentence in document]
    lengths = np.array([len(words) for words, _ in sentences])
    rows = decode(logs, np.cumsum(lengths) - lengths, lengths)
    merged = {'EVENT': 'MISC'} if corpus in ('aner', 'wiki') else {}
    types = TYPES[:3] if corpus in ('uner', 'fact', 'euro') else [t for t in TYPES if t not in merged]
    gold, optional = set(), set()
    for i, (_, labels) in enumerate(sentences):
        gold |= {(i, start, end, merged.get(kind, kind)) for start, end, kind in text.spans(labels)}
        optional |= {(i, k) for k, label in enumerate(labels) if label == 'X'}
    found = {(i, start, end, merged.get(TYPES[kind], TYPES[kind])) for i, start, end, kind, _ in rows.tolist()
             if not any((i, k) in optional for k in range(start, end))}
    out = {}
    for name, of in [('all', types), ('3', TYPES[:3])] + [(kind, [kind]) for kind in types]:
        g, f = ({span for span in spans if span[3] in of} for spans in (gold, found))
        out[name] = round(200 * len(g & f) / max(1, len(g) + len(f)), 2)
    return out


def report(model, name, parts=PARTS):
    gold = text.load_json('gold.json.gz')
    for part, style in parts:
        for wide in (True, False) if part.startswith('kh.') else (True,):
            found = figures(model, gold[part], part.split('.')[0], style, wide)
            print(name, part, f'style {style}', 'windows' if wide else 'sentences', found, flush=True)


class Rounded(nn.Module):
    """A matrix as the service has it: weights of 7 bits, inputs of 8, with a scale for each row."""

    def __init__(self, linear):
        super().__init__()
        self.weight, self.bias = rounded(linear.weight.data), linear.bias.data

    def forward(self, x):
        with torch.autocast(DEVICE, enabled=False):
            return F.linear(rounded(x.float(), 8), self.weight, self.bias)


def as_in_service(model):
    for layer in model.layers:
        for name in ('qkv', 'o', 'fi', 'fo'):
            setattr(layer, name, Rounded(getattr(layer, name)))
    return model


if __name__ == '__main__':
    which = FINAL if 'final' in sys.argv[2:] else PARTS
    report(load(sys.argv[1]), sys.argv[1], which)
    report(as_in_service(load(sys.argv[1])), sys.argv[1] + ' rounded', which)
