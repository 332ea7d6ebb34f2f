"""bench_sub.py NEWS.jsonl.gz OUT.tsv.gz: en/ru/fr articles of JSON lines (`lang`, `body`) as plain lines (local, plain Python): one paragraph a line, LANG \t text"""
import gzip, json
import sys
o = gzip.open(sys.argv[2], 'wt', encoding='utf8', compresslevel=6); n = 0
for l in gzip.open(sys.argv[1], 'rt', encoding='utf8'):
    i = l.find('"lang": "')
    if l[i + 9:i + 11] == 'ar': continue
    a = json.loads(l)
    for p in a['body'].split('\n'):
        p = ' '.join(p.split())
        if len(p) > 20: o.write(a['lang'] + '\t' + p[:6000] + '\n'); n += len(p.split())
o.close(); print('words', n)
