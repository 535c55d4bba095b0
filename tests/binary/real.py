#!/usr/bin/env python3
"""UPR Info's own exports of 2018 and 2014, to the row. real.py PROGRAM, from the root of the project; speaks TAP.
The exports are not part of the project: ../shared/data holds them where somebody has put them."""
import glob
import json
import os
import shutil
import sqlite3
import subprocess

from tap import end, folder, ok, program, skip

DATA = os.path.abspath("../shared/data/recommendations")
environment = dict(os.environ, LC_ALL="C.UTF-8")



def run(name, *words):
    said = subprocess.run([program, *words, "--data", os.path.join(folder, name)], capture_output=True, text=True, timeout=300,
                          env=environment)
    if said.returncode:
        raise RuntimeError(f"{words}: {said.stderr}")
    return said.stdout


def imported(name, *files):
    """The reports, one a file."""
    return json.loads(run(name, "import", "--json", *files))["imports"]


def total(reports, key):
    return sum(r[key] for r in reports)


def counts(name):
    told = json.loads(run(name, "stats", "--json"))
    return {kind: (told[kind]["records"], told[kind]["attributions"]) for kind in ("recommendation", "pledge")} | {"units": told["units"]}


def core_of(name):
    """What the imports in force say, without the order in which they came."""
    db = sqlite3.connect(os.path.join(folder, name, "core.db"))
    rows = db.execute("SELECT r.code, r.identity, r.kind, r.sur, r.session, s.rs, s.text, s.response, s.action, s.issues, s.raw, i.dated, i.part "
                      "FROM source_row s JOIN recommendation r ON r.id = s.recommendation_id JOIN import i ON i.id = s.import_id").fetchall()
    db.close()
    return sorted(map(repr, rows))


def export_of(name):
    return sorted(run(name, "export").splitlines())


def of_2018(files):
    reports = imported("a", *files)
    ok(total(reports, "rows_read") == 43834, "2018: 43,834 rows read", reports)
    ok(total(reports, "rejected") == 1 and total(reports, "duplicates") == 3, "one rejected, three duplicates")
    rejected = [n for r in reports for n in r["notes"] if n["level"] == "rejected"]
    ok(len(rejected) == 1 and rejected[0]["column"] == "Session", "the rejected one has no session", rejected)
    unnamed = [n for r in reports for n in r["notes"] if n["level"] == "warning" and n["column"] == "RS"]
    ok(len(unnamed) == 9, "nine rows name no recommending State, and are kept", len(unnamed))
    told = counts("a")
    ok(told["recommendation"] == (42529, 43821) and told["units"] == 43830,
       "42,529 recommendations; 43,821 attributions and nine unnamed make 43,830 units", told)
    ok(len(export_of("a")) == 43831, "as many rows in the CSV, and a head")
    told = json.loads(run("a", "search", "--json", "corporal", "punishment", "--sur", "France"))
    ok(told["count"]["recommendations"] == 3 and sorted(h["rs"][0] for h in told["hits"]) == ["FIN", "POL", "URY"] and
       {(h["session"], h["response"]) for h in told["hits"]} == {(15, "supported")}, "France, corporal punishment: the three of session 15", told["count"])


def both(old, new):
    shutil.copytree(os.path.join(folder, "a"), os.path.join(folder, "b"))
    imported("b", *old)
    for name in ("c",):
        imported(name, *old)
        imported(name, *new)
    ok(counts("b")["recommendation"] == (42530, 43822), "2018 then 2014: one more of each", counts("b"))
    ok(core_of("b") == core_of("c") and export_of("b") == export_of("c"), "2014 then 2018: the same, row by row")
    more = set(export_of("b")) - set(export_of("a"))
    ok(len(more) == 1 and "AFG,GBR" in next(iter(more)) and "media" in next(iter(more)).lower(), "the one more: the United Kingdom to Afghanistan, media law", more)
    for number in (10, 9, 8, 7, 6):
        run("b", "import", "--undo", str(number))
    ok(export_of("b") == export_of("a") and core_of("b") == core_of("a"), "2014 taken back: as 2018 alone")


def pledges_and_xls(folder_2014):
    csv = imported("d", os.path.join(folder_2014, "voluntary.csv"))
    ok(csv[0]["rows_read"] == 947 and counts("d")["pledge"][0] == 944, "pledges: 947 rows, 944 different", csv, counts("d"))
    imported("e", os.path.join(folder_2014, "voluntary.xls"))
    ok(export_of("d") == export_of("e"), "the XLS of the pledges says what their CSV says")
    imported("f", os.path.join(folder_2014, "1-5.csv"))
    imported("g", os.path.join(folder_2014, "1-5.xls"))
    ok(export_of("f") == export_of("g"), "the XLS of sessions 1 to 5 says what their CSV says",
       sorted(set(export_of("f")) ^ set(export_of("g")))[:4])


new = sorted(glob.glob(f"{DATA}/upr-info-2018/*.csv"))
old = [f"{DATA}/upr-info-2014/{n}.csv" for n in ("1-5", "6-9", "10-13", "14-17", "17-20")]
if new and all(map(os.path.exists, old)):
    of_2018(new)
    both(old, new)
    pledges_and_xls(f"{DATA}/upr-info-2014")
else:
    skip("UPR Info's exports of 2018 and 2014, to the row", "../shared/data is not there")
end()
