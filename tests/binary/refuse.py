#!/usr/bin/env python3
"""Files that cannot be imported, and rows that cannot: what is said, and that nothing is stored.
refuse.py PROGRAM, from the root of the project; speaks TAP."""
import json
import os
import random
import resource
import subprocess
import time

from tap import end, folder, ok, program

sanitized = b"__asan_init" in open(program, "rb").read()
data = os.path.join(folder, "data")
environment = dict(os.environ, LC_ALL="C.UTF-8", TRIBUNE_DATA=data)
chance = random.Random(4711)
HEAD = "State under review,Recommending State,Session,Kind,Text,Response,Action,Issues\n"
ROW = "FRA,URY,15,recommendation,Measure {} for everybody,Supported,5,justice\n"



def run(*words):
    begun = time.monotonic()
    said = subprocess.run([program, *words], capture_output=True, text=True, timeout=120, env=environment, errors="replace")
    said.took = time.monotonic() - begun
    return said


def write(name, content):
    path = os.path.join(folder, name)
    with open(path, "wb") as f:
        f.write(content if isinstance(content, bytes) else content.encode())
    return path


def bytes_of_store():
    return [open(os.path.join(data, n), "rb").read() for n in ("core.db", "public.db")]


ROWS = "".join(ROW.format(i) for i in range(200))
BAD = {
    "empty.csv": b"", "blank.csv": b"\n\n\n   \n", "binary.csv": bytes(chance.randrange(256) for _ in range(20000)), "zero.csv": b"\0" * 5000,
    "head-alone.csv": HEAD, "other-table.csv": "a,b,c\n1,2,3\n", "columns.csv": ",".join(f"c{i}" for i in range(10000)) + "\n",
    "no-text.csv": HEAD.replace("Text", "Txet") + ROWS, "utf16-cut.csv": b"\xff\xfeS", "fake.xlsx": b"PK\3\4 not a zip", "fake.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 no",
    "cut.json": '{"rows": [{"title": "x"', "deep.json": "[" * 100000, "page.html": "<!doctype html><title>404</title>", "picture.png": b"\x89PNG\r\n\x1a\n" + b"x" * 500,
}


def refused():
    before = bytes_of_store()
    for name, content in BAD.items():
        said = run("import", write(name, content), "--source", "Test", "--date", "2020")
        lines = said.stderr.strip().splitlines()
        ok(said.returncode == 1 and name in said.stderr and len(lines) == 1 and "Nothing was stored" in said.stderr and said.took < (20 if sanitized else 1),
           f"{name}: refused by name, in one sentence", said.returncode, said.stderr[:400], said.stdout[:200], said.took)
    ok(bytes_of_store() == before, "no byte of the library has changed")


def huge():
    """Two gigabytes that are hardly there: a line without an end, and zeros."""
    path = os.path.join(folder, "huge.csv")
    with open(path, "wb") as f:
        f.write(HEAD.encode())
        f.truncate(2 << 30)
    before = bytes_of_store()
    said = run("import", path, "--source", "Test", "--date", "2020")
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    ok(said.returncode == 1 and "huge.csv" in said.stderr and bytes_of_store() == before and (sanitized or said.took < 20),
       f"two gigabytes of nothing: refused after {said.took:.1f} s", said.stderr[:300])
    ok(sanitized or most < 256, f"with {most} MB at the most")
    os.unlink(path)


def mended():
    """What can be read is read, and the report says where it was not."""
    quotes = HEAD + ROW.format("one") + 'FRA,URY,15,recommendation,"An open quote,Supported,5,justice\n' + ROWS
    said = run("import", "--dry-run", "--json", write("quotes.csv", quotes), "--source", "Test", "--date", "2020")
    notes = json.loads(said.stdout)["imports"][0]["notes"] if said.stdout else []
    ok(said.returncode in (0, 1) and ("3" in said.stderr or any(n["row"] == 3 for n in notes)), "an open quote: the row where it opens is named", said.stderr, notes[:3])
    formula = HEAD + "FRA,URY,15,recommendation,=HYPERLINK(1),Supported,5,justice\n"
    run("import", write("formula.csv", formula), "--source", "F", "--date", "2020")
    ok("'=HYPERLINK" in run("export").stdout and ",=HYP" not in run("export").stdout, "a formula cell is kept, and leaves defused")
    macroman = HEAD + "FRA,URY,15,recommendation,\u00c9galit\u00e9 pour les \u00eeles et les for\u00eats,Supported,5,justice\nCIV,URY,15,recommendation,C\u00f4te d\u2019Ivoire et libert\u00e9,Noted,5,justice\n"
    said = run("import", "--json", write("macroman.csv", macroman.encode("mac_roman")), "--source", "M", "--date", "2020")
    ok("macintosh" in said.stdout.lower() and "\u00c9galit\u00e9" in run("export").stdout, "MacRoman is found by its letters", said.stdout[:300])
    zeros = HEAD + "FRA,URY,15,recommendation,With a \0 in it,Supported,5,justice\n"
    said = run("import", "--dry-run", "--json", write("nul.csv", zeros), "--source", "N", "--date", "2020")
    ok(said.returncode in (0, 1) and "nul.csv" in said.stdout + said.stderr, "a zero byte in a cell is no end of anything", said.stderr[:300])


PLANTED = [("State under review", "Atlantis", "unknown"), ("State under review", "Frnace", "France"), ("Session", "99", ""), ("Session", "fifteen", ""), ("Session", "", ""),
           ("Response", "Perhaps", ""), ("Response", "Suported", "Supported"), ("Recommending State", "Uruguya", "Uruguay"), ("Text", "", ""), ("Kind", "wish", "")]


def planted():
    """A thousand rows with 37 mistakes: a dry run tells all of them, each with its row and what may have been meant."""
    columns = HEAD.strip().split(",")
    where = sorted(chance.sample(range(1000), 37))
    rows, expected = [], {}
    for i in range(1000):
        cells = ROW.format(f"number {i}").strip().split(",")
        if i in where:
            column, value, suggestion = PLANTED[len(expected) % len(PLANTED)]
            cells[columns.index(column)] = value
            expected[i + 2] = (column, value, suggestion)
        rows.append(",".join(cells))
    path = write("planted.csv", HEAD + "\n".join(rows) + "\n")
    before = bytes_of_store()
    said = run("import", "--dry-run", "--json", path, "--source", "Test", "--date", "2020")
    report = json.loads(said.stdout)["imports"][0]
    told = {n["row"]: n for n in report["notes"] if n["level"] == "rejected"}
    ok(set(told) == set(expected), f"{len(told)} of 37 planted mistakes are told, and nothing else", sorted(set(told) ^ set(expected))[:5])
    wrong = [(r, expected[r], told[r]) for r in told if r in expected and
             (told[r]["column"] != expected[r][0] or told[r]["value"] != expected[r][1] or not told[r]["reason"] or
              (expected[r][2] not in ("", "unknown") and expected[r][2] not in told[r]["suggestion"]))]
    ok(not wrong, "each with its column, value, reason and the nearest known name", *wrong[:3])
    ok(report["added"] == 963 and report["rejected"] == 37 and bytes_of_store() == before, "963 would be added, and the dry run wrote nothing", report["added"], report["rejected"])
    text = run("import", "--dry-run", path, "--source", "Test", "--date", "2020").stdout
    ok(all(f"row {r}" in text.replace(",", "") for r in expected), "the same for people")


run("init")
refused()
huge()
planted()
mended()
end()
