"""Device or local, CPU only: python3 prep.py gold | raw NAME FILE.gz[+FILE.gz] FROM_LINE [MAXLINES]"""
import os, sys; os.environ['CUDA_VISIBLE_DEVICES'] = ''
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from nerlib import *
import nerlib, pickle, multiprocessing as mp
NP = int(os.environ.get('NP', '15'))
DEVSETS = ['kh.final', 'kh.held', 'aner.dev', 'kho_dev.en', 'kho_dev.ru', 'kho_dev.fr', 'wiki.dev', 'uner.dev', 'fact.dev', 'euro.dev']
def grams(words): return {hash(' '.join(words[i:i + 8])) for i in range(len(words) - 7)}
def blocked(G, keys): return {g for k in keys for d in G[k] for g in grams([w for s in d for w in s[0]])}
def loadcache():
    t = tok()
    if os.path.exists(W + '/tokcache.pkl'): t.cache.update(pickle.load(open(W + '/tokcache.pkl', 'rb')))
def _tokw(ws): return [(w, tok().cut(w)) for w in ws]
HELDMIX = [('kh.held', 3, 1), ('aner.dev', 1, 1), ('kho_dev.en', 4, 1), ('kho_dev.ru', 4, 1), ('kho_dev.fr', 4, 1), ('wiki.dev', 1, 1), ('uner.dev', .7, 1), ('fact.dev', 1, 1), ('euro.dev', .2, .5)]
MIX = [('kh.train', 3, 1), ('aner.train', 1, 1), ('kho_train.en', 4, 1), ('kho_train.ru', 4, 1), ('kho_train.fr', 4, 1), ('wiki.train', 1, 1), ('uner.train', .7, 1), ('fact.train', 1, 1), ('euro.train', .2, .5)]
OPT = dict(style=True, aug=True, prep=.25, pclit=.08, pwide=.6)
VAR = {'style': (MIX, OPT, 20), 'nostyle': (MIX, dict(OPT, style=False), 8), 'noaug': (MIX, dict(OPT, aug=False), 8), 'all': (MIX + HELDMIX, OPT, 12)}
G = None
def _epoch(a):
    v, i = a; mix, opt, _ = VAR[v]; fl = gold_epoch(G, mix, 1000 + i, opt)
    np.savez('%s/gold_%s_%d.npz' % (W, v, i), ids=fl.ids, first=fl.first, y=fl.y, win=fl.win); return v, i, len(fl.ids), int(fl.first.sum()), len(fl.win)
def _lines(a):
    off, lines, B = a; ids = []; first = []; U = []; LN = []; drop = []; wtot = 0; ptot = 0
    c = tok().cache; T = tok()
    for k, l in enumerate(lines):
        ws = [clean(w) for w in WORD.findall(l)]
        if not ws: continue
        if any(hash(' '.join(ws[i:i + 8])) in B for i in range(len(ws) - 7)): drop.append(off + k); continue
        n = 0; p0 = ptot; w0 = wtot
        for w in ws:
            r = c.get(w)
            if r is None: r = c[w] = T.cut(w)
            r = r[:24] or [UNK]
            if n + len(r) > MAXP: U.append((p0, n, w0, wtot - w0)); LN.append(off + k); p0 = ptot; w0 = wtot; n = 0
            ids += r; first.append(len(r)); n += len(r); ptot += len(r); wtot += 1
        U.append((p0, n, w0, wtot - w0)); LN.append(off + k)
    f = np.zeros(len(ids), bool); fl = np.array(first, np.int64)
    if len(fl): f[np.concatenate([[0], np.cumsum(fl)[:-1]])] = True
    return np.array(ids, np.uint16), f, np.array(U, np.int64).reshape(-1, 4), np.array(LN, np.int32), drop, wtot
JOBS = None
def _idx(i): return _lines(JOBS[i])
if __name__ == '__main__':
    t0 = time.time(); cmd = sys.argv[1]
    if cmd == 'gold':
        e5_state(); G = load_gold(); ev = blocked(G, DEVSETS); fin = blocked(G, ['kh.final'])
        for k in G:
            if k in DEVSETS and k != 'kh.final': B = fin
            elif k.endswith('train') or 'train' in k: B = ev
            else: continue
            n = 0
            for d in G[k]:
                for i in range(len(d) - 1, -1, -1):
                    if grams(d[i][0]) & B: del d[i]; n += 1
            if n: print('dropped', n, 'sentences of', k, 'sharing an 8-gram with', 'kh.final' if B is fin else 'a development set')
        gzip.open(W + '/gold.json.gz', 'wt', encoding='utf8', compresslevel=1).write(json.dumps(G, ensure_ascii=False))
        words = sorted({w for k in G for d in G[k] for s in d for w in s[0]} | {attach(x, random.Random(i)) for P in pools(G).values() for i, n in enumerate(P) for x in n[:1]})
        ctx = mp.get_context('fork'); tok()
        with ctx.Pool(NP) as pool:
            C = {}
            for r in pool.imap_unordered(_tokw, [words[i::NP * 4] for i in range(NP * 4)]): C.update(r)
        tok().cache.update(C); pickle.dump(C, open(W + '/tokcache.pkl', 'wb'))
        print('gold words', len(words), 'types cached %.1fs' % (time.time() - t0), flush=True)
        todo = [(v, i) for v in (sys.argv[2].split(',') if len(sys.argv) > 2 else VAR) for i in range(VAR[v][2] if len(sys.argv) < 4 else int(sys.argv[3]))]
        with ctx.Pool(NP) as pool:
            for r in pool.imap_unordered(_epoch, todo):
                if r[1] == 0: print('epoch', r, flush=True)
        open(W + '/gold.done', 'w').write('1'); print('gold %.1fs' % (time.time() - t0), flush=True)
    else:
        name, files, frm = sys.argv[2], sys.argv[3].split('+'), int(sys.argv[4]); mx = int(sys.argv[5]) if len(sys.argv) > 5 else None
        z = zlib.decompressobj(31); txt = b''.join(z.decompress(open(f, 'rb').read()) for f in files) ; whole = z.eof
        lines = txt.decode('utf8', 'ignore').split('\n'); del txt
        lines.pop()                                                      # the cut one, or the empty one after the last newline
        tot = len(lines)
        if name == 'other': lines = [l.split('\t', 1)[1] for l in lines]
        lines = lines[frm:][:mx]
        print(name, 'lines', len(lines), 'of', tot, 'complete', whole, '%.1fs' % (time.time() - t0), flush=True)
        G = load_gold(); B = blocked(G, DEVSETS); del G; loadcache()
        step = max(1, len(lines) // (NP * 8)); jobs = [(frm + i, lines[i:i + step], B) for i in range(0, len(lines), step)]
        JOBS = jobs
        with mp.get_context('fork').Pool(NP) as pool: R = pool.map(_idx, range(len(jobs)), chunksize=1)
        po = wo = 0; us = []
        for ids, f, U, LN, drop, w in R: U[:, 0] += po; U[:, 2] += wo; us.append(U); po += len(ids); wo += w
        np.save(f'{W}/{name}.ids.npy', np.concatenate([r[0] for r in R])); np.save(f'{W}/{name}.first.npy', np.concatenate([r[1] for r in R])); np.save(f'{W}/{name}.units.npy', np.concatenate(us)); np.save(f'{W}/{name}.line.npy', np.concatenate([r[3] for r in R]))
        dr = [x for r in R for x in r[4]]; json.dump(dict(lines=len(lines), first_line=frm, total=tot, words=wo, pieces=po, dropped=dr), open(f'{W}/{name}.json', 'w')); open(f'{W}/{name}.done', 'w').write('1')
        print(name, 'words', wo, 'pieces', po, 'units', sum(map(len, us)), 'dropped lines', len(dr), '%.1fs' % (time.time() - t0), flush=True)
