"""bench_sub.py OUT.tsv.gz: en/ru/fr articles of bench_news as plain lines (local, plain Python): one paragraph a line, LANG \t text"""
import gzip, json
import sys
o = gzip.open(sys.argv[1], 'wt', encoding='utf8', compresslevel=6); n = 0
for l in gzip.open('../shared/text/bench_news.jsonl.gz', 'rt', encoding='utf8'):
    i = l.find('"lang": "')
    if l[i + 9:i + 11] == 'ar': continue
    a = json.loads(l)
    for p in a['body'].split('\n'):
        p = ' '.join(p.split())
        if len(p) > 20: o.write(a['lang'] + '\t' + p[:6000] + '\n'); n += len(p.split())
o.close(); print('words', n)
