"""Device: python3 main.py mlm|gold|silver|student|eval key=value ..."""
import os, sys; sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from nerlib import *
import glob, traceback
torch.backends.cuda.matmul.allow_tf32 = True; torch.backends.cudnn.allow_tf32 = True
A = dict(x.split('=', 1) for x in sys.argv[2:]); T0 = time.time()
def arg(k, d): return type(d)(A.get(k, d)) if d is not None else A.get(k)
NAME = A.get('name', 'x'); SEED = arg('seed', 1); torch.manual_seed(SEED); random.seed(SEED); RNG = np.random.default_rng(SEED)
LOG = []
def say(*a): print('%s %6.1f' % (NAME, time.time() - T0), *a, flush=True)
def flush_log(): json.dump(LOG, open('%s/log_%s.json' % (W, NAME), 'w'))
class Clock:
    """progress by steps or by wall clock, whichever is ahead; linear warm-up, then linear decay"""
    def __init__(s, total, budget, warm=.06): s.total, s.budget, s.warm, s.t0, s.n = total, budget, warm, time.time(), 0
    def lr(s): p = s.p(); return min(1, (p + 1e-3) / s.warm) * max(.01, 1 - p)
    def p(s): return max(s.n / s.total, (time.time() - s.t0) / s.budget)
def step(opt, params, ck, loss):
    for g in opt.param_groups: g['lr'] = g['base'] * ck.lr()
    torch.nn.utils.clip_grad_norm_(params, 1.0); opt.step(); opt.zero_grad(set_to_none=True); ck.n += 1
def gold_batches(var, cap):
    """endless: (GPU data, window list)"""
    fs = sorted(glob.glob('%s/gold_%s_*.npz' % (W, var))); ep = 0
    order = list(RNG.permutation(len(fs)))
    while True:
        z = np.load(fs[order[ep % len(fs)]]); D = GPUFlat(z['ids'], z['first'], z['win'], y=z['y'])
        for b in batches(z['win'], cap, RNG): yield ep, D, b
        ep += 1
def raw_sets(names):
    ids = []; first = []; units = []; po = wo = 0
    for n in names:
        i = np.load(f'{W}/{n}.ids.npy'); u = np.load(f'{W}/{n}.units.npy').copy(); u[:, 0] += po; u[:, 2] += wo; f = np.load(f'{W}/{n}.first.npy')
        ids.append(i); first.append(f); units.append(u); po += len(i); wo += int(f.sum())
    return np.concatenate(ids), np.concatenate(first), np.concatenate(units)
def wide_windows(units, lim=None):
    """consecutive units joined up to lim pieces"""
    n = units[:, 1].tolist(); st = units[:, 0].tolist(); w = []; i = 0; N = len(n)
    while i < N:
        L = MAXP if lim is None else lim(); j = i + 1; t = n[i]
        while j < N and t + n[j] <= L: t += n[j]; j += 1
        w.append((st[i], t, 0, 1)); i = j
    return np.array(w, np.float64)
def mlm():
    budget = arg('budget', 120.); bs = arg('bs', 160); N = 254; lr = arg('lr', 6e-4)
    m = new_model(); H = 384
    tr = nn.Sequential(nn.Linear(H, H), nn.GELU(), nn.LayerNorm(H)).to(DEV); bias = nn.Parameter(torch.zeros(m.emb.weight.shape[0], device=DEV))
    if A.get('init'): m.load(A['init'])
    for p in (m.style, m.head.weight, m.head.bias): p.requires_grad_(False)
    opt = groups(m, lr, 1.0); opt.add_param_group({'params': [*tr.parameters(), bias], 'lr': lr, 'base': lr, 'weight_decay': 0.}); P = [p for g in opt.param_groups for p in g['params']]
    E = m.emb.weight.detach().to(torch.bfloat16); V = E.shape[0]
    def ids_of(names):
        i = [np.load(f'{W}/{n}.ids.npy') for n in names]; f = [np.load(f'{W}/{n}.first.npy') for n in names]
        return torch.from_numpy(np.concatenate(i).astype(np.int32)).to(DEV), torch.from_numpy(np.concatenate(f)).to(DEV)
    def gold_other():
        z = np.load(W + '/gold_style_0.npz'); return torch.from_numpy(z['ids'].astype(np.int32)).to(DEV), torch.from_numpy(z['first']).to(DEV)
    arn = [n for n in ('rawA', 'rawB') if os.path.exists(f'{W}/{n}.done')]; ar = ids_of(arn); other = [gold_other()]
    if os.path.exists(f'{W}/other.done'): other.append(ids_of(['other']))
    ck = Clock(arg('steps', 10 ** 9), budget, .05); m.train(); rl = None; say('mlm start', [x.shape for x, _ in [ar] + other]); toks = 0; off = torch.arange(N, device=DEV)[None]
    while ck.p() < 1:
        if ck.n % 40 == 39:
            now = [n for n in ('rawA', 'rawB') if os.path.exists(f'{W}/{n}.done')]
            if now != arn: arn = now; ar = ids_of(arn); say('more raw', ar[0].shape)
            if len(other) == 1 and os.path.exists(f'{W}/other.done'): other.append(ids_of(['other'])); say('other', other[1][0].shape)
        parts = [(ar, bs - bs // 6)] + [(o, bs // 6 // len(other)) for o in other]; X = []; Fm = []
        for (i, f), k in parts:
            s = torch.randint(0, len(i) - N, (k, 1), device=DEV) + off; X.append(i[s]); Fm.append(f[s])
        x = torch.cat(X).long(); f = torch.cat(Fm); B = len(x); wid = torch.cumsum(f.int(), 1)
        r = torch.rand(B, N + 1, device=DEV); r2 = torch.rand(B, N + 1, device=DEV); sel = r.gather(1, wid) < .2; u = r2.gather(1, wid)
        inp = torch.where(sel & (u >= .8) & (u < .9), torch.randint(4, V, x.shape, device=DEV), x); hide = sel & (u < .8)
        z = torch.full((B, 1), BOS, device=DEV); ids = torch.cat([z, inp, z + EOS], 1); hd = F.pad(hide, (1, 1)); sl = F.pad(sel, (1, 1))
        with torch.autocast(DEV, torch.bfloat16):
            h = m.hidden(ids, None, None, hd)[sl]; lg = tr(h).to(torch.bfloat16) @ E.T
        loss = F.cross_entropy(lg.float() + bias, x[sel]); loss.backward(); step(opt, P, ck, loss); toks += B * (N + 2)
        if ck.n % 100 == 0: v = loss.item(); rl = v if rl is None else .6 * rl + .4 * v; say('mlm step', ck.n, 'loss %.3f tok/s %.0f p %.2f mem %.1f' % (rl, toks / (time.time() - ck.t0), ck.p(), torch.cuda.max_memory_allocated() / 2 ** 30))
        if ck.n % 500 == 0: m.save(W + '/%s.tmp' % NAME)
    torch.cuda.synchronize(); m.save(W + '/%s.pt' % NAME); say('mlm done steps', ck.n, 'tokens %.1fM' % (toks / 1e6)); LOG.append(dict(model=NAME, steps=ck.n, tokens=toks)); flush_log()
def train_gold(m, var, epochs, budget, lr, lld, cap, wdrop):
    z = np.load(glob.glob('%s/gold_%s_*.npz' % (W, var))[0]); nb = len(batches(z['win'], cap, RNG)); total = int(nb * epochs); del z
    opt = groups(m, lr, lld); P = [p for p in m.parameters() if p.requires_grad]; ck = Clock(total, budget); m.train(); rl = 0.; say('gold steps/epoch', nb, 'total', total)
    for ep, D, b in gold_batches(var, cap):
        loss = gold_loss(m, D, b, wdrop); loss.backward(); step(opt, P, ck, loss)
        if ck.n % 200 == 0: rl = loss.item(); say('step %d ep %.2f loss %.4f p %.2f' % (ck.n, ck.n / nb, rl, ck.p()))
        if ck.p() >= 1: break
    say('trained %d steps = %.1f epochs in %.0fs' % (ck.n, ck.n / nb, time.time() - ck.t0)); LOG.append(dict(model=NAME, steps=ck.n, epochs=ck.n / nb, seconds=time.time() - ck.t0))
def gold():
    m = new_model(init=A.get('init'))
    train_gold(m, arg('var', 'style'), arg('epochs', 10.), arg('budget', 60.), arg('lr', 3e-4), arg('lld', .95), arg('cap', 4096), arg('wdrop', .05))
    m.save(W + '/%s.pt' % NAME); G = load_gold(); report(m, G, NAME, EVALS if not A.get('short') else EVALS[:3], LOG, nostyle='nostyle' in arg('var', 'style')); flush_log()
def relm(m, G, key):
    rel = [[0, 0, 0.] for _ in range(10)]; evaluate(m, G[key], 'kh', 0, True, rel); return rel
def silver():
    names = A['sets'].split(','); ids, first, units = raw_sets(names); win = wide_windows(units); nw = int(first.sum()); say('silver words', nw, 'windows', len(win))
    D = GPUFlat(ids, first, win); acc = torch.zeros(nw, NL, device=DEV); ms = A['models'].split(',')
    G = load_gold(); M = []
    for p in ms:
        m = new_model(init=p); acc += word_logp(m, D, 65536, True).float(); M.append(m); say('labelled by', p)
    acc /= len(ms); np.save(W + '/soft.tmp.npy', acc.half().cpu().numpy()); os.replace(W + '/soft.tmp.npy', W + '/soft.npy'); open(W + '/soft.done', 'w').write('1'); say('soft written')
    def ens(Dx): return sum(word_logp(m, Dx).exp() for m in M).div(len(M)).clamp(min=1e-12).log()
    for key, c, st in EVALS: 
        for wide in ((True, False) if key == 'kh.held' else (True,)):
            o = evaluate(ens, G[key], c, st, wide); LOG.append(dict(model='ensemble', set=key, style=st, ctx='wide' if wide else 'sent', **o)); print('EVAL ensemble', key, st, wide, 'micro', o['micro'], '3', o['3'], flush=True)
    LOG.append(dict(model='ensemble', rel=relm(ens, G, 'kh.held'))); print('REL ensemble', LOG[-1]['rel'], flush=True)
    R = decode(acc.clamp(min=1e-7).log(), units[:, 2], units[:, 3]); say('spans', len(R)); np.save(W + '/spans.npy', R); flush_log()
    write_silver(names, units, R); say('silver written')
def varint(n, o):
    while n > 127: o.append(n & 127 | 128); n >>= 7
    o.append(n)
def write_silver(names, units, R):
    import collections
    line = []; which = []
    for n in names: l = np.load(f'{W}/{n}.line.npy'); line.append(l); which += [n] * len(l)
    line = np.concatenate(line); i = 0; Rl = R.tolist(); cnt = collections.Counter(TYPES[r[3]] for r in Rl); by = {}
    for r in Rl: by.setdefault(r[0], []).append(r)
    for part, sel in (('ar', ('rawA', 'rawB', 'sm')), ('other', ('other',))):
        o = bytearray(); last = -1; k = 0; N = len(which); nl = 0
        while k < N:
            if which[k] not in sel: k += 1; continue
            j = k; sp = []; wo = 0
            while j < N and line[j] == line[k] and which[j] in sel:
                sp += [(wo + r[1], wo + r[2], r[3], r[4]) for r in by.get(j, ())]; wo += int(units[j, 3]); j += 1
            varint(int(line[k]) - last - 1, o); last = int(line[k]); varint(wo, o); varint(len(sp), o); e0 = 0; nl += 1
            for s, e, t, p in sp: varint(s - e0, o); varint(e - s, o); o.append(t); o.append(min(255, p * 256 // 1000000)); e0 = e
            k = j
        if nl: open(f'{W}/silver_{part}.bin.gz', 'wb').write(gzip.compress(bytes(o), 6)); say('silver', part, 'lines', nl, 'bytes', os.path.getsize(f'{W}/silver_{part}.bin.gz'))
    json.dump(dict(types=TYPES, spans=dict(cnt)), open(W + '/silver.json', 'w'))
def student():
    layers = arg('layers', 12); keep = {12: None, 8: [0, 1, 3, 4, 6, 8, 10, 11], 6: [0, 2, 4, 6, 9, 11]}[layers]; budget = arg('budget', 100.); lr = arg('lr', 2e-4); var = arg('var', 'style'); names = A['sets'].split(',')
    m = new_model(layers, A['init'], keep); ids, first, units = raw_sets(names)
    wa = wide_windows(units, lambda: random.choice((80, 140, MAXP))); wb = units[:, [0, 1, 2, 3]].astype(np.float64); wb[:, 2] = 0; wb[:, 3] = 1
    wb = wb[wb[:, 1] > 4]; win = np.concatenate([wa, wb[RNG.random(len(wb)) < .5]]); widx = np.where(first, np.cumsum(first) - 1, 0).astype(np.int32)
    D = GPUFlat(ids, first, win, widx=widx); soft = torch.from_numpy(np.load(W + '/soft.npy')).to(DEV); sb = batches(win, arg('scap', 12288), RNG); say('silver batches', len(sb), 'windows', len(win))
    opt = groups(m, lr, arg('lld', .98)); P = [p for p in m.parameters() if p.requires_grad]; ck = Clock(arg('steps', 10 ** 9), budget); m.train(); lam = arg('lam', 1.); k = 0
    for ep, Dg, b in gold_batches(var, arg('cap', 3072)):
        lg = gold_loss(m, Dg, b, .05); lg.backward(); ls = silver_loss(m, D, sb[k % len(sb)], soft, arg('swdrop', .08)) * lam; ls.backward(); step(opt, P, ck, lg); k += 1
        if k % len(sb) == 0: sb = batches(win, arg('scap', 12288), RNG)
        if ck.n % 200 == 0: say('student step %d gold ep %d silver ep %.2f loss %.4f %.4f p %.2f' % (ck.n, ep, k / len(sb), lg.item(), ls.item(), ck.p()))
        if ck.p() >= 1: break
    m.save(W + '/%s.pt' % NAME); say('student done', ck.n, 'steps'); LOG.append(dict(model=NAME, steps=ck.n, gold_epochs=ep, silver_epochs=k / len(sb)))
    G = load_gold(); report(m, G, NAME, EVALS, LOG); LOG.append(dict(model=NAME, rel=relm(m, G, 'kh.held'))); print('REL', NAME, LOG[-1]['rel'], flush=True)
    for n, wb_, ab in (('w8', 8, 0), ('w8a8', 8, 8), ('w7a8', 7, 8)): report(quantised(m, wb_, ab), G, NAME + '.' + n, EVALS[:3] if n != 'w8' else EVALS, LOG, narrow=())
    flush_log()
def evalm():
    G = load_gold()
    for p in A['models'].split(','):
        try:
            n, l = p.split(':'); m = new_model(int(l), f'{W}/{n}.pt', {12: None, 8: list(range(8)), 6: list(range(6))}[int(l)]); report(m, G, n, FINAL, LOG, nostyle='nostyle' in n)
            if n.startswith('student'):
                report(quantised(m, 8, 0), G, n + '.w8', FINAL, LOG, narrow=()); report(quantised(m, 8, 8), G, n + '.w8a8', FINAL, LOG, narrow=())
                LOG.append(dict(model=n, set='kh.final', rel=relm(m, G, 'kh.final')))
        except Exception: traceback.print_exc()
    flush_log()
def export():
    """fp16 safetensors (no embedding table), style 0 folded into typ, split in files below 15 MiB"""
    from safetensors.torch import save_file
    n, l, out = A['model'], int(A['layers']), A['out']; m = new_model(l, f'{W}/{n}.pt', None if l == 12 else list(range(l))); int8 = arg('int8', 0)
    sd = {k: v.detach().cpu() for k, v in m.state_dict().items() if k not in ('emb.weight', 'maskv')}; sd['typ_khabar'] = sd['typ'] + sd['style'][0]
    T = {}
    for k, v in sd.items():
        if int8 and k.startswith('layers.') and v.dim() == 2:
            d = v.abs().amax(1).clamp(min=1e-9) / 127; T[k] = (v / d[:, None]).round().clamp(-127, 127).to(torch.int8).contiguous(); T[k + '.scale'] = d.contiguous()
        else: T[k] = (v if v.dim() < 2 else v.half()).contiguous()
    files = [{}]; size = 0
    for k, v in T.items():
        b = v.numel() * v.element_size()
        if size + b > 15.5 * 2 ** 20: files.append({}); size = 0
        files[-1][k] = v; size += b
    for i, f in enumerate(files): save_file(f, '%s/%s%s%s.safetensors' % (out, n, '.int8' if int8 else '', '-%dof%d' % (i + 1, len(files)) if len(files) > 1 else ''), metadata=dict(labels=','.join(LABELS), layers=str(l)))
{'mlm': mlm, 'gold': gold, 'silver': silver, 'student': student, 'eval': evalm, 'export': export}[sys.argv[1]]()
