"""multilingual-e5-small as it was pruned to four languages: a file of format E5S1, and its tokeniser.

Little-endian: `E5S1`, version; seven sizes (width, layers, heads, inner width, vectors, positions, kinds of segments); epsilon;
block size; number of pieces and the numbers of begin, end, padding, unknown; where pieces begin, their scores and bytes; the map
of characters; a list of tensors (name, type, count, offset, bytes). Matrices are rows of blocks: an f16 scale and 32 numbers of
four bits, low nibbles first. `crates/lab/src/pack.rs` reads the same.
"""
import re
import struct

import numpy as np

BLOCK = 32
LEAST = 10.0  # an unknown character scores so much below the least piece


class E5:
    def __init__(self, path):
        with open(path, 'rb') as file:
            self.bytes = file.read()
        if self.bytes[:4] != b'E5S1':
            raise SystemExit(f'{path}: not of format E5S1')
        self.at = 8
        sizes = self._take('7i')
        self.width, self.layers, self.heads, self.inner, self.vectors, self.positions, self.segments = sizes
        self.epsilon, _block = self._take('fi')
        count, self.begin, self.end, self.padding, self.unknown = self._take('5i')
        (size,) = self._take('Q')
        starts = self._array('<u4', count + 1)
        self.scores = self._array('<f4', count)
        blob = self.bytes[self.at:self.at + size]
        self.at += size
        self.pieces = [blob[a:b].decode('utf8', 'replace') for a, b in zip(starts, starts[1:])]
        mapped, size = self._take('iI')
        behind = self.at + size
        self.map = {}
        for _ in range(mapped):
            character, length = self._take('IB')
            self.map[chr(character)] = ''.join(map(chr, self._take(f'{length}I')))
        self.at = behind
        self.tensors = {}
        for _ in range(self._take('i')[0]):
            (length,) = self._take('H')
            name = self.bytes[self.at:self.at + length].decode()
            self.at += length
            _type, number, offset, _size = self._take('BIQQ')
            self.tensors[name] = (number, offset)

    def _take(self, form):
        values = struct.unpack_from('<' + form, self.bytes, self.at)
        self.at += struct.calcsize('<' + form)
        return values

    def _array(self, kind, count):
        array = np.frombuffer(self.bytes, kind, count, self.at)
        self.at += array.nbytes
        return array

    def matrix(self, name, rows, columns):
        """A tensor of four bits as f32."""
        blocks = np.frombuffer(self.bytes, np.uint8, rows * columns // BLOCK * 18, self.tensors[name][1])
        blocks = blocks.reshape(rows, columns // BLOCK, 18)
        scales = blocks[:, :, :2].copy().view('<f2').astype(np.float32)
        nibbles = blocks[:, :, 2:]
        numbers = np.concatenate([nibbles & 15, nibbles >> 4], 2).astype(np.float32) - 8
        return (numbers * scales).reshape(rows, columns)

    def floats(self, name):
        """A tensor of 32 bits."""
        count, offset = self.tensors[name]
        return np.frombuffer(self.bytes, '<f4', count, offset)

    def embeddings(self):
        return self.matrix('emb.word', self.vectors, self.width)

    def state(self):
        """All weights by the names that Hugging Face's BertModel has for them."""
        width, inner = self.width, self.inner
        state = {
            'embeddings.word_embeddings.weight': self.embeddings(),
            'embeddings.position_embeddings.weight': self.floats('emb.pos').reshape(-1, width),
            'embeddings.token_type_embeddings.weight': self.floats('emb.type').reshape(-1, width),
            'embeddings.LayerNorm.weight': self.floats('emb.ln.w'),
            'embeddings.LayerNorm.bias': self.floats('emb.ln.b'),
        }
        matrices = {
            'q': ('attention.self.query', width, width),
            'k': ('attention.self.key', width, width),
            'v': ('attention.self.value', width, width),
            'ao': ('attention.output.dense', width, width),
            'fi': ('intermediate.dense', inner, width),
            'fo': ('output.dense', width, inner),
        }
        norms = {'aln': 'attention.output.LayerNorm', 'oln': 'output.LayerNorm'}
        for layer in range(self.layers):
            to, of = f'encoder.layer.{layer}.', f'l{layer}.'
            for short, (name, outputs, inputs) in matrices.items():
                state[f'{to}{name}.weight'] = self.matrix(f'{of}{short}.w', outputs, inputs)
                state[f'{to}{name}.bias'] = self.floats(f'{of}{short}.b')
            for short, name in norms.items():
                state[f'{to}{name}.weight'] = self.floats(f'{of}{short}.w')
                state[f'{to}{name}.bias'] = self.floats(f'{of}{short}.b')
        return state


class Tokeniser:
    """The most probable segmentation of one word by the unigram model, as `crates/enrich/src/encoder/pieces.rs` has it."""

    def __init__(self, e5):
        self.map, self.unknown = e5.map, e5.unknown
        self.scores = [float(score) for score in e5.scores]
        special = {e5.begin, e5.end, e5.unknown}
        self.numbers = {piece: n for n, piece in enumerate(e5.pieces) if piece and n not in special}
        self.longest = max(map(len, e5.pieces))
        self.unknown_score = min(self.scores) - LEAST
        self.cache = {}

    def word(self, word):
        pieces = self.cache.get(word)
        if pieces is None:
            pieces = self.cache[word] = self.cut(word)
        return pieces

    def cut(self, word):
        text = ''.join(self.map.get(c, c) for c in word).strip()
        text = re.sub(' +', '▁', '▁' + text)
        best = [(0.0, 0, None)] + [(-1e30, 0, None)] * len(text)
        for start in range(len(text)):
            score = best[start][0]
            for end in range(start + 1, min(len(text), start + self.longest) + 1):
                number = self.numbers.get(text[start:end])
                if number is not None and score + self.scores[number] > best[end][0]:
                    best[end] = (score + self.scores[number], start, number)
            if score + self.unknown_score > best[start + 1][0]:
                best[start + 1] = (score + self.unknown_score, start, self.unknown)
        pieces, at = [], len(text)
        while at > 0:
            _, start, number = best[at]
            if number != self.unknown or not pieces or pieces[-1] != number:
                pieces.append(number)
            at = start
        return pieces[::-1]
