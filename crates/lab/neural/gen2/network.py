"""The network on packed windows (no padding), its weights, and batches. Needs torch."""
import glob
import os

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from text import BEGIN, E5, END, LABELS, PADDING, STYLES, UNKNOWN, path

try:
    from torch.nn.attention.varlen import varlen_attn
except ImportError:
    varlen_attn = None

DEVICE = 'cuda' if torch.cuda.is_available() else 'cpu'
HEADS, EPSILON, DROPOUT = 12, 1e-12, .1


def attention(q, k, v, starts, longest):
    """Each window by itself. q, k, v: [pieces, heads, width]; starts: where windows start, and the end of the last."""
    if varlen_attn is not None and DEVICE == 'cuda':
        return varlen_attn(q.contiguous(), k.contiguous(), v.contiguous(), starts, starts, longest, longest)
    window = torch.bucketize(torch.arange(len(q), device=q.device), starts[1:].long(), right=True)
    same = window[:, None] == window[None]
    q, k, v = (x.transpose(0, 1)[None] for x in (q, k, v))
    return F.scaled_dot_product_attention(q, k, v, attn_mask=same[None, None])[0].transpose(0, 1)


class Layer(nn.Module):
    def __init__(self, width=384, inner=1536):
        super().__init__()
        self.qkv, self.o = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.ln1, self.ln2 = nn.LayerNorm(width, eps=EPSILON), nn.LayerNorm(width, eps=EPSILON)
        self.fi, self.fo = nn.Linear(width, inner), nn.Linear(inner, width)

    def forward(self, x, starts, longest):
        count, width = x.shape
        q, k, v = self.qkv(x).view(count, 3, HEADS, width // HEADS).unbind(1)
        mixed = attention(q, k, v, starts, longest).reshape(count, width)
        x = self.ln1(x + F.dropout(self.o(mixed), DROPOUT, self.training))
        return self.ln2(x + F.dropout(self.fo(F.gelu(self.fi(x))), DROPOUT, self.training))


class Encoder(nn.Module):
    def __init__(self, pieces, layers=12, width=384):
        super().__init__()
        self.emb, self.pos = nn.Embedding(pieces, width), nn.Embedding(512, width)
        self.typ = nn.Parameter(torch.zeros(width))
        self.ln = nn.LayerNorm(width, eps=EPSILON)
        self.style = nn.Parameter(torch.zeros(STYLES, width))
        self.maskv = nn.Parameter(torch.zeros(width))  # stands for a hidden piece
        self.layers = nn.ModuleList(Layer(width) for _ in range(layers))
        self.head = nn.Linear(width, len(LABELS))
        self.emb.weight.requires_grad_(False)

    def hidden(self, ids, positions, style, hide, starts, longest):
        with torch.autocast(DEVICE, torch.bfloat16, enabled=DEVICE == 'cuda'):
            x = torch.where(hide[:, None], self.maskv, self.emb(ids)) + self.pos(positions)
            x = F.dropout(self.ln(x + self.typ + self.style[style]), DROPOUT, self.training)
            for layer in self.layers:
                x = layer(x, starts, longest)
        return x.float()

    def matrices(self):
        return [p for name, p in self.named_parameters() if name.startswith('layers.') and p.dim() == 2]


_embeddings = None


def embeddings():
    global _embeddings
    if _embeddings is None:
        _embeddings = torch.from_numpy(E5(path('e5-small-57k-q4.bin')).embeddings())
    return _embeddings


def read_weights(prefix):
    """Weights of a safetensors file, or of its parts: matrices of 8 bits times the scales of their rows."""
    from safetensors.torch import load_file
    tensors = {}
    for file in sorted(glob.glob(prefix + '-*of*.safetensors')) or [prefix + '.safetensors']:
        tensors.update(load_file(file))
    for name in [name for name in tensors if name.endswith('.scale')]:
        of = name.removesuffix('.scale')
        tensors[of] = tensors[of].float() * tensors.pop(name)[:, None]
    tensors.pop('typ_khabar', None)
    return tensors


def load(init):
    """A model from a .pt file of these scripts, or from the prefix of safetensors files."""
    state = torch.load(init, map_location='cpu') if init.endswith('.pt') else read_weights(init)
    state = {name: tensor.float() for name, tensor in state.items()}
    state['emb.weight'] = embeddings()
    state.setdefault('maskv', embeddings()[UNKNOWN].clone())
    layers = 1 + max(int(name.split('.')[1]) for name in state if name.startswith('layers.'))
    model = Encoder(len(embeddings()), layers)
    model.load_state_dict(state)
    return model.to(DEVICE)


def save(model, file, parameters=None):
    """Without the embeddings, which are not trained; with other values of some parameters, such as their average."""
    state = {name: t.detach().cpu() for name, t in model.state_dict().items() if name != 'emb.weight'}
    state.update({name: t.detach().cpu() for name, t in (parameters or {}).items()})
    torch.save(state, file + '.tmp')
    os.replace(file + '.tmp', file)


def rounded(weights, bits=7):
    """Weights as the service has them: `bits` with the sign, a scale for each row."""
    most = 2 ** (bits - 1) - 1
    scale = weights.abs().amax(1, keepdim=True).clamp(min=1e-9) / most
    return (weights / scale).round().clamp(-most, most) * scale


class Store:
    """Flat pieces on the device, and windows over them (first piece, length, style, weight)."""

    def __init__(self, ids=None, first=None, windows=None, right=None, of=None):
        if of is not None:
            self.ids, self.first, self.word, self.right = of.ids, of.first, of.word, of.right
        else:
            self.ids, self.first = self._tensor(ids.astype(np.int32)), self._tensor(first)
            self.word = (torch.cumsum(self.first, 0, dtype=torch.int32) - 1).clamp(min=0)
            self.right = None if right is None else self._tensor(right.astype(np.int32))
        if windows is not None:
            self.set(windows)

    @staticmethod
    def _tensor(array):
        return torch.from_numpy(np.ascontiguousarray(array)).to(DEVICE)

    def set(self, windows):
        self.lengths = windows[:, 1].astype(np.int64)
        # A last window of nothing stands for what fills a batch up.
        column = lambda n, kind: self._tensor(np.concatenate([windows[:, n], [0]]).astype(kind))
        self.start, self.length, self.style = column(0, np.int64), column(1, np.int64), column(2, np.int64)
        self.weight = column(3, np.float32)
        return self

    def cut(self, order, pieces, most, last=False):
        """Lists of at most `most - 1` windows that fit into so many pieces, in this order; `last`: also the short one."""
        ends = np.concatenate([[0], np.cumsum(self.lengths[order] + 2)])
        at = 0
        while at < len(order):
            to = int(np.searchsorted(ends, ends[at] + pieces, 'right')) - 1
            to = max(min(to, at + most - 1, len(order)), at + 1)
            if to == len(order) and not last and ends[to] - ends[at] < pieces - 256:
                return
            yield order[at:to]
            at = to

    def batch(self, windows, pieces, most):
        """Pieces, positions, styles, starts of windows, place of each piece in the flat arrays, whether it begins a word, weight,
        whether it is inside; filled up to `pieces` (None: as long as it is)."""
        count, lengths = len(windows), self.lengths[windows] + 2
        starts = np.zeros(most + 1, np.int64)
        starts[1:count + 1] = np.cumsum(lengths)
        total = int(starts[count])
        pieces = total if pieces is None else pieces
        starts[count + 1:] = np.minimum(pieces, total + 256 * np.arange(1, most - count + 1))
        number = self._tensor(np.concatenate([windows, [len(self.lengths)]]).astype(np.int64))
        starts, repeats = self._tensor(starts), self._tensor(np.concatenate([lengths, [pieces - total]]))
        window = torch.repeat_interleave(torch.arange(count + 1, device=DEVICE), repeats, output_size=pieces)
        filling = window == count
        position = torch.arange(pieces, device=DEVICE) - starts[window]
        position = torch.where(filling, position % 256, position)
        length = self.length[number][window]
        inside = (position >= 1) & (position <= length)
        place = torch.where(inside, self.start[number][window] + position - 1, 0)
        around = torch.where(filling, PADDING, torch.where(position == 0, BEGIN, END))
        ids = torch.where(inside, self.ids[place].long(), around)
        begins = inside & self.first[place]
        return ids, position, self.style[number][window], starts.int(), place, begins, self.weight[number][window], inside


@torch.no_grad()
def probabilities(model, store, logs=False):
    """Of the labels of each word, in flat order: f16, or their logarithms in f32."""
    was = model.training
    model.eval()
    room = 65_536 if DEVICE == 'cuda' else 2048
    out = torch.zeros(int(store.first.sum()), len(LABELS), device=DEVICE, dtype=torch.float32 if logs else torch.float16)
    for windows in store.cut(np.argsort(store.lengths, kind='stable'), room, 100_000, True):
        ids, position, style, starts, place, begins, _, _ = store.batch(windows, None, len(windows))
        longest = int(store.lengths[windows].max()) + 2
        hidden = model.hidden(ids, position, style, torch.zeros_like(begins), starts, longest)
        rows = begins.nonzero(as_tuple=True)[0]
        scores = model.head(hidden[rows])
        out[store.word[place[rows]].long()] = scores.log_softmax(-1) if logs else scores.softmax(-1).half()
    model.train(was)
    return out
