"""check_np.py WEIGHTS_PREFIX N E5.bin: strict F1 of the exported files, by infer_np, on the first N kh.held articles of gold.json.gz (work, from prep_gold.py)"""
import sys, json, gzip, os; sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import infer_np as I, numpy as np, math
def erf(x):                                        # Abramowitz-Stegun 7.1.26, 1.5e-7
    s = np.sign(x); x = np.abs(x); t = 1 / (1 + .3275911 * x); return s * (1 - (((((1.061405429 * t - 1.453152027) * t) + 1.421413741) * t - .284496736) * t + .254829592) * t * np.exp(-x * x))
I._erf = erf
T = I.safetensors(sys.argv[1]); T = {k: v.astype(np.float32) for k, v in T.items()}; e5 = I.E5(sys.argv[3]); tok = I.Tokeniser(e5); E = e5.embeddings()
G = json.load(gzip.open('work/gold.json.gz', 'rt')) ['kh.held'][:int(sys.argv[2])]; tp = g = p = 0
def spans(l):
    o = []; s = None
    for i, t in enumerate(l + ['O']):
        if s is not None and not (t[0] == 'I' and t[2:] == l[s][2:]): o.append((s, i, l[s][2:])); s = None
        if s is None and t[0] in 'BI': s = i
    return set(o)
for d in G:
    W = [[tok.word(w)[:24] or [3] for w in s[0]] for s in d]; win = []; cur = []; n = 0
    for i, s in enumerate(W):
        tot = sum(map(len, s))
        if n and n + tot > 252: win.append(cur); cur = []; n = 0
        for j, k in enumerate(s):
            if n + len(k) > 252: win.append(cur); cur = []; n = 0
            cur.append((i, j, k)); n += len(k)
    win.append(cur); LG = [np.zeros((len(s), 11)) for s in W]
    for w in win:
        if not w: continue
        ids = [0]; pos = []
        for _, _, k in w: pos.append(len(ids)); ids += k
        lg = I.forward(T, E, np.array(ids + [2]))[pos]
        for (i, j, _), r in zip(w, lg): LG[i][j] = r
    for (w, l), lg in zip(d, LG):
        q = {(s, e, t) for s, e, t, _ in I.decode(lg - I.lse(lg, 1)[:, None]) if 'X' not in l[s:e]}; a = spans(l); tp += len(a & q); g += len(a); p += len(q)
    print(len(G), 'so far P %.1f R %.1f F %.1f n %d' % (100 * tp / max(p, 1), 100 * tp / max(g, 1), 200 * tp / max(1, p + g), g), flush=True)
