#!/usr/bin/env python3
"""Checks what generate_export writes: run from the root of the repository as
generate_check.py PROGRAM; speaks TAP. The totals that the program prints are counted again here."""
import collections
import csv
import filecmp
import glob
import html
import io
import os
import re
import subprocess
import sys
import tempfile
import unicodedata

count = failed = 0


def ok(good, what, *details):
    global count, failed
    count += 1
    print(f"{'' if good else 'not '}ok {count} - {what}")
    if not good:
        failed += 1
        for d in details:
            print("#  ", str(d)[:1000])


def fold(text):
    """What makes two texts or names the same: entities, charset, case, accents, signs aside."""
    text = html.unescape(text)
    if "Ã" in text:
        text = text.encode("latin-1").decode("utf-8")
    text = unicodedata.normalize("NFKD", text.replace("&", " and "))
    return "".join(c for c in text.casefold() if c.isalnum())


def run(program, out, *options):
    done = subprocess.run([program, "--out", out, *options], capture_output=True, text=True, timeout=120)
    totals = dict(line.split() for line in done.stdout.splitlines())
    return done.returncode, {k: int(v) for k, v in totals.items()}


def read_2018(out):
    rows = []
    for path in sorted(glob.glob(out + "/upr-info-2018/*.csv")):
        raw = open(path, "rb").read()
        table = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))
        rows += [(raw.startswith(b"\xef\xbb\xbf") and not raw.endswith(b"\n"), table[0], r) for r in table[1:]]
    return rows


def read_2014(out, pledges=False):
    rows = []
    for path in sorted(glob.glob(out + "/upr-info-2014/*.csv")):
        if path.endswith("voluntary.csv") != pledges:
            continue
        raw = open(path, "rb").read()
        table = list(csv.reader(io.StringIO(raw.decode("mac_roman").replace("\r", "\n"), newline="")))
        rows += [(b"\n" not in raw and not raw.endswith(b"\r"), table[0], r) for r in table[1:]]
    return rows


def state_names():
    names = {}
    with open("data/reference/states.csv", encoding="utf-8") as f:
        names.update((fold(r["name_en"]), r["iso3"]) for r in csv.DictReader(f))
    with open("data/reference/state_names.csv", encoding="utf-8") as f:
        names.update((fold(r["name"]), r["iso3"]) for r in csv.DictReader(f))
    return names


def measure(rows, names):
    """rows, rejected, duplicates, recommendations, units: as an importer has to find them."""
    units, texts = set(), set()
    rejected = duplicates = 0
    for _, _, r in rows:
        if not r[10]:
            rejected += 1
            continue
        text = (names[fold(r[0])], r[10], fold(r[3]))
        unit = text + (None if "Unknown" in r[4] else names[fold(r[4])],)
        duplicates += unit in units
        units.add(unit)
        texts.add(text)
    return {"rows": len(rows), "rejected": rejected, "duplicates": duplicates,
            "recommendations": len(texts), "units": len(units)}, units, texts


def check_2018(rows, totals, names):
    ok(all(good for good, _, _ in rows), "2018: byte order mark, no line end at the end")
    ok(
        {tuple(h) for _, h, _ in rows}
        == {("SuR", "Rgrp", "Org", "Recommendation", "RS", "Rgrp", "Org", "Response", "Action", "Issue", "Session")},
        "2018: the header, with names that repeat",
    )
    ok(all(len(r) == 11 for _, _, r in rows), "2018: eleven fields")
    unknown = {r[c] for _, _, r in rows for c in (0, 4) if "&#" not in r[c] and fold(r[c]) not in names}
    ok(not unknown, "2018: every State is known", unknown)
    got, units, texts = measure(rows, names)
    ok(all(totals["2018_" + k] == v for k, v in got.items()), "2018: the totals are right", got, totals)
    ok(got["rows"] == 43834 and got["units"] == 43830, "2018: at full size", got)
    ok(1.02 < got["units"] / got["recommendations"] < 1.04, "2018: about 3 % of units share a text", got)
    ends = collections.Counter(r[c][-2:] for _, _, r in rows for c in (0, 4) if r[c].endswith("\n"))
    ok(ends["\r\n"] > 0 and len(ends) == 3, "2018: names that end in a line end", ends)
    ok(sum(r[4:7] == ["&#40;Unknown&#41;"] * 3 for _, _, r in rows) == 9, "2018: nine rows of nobody")
    ok(sum("Ã" in r[3] for _, _, r in rows) == 3, "2018: three rows in the wrong charset")
    blanks = sum(r[3] != r[3].strip() for _, _, r in rows) / len(rows)
    ok(0.3 < blanks < 0.6, "2018: blanks at the ends of texts", blanks)
    ok({r[5] for _, _, r in rows} > {"Observer", "Africa", "Asia", "EEG", "GRULAC", "WEOG"}, "2018: groups, observers")
    with open("data/reference/issues.csv", encoding="utf-8") as f:
        issues = {r["label_en"] for r in csv.DictReader(f)}
    used = {i for _, _, r in rows for i in r[9].split(",")}
    ok(used == issues, "2018: the 56 issues", used ^ issues)
    ok({r[7] for _, _, r in rows} == {"Supported", "Noted"}, "2018: response words")
    return units, texts


def check_2014(rows, totals, names, units, texts):
    ok(all(good for good, _, _ in rows), "2014: bare CR, no line end at the end")
    ok({tuple(h)[:6] for _, h, _ in rows} == {("To", "To-Rgrp", "To-Org", "Text", "From", "From-Rgrp")}, "2014: the header")
    ok(all(len(r) == 11 for _, _, r in rows), "2014: eleven fields")
    got, older_units, older_texts = measure(rows, names)
    ok(all(totals["2014_" + k] == v for k, v in got.items()), "2014: the totals are right", got, totals)
    ok(len(older_units - units) == 1, "2014: one unit that 2018 has not", len(older_units - units))
    ok(totals["both_units"] == len(units | older_units), "both: units")
    ok(totals["both_recommendations"] == len(texts | older_texts), "both: recommendations")
    ok({r[7] for _, _, r in rows} == {"Accepted", "Noted"}, "2014: response words")
    ok({"Czech Republic", "Bosnia & Herzegovina"} <= {r[4] for _, _, r in rows}, "2014: its own names of States")
    used = {i for _, _, r in rows for i in r[9].split(",")}
    ok({"NHRI", "Right to water", "National plan of action"} <= used and "Privacy" not in used, "2014: its own issues")


def check_options(program, out):
    code, totals = run(program, out + "/big", "--units", "100000", "--shift", "21", "--seed", "7")
    ok(code == 0 and abs(totals["2018_rows"] - 100000) < 100, "--units", totals)
    sessions = {r[10] for _, _, r in read_2018(out + "/big") if r[10]}
    ok(sessions == {str(n) for n in range(22, 43)}, "--shift", sorted(sessions))
    run(program, out + "/long", "--words", "37")
    words = [len(r[3].split()) for _, _, r in read_2018(out + "/long")]
    ok(33 < sum(words) / len(words) < 41, "--words", sum(words) / len(words))
    ok(run(program, out + "/bad", "--units", "5")[0] == 1, "too few units are refused")
    ok(subprocess.run([program], capture_output=True).returncode == 1, "without arguments it says how")


def main():
    program = sys.argv[1]
    names = state_names()
    with tempfile.TemporaryDirectory() as out:
        code, totals = run(program, out + "/one")
        ok(code == 0, "it runs", code)
        run(program, out + "/two")
        files = [os.path.relpath(p, out + "/one") for p in glob.glob(out + "/one/*/*.csv")]
        ok(len(files) == 11, "eleven files", files)
        same = filecmp.cmpfiles(out + "/one", out + "/two", files, shallow=False)
        ok(len(same[0]) == 11, "the same arguments give the same bytes", same)
        ok(all(re.fullmatch(r"upr-info-2018/\d\d-\d\d-UPR-INFO-DATABASE-EXPORT-2018_07_25-[\d_]+\.csv|"
                            r"upr-info-2014/(\d+-\d+|voluntary)\.csv", f) for f in files), "file names", files)
        units, texts = check_2018(read_2018(out + "/one"), totals, names)
        check_2014(read_2014(out + "/one"), totals, names, units, texts)
        pledges = read_2014(out + "/one", pledges=True)
        different = {(r[0], r[10], fold(r[3])) for _, _, r in pledges}
        ok(
            (len(pledges), len(different)) == (totals["pledges_rows"], totals["pledges_different"]) == (947, 944),
            "pledges", len(pledges), len(different),
        )
        ok(all(r[0] == r[4] and r[7] == "Voluntary Pledge" for _, _, r in pledges), "pledges: to and from are the same")
        check_options(program, out)
    print(f"1..{count}")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
