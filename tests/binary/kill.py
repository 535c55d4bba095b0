#!/usr/bin/env python3
"""kill -9 at any moment, room on the disk that ends, and two that want to write at once.
kill.py PROGRAM, from the root of the project; speaks TAP. TRIBUNE_KILLS: how often (24)."""
import fcntl
import os
import shutil
import signal
import sqlite3
import subprocess
import time

from killing import WAYS, cycles, environment, run, start
from tap import end, folder, ok, program, skip

COLUMNS = "State under review,Recommending State,Session,Kind,Text,Response,Issues\n"


def table(name, rows, word):
    """A CSV of so many recommendations, each of its own text."""
    path = os.path.join(folder, name)
    states = ("FRA", "KEN", "NPL", "MLI", "DEU", "POL", "URY")
    with open(path, "w") as f:
        f.write(COLUMNS)
        for i in range(rows):
            f.write(f"{states[i % 7]},{states[(i + 1) % 7]},{13 + i % 9},recommendation,"
                    f"Take {word} measure {i} so that rights are known to all,{('Supported', 'Noted')[i % 2]},justice\n")
    return path


def core_of(data):
    """All that core.db says, but for clocks, chance and what the publisher has still to do."""
    db = sqlite3.connect(os.path.join(data, "core.db"))
    db.execute("PRAGMA query_only = 1")
    said = []
    for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name").fetchall():
        if name in ("change_log", "setting"):
            continue
        columns = [r[1] for r in db.execute(f"PRAGMA table_info({name})") if r[1] not in ("created", "undone")]
        if name == "import":
            columns.append("undone IS NULL")
        said.append((name, sorted(map(repr, db.execute(f"SELECT {', '.join(columns)} FROM {name}")))))
    db.close()
    return said


def public_of(data):
    return run(data, "export").stdout


class Case:
    """One command, on a copy of one data directory; BEFORE and AFTER are what it may leave."""

    def __init__(self, name, base, *words):
        self.name, self.base, self.words = name, base, words
        self.data = os.path.join(folder, "case")
        self.before = (core_of(base), public_of(base))
        self.copy()
        begun = time.monotonic()
        said = run(self.data, *words)
        self.took = time.monotonic() - begun
        ok(said.returncode == 0, f"{name} works when nobody disturbs it", said.stderr)
        self.after = (core_of(self.data), public_of(self.data))

    def copy(self):
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.copytree(self.base, self.data, ignore=shutil.ignore_patterns("control.sock"))

    def look(self):
        """What is wrong after a kill; empty when nothing is."""
        begun = time.monotonic()
        said = run(self.data, "init")  # the next command: it finishes what was left
        if said.returncode or time.monotonic() - begun > 2:
            return f"the next command: {said.returncode} after {time.monotonic() - begun:.1f} s {said.stderr}"
        now = (core_of(self.data), public_of(self.data))
        if now not in (self.before, self.after):
            return f"neither before nor after (core before {now[0] == self.before[0]}, after {now[0] == self.after[0]}; " \
                   f"public before {now[1] == self.before[1]}, after {now[1] == self.after[1]})"
        doctor = run(self.data, "doctor")
        if doctor.returncode:
            return doctor.stdout
        known = {"core.db", "core.db-wal", "core.db-shm", "public.db", "public.db-wal", "public.db-shm", "lock"}
        left = set(os.listdir(self.data)) - known
        return f"left behind: {left}" if left else ""


def kills():
    base = os.path.join(folder, "base")
    run(base, "init")
    run(base, "import", table("one.csv", 1500, "one"), "--source", "One", "--date", "2020")
    run(base, "import", "--hold", table("held.csv", 1500, "held"), "--source", "Held", "--date", "2020")
    two = [table("two.csv", 1500, "two"), table("three.csv", 1500, "three")]
    cases = [Case("import of two files", base, "import", *two, "--source", "Two", "--date", "2021"),
             Case("import --undo", base, "import", "--undo", "1"),
             Case("publish", base, "publish", "2"),
             Case("rebuild", base, "rebuild")]
    for case in cases:
        for how, which in WAYS:
            bad = []
            n = max(1, cycles // (2 * len(cases)))
            for _ in range(n):
                how(case)
                wrong = case.look()
                if wrong:
                    bad.append(wrong)
            ok(not bad, f"{case.name}, {which} {n} times: before or after, whole, nothing left behind", *bad[:3])


def waiting():
    data = os.path.join(folder, "waiting")
    run(data, "init")
    path = table("wait.csv", 3, "wait")
    words = ("import", path, "--source", "W", "--date", "2020")
    with open(os.path.join(data, "lock"), "r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        begun = time.monotonic()
        said = run(data, *words, "--no-wait")
        ok(said.returncode == 75 and time.monotonic() - begun < 1 and "writing" in said.stderr, "--no-wait fails at once, with 75", said)
        process = start(data, *words)
        time.sleep(2)
        ok(process.poll() is None, "without it, an import waits for the other")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
        ok(process.returncode == 130 and "waiting" in errors and "nothing was stored" in errors, "Ctrl-C ends the waiting", process.returncode, errors)
        process = start(data, *words)
        time.sleep(0.5)
    _, errors = process.communicate(timeout=20)
    ok(process.returncode == 0, "and when the other is done, it goes on", errors)


def interrupted():
    data = os.path.join(folder, "interrupted")
    run(data, "init")
    before = core_of(data)
    process = start(data, "import", table("long.csv", 60000, "long"), "--source", "L", "--date", "2020")
    time.sleep(0.4)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    ok(process.returncode == 130 and "nothing was stored" in errors and core_of(data) == before,
       "Ctrl-C in an import: cancelled, nothing was stored", process.returncode, errors)


FULL = """
mount -t tmpfs -o mode=700,size="$1"k none "$2" || exit 99
cp "$3"/*.db "$2"
: >"$6" # what the last server said is not this one's
"$4" serve --port 0 --data "$2" >"$6" &
server=$!
for i in $(seq 100); do grep -q answers "$6" && break; sleep 0.2; done
"$4" import "$5" --source B --date 2022 --data "$2" >/dev/null
echo "code $?"
"$4" export --data "$2" | sha256sum
kill $server; wait $server
mount -o remount,size=400m "$2"
"$4" init --data "$2" 2>/dev/null
"$4" doctor --data "$2" | grep ^BAD
"$4" export --data "$2" | sha256sum
"""


def full_disk():
    """A server on a small file system of its own, where the room ends somewhere in the middle of an import."""
    base = os.path.join(folder, "base")
    path = table("big.csv", 4000, "big")
    mounted = os.path.join(folder, "small")
    os.makedirs(mounted, exist_ok=True)
    size = sum(os.path.getsize(os.path.join(base, f)) for f in os.listdir(base) if f.endswith(".db")) // 1024

    def attempt(more):
        return subprocess.run(["unshare", "-m", "sh", "-c", FULL, "sh", str(size + more), mounted, base, program, path,
                               os.path.join(folder, "log")], capture_output=True, text=True, timeout=120, env=environment)

    said = attempt(100000)
    if "code 0" not in said.stdout:
        return skip("the disk is full", "no file system may be mounted here")
    after = said.stdout.split("\n")[1]
    before = subprocess.run(f"{program} export --data {base} | sha256sum", shell=True, capture_output=True, text=True).stdout.strip()
    ends = []
    for more in (300, 700, 1500, 2500, 3500):
        said = attempt(more)
        code, seen, *rest = said.stdout.strip().split("\n")
        ends.append({"room": more, "code": int(code.split()[1]), "readers": seen, "then": rest[-1], "bad": rest[:-1], "said": said.stderr})
    full = [e for e in ends if e["code"]]
    ok(len(full) > 1, f"the disk is full in {len(full)} of {len(ends)} sizes", *ends)
    ok(all(e["readers"] == before for e in full), "readers go on seeing what was there", before, after, *full)
    ok(all(e["code"] == 74 and "Make room" in e["said"] and e["said"].count("\n") == 1 for e in full), "one clear sentence each", *full)
    ok(all(e["then"] in (before, after) and not e["bad"] for e in ends), "with room again: all of it or nothing, and both databases are sound", *ends)


kills()
waiting()
interrupted()
full_disk()
end()
