#!/usr/bin/env python3
"""Checks data/reference: run from the root of the repository; speaks TAP.

What the loader relies on: headers, codes, counts, every name leading to one State, every label to
one entry. Where ../shared/data is present, the names, groups, issues and reviews of UPR Info's
exports are looked up too.
"""
import collections
import csv
import glob
import io
import os
import re
import sys
import unicodedata

DIR = "data/reference/"
SHARED = "../shared/data/"
LANGS = ("ar", "en", "es", "fr", "ru", "zh")
HEADERS = {
    "actions": "code,label_en,label_fr,label_es,description_en,description_fr,description_es,verbs",
    "concept_aliases": "code,lang,alias,kind",
    "concepts": "code,label_en,label_fr,label_es",
    "cycles": "number,first_session,last_session,start,end,note,source",
    "groups": "code,label_en,label_fr,label_es,aliases",
    "issue_aliases": "code,lang,alias,kind",
    "issues": "code,label_en,short_en,label_fr,label_es,translated_by,scope_note,query",
    "kinds": "code,label_en,label_fr,label_es,aliases",
    "memberships": "organisation,iso3,from,to,source",
    "organisations": "code,name_en,name_fr,name_es,label,note",
    "responses": "code,label_en,label_fr,label_es,class,description_en,aliases",
    "reviews": "iso3,cycle,session,status,note,source",
    "schemes": "code,version,title_en,title_fr,title_es,source,licence",
    "sdgs": "code," + ",".join("short_" + l for l in LANGS) + "," + ",".join("title_" + l for l in LANGS),
    "sessions": "number,cycle,start,end,note,source",
    "state_names": "iso3,lang,name,kind,from,to,source",
    "states": "iso3,iso2,m49,status,group," + ",".join("name_" + l for l in LANGS),
    "treaties": "code,kind,core,acronym,name_en,name_fr,name_es,adopted",
    "treaty_aliases": "code,lang,alias,kind",
}

count = failed = 0


def ok(good, what, *details):
    global count, failed
    count += 1
    print(f"{'' if good else 'not '}ok {count} - {what}")
    if not good:
        failed += 1
        for d in details:
            print("#  ", str(d)[:2000])


def skip(what, why):
    global count
    count += 1
    print(f"ok {count} - {what} # SKIP {why}")


def fold(text):
    """Letters and digits only, without case and accents: stricter than the importers' folding."""
    text = unicodedata.normalize("NFKD", text.replace("&", " and "))
    return "".join(c for c in text.casefold() if c.isalnum())


def clashes(pairs):
    """Texts that lead to two codes, from (text, code) pairs."""
    owner, bad = {}, []
    for text, code in pairs:
        if owner.setdefault(fold(text), code) != code:
            bad.append((text, owner[fold(text)], code))
    return bad


def is_date(text):
    return re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", text) is not None


def not_after(a, b):
    """2026 is neither before nor after 2026-01-19: only what both say is compared."""
    n = min(len(a), len(b))
    return a[:n] <= b[:n]


def read_tables():
    tables = {}
    for name, header in HEADERS.items():
        raw = open(DIR + name + ".csv", "rb").read()
        text = raw.decode("utf-8")
        rows = list(csv.reader(io.StringIO(text, newline="")))
        ok(
            ",".join(rows[0]) == header
            and all(len(r) == len(rows[0]) for r in rows)
            and b"\r" not in raw
            and not raw.startswith(b"\xef\xbb\xbf")
            and raw.endswith(b"\n"),
            f"{name}: header, columns, LF, no byte order mark",
            rows[0],
            [r for r in rows if len(r) != len(rows[0])][:3],
        )
        cells = [c for r in rows for c in r]
        ok(
            all(c == c.strip() and "\n" not in c and c == unicodedata.normalize("NFC", c) for c in cells),
            f"{name}: cells trimmed, one line, composed",
            [c for c in cells if c != c.strip() or c != unicodedata.normalize("NFC", c)][:5],
        )
        ok(len({tuple(r) for r in rows}) == len(rows), f"{name}: no row twice")
        tables[name] = [dict(zip(rows[0], r)) for r in rows[1:]]
    ok(
        sorted(os.path.basename(p)[:-4] for p in glob.glob(DIR + "*.csv")) == sorted(HEADERS),
        "every file of the folder is known here",
    )
    return tables


def check_states(t):
    states = t["states"]
    status = collections.Counter(s["status"] for s in states)
    ok(status == {"member": 193, "observer": 2}, "193 member States, 2 observers", status)
    groups = collections.Counter(s["group"] for s in states)
    ok(
        groups == {"african": 54, "asia-pacific": 54, "eastern-european": 23, "grulac": 33, "weog": 29, "": 2},
        "54 + 54 + 23 + 33 + 29 in the regional groups",
        groups,
    )
    for column, form in (("iso3", "[A-Z]{3}"), ("iso2", "[A-Z]{2}"), ("m49", r"\d{3}")):
        values = [s[column] for s in states]
        ok(
            len(set(values)) == 195 and all(re.fullmatch(form, v) for v in values),
            f"{column}: 195 different codes",
        )
    ok([s["iso3"] for s in states] == sorted(s["iso3"] for s in states), "in the order of the codes")
    ok(all(s["name_" + l] for s in states for l in LANGS), "each State has six names")
    ok(all("(" not in s["name_" + l] for s in states for l in LANGS), "display names without brackets")
    iso = {s["iso3"] for s in states}
    ok(all(n["iso3"] in iso for n in t["state_names"]), "names belong to States")
    ok(all(n["lang"] in LANGS + ("",) for n in t["state_names"]), "languages of names")
    ok(
        all(n["kind"] in ("short", "formal", "former", "alternative") for n in t["state_names"]),
        "kinds of names",
    )
    ok(
        all(is_date(n[c]) for n in t["state_names"] for c in ("from", "to") if n[c])
        and all(n["source"] for n in t["state_names"]),
        "names: dates, and a source each",
    )
    pairs = [(s["name_" + l], s["iso3"]) for s in states for l in LANGS]
    pairs += [(n["name"], n["iso3"]) for n in t["state_names"]]
    bad = clashes(pairs)
    ok(not bad, "no name leads to two States", bad)
    names = {fold(n): i for n, i in pairs}
    for name, code in (
        ("Iran (Islamic Republic of)", "IRN"), ("Bolivia (Plurinational State of)", "BOL"),
        ("Venezuela (Bolivarian Republic of)", "VEN"), ("Micronesia (Federated States of)", "FSM"),
        ("Libyan Arab Jamahiriya", "LBY"), ("Republic of Moldova", "MDA"), ("DPR Korea", "PRK"),
        ("the former Yugoslav Republic of Macedonia", "MKD"), ("FYROM", "MKD"), ("Swaziland", "SWZ"),
        ("Burma", "MMR"), ("Cape Verde", "CPV"), ("Turkey", "TUR"), ("Türkiye", "TUR"),
        ("Czech Republic", "CZE"), ("Czechia", "CZE"), ("Cote d'Ivoire", "CIV"), ("CÔTE D'IVOIRE", "CIV"),
        ("Vietnam", "VNM"), ("Viet Nam", "VNM"), ("Timor Leste", "TLS"), ("Congo", "COG"),
        ("Democratic Republic of the Congo", "COD"), ("Guinea Bissau", "GNB"), ("Holy See", "VAT"),
        ("États-Unis d'Amérique", "USA"), ("Reino Unido", "GBR"), ("Pays-Bas", "NLD"), ("Suiza", "CHE"),
    ):
        ok(names.get(fold(name)) == code, f"{name} is {code}", names.get(fold(name)))
    return names


def check_calendar(t):
    iso = {s["iso3"] for s in t["states"]}
    sessions = {s["number"]: s for s in t["sessions"]}
    ok([s["number"] for s in t["sessions"]] == [str(n) for n in range(1, 55)], "sessions 1 to 54")
    ok(all(is_date(s[c]) for s in t["sessions"] for c in ("start", "end")), "sessions have dates")
    ok(all(s["source"] for s in t["sessions"] + t["cycles"] + t["reviews"]), "each row names its source")
    dates = [s[c] for s in t["sessions"] for c in ("start", "end")]
    ok(all(not_after(a, b) for a, b in zip(dates, dates[1:])), "sessions follow each other")
    for c in t["cycles"]:
        inside = [s["number"] for s in t["sessions"] if s["cycle"] == c["number"]]
        ok(
            (inside[0], inside[-1]) == (c["first_session"], c["last_session"])
            and sessions[inside[0]]["start"] == c["start"]
            and sessions[inside[-1]]["end"] == c["end"],
            f"cycle {c['number']}: its sessions and dates",
        )
    reviews = t["reviews"]
    ok(
        all(r["iso3"] in iso and sessions[r["session"]]["cycle"] == r["cycle"] for r in reviews),
        "reviews: known States, sessions of their cycle",
    )
    ok(
        all(r["status"] in ("held", "scheduled", "postponed", "not-held") for r in reviews),
        "reviews: known statuses",
    )
    held = collections.Counter((r["iso3"], r["cycle"]) for r in reviews if r["status"] == "held")
    ok(not [k for k, n in held.items() if n > 1], "a State is reviewed once a cycle")
    for cycle in ("1", "2", "3"):
        n = len([k for k in held if k[1] == cycle])
        ok(n == 193, f"cycle {cycle}: 193 States reviewed", n)
    keys = [(r["iso3"], r["session"]) for r in reviews]
    ok(len(set(keys)) == len(keys), "one row a State and session")


def check_vocabularies(t):
    ok(len(t["issues"]) == 56, "56 issues")
    ok(len(t["sdgs"]) == 17 and all(v for s in t["sdgs"] for v in s.values()), "17 goals, nothing empty")
    ok([a["code"] for a in t["actions"]] == list("12345"), "five action categories")
    ok(all(i["translated_by"] for i in t["issues"]), "translations of issues are marked")
    schemes = {s["code"] for s in t["schemes"]}
    ok(
        schemes >= {"issue", "action", "response", "kind", "concept", "treaty", "sdg", "group", "organisation"},
        "every vocabulary has its scheme",
    )
    pairs = []
    for kind, labels in (
        ("issue", ("label_en", "short_en", "label_fr", "label_es")),
        ("concept", ("label_en", "label_fr", "label_es")),
        ("treaty", ("name_en", "name_fr", "name_es")),
    ):
        rows = t["treaties" if kind == "treaty" else kind + "s"]
        aliases = t[kind + "_aliases"]
        codes = [r["code"] for r in rows]
        ok(
            len(set(codes)) == len(codes) and all(re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", c) for c in codes),
            f"{kind}: different codes, each a slug",
        )
        ok(all(r[l] for r in rows for l in labels), f"{kind}: labelled in three languages")
        ok(all(a["code"] in set(codes) for a in aliases), f"{kind}: aliases belong to a code")
        ok(
            all(a["kind"] in ("alias", "acronym", "older-label") for a in aliases)
            and all(a["lang"] in ("en", "fr", "es", "") for a in aliases),
            f"{kind}: kinds and languages of aliases",
        )
        pairs += [(r[l], (kind, r["code"])) for r in rows for l in labels]
        pairs += [(a["alias"], (kind, a["code"])) for a in aliases]
    bad = clashes(pairs)
    ok(not bad, "no label or alias leads to two entries", bad)
    terms = {fold(a): c for a, c in pairs}
    for words, want in (
        ("pena de muerte", ("issue", "death-penalty")), ("peine de mort", ("issue", "death-penalty")),
        ("capital punishment", ("issue", "death-penalty")), ("tortura", ("issue", "torture-and-other-cid-treatment")),
        ("torture", ("issue", "torture-and-other-cid-treatment")), ("enfants", ("concept", "children")),
        ("droits de l'enfant", ("issue", "rights-of-the-child")), ("NHRI", ("issue", "national-human-rights-institution")),
        ("derechos del niño", ("issue", "rights-of-the-child")), ("LGBTI", ("issue", "sexual-orientation-and-gender-identity")),
        ("right to water", ("issue", "right-to-water-and-sanitation")), ("FGM", ("concept", "female-genital-mutilation")),
        ("châtiments corporels", ("concept", "corporal-punishment")), ("castigos corporales", ("concept", "corporal-punishment")),
        ("CEDAW", ("treaty", "cedaw")), ("OP-CAT", ("treaty", "opcat")), ("OPCAT", ("treaty", "opcat")),
        ("CERD", ("treaty", "icerd")), ("ICRMW", ("treaty", "icrmw")), ("CED", ("treaty", "cped")),
        ("ILO Convention No. 169", ("treaty", "ilo-169")), ("Rome Statute", ("treaty", "rome-statute")),
        ("PIDESC", ("treaty", "icescr")), ("VIH/sida", ("issue", "hiv-aids")),
    ):
        ok(terms.get(fold(words)) == want, f"{words} is {want[1]}", terms.get(fold(words)))
    for name in ("groups", "responses", "kinds"):
        bad = clashes((a, r["code"]) for r in t[name] for a in r["aliases"].split(";"))
        ok(not bad, f"{name}: no alias leads to two entries", bad)
    ok(
        all(r["class"] in ("supported", "noted", "pending") for r in t["responses"]),
        "responses: each counts as supported, noted or pending",
    )
    ok(
        all(x["adopted"] == "" or is_date(x["adopted"]) for x in t["treaties"]),
        "treaties: dates where there are any",
    )
    return terms


def check_memberships(t):
    iso = {s["iso3"] for s in t["states"]}
    codes = {o["code"] for o in t["organisations"]}
    ok(
        {o["label"] for o in t["organisations"]}
        == {"AU", "OIC", "OIF", "Commonwealth", "OAS", "OEI", "EU", "AL", "ACS", "CIS", "ASEAN", "PIF"},
        "the twelve organisations of the export",
    )
    ok(
        all(m["organisation"] in codes and m["iso3"] in iso and m["source"] for m in t["memberships"]),
        "memberships: known organisations and States, with a source",
    )


def export_2018():
    for path in sorted(glob.glob(SHARED + "recommendations/upr-info-2018/*.csv")):
        with open(path, encoding="utf-8-sig", newline="") as f:
            yield from list(csv.reader(f, delimiter=";"))[1:]


def export_2014():
    for path in sorted(glob.glob(SHARED + "recommendations/upr-info-2014/*.csv")):
        text = open(path, "rb").read().decode("mac_roman").replace("\r\n", "\n").replace("\r", "\n")
        rows = list(csv.reader(io.StringIO(text, newline="")))
        if rows[0][:2] == ["To", "To-Rgrp"]:
            yield from rows[1:]


def check_exports(t, names):
    what = ("names, groups, organisations, issues and reviews of UPR Info's exports",)
    if not os.path.isdir(SHARED + "recommendations"):
        for w in what:
            skip(w, SHARED + " is absent")
        return
    rows, older = list(export_2018()), list(export_2014())
    ok(len(rows) == 43834 and len(older) == 42013, "the exports are whole", len(rows), len(older))
    unknown = collections.Counter(
        r[c] for r in rows + older for c in (0, 4) if "&#" not in r[c] and fold(r[c]) not in names
    )
    ok(not unknown, "every State of both exports is known", unknown)
    group = {a: g["code"] for g in t["groups"] for a in g["aliases"].split(";")}
    group["Observer"] = ""
    of = {s["iso3"]: s["group"] for s in t["states"]}
    wrong = {(r[c], r[c + 1]) for r in rows for c in (0, 4) if "&#" not in r[c] and of[names[fold(r[c])]] != group[r[c + 1]]}
    ok(not wrong, "the export's groups are ours", wrong)
    label = {o["label"]: o["code"] for o in t["organisations"]}
    ours = {(m["organisation"], m["iso3"]) for m in t["memberships"]}
    theirs = {
        (label[o.strip()], names[fold(r[c])])
        for r in rows for c in (0, 4) if "&#" not in r[c] for o in r[c + 2].split(",") if o.strip()
    }
    ok(ours == theirs, "the export's memberships are ours", ours ^ theirs)
    issues = {i["label_en"] for i in t["issues"]}
    theirs = {i for r in rows for i in r[9].split(",")}
    ok(issues == theirs, "the export's 56 issues are ours", issues ^ theirs)
    older_label = {fold(a["alias"]) for a in t["issue_aliases"]} | {fold(c["alias"]) for c in t["concept_aliases"]}
    lost = {i for r in older for i in r[9].split(",")} - issues
    ok(all(fold(i) in older_label for i in lost), "issues that only the older export has lead somewhere", lost)
    response = {fold(a) for r in t["responses"] + t["kinds"] for a in r["aliases"].split(";")}
    lost = {r[7] for r in rows + older if fold(r[7]) not in response}
    ok(not lost, "every response of both exports is known", lost)
    held = {(r["iso3"], r["session"]) for r in t["reviews"] if r["status"] == "held" and int(r["session"]) <= 21}
    theirs = {(names[fold(r[0])], r[10]) for r in rows if r[10]}
    ok(held == theirs, "reviews of sessions 1 to 21 are those of the export", held ^ theirs)


def check_demo(t):
    with open("demo/recommendations.csv", encoding="utf-8", newline="") as f:
        rows = list(csv.DictReader(f))
    ok(len(rows) == 150, "demo: 150 samples", len(rows))
    iso = {s["iso3"] for s in t["states"]}
    held = {(r["iso3"], r["session"]): r["cycle"] for r in t["reviews"] if r["status"] == "held"}
    issues = {i["code"] for i in t["issues"]}
    bad = [
        r for r in rows
        if (r["State under review"], r["Session"]) not in held
        or not set(filter(None, r["Recommending State"].split(";"))) <= iso - {r["State under review"]}
        or not set(r["Issues"].split(";")) <= issues
        or not all(1 <= int(g) <= 17 for g in r["SDGs"].split(";"))
        or r["Action"] not in list("12345")
        or r["Language"] not in ("en", "fr", "es")
        or (r["Kind"], bool(r["Recommending State"]), r["Response"])
        not in (("recommendation", True, "Supported"), ("recommendation", True, "Noted"), ("pledge", False, ""))
    ]
    ok(not bad, "demo: known States, sessions, issues, words", bad[:3])
    cycles = {held[r["State under review"], r["Session"]] for r in rows}
    ok(len({r["State under review"] for r in rows}) == 6 and len(cycles) == 4, "demo: six States, four cycles")
    story = [
        (r["Recommending State"], r["Session"], r["Response"]) for r in rows
        if r["State under review"] == "FRA" and "corporal punishment" in r["Text"].lower()
    ]
    ok(
        sorted(story) == [("FIN", "15", "Supported"), ("POL", "15", "Supported"), ("URY", "15", "Supported")],
        "demo: corporal punishment in France is three supported ones of session 15",
        story,
    )


def check_codes(t):
    path = SHARED + "reference/countries/country-codes.csv"
    if not os.path.exists(path):
        skip("codes against country-codes", SHARED + " is absent")
        return
    with open(path, encoding="utf-8") as f:
        codes = {r["ISO3166-1-Alpha-3"]: r for r in csv.DictReader(f)}
    bad = [
        s["iso3"] for s in t["states"]
        if s["iso3"] not in codes
        or codes[s["iso3"]]["ISO3166-1-Alpha-2"] != s["iso2"]
        or int(codes[s["iso3"]]["M49"]) != int(s["m49"])
    ]
    ok(not bad, "codes are those of country-codes", bad)


def main():
    t = read_tables()
    names = check_states(t)
    check_calendar(t)
    check_vocabularies(t)
    check_memberships(t)
    check_demo(t)
    check_exports(t, names)
    check_codes(t)
    print(f"1..{count}")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
