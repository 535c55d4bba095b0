#!/usr/bin/env python3
"""What meson's test runs said, as one TAP: tally.py LOG...  (meson-logs/testlog*.json)

Every line of a program that speaks TAP becomes a line here; any other program is one. A program that
did not come to a good end is one more "not ok", with the end of what it said."""
import json
import re
import sys

LINE = re.compile(r"(not )?ok\b *\d* *(?:- *)?(.*)")


def tell(test):
    name, bad, lines = test["name"].rpartition(" / ")[2], False, 0
    good_end = test["result"] in ("OK", "SKIP", "EXPECTEDFAIL")
    said = (test.get("stdout") or "").splitlines()
    after_bad = False
    for line in said:
        found = LINE.match(line)
        if found:
            lines += 1
            after_bad = bool(found[1]) and "# TODO" not in line
            bad |= after_bad
            print(f"{found[1] or ''}ok - {name}: {found[2]}")
        elif after_bad and line.startswith("#"):
            print(line)
        elif line.startswith("1..0"):
            lines += 1
            print(f"ok - {name} # SKIP {line.partition('SKIP')[2].strip()}")
    if good_end and not lines:
        print(f"ok - {name}")
    if not good_end and not bad:
        print(f"not ok - {name} ended badly: {test['result'].lower()}, exit code {test['returncode']}")
    if not good_end:
        for line in [x for x in said if not LINE.match(x)][-30:] + (test.get("stderr") or "").splitlines()[-60:]:
            print("#  ", line)


for path in sys.argv[1:]:
    with open(path, encoding="utf-8", errors="replace") as log:
        for line in log:
            tell(json.loads(line))
