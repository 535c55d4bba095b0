#!/usr/bin/env python3
"""Misconfigurations, planted one at a time: tribune doctor finds each, says what to do, and that mends it.
doctor.py PROGRAM, from the root of the project; speaks TAP."""
import ctypes
import fcntl
import json
import os
import shutil
import sqlite3
import struct
import subprocess

from tap import end, folder, ok, program, skip

environment = dict(os.environ, LC_ALL="C.UTF-8")
base, data = os.path.join(folder, "base"), os.path.join(folder, "data")
ROWS = "State under review,Recommending State,Session,Text,Response\n" + "".join(
    f"FRA,URY,15,Count the lighthouses of coast {n},Supported\n" for n in range(200))


def run(*words, where=data, **how):
    return subprocess.run([program, *words, "--data", where], capture_output=True, text=True, timeout=120, env=environment, **how)


def file(name):
    return os.path.join(data, name)


def sql(name, statement):
    db = sqlite3.connect(file(name))
    db.executescript(statement)
    db.close()


def fresh():
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(base, data)


def bad(said):
    """What is wrong, by the doctor's JSON."""
    return [f for f in json.loads(said.stdout) if not f["ok"]]


def planted(what, plant, word, mend=None, many=False):
    """PLANT breaks a copy; the finding and its advice hold WORD; after MEND, the doctor finds nothing."""
    fresh()
    plant()
    said = run("doctor", "--json")
    wrong = bad(said)
    hit = [f for f in wrong if word in f["check"] and f["advice"]]
    ok(said.returncode == 1 and hit and (many or len(wrong) == 1), f"found: {what}", said)
    if mend:
        done = mend()
        said = run("doctor")
        ok(said.returncode == 0 and "BAD" not in said.stdout, f"and what it says mends it: {what}", done, said.stdout)


def scratch(name, position, count):
    with open(file(name), "r+b") as f:
        f.seek(position)
        f.write(b"\xff" * count)


def older_public():
    """public.db from before the latest import."""
    old = file("public.db") + ".old"
    shutil.copy(file("public.db"), old)
    path = os.path.join(folder, "more.csv")
    with open(path, "w") as f:
        f.write(ROWS.replace("lighthouses", "windmills"))
    run("import", path, "--source", "Test", "--date", "2021")
    for ending in ("-wal", "-shm"):
        if os.path.exists(file("public.db" + ending)):
            os.remove(file("public.db" + ending))
    os.rename(old, file("public.db"))


def without_landlock():
    """As on an old kernel: landlock_create_ruleset answers ENOSYS."""
    class Program(ctypes.Structure):
        _fields_ = [("n", ctypes.c_ushort), ("p", ctypes.c_void_p)]

    rules = b"".join(struct.pack("HBBI", *r) for r in ((0x20, 0, 0, 0), (0x15, 0, 1, 444), (0x06, 0, 0, 0x00050000 | 38), (0x06, 0, 0, 0x7fff0000)))
    text = ctypes.create_string_buffer(rules)
    libc = ctypes.CDLL(None, use_errno=True)
    filters = Program(4, ctypes.cast(text, ctypes.c_void_p))
    if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.byref(filters), 0, 0):
        raise OSError("no filter")


def small_disk():
    """On a file system that is nearly full; where we may not mount one, named as not run."""
    mounted = os.path.join(folder, "small")
    os.makedirs(mounted)
    said = subprocess.run(["unshare", "-m", "sh", "-c", 'mount -t tmpfs -o mode=700,size=60m none "$1" && cp "$2"/* "$1" && "$3" doctor --json --data "$1"',
                           "sh", mounted, base, program], capture_output=True, text=True, timeout=60, env=environment)
    if not said.stdout:
        skip("found: a disk that is nearly full", "no file system can be mounted here")
        return
    ok(said.returncode == 1 and [f["check"] for f in bad(said)] == ["the disk is nearly full"], "found: a disk that is nearly full", said)


def rights():
    planted("others may look into the folder", lambda: os.chmod(data, 0o755), "other users", lambda: os.chmod(data, 0o700))
    planted("others may read core.db", lambda: os.chmod(file("core.db"), 0o644), "others may read core.db",
            lambda: [os.chmod(file(n), 0o600) for n in os.listdir(data)])
    if os.geteuid() == 0:
        planted("a file of another user", lambda: os.chown(file("public.db"), 65534, 65534), "another user",
                lambda: [os.chown(file(n), 0, 0) for n in os.listdir(data)])
        fresh()
        os.chown(data, 65534, 65534)
        for name in os.listdir(data):
            os.chown(file(name), 65534, 65534)
        os.chmod(data, 0o500)
        os.chmod(folder, 0o755)
        try:
            said = run("doctor", "--json", user=65534, group=65534, extra_groups=[])
            ok(said.returncode == 1 and any("cannot be written" in f["check"] for f in bad(said)), "found: the folder cannot be written", said)
        except PermissionError:
            skip("found: the folder cannot be written", "nobody else may run the program where it stands")
        os.chmod(data, 0o700)
    else:
        planted("the folder cannot be written", lambda: os.chmod(data, 0o500), "cannot be written", lambda: os.chmod(data, 0o700))
        skip("found: a file of another user", "only root can plant it")


def databases():
    planted("core.db is damaged", lambda: scratch("core.db", 8192, 65536), "core.db is damaged")
    planted("core.db is no database", lambda: scratch("core.db", 0, 4096), "core.db is damaged")
    planted("core.db is newer", lambda: sql("core.db", "PRAGMA user_version = 9999"), "newer")
    planted("there is no core.db", lambda: os.remove(file("core.db")), "no core.db")
    backup = os.path.join(folder, "good.backup")
    fresh()
    ok(run("backup", backup).returncode == 0 and run("restore", backup, "--verify").returncode == 0, "a backup")
    os.remove(file("core.db"))
    run("restore", backup)
    ok(run("doctor").returncode == 0, "where core.db is lost, restore brings it back", run("doctor").stdout)
    planted("public.db is damaged", lambda: scratch("public.db", 8192, 65536), "public.db is damaged", lambda: run("rebuild"))
    planted("there is no public.db", lambda: os.remove(file("public.db")), "no public.db", lambda: run("rebuild"))
    planted("public.db has another layout", lambda: sql("public.db", "UPDATE kind_version SET digest = 'x' WHERE kind = 'layout'"),
            "another version", lambda: run("rebuild"))
    planted("changes wait to be published", lambda: sql("core.db", "INSERT INTO change_log (kind, thing) VALUES ('recommendation', 1)"),
            "behind core.db", lambda: run("init"))
    planted("public.db is an older one", older_public, "last published", lambda: run("rebuild"))
    planted("public.db is another library's", lambda: sql("public.db", "UPDATE edition SET epoch = 'another'"), "last published", lambda: run("rebuild"))


def reference():
    planted("vocabularies of another program", lambda: sql("core.db", "UPDATE setting SET value = 'x' WHERE key = 'reference'"),
            "vocabularies are missing", lambda: run("init"))
    planted("reviews are missing", lambda: sql("core.db", "DELETE FROM review WHERE rowid % 2 = 0"), "vocabularies are missing", lambda: run("init"))


def remains():
    planted("the socket of a killed server", lambda: open(file("control.sock"), "w").close(), "control.sock", lambda: run("init"), many=True)
    planted("half a copy", lambda: open(os.open(file("core.db.before-2.backup.partial"), os.O_CREAT | os.O_WRONLY, 0o600), "w").close(),
            "ended in the middle", lambda: os.remove(file("core.db.before-2.backup.partial")))
    fresh()
    with open(file("lock"), "r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        said = run("doctor")
        ok(said.returncode == 0 and "at work" in said.stdout, "beside another command: it says so, and finds nothing wrong", said)


run("init", where=base)
path = os.path.join(folder, "rows.csv")
with open(path, "w") as f:
    f.write(ROWS)
said = run("import", path, "--source", "Test", "--date", "2020", where=base)
ok(said.returncode == 0 and run("doctor", where=base).returncode == 0, "nothing is wrong with a new library", said, run("doctor", where=base).stdout)
said = run("doctor", where=os.path.join(folder, "absent"))
ok(said.returncode == 1 and "tribune init" in said.stdout and not os.path.exists(os.path.join(folder, "absent")), "there is no data directory", said)
rights()
databases()
reference()
remains()
small_disk()
fresh()
try:
    said = run("doctor", "--json", preexec_fn=without_landlock)
    ok(said.returncode == 1 and [f["check"] for f in bad(said)] == ["the kernel has no Landlock"], "found: a kernel without Landlock", said)
except subprocess.SubprocessError:
    skip("found: a kernel without Landlock", "no system call can be taken away here")
end()
