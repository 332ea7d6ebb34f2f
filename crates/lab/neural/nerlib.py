"""Shared code (device side): data, model, decoding, scoring. Needs torch, numpy."""
import json, gzip, os, re, sys, time, random, math, zlib
import numpy as np
W = os.environ.get('WDIR', 'work')
DROP = '\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00ad\u200b'
WORD = re.compile(r'[\w\u0610-\u061a\u064b-\u065f\u0670\u0640\u200c\u200d]+|[^\w\s' + DROP + ']')
STRIP = re.compile('[\u0610-\u061a\u064b-\u065f\u0670\u0640\u200c\u200d]')
clean = lambda w: STRIP.sub('', w) or w
TYPES = ['PER', 'ORG', 'LOC', 'EVENT', 'MISC']
LABELS = ['O'] + [p + t for t in TYPES for p in ('B-', 'I-')]
NL = len(LABELS); L2I = {l: i for i, l in enumerate(LABELS)}; ALL = (1 << NL) - 1
BOS, EOS, PAD, UNK, MAXP = 0, 2, 1, 3, 252
STYLE = {'kh': 0, 'kho_train': 0, 'kho_dev': 0, 'aner': 1, 'wiki': 2, 'uner': 3, 'fact': 4, 'euro': 5}
NSTYLE = 6
bit = lambda *ls: sum(1 << L2I[l] for l in ls)
def masks(corpus, style):
    """label -> bit mask of the labels that are right. In the corpus's own style: exactly the label. In style 0 (khabar), labels a corpus lacks or means otherwise are marginalised."""
    m = {l: 1 << i for l, i in L2I.items()}; m['X'] = ALL
    if style == 0 and corpus in ('aner', 'wiki'):
        m['B-MISC'] = bit('B-MISC', 'B-EVENT', 'O'); m['I-MISC'] = bit('I-MISC', 'I-EVENT', 'O')
    if style == 0 and corpus in ('uner', 'fact', 'euro'): m['O'] = bit('O', 'B-MISC', 'I-MISC', 'B-EVENT', 'I-EVENT')
    return m
_T = None
def tok():
    global _T
    if _T is None:
        from e5 import E5, Tokeniser
        _T = Tokeniser(E5(W + '/e5-small-57k-q4.bin'))
        if os.path.exists(W + '/tokcache.pkl'): import pickle; _T.cache.update(pickle.load(open(W + '/tokcache.pkl', 'rb')))
    return _T
def pieces_of(w): return tok().word(w)[:24] or [UNK]
# ---------------------------------------------------------------- gold
AR = re.compile('[\u0621-\u064a]')
def mention_spans(lab):
    out = []; st = None
    for i, t in enumerate(list(lab) + ['O']):
        if st is not None and not (t[0] == 'I' and t[2:] == lab[st][2:]): out.append((st, i, lab[st][2:])); st = None
        if st is None and t[0] in 'BI': st = i
    return out
def pools(G):
    P = {}
    for k in ('kh.train', 'aner.train'):
        for d in G[k]:
            for w, l in d:
                for s, e, t in mention_spans(l):
                    if t in ('PER', 'LOC', 'ORG') and all(AR.match(x) for x in w[s:e]):
                        n = w[s:e]
                        if len(n[0]) > 4 and n[0][0] in 'وبلف' and n[0][1:3] == 'ال': n = [n[0][1:]] + n[1:]
                        P.setdefault(t, []).append(n)
    return P
def attach(w, rng):
    c = rng.choice('وبلكف' if rng.random() < .6 else 'ولب')
    if c == 'ل' and w.startswith('ال'): return 'لل' + w[2:]
    if c in 'بلك' and rng.random() < .15: return 'و' + c + w
    return c + w
def augment(w, l, P, rng, prep, pclit):
    ms = mention_spans(l)
    if not ms: return w, l
    W2, L2 = [], []; p = 0; rep = rng.random() < prep
    for s, e, t in ms + [(len(w), len(w), None)]:
        W2 += w[p:s]; L2 += l[p:s]; p = e
        if t is None: break
        n = w[s:e]; sw = False
        if rep and t in P and AR.match(n[0]) and rng.random() < .6: n = list(rng.choice(P[t])); sw = True
        if AR.match(n[0]) and len(n[0]) > 2 and rng.random() < (pclit * 2 if sw else pclit): n = [attach(n[0], rng)] + n[1:]
        W2 += n; L2 += ['B-' + t] + ['I-' + t] * (len(n) - 1)
    return W2, L2
class Flat:
    """flat piece arrays + windows (start, length, style, weight)"""
    def __init__(s): s.ids = []; s.first = []; s.y = []; s.win = []
    def done(s):
        s.ids = np.array(s.ids, np.int32); s.first = np.array(s.first, bool); s.y = np.array(s.y, np.int32); s.win = np.array(s.win, np.float64).reshape(-1, 4); return s
def pack(fl, docs_units, style, weight, choose):
    """docs_units: list of (ids, first, y) sentences of one document; choose() -> window limit in pieces (0: one sentence a window)"""
    st = n = 0; lim = choose(); st = len(fl.ids)
    def close():
        nonlocal st, n, lim
        if n: fl.win.append((st, n, style, weight))
        st = len(fl.ids); n = 0; lim = choose()
    for words in docs_units:
        tot = sum(len(k) for k, _ in words)
        if n and (n + tot > lim or n + tot > MAXP): close()
        for k, y in words:
            if n + len(k) > MAXP: close()
            fl.ids += k; fl.first += [True] + [False] * (len(k) - 1); fl.y += [y] + [0] * (len(k) - 1); n += len(k)
        if lim == 0: close()
    close()
def gold_epoch(G, mix, seed, opt):
    rng = random.Random(seed); P = pools(G); fl = Flat()
    for key, reps, weight in mix:
        c = key.split('.')[0]; own = STYLE[c]; docs = G[key]
        n = int(reps); todo = docs * n + rng.sample(docs, int((reps - n) * len(docs)))
        for d in todo:
            st = own if own == 0 or (opt['style'] and rng.random() < .7) else 0
            mk = masks(c, st); ar = c in ('kh', 'aner'); U = []
            for w, l in d:
                if ar and opt['aug'] and rng.random() < .5: w, l = augment(w, l, P, rng, opt['prep'], opt['pclit'])
                U.append([(pieces_of(x), mk[t]) for x, t in zip(w, l)])
            wide = rng.random() < opt['pwide']
            pack(fl, U, st, weight, (lambda: rng.randint(70, MAXP)) if wide else (lambda: 0))
    return fl.done()
def eval_flat(docs, corpus, style, wide):
    fl = Flat()
    for d in docs:
        U = [[(pieces_of(x), ALL) for x in w] for w, l in d]
        pack(fl, U, style, 1, (lambda: MAXP) if wide else (lambda: 0))
    return fl.done()
# ---------------------------------------------------------------- model
import torch, torch.nn as nn, torch.nn.functional as F
DEV = 'cuda' if torch.cuda.is_available() else 'cpu'
class Layer(nn.Module):
    def __init__(s, H=384, FF=1536, p=.1):
        super().__init__(); s.qkv = nn.Linear(H, 3 * H); s.o = nn.Linear(H, H); s.ln1 = nn.LayerNorm(H, eps=1e-12); s.fi = nn.Linear(H, FF); s.fo = nn.Linear(FF, H); s.ln2 = nn.LayerNorm(H, eps=1e-12); s.p = p
    def forward(s, x, m):
        B, N, H = x.shape; q, k, v = s.qkv(x).view(B, N, 3, 12, 32).permute(2, 0, 3, 1, 4)
        a = F.scaled_dot_product_attention(q, k, v, attn_mask=m).transpose(1, 2).reshape(B, N, H)
        x = s.ln1(x + F.dropout(s.o(a), s.p, s.training)); return s.ln2(x + F.dropout(s.fo(F.gelu(s.fi(x))), s.p, s.training))
class Enc(nn.Module):
    def __init__(s, V, layers=12, H=384, p=.1):
        super().__init__(); s.emb = nn.Embedding(V, H); s.pos = nn.Embedding(512, H); s.typ = nn.Parameter(torch.zeros(H)); s.ln = nn.LayerNorm(H, eps=1e-12)
        s.style = nn.Parameter(torch.zeros(NSTYLE, H)); s.maskv = nn.Parameter(torch.zeros(H))
        s.layers = nn.ModuleList(Layer(p=p) for _ in range(layers)); s.head = nn.Linear(H, NL); s.p = p
        nn.init.normal_(s.head.weight, std=.02); nn.init.zeros_(s.head.bias); s.emb.weight.requires_grad_(False)
    def hidden(s, ids, mask, style=None, drop=None):
        x = s.emb(ids)
        if drop is not None: x = torch.where(drop[..., None], s.maskv.to(x.dtype), x)
        x = x + s.pos.weight[:ids.shape[1]] + s.typ
        if style is not None: x = x + s.style[style][:, None]
        x = F.dropout(s.ln(x), s.p, s.training)
        m = None if mask is None else mask[:, None, None, :].expand(-1, 1, ids.shape[1], -1)
        for l in s.layers: x = l(x, m)
        return x
    def load_e5(s, S, keep=None):
        t = lambda k: torch.from_numpy(np.ascontiguousarray(S[k])).float()
        with torch.no_grad():
            s.emb.weight.copy_(t('embeddings.word_embeddings.weight')); s.pos.weight.copy_(t('embeddings.position_embeddings.weight')); s.typ.copy_(t('embeddings.token_type_embeddings.weight')[0])
            s.ln.weight.copy_(t('embeddings.LayerNorm.weight')); s.ln.bias.copy_(t('embeddings.LayerNorm.bias')); s.maskv.copy_(s.emb.weight[UNK])
            for i, l in enumerate(s.layers):
                P = 'encoder.layer.%d.' % (keep[i] if keep else i)
                for w in ('weight', 'bias'):
                    getattr(l.qkv, w).copy_(torch.cat([t(P + 'attention.self.%s.%s' % (x, w)) for x in ('query', 'key', 'value')]))
                    for a, b in (('o', 'attention.output.dense'), ('ln1', 'attention.output.LayerNorm'), ('fi', 'intermediate.dense'), ('fo', 'output.dense'), ('ln2', 'output.LayerNorm')): getattr(getattr(l, a), w).copy_(t(P + b + '.' + w))
    def load(s, path, keep=None):
        """a state saved by save(); keep: which of its layers to take"""
        sd = torch.load(path, map_location='cpu'); out = {}
        for k, v in sd.items():
            if k.startswith('layers.') and keep:
                i = int(k.split('.')[1])
                if i not in keep: continue
                k = 'layers.%d.%s' % (keep.index(i), k.split('.', 2)[2])
            if k.startswith('mlm'): continue
            out[k] = v.float()
        miss, unexp = s.load_state_dict(out, strict=False); assert not unexp and all(m == 'emb.weight' for m in miss), (miss, unexp)
    def save(s, path): torch.save({k: v.detach().cpu() for k, v in s.state_dict().items() if k != 'emb.weight'}, path)
_S = None
def e5_state():
    global _S
    if _S is None:
        p = W + '/e5state.npz'
        if os.path.exists(p): _S = dict(np.load(p))
        else:
            from e5 import E5
            _S = E5(W + '/e5-small-57k-q4.bin').state(); np.savez(p + '.tmp.npz', **_S); os.replace(p + '.tmp.npz', p)
    return _S
def new_model(layers=12, init=None, keep=None, p=.1):
    S = e5_state(); m = Enc(S['embeddings.word_embeddings.weight'].shape[0], layers, p=p); m.load_e5(S, keep)
    if init: m.load(init, keep)
    return m.to(DEV)
def groups(m, lr, lld, headx=2.5):
    g = []; n = len(m.layers)
    for k, p in m.named_parameters():
        if not p.requires_grad: continue
        if k.startswith('head') or k.startswith('style'): r = lr * headx
        elif k.startswith('layers.'): r = lr * lld ** (n - 1 - int(k.split('.')[1]))
        else: r = lr * lld ** n
        g.append({'params': [p], 'lr': r, 'base': r, 'weight_decay': .01 if p.dim() > 1 and not k.startswith(('style', 'pos')) else 0.})
    d = {}
    for x in g: d.setdefault((x['base'], x['weight_decay']), {'params': [], 'lr': x['lr'], 'base': x['base'], 'weight_decay': x['weight_decay']})['params'] += x['params']
    return torch.optim.AdamW(list(d.values()), betas=(.9, .98), fused=DEV == 'cuda')
# ---------------------------------------------------------------- batches
def batches(win, cap, rng, shuffle=True):
    """lists of window numbers, similar lengths together, padded size <= cap pieces"""
    n = len(win); ix = rng.permutation(n) if shuffle else np.arange(n); ln = win[:, 1].astype(np.int64); out = []
    ck = 20000 if shuffle else n
    for c in range(0, n, ck):
        part = ix[c:c + ck]; part = part[np.argsort(ln[part], kind='stable')]; i = 0; L = ln[part] + 2; L8 = (L + 7) // 8 * 8
        while i < len(part):
            j = i + 1
            while j < len(part) and (j - i + 1) * L8[j] <= cap: j += 1
            out.append(part[i:j]); i = j
    if shuffle: out = [out[i] for i in rng.permutation(len(out))]
    return out
class GPUFlat:
    def __init__(s, ids, first, win, y=None, widx=None):
        t = lambda a, d: torch.from_numpy(np.ascontiguousarray(a)).to(DEV, d)
        s.ids = t(ids.astype(np.int32), torch.int32); s.first = t(first, torch.bool); s.win = win
        s.start = t(win[:, 0].astype(np.int64), torch.long) if win is not None else None
        s.len = t(win[:, 1].astype(np.int64), torch.long); s.style = t(win[:, 2].astype(np.int64), torch.long); s.wt = t(win[:, 3], torch.float32)
        s.y = None if y is None else t(y, torch.int32); s.widx = None if widx is None else t(widx, torch.int32)
    def batch(s, b):
        """-> ids, mask, index of each piece in the flat arrays (0 where none), first-piece mask, style, weight"""
        N = (int(s.win[b, 1].max()) + 2 + 7) // 8 * 8; bi = torch.from_numpy(np.ascontiguousarray(b)).to(DEV, torch.long, non_blocking=True)
        ln = s.len[bi][:, None]; ar = torch.arange(N, device=DEV)[None]; inside = (ar >= 1) & (ar <= ln)
        fi = torch.where(inside, s.start[bi][:, None] + ar - 1, 0)
        ids = torch.where(inside, s.ids[fi].long(), torch.where(ar == 0, BOS, torch.where(ar == ln + 1, EOS, PAD)))
        return ids, ar <= ln + 1, fi, inside & s.first[fi], s.style[bi], s.wt[bi]
SH = torch.arange(NL, device=DEV)
def gold_loss(m, D, b, wdrop):
    ids, mask, fi, fm, st, wt = D.batch(b)
    drop = (torch.rand(ids.shape, device=DEV) < wdrop) & (ids > 3) if wdrop else None
    with torch.autocast(DEV, torch.bfloat16): h = F.dropout(m.hidden(ids, mask, st, drop), .1, m.training)
    r, c = fm.nonzero(as_tuple=True); lp = F.log_softmax(m.head(h[r, c].float()), -1)
    al = ((D.y[fi[r, c]][:, None] >> SH) & 1).bool(); l = -torch.logsumexp(lp.masked_fill(~al, -1e9), -1)
    w = wt[r] * (~al.all(-1)).float(); return (l * w).sum() / w.sum().clamp(min=1)
def silver_loss(m, D, b, soft, wdrop):
    ids, mask, fi, fm, st, wt = D.batch(b)
    drop = (torch.rand(ids.shape, device=DEV) < wdrop) & (ids > 3) if wdrop else None
    with torch.autocast(DEV, torch.bfloat16): h = F.dropout(m.hidden(ids, mask, st, drop), .1, m.training)
    r, c = fm.nonzero(as_tuple=True); lp = F.log_softmax(m.head(h[r, c].float()), -1); p = soft[D.widx[fi[r, c]].long()].float()
    return -(p * lp).sum(-1).mean()
@torch.no_grad()
def word_logp(m, D, cap=32768, prob=False):
    """log-probabilities [words, NL] in flat order (first pieces)"""
    m.eval(); wi = torch.cumsum(D.first.int(), 0) - 1; out = torch.zeros(int(D.first.sum()), NL, device=DEV, dtype=torch.float16 if prob else torch.float32)
    for b in batches(D.win, cap, np.random.default_rng(0), False):
        ids, mask, fi, fm, st, _ = D.batch(b)
        with torch.autocast(DEV, torch.bfloat16): h = m.hidden(ids, mask, st)
        r, c = fm.nonzero(as_tuple=True); x = m.head(h[r, c].float())
        out[wi[fi[r, c]]] = x.softmax(-1).half() if prob else x.log_softmax(-1)
    m.train(); return out
# ---------------------------------------------------------------- decoding: constrained Viterbi, exact span probability
NEG = -1e4
def trans():
    T = torch.zeros(NL, NL); st = torch.zeros(NL)
    for i, x in enumerate(LABELS):
        if x[0] == 'I':
            st[i] = NEG
            for j, y in enumerate(LABELS):
                if y[2:] != x[2:]: T[j, i] = NEG
    return T.to(DEV), st.to(DEV)
@torch.no_grad()
def decode(logp, starts, lens, cap=400000):
    """logp [words, NL] on DEV; sentences (starts, lens: numpy) -> arrays (sentence, first word, last word + 1, type, probability); words relative to the sentence.
    probability = exact marginal of 'this very span' under the constrained chain"""
    T, S0 = trans(); order = np.argsort(lens, kind='stable'); order = order[lens[order] > 0]; res = []; i = 0
    while i < len(order):
        j = i + 1
        while j < len(order) and (j - i + 1) * lens[order[j]] <= cap: j += 1
        ix = order[i:j]; i = j; B = len(ix); N = int(lens[ix[-1]])
        st = torch.from_numpy(starts[ix].astype(np.int64)).to(DEV); ln = torch.from_numpy(lens[ix].astype(np.int64)).to(DEV); ar = torch.arange(N, device=DEV)[None]; ok = ar < ln[:, None]
        lg = torch.where(ok[..., None], logp[torch.where(ok, st[:, None] + ar, 0)].float(), 0.)
        pad = torch.full((NL,), NEG, device=DEV); pad[0] = 0
        lg = torch.where(ok[..., None], lg, pad)                       # padding is O
        v = lg[:, 0] + S0; a = v.clone(); bp = []; al = [a]
        for k in range(1, N):
            q = v[:, :, None] + T; v, b = q.max(1); v = v + lg[:, k]; bp.append(b)
            a = torch.logsumexp(a[:, :, None] + T, 1) + lg[:, k]; al.append(a)
        y = v.argmax(-1); ys = [y]
        for b in reversed(bp): y = b.gather(1, y[:, None])[:, 0]; ys.append(y)
        ys = torch.stack(ys[::-1], 1); bt = torch.zeros(B, NL, device=DEV); be = [bt]
        for k in range(N - 1, 0, -1): bt = torch.logsumexp(T[None] + (lg[:, k] + bt)[:, None, :], 2); be.append(bt)
        be = torch.stack(be[::-1], 1); al = torch.stack(al, 1); Z = torch.logsumexp(al[:, -1], -1)
        cI = torch.cumsum(lg, 1)
        isB = (ys > 0) & (ys % 2 == 1) & ok; r, s = isB.nonzero(as_tuple=True)
        if len(r) == 0: continue
        t = ys[r, s]; inside = torch.cat([(ys > 0) & (ys % 2 == 0), torch.zeros(B, 1, dtype=torch.bool, device=DEV)], 1)
        nx = torch.where(inside, N, torch.arange(N + 1, device=DEV)[None]); nx = torch.flip(torch.cummin(torch.flip(nx, [1]), 1)[0], [1]); e = nx[r, s + 1]
        p = al[r, s, t] + cI[r, e - 1, t + 1] - cI[r, s, t + 1]
        last = e >= N; en = e.clamp(max=N - 1)
        cont = lg[r, en] + be[r, en]; cont.scatter_(1, (t + 1)[:, None], NEG * 2)     # the next word does not continue the span
        bad = torch.zeros(NL, device=DEV); bad[2::2] = NEG * 2                         # nor is it an I of another type
        cont = torch.logsumexp(cont + bad, -1); p = (p + torch.where(last, torch.zeros_like(cont), cont) - Z[r]).clamp(max=0).exp()
        res.append(np.stack([ix[r.cpu().numpy()], s.cpu().numpy(), e.cpu().numpy(), ((t - 1) // 2).cpu().numpy(), np.rint(p.cpu().numpy() * 1e6)], 1).astype(np.int64))
    R = np.concatenate(res) if res else np.zeros((0, 5), np.int64)
    return R[np.lexsort((R[:, 1], R[:, 0]))]
# ---------------------------------------------------------------- scoring
def prf(tp, g, p):
    P = tp / max(p, 1); R = tp / max(g, 1); return [round(100 * P, 2), round(100 * R, 2), round(200 * P * R / max(P + R, 1e-9), 2)]
def evaluate(m, docs, corpus, style, wide=True, rel=None, quiet=True):
    D = eval_flat(docs, corpus, style, wide); D = GPUFlat(D.ids, D.first, D.win)
    lp = m(D) if callable(m) and not isinstance(m, nn.Module) else word_logp(m, D)
    sents = [s for d in docs for s in d]; lens = np.array([len(s[0]) for s in sents]); starts = np.concatenate([[0], np.cumsum(lens)[:-1]]); assert lens.sum() == lp.shape[0]
    R = decode(lp, starts, lens); mp = {'EVENT': 'MISC'} if corpus in ('aner', 'wiki') else {}
    ty = ['PER', 'ORG', 'LOC'] if corpus in ('uner', 'euro', 'fact') else (['PER', 'ORG', 'LOC', 'MISC'] if mp else TYPES)
    gold = set(); X = set()
    for i, (w, l) in enumerate(sents):
        for s, e, t in mention_spans(l):
            if mp.get(t, t) in ty: gold.add((i, s, e, mp.get(t, t)))
        X |= {(i, k) for k, t in enumerate(l) if t == 'X'}
    pred = {}
    for i, s, e, t, p in R.tolist():
        t = mp.get(TYPES[t], TYPES[t])
        if t in ty and not any((i, k) in X for k in range(s, e)): pred[(i, s, e, t)] = p / 1e6
    o = {}
    for name, ts in [(t, [t]) for t in ty] + [('micro', ty), ('3', ['PER', 'ORG', 'LOC'])]:
        g = {x for x in gold if x[3] in ts}; p = {x for x in pred if x[3] in ts}; o[name] = prf(len(g & p), len(g), len(p)) + [len(g)]
    if rel is not None:
        for x, p in pred.items(): b = min(9, int(p * 10)); rel[b][0] += 1; rel[b][1] += x in gold; rel[b][2] += p
    return o
EVALS = [('kh.held', 'kh', 0), ('aner.dev', 'aner', 1), ('aner.dev', 'aner', 0), ('kho_dev.en', 'kho_dev', 0), ('kho_dev.ru', 'kho_dev', 0), ('kho_dev.fr', 'kho_dev', 0), ('wiki.dev', 'wiki', 2), ('uner.dev', 'uner', 3), ('fact.dev', 'fact', 4), ('euro.dev', 'euro', 5)]
FINAL = [('kh.final', 'kh', 0)]
def report(m, G, name, which, log, narrow=('kh.held', 'kh.final'), nostyle=False):
    for key, c, st in which:
        if nostyle and st: continue
        for wide in ((True, False) if key in narrow else (True,)):
            o = evaluate(m, G[key], c, st, wide); line = dict(model=name, set=key, style=st, ctx='wide' if wide else 'sent', **o); log.append(line)
            print('EVAL', name, key, 'style%d' % st, line['ctx'], 'micro', o['micro'][2], '3', o['3'][2], ' '.join('%s %s' % (t, o[t][2]) for t in TYPES if t in o), flush=True)
def load_gold(): return json.loads(gzip.open(W + '/gold.json.gz', 'rt', encoding='utf8').read())
# ---------------------------------------------------------------- quantisation checks
class QLin(nn.Module):
    def __init__(s, lin, wb, ab):
        super().__init__(); w = lin.weight.data; q = 2 ** (wb - 1) - 1; d = w.abs().amax(1, keepdim=True).clamp(min=1e-9) / q; s.w = (w / d).round().clamp(-q, q) * d; s.b = lin.bias.data; s.ab = ab
    def forward(s, x):
        with torch.autocast(DEV, enabled=False):
            x = x.float()
            if s.ab: q = 2 ** (s.ab - 1) - 1; d = x.abs().amax(-1, keepdim=True).clamp(min=1e-9) / q; x = (x / d).round().clamp(-q, q) * d
            return F.linear(x, s.w, s.b)
def quantised(m, wb=8, ab=0):
    import copy
    m = copy.deepcopy(m)
    for l in m.layers:
        for n in ('qkv', 'o', 'fi', 'fo'): setattr(l, n, QLin(getattr(l, n), wb, ab))
    return m
