"""A student: annotated sentences and soft labels of raw text together.

python3 train.py NAME --init MODEL --teacher MODEL:WINDOW:WEIGHT … [--mix held|all] [--base LABELS.npy] [--write LABELS.npy]
                 [--seconds S | --steps N] [--seed N]

The teachers (first generation) label the raw text again, in windows of so many pieces; their probabilities are averaged with
their weights, and with those of --base where weights are below one together. Training goes on from MODEL with both losses, and a
little masked-word prediction at first; at 60 % of the time the average of the student's own weights labels the text once
more, and half of the labels come from it; the last 15 % run on rounded weights. Writes NAME.pt (the average) and NAME.raw.pt.
"""
import argparse
import glob
import random
import threading
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

import measure
from network import DEVICE, DROPOUT, Store, embeddings, load, probabilities, rounded, save
from text import LABELS, MOST, path

STEP, GOLD = 16_384, 1024  # pieces of a step, and those of them that are annotated
GOLD_WINDOWS, SILVER_WINDOWS = 192, 704
LONGEST = 256
GOLD_WEIGHT = .5
RATE, DECAY_OF_LAYER, HEAD = 3e-4, .97, 2.5
WARM_UP = .03
HIDE_FIRST, HIDE_LAST, HIDE_GOLD = .14, .06, .05  # shares of words that are hidden
MLM, MLM_ENDS, MLM_WARM, MLM_WORDS = .05, .58, 300, 1024
REFRESH, ROUND = .6, .85
AVERAGE = .999


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('name')
    parser.add_argument('--init', required=True)
    parser.add_argument('--teacher', action='append', required=True)
    parser.add_argument('--mix', choices=['held', 'all'], default='held')
    parser.add_argument('--base')
    parser.add_argument('--write')
    parser.add_argument('--seconds', type=float, default=60)
    parser.add_argument('--steps', type=int, default=10 ** 9)
    parser.add_argument('--seed', type=int, default=1)
    return parser.parse_args()


def say(*what):
    print(f'{time.time() - STARTED:7.1f} s', *what, flush=True)


def raw_text():
    """Pieces, which begin a word, and the units of Arabic and of the other languages."""
    ids, first, units = [], [], []
    for name in ('ar', 'other'):
        unit = np.load(path(f'{name}.units.npy'))
        unit[:, 0] += sum(map(len, ids))
        unit[:, 2] += sum(int(f.sum()) for f in first)
        ids.append(np.load(path(f'{name}.ids.npy')))
        first.append(np.load(path(f'{name}.first.npy')))
        units.append(unit)
    return np.concatenate(ids), np.concatenate(first), units


def joined(units, limit):
    """Units in a row as windows of up to `limit()` pieces: first piece, pieces, first word, words."""
    lengths, windows, at = units[:, 1].tolist(), [], 0
    while at < len(lengths):
        room, to, total = limit(), at + 1, lengths[at]
        while to < len(lengths) and total + lengths[to] <= room:
            total += lengths[to]
            to += 1
        windows.append(at)
        at = to
    windows = np.array(windows)
    sums = [np.add.reduceat(units[:, column], windows) for column in (1, 3)]
    return np.stack([units[windows, 0], sums[0], units[windows, 2], sums[1]], 1)


def as_windows(windows):
    """In khabar's style, of weight one."""
    zeros = np.zeros(len(windows))
    return np.stack([windows[:, 0], windows[:, 1], zeros, zeros + 1], 1).astype(np.float64)


def label(store, units, models):
    """The weighted sum of what models say of each word; models: (model or its file, pieces of a window, weight)."""
    total = None
    for model, room, weight in models:
        model = load(model) if isinstance(model, str) else model
        # The first window is half as long, so that the borders of teachers are not the same.
        rooms = iter([room // 2])
        windows = np.concatenate([joined(unit, lambda: next(rooms, room)) for unit in units])
        found = probabilities(model, store.set(as_windows(windows)))
        total = found.mul_(weight) if total is None else total.add_(found, alpha=weight)
        say(f'labelled in {len(windows)} windows')
    return total


def interest(labels):
    """How much there is to learn from each word, summed up: names, rare types above all, and what the teachers doubt."""
    labels = labels.float()
    words = (1 - labels[:, 0]) + 3 * labels[:, 7:].sum(1) + 2 * (1 - labels.amax(1))
    return np.concatenate([[0], np.cumsum(words.cpu().numpy().astype(np.float64))])


class GoldFeed:
    """Batches of annotated windows, without end."""

    def __init__(self, mix, seed):
        self.files, self.random = sorted(glob.glob(path(f'gold_{mix}_*.npz'))), np.random.default_rng(seed)
        self.order, self.epoch, self.batches = self.random.permutation(len(self.files)), 0, iter(())

    def next(self):
        windows = next(self.batches, None)
        while windows is None:
            data = np.load(self.files[self.order[self.epoch % len(self.files)]])
            self.store = Store(data['ids'], data['first'], data['windows'], data['right'])
            order = self.random.permutation(len(data['windows']))
            self.batches, self.epoch = self.store.cut(order, GOLD, GOLD_WINDOWS), self.epoch + 1
            windows = next(self.batches, None)
        return self.store, self.store.batch(windows, GOLD, GOLD_WINDOWS)


class SilverFeed:
    """Batches of raw text: windows with more to learn come more often. The next pass is made while this one runs."""

    def __init__(self, base, units, seed):
        self.base, self.units, self.seed = base, units, seed * 1000
        self.batches, self.thread, self.passes = iter(()), None, 0

    def prepare(self):
        self.seed += 1
        numbers = np.random.default_rng(self.seed)
        choice, parts = random.Random(int(numbers.integers(1 << 30))), []
        for n, units in enumerate(self.units):
            # Arabic once, the others twice; in wide windows, and some units by themselves.
            parts += [joined(units, lambda: choice.choice((80, 140, MOST, MOST))) for _ in range(1 + n)]
            alone = units[units[:, 1] > 4]
            parts.append(alone[numbers.random(len(alone)) < (.35 if n == 0 else .7)])
        windows = np.concatenate(parts)
        worth = (self.interest[windows[:, 2] + windows[:, 3]] - self.interest[windows[:, 2]]) / windows[:, 3]
        copies = np.clip(.35 + .65 * worth / np.average(worth, weights=windows[:, 3]), .35, 2)
        copies = np.floor(copies + numbers.random(len(copies))).astype(int)
        self.coming = as_windows(np.repeat(windows, copies, 0))

    def next(self):
        windows = next(self.batches, None)
        if windows is None:
            if self.thread:
                self.thread.join()
            else:
                self.prepare()
            self.store, self.passes = Store(of=self.base, windows=self.coming), self.passes + 1
            order = np.random.default_rng(self.seed).permutation(len(self.coming))
            self.batches = self.store.cut(order, STEP - GOLD, SILVER_WINDOWS)
            self.thread = threading.Thread(target=self.prepare, daemon=True)
            self.thread.start()
            windows = next(self.batches)
        return self.store.batch(windows, STEP - GOLD, SILVER_WINDOWS)


class MaskedWords(nn.Module):
    """Predicts hidden pieces."""

    def __init__(self, width=384):
        super().__init__()
        self.transform = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.LayerNorm(width))
        table = embeddings().to(DEVICE)
        self.table = table.to(torch.bfloat16 if DEVICE == 'cuda' else torch.float32)
        self.bias = nn.Parameter(torch.zeros(len(table)))

    def forward(self, hidden, pieces, weights):
        with torch.autocast(DEVICE, torch.bfloat16, enabled=DEVICE == 'cuda'):
            scores = self.transform(hidden).to(self.table.dtype) @ self.table.T
        loss = F.cross_entropy(scores.float() + self.bias, pieces, reduction='none')
        return (loss * weights).sum() / weights.sum().clamp(min=1)


class Average:
    """The running average of weights."""

    def __init__(self, model):
        named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
        self.names, self.weights = [name for name, _ in named], [p for _, p in named]
        self.average, self.steps = [p.detach().clone() for p in self.weights], 0

    @torch.no_grad()
    def step(self):
        self.steps += 1
        keep = min(AVERAGE, self.steps / (self.steps + 9))
        torch._foreach_lerp_(self.average, [p.data for p in self.weights], 1 - keep)

    @torch.no_grad()
    def swap(self):
        weights = [p.detach().clone() for p in self.weights]
        torch._foreach_copy_([p.data for p in self.weights], self.average)
        torch._foreach_copy_(self.average, weights)


class RoundedWeights:
    """Forward and backward on rounded matrices, the step on full ones (straight through)."""

    def __init__(self, model):
        self.matrices = model.matrices()

    @torch.no_grad()
    def __enter__(self):
        self.full = [p.detach().clone() for p in self.matrices]
        for p in self.matrices:
            p.data.copy_(rounded(p.data))

    @torch.no_grad()
    def __exit__(self, *_):
        torch._foreach_copy_([p.data for p in self.matrices], self.full)


def optimiser(model):
    groups, layers = {}, len(model.layers)
    for name, p in model.named_parameters():
        if not p.requires_grad:
            continue
        below = layers - 1 - int(name.split('.')[1]) if name.startswith('layers.') else layers
        rate = RATE * HEAD if name.startswith(('head', 'style')) else RATE * DECAY_OF_LAYER ** below
        decay = .01 if p.dim() > 1 and not name.startswith(('style', 'pos')) else 0.
        groups.setdefault((rate, decay), []).append(p)
    groups = [{'params': of, 'lr': rate, 'base': rate, 'weight_decay': decay} for (rate, decay), of in groups.items()]
    return torch.optim.AdamW(groups, betas=(.9, .98), fused=DEVICE == 'cuda')


def hidden_words(begins, inside, ids, rate):
    """Whole words at random, never special pieces."""
    word = torch.cumsum(begins.int(), 0).clamp(max=len(ids) - 1)
    return (torch.rand(len(ids), device=DEVICE)[word] < rate) & inside & (ids > 3)


def losses(model, gold, silver, labels, words, hide, masked, detach):
    """Of annotated words, of raw words, of hidden pieces; gold and raw windows are one batch."""
    store, g = gold
    ids, position, style = (torch.cat([g[n], silver[n]]) for n in range(3))
    starts = torch.cat([g[3], silver[3][1:] + GOLD])
    hidden = torch.cat([hidden_words(g[5], g[7], g[0], HIDE_GOLD), hidden_words(silver[5], silver[7], silver[0], hide)])
    vectors = model.hidden(ids, position, style, hidden, starts, LONGEST)
    logs = F.log_softmax(model.head(F.dropout(vectors, DROPOUT, model.training)), -1)
    right = ((store.right[g[4]][:, None] >> torch.arange(len(LABELS), device=DEVICE)) & 1).bool()
    weight = g[6] * g[5] * ~right.all(-1)
    of_gold = -torch.logsumexp(logs[:GOLD].masked_fill(~right, -1e9), -1) * weight
    of_raw = -(labels[words[silver[4]].long()].float() * logs[GOLD:]).sum(-1) * silver[5]
    of_masked = None
    if masked is not None:
        wanted = hidden[GOLD:].float()
        some = (torch.rand(len(wanted), device=DEVICE) * wanted).topk(min(MLM_WORDS, len(wanted)))[1]
        of_some = vectors[GOLD:][some]
        of_masked = masked(of_some.detach() if detach else of_some, silver[0][some], wanted[some])
    return of_gold.sum() / weight.sum().clamp(min=1), of_raw.sum() / silver[5].sum().clamp(min=1), of_masked


def train(options):
    ids, first, units = raw_text()
    base = Store(ids, first)
    teachers = [(file, int(room), float(weight)) for file, room, weight in (t.split(':') for t in options.teacher)]
    labels = label(Store(of=base), units, teachers)
    if options.write:
        np.save(path(options.write), labels.cpu().numpy())
    if options.base:
        rest = 1 - sum(weight for _, _, weight in teachers)
        labels.add_(torch.from_numpy(np.load(path(options.base))).to(DEVICE), alpha=rest)
    silver, gold = SilverFeed(base, units, options.seed), GoldFeed(options.mix, options.seed)
    silver.interest = interest(labels)
    model, masked = load(options.init), MaskedWords().to(DEVICE)
    step, masked_step = optimiser(model), torch.optim.AdamW(masked.parameters(), lr=1e-3, betas=(.9, .98), weight_decay=0.)
    parameters = [p for p in model.parameters() if p.requires_grad]
    average, steps, refreshed, begun = Average(model), 0, False, time.time()
    model.train()
    while (done := max((time.time() - begun) / options.seconds, steps / options.steps)) < 1:
        if not refreshed and done > REFRESH:
            refreshed = True
            average.swap()
            labels.mul_(.5).add_(label(Store(of=base), units, [(model, MOST, 1.)]), alpha=.5)
            average.swap()
            model.train()
            silver.interest = interest(labels)
        for group in step.param_groups:
            group['lr'] = group['base'] * min(1, (done + 5e-4) / WARM_UP) * max(.01, 1 - done)
        warming = steps < MLM_WARM
        mlm = MLM * max(0., 1 - done / MLM_ENDS)
        if not warming:
            mlm *= min(1., (steps + 1 - MLM_WARM) / MLM_WARM)
        hide = HIDE_FIRST - (HIDE_FIRST - HIDE_LAST) * done
        with RoundedWeights(model) if done > ROUND else torch.enable_grad():
            of_gold, of_raw, of_masked = losses(
                model, gold.next(), silver.next(), labels, base.word, hide, masked if mlm > 0 else None, warming)
            loss = GOLD_WEIGHT * of_gold + of_raw
            if of_masked is not None:
                # While it warms up it learns alone, by its whole loss.
                loss = loss + (of_masked if warming else mlm * of_masked)
            loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.)
        step.step()
        step.zero_grad(set_to_none=True)
        if of_masked is not None:
            if not warming:
                for p in masked.parameters():
                    p.grad.div_(max(1e-3, mlm))
            nn.utils.clip_grad_norm_(masked.parameters(), 1.)
            masked_step.step()
            masked_step.zero_grad(set_to_none=True)
        steps += 1
        average.step()
        if steps % 400 == 0 or steps == 1:
            say(f'step {steps}, {done:.3f}: annotated {of_gold.item():.4f}, raw {of_raw.item():.4f}')
    say(f'{steps} steps, {gold.epoch} passes over what is annotated, {silver.passes} begun over raw text')
    save(model, path(f'{options.name}.raw.pt'))
    average.swap()
    save(model, path(f'{options.name}.pt'))
    measure.report(model, options.name)


if __name__ == '__main__':
    STARTED = time.time()
    options = arguments()
    torch.manual_seed(options.seed)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    train(options)
