#!/usr/bin/env python3
"""Makes a load of any size of an export: bench/load.py EXPORT OUT UNITS

EXPORT is a folder with the CSV files of UPR Info's export of 2018. OUT gets them as they are, then again with
the session shifted by 21 and by 42 (and a calendar for sessions that are not announced), until there are
UNITS rows. OUT/again holds the five first files with one blank more in one text each.
"""
import csv
import os
import sys

export, out, units = sys.argv[1], sys.argv[2], int(sys.argv[3])
files = sorted(f for f in os.listdir(export) if f.endswith(".csv"))
os.makedirs(os.path.join(out, "again"), exist_ok=True)
left = units
last = 21


def rows_of(name):
    with open(os.path.join(export, name), encoding="utf-8-sig", newline="") as f:
        return list(csv.reader(f, delimiter=";"))


def write(name, head, rows):
    with open(os.path.join(out, name), "w", encoding="utf-8-sig", newline="") as f:
        w = csv.writer(f, delimiter=";", quoting=csv.QUOTE_MINIMAL)
        w.writerow(head)
        w.writerows(rows)


for name in files:
    head, *rows = rows_of(name)
    write(os.path.join("again", name), head, [[c + (" " if i == 7 and k == head.index("Recommendation") else "")
                                               for k, c in enumerate(row)] for i, row in enumerate(rows)])
for shift in (0, 21, 42):
    for name in files:
        head, *rows = rows_of(name)
        session = head.index("Session")
        rows = rows[:left]
        left -= len(rows)
        for row in rows:
            if row[session].strip():
                row[session] = str(int(row[session]) + shift)
                last = max(last, int(row[session]))
        if rows:
            write(f"{shift:02}-{name}", head, rows)
with open(os.path.join(out, "calendar.csv"), "w") as f:
    f.write("number,cycle,start,end,note,source\n")
    for n in range(55, last + 1):
        f.write(f"{n},5,2027,,made up for a load,made up for a load\n")
