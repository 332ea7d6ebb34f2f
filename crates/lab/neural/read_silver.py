"""read_silver.py SILVER.bin.gz TEXT.gz [tsv: text after the first tab] [every=N] : aligns the silver spans with the text, checks the word counts, prints some.
Format (gzip): for each labelled line, in order: varint lines skipped since the last labelled one; varint number of words; varint number of spans; each span: varint start minus end of the
previous span (0 at first), varint length in words, byte type (0 PER 1 ORG 2 LOC 3 EVENT 4 MISC), byte floor(256 p) capped at 255. varint = LEB128. Lines are 0-based, split at '\\n'. Words: WORD.findall(line)."""
import gzip, re, sys
DROP = '\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00ad\u200b'
WORD = re.compile(r'[\w\u0610-\u061a\u064b-\u065f\u0670\u0640\u200c\u200d]+|[^\w\s' + DROP + ']')
T = ('PER', 'ORG', 'LOC', 'EVENT', 'MISC')
def silver(path):
    b = gzip.open(path).read(); i = 0
    def v():
        nonlocal i
        n = s = 0
        while True:
            c = b[i]; i += 1; n |= (c & 127) << s; s += 7
            if c < 128: return n
    line = -1
    while i < len(b):
        line += v() + 1; nw = v(); sp = []; e = 0
        for _ in range(v()):
            s = e + v(); e = s + v(); sp.append((s, e, b[i], b[i + 1])); i += 2
        yield line, nw, sp
if __name__ == '__main__':
    S = silver(sys.argv[1]); tsv = 'tsv' in sys.argv; every = next((int(a[6:]) for a in sys.argv if a.startswith('every=')), 1); cur = next(S, None); n = bad = w = k = 0; hist = [0] * 8; missing = 0
    import io
    for ln, l in enumerate(gzip.open(sys.argv[2], 'rt', encoding='utf8', newline='\n')):
        if cur is None: break
        if cur[0] != ln: missing += 1; continue
        n += 1; w += cur[1]; k += len(cur[2])
        for s in cur[2]: hist[s[3] // 32] += 1
        if ln % every == 0:
            ws = WORD.findall(l.split('\t', 1)[1] if tsv else l); bad += len(ws) != cur[1]
            if ln % (every * 9001) == 0: print(ln, [(' '.join(ws[s:e]), T[t], p) for s, e, t, p in cur[2]][:6])
        cur = next(S, None)
    print('labelled lines', n, 'not labelled', missing, 'words', w, 'spans', k, 'word counts that differ', bad, 'left over', cur, 'spans by eighth of probability', hist)
