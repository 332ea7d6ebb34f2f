"""Names that other programs find, in the format of annotated articles.

`others.py spacy PACKAGE ARTICLES FOUND` (a spaCy pipeline that is installed, such as `en_core_web_sm`) and
`others.py slovnet FOLDER ARTICLES FOUND` (FOLDER holds `navec_news_v1_1B_250K_300d_100q.tar` and `slovnet_ner_news_v1.tar`)
write what they find and say what it cost. Only what names need runs: of spaCy `ner`, and `tok2vec` where that is shared. Their labels become
PER, ORG, LOC, EVENT and MISC; what has no counterpart (adjectives of nationality, dates, sums) is left out."""
import argparse
from pathlib import Path

from common import articles, mention, timed, write

KINDS = {
    "PERSON": "PER", "PER": "PER", "ORG": "ORG", "GPE": "LOC", "LOC": "LOC", "FAC": "LOC", "EVENT": "EVENT",
    "PRODUCT": "MISC", "WORK_OF_ART": "MISC", "LAW": "MISC", "MISC": "MISC",
}


def trimmed(body, start, end):
    """Without the article before a name in English and the possessive behind it, which our annotation leaves outside."""
    for article in ("the ", "The ", "THE "):
        if body.startswith(article, start, end):
            start += len(article)
    for possessive in ("'s", "’s"):
        if body.endswith(possessive, start, end):
            end -= len(possessive)
    return start, end


def spacy_tagger(package, trim):
    import spacy

    pipeline = spacy.load(package)
    vectors = pipeline.get_pipe("tok2vec") if pipeline.has_pipe("tok2vec") else None
    needed = {"ner"} | ({"tok2vec"} if vectors and "ner" in vectors.listening_components else set())
    for name in set(pipeline.pipe_names) - needed:
        pipeline.disable_pipe(name)

    def run(bodies):
        for body, doc in zip(bodies, pipeline.pipe(bodies, batch_size=32)):
            found = [(KINDS[e.label_], e.start_char, e.end_char) for e in doc.ents if e.label_ in KINDS]
            yield [(kind, *(trimmed(body, start, end) if trim else (start, end))) for kind, start, end in found]

    return run


def slovnet_tagger(folder, _):
    from navec import Navec
    from slovnet import NER

    tagger = NER.load(str(Path(folder) / "slovnet_ner_news_v1.tar"))
    tagger.navec(Navec.load(str(Path(folder) / "navec_news_v1_1B_250K_300d_100q.tar")))

    def run(bodies):
        for body in bodies:
            yield [(KINDS[span.type], span.start, span.stop) for span in tagger(body).spans if span.type in KINDS]

    return run


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", choices=("spacy", "slovnet"))
    parser.add_argument("model", help="spaCy package, or folder of slovnet's files")
    parser.add_argument("articles")
    parser.add_argument("found", help="file to write; - for none")
    parser.add_argument("--lang", help="only articles in this language")
    parser.add_argument("--first", type=int, help="read this many articles")
    parser.add_argument("--trim", action="store_true", help="without the and 's around names, as our annotation has them")
    args = parser.parse_args()
    run = {"spacy": spacy_tagger, "slovnet": slovnet_tagger}[args.program](args.model, args.trim)
    read = [a for a in articles(args.articles) if args.lang in (None, a.get("lang"))][: args.first]
    bodies = [article["body"] for article in read]
    list(run(bodies[:1]))  # What is loaded at first use is no part of the figure.
    found = timed(f"{args.program} {Path(args.model).name}", bodies, lambda: list(run(bodies)))
    if args.found != "-":
        each = zip(read, found)
        write(args.found, [{"lang": a.get("lang"), "body": a["body"], "mentions": [mention(*m, a["body"]) for m in names]} for a, names in each])


if __name__ == "__main__":
    main()
