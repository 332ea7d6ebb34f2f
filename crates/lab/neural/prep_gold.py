"""prep_gold.py CORPORA OUT.json.gz: reads all gold corpora, folders below CORPORA (local, plain Python)
{set name: [doc, ...]}; doc = list of sentences; sentence = [[words], [labels]]; labels 'O', 'B-T', 'I-T' with T in PER ORG LOC EVENT MISC, or 'X' (optional mention: no loss, no score).
Words are those of WORD below in every corpus (corpus tokens are split again by it)."""
import json, re, glob, os, gzip, random, sys
C = sys.argv[1] + '/'
OUT = sys.argv[2]
DROP = '\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00ad\u200b'
WORD = re.compile(r'[\w\u0610-\u061a\u064b-\u065f\u0670\u0640\u200c\u200d]+|[^\w\s' + DROP + ']')
SENT = re.compile(r'.+?(?:[.؟!](?=\s|$)|$)')
STRIP = re.compile('[\u0610-\u061a\u064b-\u065f\u0670\u0640\u200c\u200d]')
HELD_OUTLETS = {'alweeam', 'ahdath.info', 'CNN'}
clean = lambda w: STRIP.sub('', w) or w
def khabar(a):
    ms = sorted(a['mentions'], key=lambda m: (m['start'] - m['end'], m['start'])); taken = []; keep = []
    for m in ms:                                   # outermost first
        if any(m['start'] < e and m['end'] > s for s, e in taken): continue
        taken.append((m['start'], m['end'])); keep.append(m)
    doc = []
    for par in re.finditer(r'[^\n]+', a['body']):
        for s in SENT.finditer(par.group()):
            b = par.start() + s.start()
            T = [(x.group(), b + x.start(), b + x.end()) for x in WORD.finditer(s.group())]
            if not T: continue
            lab = ['O'] * len(T)
            for m in keep:
                k = 0
                for i, (_, x, y) in enumerate(T):
                    if x < m['end'] and y > m['start'] and lab[i] == 'O':
                        lab[i] = 'X' if m['optional'] else ('B-' if k == 0 else 'I-') + m['type']; k += 1
            doc.append([[clean(w) for w, _, _ in T], lab])
    return doc
OPEN = set('"\'“”«»(‘’–-[')
def retok(toks, labs):
    W, L = [], []
    for w, t in zip(toks, labs):
        p = WORD.findall(w)
        for i, x in enumerate(p):
            y = t
            if t[0] == 'B' and i: y = 'I' + t[1:]
            if x in OPEN and t[0] == 'B' and (i == 0 and len(p) > 1): y = 'O'
            W.append(clean(x)); L.append(y)
    for i in range(len(L)):                        # repair I without B
        if L[i][0] == 'I' and (i == 0 or L[i-1] == 'O' or L[i-1][2:] != L[i][2:]): L[i] = 'B' + L[i][1:]
    return [W, L]
def conll(path, wc, tc, sep=None, mp={}):
    docs = []; cur = ([], []); doc = []
    def end():
        nonlocal cur
        if cur[0]: doc.append(retok(*cur))
        cur = ([], [])
    for l in open(path, encoding='utf8', errors='replace'):
        if l.startswith('# newdoc'):
            end()
            if doc: docs.append(doc); doc = []
            continue
        if l.startswith('#') and '\t' not in l: continue
        p = l.rstrip('\n').split(sep)
        if len(p) < 2 or not p[wc]: end(); continue
        t = p[tc]; t = t[:2] + mp.get(t[2:], t[2:])
        if t != 'O' and t[2:] not in ('PER', 'ORG', 'LOC', 'MISC'): t = 'O'
        cur[0].append(p[wc]); cur[1].append(t)
    end()
    if doc: docs.append(doc)
    return docs
def factru():
    TY = {'Person': 'PER', 'Org': 'ORG', 'LocOrg': 'LOC', 'Location': 'LOC', 'Project': 'MISC'}; out = []
    for tf in sorted(glob.glob(C + 'factrueval2016/devset/*.tokens')):
        b = tf[:-7]; txt = open(b + '.txt', encoding='utf8').read(); sents = []; cur = []
        for l in open(tf, encoding='utf8'):
            p = l.split()
            if len(p) < 4:
                if cur: sents.append(cur); cur = []
                continue
            cur.append((p[0], p[3]))
        if cur: sents.append(cur)
        sp = {}
        for l in open(b + '.spans', encoding='utf8'):
            a, _, c = l.partition('#'); p = a.split()
            if len(p) >= 6: sp[p[0]] = c.split()[:int(p[5])]
        order = {t: i for i, t in enumerate(t for s in sents for t, _ in s)}; lab = {}; objs = []
        for l in open(b + '.objects', encoding='utf8'):
            p = l.split('#')[0].split()
            if len(p) >= 3: objs.append((TY.get(p[1]), sorted({order[t] for s in p[2:] for t in sp.get(s, []) if t in order})))
        for y, ix in sorted(objs, key=lambda o: -len(o[1])):
            if not y or not ix: continue
            r = range(ix[0], ix[-1] + 1)
            if len(r) > len(ix) + 3 or any(i in lab for i in r): continue
            for k, i in enumerate(r): lab[i] = ('B-' if k == 0 else 'I-') + y
        out.append([retok([w for _, w in s], [lab.get(order[t], 'O') for t, _ in s]) for s in sents])
    return out
def europeana():
    S = []; W = []; L = []
    for l in open(C + 'europeana_fr/enp_FR.bnf.bio', encoding='utf8', errors='replace'):
        p = l.split()
        if len(p) != 2: continue
        W.append(p[0]); L.append(p[1])
        if (p[0] == '.' and len(W) > 5) or (len(W) >= 60 and p[1] == 'O'): S.append(retok(W, L)); W, L = [], []
    if W: S.append(retok(W, L))
    return S
def chunks(S, n=25): return [S[i:i + n] for i in range(0, len(S), n)]
D = {}
kh = [json.loads(l) for l in open(C + 'khabar_ar/train.jsonl', encoding='utf8')]
D['kh.train'] = [khabar(a) for a in kh if a['source'] not in HELD_OUTLETS]
D['kh.held'] = [khabar(a) for a in kh if a['source'] in HELD_OUTLETS]
D['kh.final'] = [khabar(json.loads(l)) for l in open(C + 'khabar_ar/dev.jsonl', encoding='utf8')]
n = {}
for l in open(C + 'khabar_other/en_ru_fr.jsonl', encoding='utf8'):
    a = json.loads(l); i = n[a['lang']] = n.get(a['lang'], -1) + 1
    D.setdefault(('kho_dev.' if i % 3 == 0 else 'kho_train.') + a['lang'], []).append(khabar(a))
S = [s for d in conll(C + 'anercorp/ANERCorp_CamelLab_train.txt', 0, 1, None, {'PERS': 'PER'}) for s in d]
k = int(len(S) * .85); D['aner.train'] = chunks(S[:k]); D['aner.dev'] = chunks(S[k:])
U = conll(C + 'uner_en_ewt/dev.iob2', 1, 2, '\t') + conll(C + 'uner_en_ewt/test.iob2', 1, 2, '\t')
D['uner.train'] = [d for i, d in enumerate(U) if i % 10]; D['uner.dev'] = U[::10]
G = chunks([s for d in conll(C + 'wikigold_en/test.conllu', 1, 2, '\t') for s in d]); k = int(len(G) * .9); D['wiki.train'] = G[:k]; D['wiki.dev'] = G[k:]
F = factru(); D['fact.train'] = [d for i, d in enumerate(F) if i % 10]; D['fact.dev'] = F[::10]
E = chunks(europeana()); k = int(len(E) * .9); D['euro.train'] = E[:k]; D['euro.dev'] = E[k:]
for k, v in sorted(D.items()):
    import collections
    c = collections.Counter(t[2:] for d in v for s in d for t in s[1] if t[0] == 'B'); x = sum(t == 'X' for d in v for s in d for t in s[1])
    print(k, 'docs', len(v), 'sents', sum(map(len, v)), 'words', sum(len(s[0]) for d in v for s in d), dict(c), 'X', x)
gzip.open(OUT, 'wt', encoding='utf8').write(json.dumps(D, ensure_ascii=False))
