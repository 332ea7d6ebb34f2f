"""Reference inference in plain numpy: WEIGHTS = common prefix of the safetensors files. python3 infer_np.py WEIGHTS_PREFIX E5.bin < text (one paragraph a line)
Also the definition of words, windows, decoding and span probability that the figures were measured with."""
import sys, json, glob, re, struct, math, os
import numpy as np
from e5 import E5, Tokeniser
LABELS = ['O'] + [p + t for t in ('PER', 'ORG', 'LOC', 'EVENT', 'MISC') for p in ('B-', 'I-')]
DROP = '\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00ad\u200b'
WORD = re.compile(r'[\w\u0610-\u061a\u064b-\u065f\u0670\u0640\u200c\u200d]+|[^\w\s' + DROP + ']')
STRIP = re.compile('[\u0610-\u061a\u064b-\u065f\u0670\u0640\u200c\u200d]')
clean = lambda w: STRIP.sub('', w) or w
def safetensors(prefix):
    T = {}
    for f in sorted(glob.glob(prefix + '-*of*.safetensors') or glob.glob(prefix + '.safetensors')):
        b = open(f, 'rb').read(); n = struct.unpack('<Q', b[:8])[0]; h = json.loads(b[8:8 + n])
        for k, v in h.items():
            if k == '__metadata__': continue
            s, e = v['data_offsets']; T[k] = np.frombuffer(b[8 + n + s:8 + n + e], {'F16': '<f2', 'F32': '<f4', 'I8': 'i1'}[v['dtype']]).reshape(v['shape']).astype(np.float32)
    for k in [k for k in T if k.endswith('.scale')]: T[k[:-6]] = T[k[:-6]] * T.pop(k)[:, None]
    return T
def ln(x, w, b): m = x.mean(-1, keepdims=True); v = ((x - m) ** 2).mean(-1, keepdims=True); return (x - m) / np.sqrt(v + 1e-12) * w + b
_erf = np.vectorize(math.erf)
def forward(T, E, ids):
    x = ln(E[ids] + T['pos.weight'][:len(ids)] + T['typ_khabar'], T['ln.weight'], T['ln.bias']); i = 0; N = len(ids)
    while 'layers.%d.qkv.weight' % i in T:
        g = lambda n: (T['layers.%d.%s.weight' % (i, n)], T['layers.%d.%s.bias' % (i, n)]); lin = lambda n, x: x @ g(n)[0].T + g(n)[1]
        q, k, v = lin('qkv', x).reshape(N, 3, 12, 32).transpose(1, 2, 0, 3); a = q @ k.transpose(0, 2, 1) / math.sqrt(32); a = np.exp(a - a.max(-1, keepdims=True)); a /= a.sum(-1, keepdims=True)
        x = ln(x + lin('o', (a @ v).transpose(1, 0, 2).reshape(N, 384)), *g('ln1')); h = lin('fi', x); h = h * .5 * (1 + _erf(h / math.sqrt(2))); x = ln(x + lin('fo', h), *g('ln2')); i += 1
    return x @ T['head.weight'].T + T['head.bias']
def lse(a, ax): m = a.max(ax, keepdims=True); return (m + np.log(np.exp(a - m).sum(ax, keepdims=True))).squeeze(ax)
NEG = -1e4; L = len(LABELS); TR = np.zeros((L, L)); ST = np.zeros(L)
for i, x in enumerate(LABELS):
    if x[0] == 'I':
        ST[i] = NEG
        for j, y in enumerate(LABELS):
            if y[2:] != x[2:]: TR[j, i] = NEG
def decode(lp):
    """lp [words, 11] log-softmax of the first piece of each word -> [(first word, last word + 1, type, probability)]"""
    n = len(lp); v = lp[0] + ST; bp = []; al = [v]; 
    for k in range(1, n): q = v[:, None] + TR; bp.append(q.argmax(0)); v = q.max(0) + lp[k]; al.append(lse(al[-1][:, None] + TR, 0) + lp[k])
    y = [int(v.argmax())]
    for b in reversed(bp): y.append(int(b[y[-1]]))
    y.reverse(); be = [np.zeros(L)]
    for k in range(n - 1, 0, -1): be.append(lse(TR + (lp[k] + be[-1])[None], 1))
    be.reverse(); Z = lse(al[-1], 0); out = []; s = 0
    while s < n:
        if y[s] % 2 == 1:
            e = s + 1
            while e < n and y[e] == y[s] + 1: e += 1
            p = al[s][y[s]] + sum(lp[k][y[s] + 1] for k in range(s + 1, e))
            if e < n: c = lp[e] + be[e]; c[2::2] = -1e9; p += lse(c, 0)
            out.append((s, e, LABELS[y[s]][2:], min(1., math.exp(p - Z)))); s = e
        else: s += 1
    return out
def main():
    T = safetensors(sys.argv[1]); e5 = E5(sys.argv[2]); tok = Tokeniser(e5); E = e5.embeddings()
    for line in sys.stdin:
        ws = WORD.findall(line)
        if not ws: continue
        ids = [0]; pos = []
        for w in ws: pos.append(len(ids)); ids += tok.word(clean(w))[:24] or [3]
        ids.append(2); assert len(ids) <= 256, 'cut into windows of at most 252 pieces'
        lg = forward(T, E, np.array(ids))[pos]; lp = lg - lse(lg, 1)[:, None]
        print(' '.join(ws)); print('  ids', ids[:12], 'logits of word 0', np.round(lg[0], 3).tolist())
        for s, e, t, p in decode(lp): print('  %-5s %.3f %s' % (t, p, ' '.join(ws[s:e])))
if __name__ == '__main__': main()
