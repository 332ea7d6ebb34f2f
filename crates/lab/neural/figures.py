"""logs/log_*.json -> figures.md"""
import json, glob, os
D = os.path.dirname(os.path.abspath(__file__)) + '/../'; L = []
for f in sorted(glob.glob(D + 'logs/log_*.json')):
    if 'log_s' in f and os.path.basename(f) in ('log_sgold.json', 'log_smlm.json', 'log_ssilver.json'): continue
    L += json.load(open(f))
order = ['gold_noaug', 'gold_nostyle', 'gold_style', 'teacher1', 'teacher2', 'teacher3', 'teacher4', 'ensemble', 'student12', 'student12.w8', 'student12.w8a8', 'student12.w7a8', 'student12b', 'student12b.w8', 'student12b.w8a8', 'student12b.w7a8', 'student12_all', 'student12_all.w8', 'student12_all.w8a8', 'student12b_all', 'student12b_all.w8', 'student12b_all.w8a8', 'student8', 'student8.w8', 'student8.w8a8', 'student8.w7a8', 'student6', 'student6.w8', 'student6.w8a8', 'student6.w7a8']
o = ['# Figures (P / R / F1, strict word-level spans; n = gold spans)\n']
sets = [('kh.held', 0, 'wide'), ('kh.held', 0, 'sent'), ('aner.dev', 1, 'wide'), ('aner.dev', 0, 'wide'), ('kho_dev.en', 0, 'wide'), ('kho_dev.ru', 0, 'wide'), ('kho_dev.fr', 0, 'wide'), ('wiki.dev', 2, 'wide'), ('uner.dev', 3, 'wide'), ('fact.dev', 4, 'wide'), ('euro.dev', 5, 'wide'), ('kh.final', 0, 'wide'), ('kh.final', 0, 'sent')]
f = lambda x: '%.1f / %.1f / **%.1f**' % tuple(x[:3])
for s, st, ctx in sets:
    rows = [(m, x) for m in order for x in L if x.get('model') == m and x.get('set') == s and x.get('style') == st and x.get('ctx') == ctx]
    if s != 'kh.final': rows = [r for r in rows if '_all' not in r[0]]
    if not rows: continue
    ty = [t for t in ('micro', '3', 'PER', 'ORG', 'LOC', 'EVENT', 'MISC') if t in rows[0][1]]
    o += ['\n## %s, style %d, %s\n' % (s, st, {'wide': 'windows of up to 252 pieces', 'sent': 'one sentence at a time'}[ctx]), '| model | ' + ' | '.join('%s (n %d)' % ({'micro': 'all', '3': 'PER+ORG+LOC'}.get(t, t), rows[0][1][t][3]) for t in ty) + ' |', '|---' * (len(ty) + 1) + '|']
    o += ['| %s | %s |' % (m, ' | '.join(f(x[t]) for t in ty)) for m, x in rows]
o += ['\n## Reliability of the span probability\n']
for m in ('ensemble', 'student12', 'student12b', 'student8', 'student6', 'student12b_all'):
    for s in (None, 'kh.final'):
        for x in L:
            if x.get('model') == m and 'rel' in x and x.get('set') == s and not (m.endswith('_all') and s is None):
                o += ['\n%s on %s\n' % (m, s or 'kh.held'), '| bin | spans | mean p | precision |', '|---|---|---|---|'] + ['| %.1f-%.1f | %d | %.3f | %.3f |' % (i / 10, i / 10 + .1, n, p / n, k / n) for i, (n, k, p) in enumerate(x['rel']) if n]
open(D + 'figures.md', 'w').write('\n'.join(o) + '\n'); print('\n'.join(o))
