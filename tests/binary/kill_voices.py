#!/usr/bin/env python3
"""The voices, when the program is killed at any moment or the disk is full: what was known of each is there as it was, or
as it is to be, for the editors and for readers. kill_voices.py PROGRAM, from the root of the project; speaks TAP.
TRIBUNE_KILLS: how often (24). TRIBUNE_FILMS=1: films too, and no file is there that nothing names."""
import os
import shutil
import sqlite3
import subprocess
import time

from killing import WAYS, cycles, environment, run
from server import AGREED, code_of, write
from tap import end, folder, ok, program, skip

TABLES = ("wording", "subject", "consent", "speaker", "track", "moment")
CANARY = "zqcanary"
film, film2 = os.path.join(folder, "film.mp4"), os.path.join(folder, "film2.mp4")


def meta(key, word, more="", spoken=""):
    return (f'key = "{key}"\nlanguage = "en"\ntitle = {{ en = "Title {word}" }}\nstates = ["FRA"]\n{more}[consent]\nuses = ["site"]\n{AGREED}'
            f'[[speaker]]\nkey = "p"\nname = "Name {word}"\nfunction = "Adviser"\norganisation = "o"\norganisation_name = "House {word}"\n'
            f'[[moment]]\nkey = "m"\nstart = "0:01"\nend = "0:02"\ntitle = "Moment {word}"\nquote = "Quote {word}"\n{spoken}')


def cues(word, n=40):
    return "WEBVTT\n\n" + "".join(f"{i // 60:02}:{i % 60:02}.000 --> {i // 60:02}:{i % 60:02}.900\nspoken of {word} {i}\n\n" for i in range(n))


def one(key, word, *files):
    """The words of the command that adds a voice."""
    return ("video", "add", *files, "--meta", write(f"{key}.{word}.toml", meta(key, word)), "--track", f"en:captions:" + write(f"{key}.{word}.vtt", cues(word)),
            "--track", f"fr:subtitles:" + write(f"{key}.{word}.fr.vtt", cues(word + " fr")))


def rows_of(db, video):
    """All that one database says of a video, but for numbers and addresses, which are drawn."""
    said = []
    for kind, ids in (("video", [video]), ("moment", [r[0] for r in db.execute("SELECT id FROM moment WHERE video_id = ? ORDER BY starts", (video,))]),
                      ("post", [r[0] for r in db.execute("SELECT post_id FROM speaker WHERE video_id = ?", (video,))])):
        for place, thing in enumerate(ids):
            said += [(kind, place, *r) for r in sorted(db.execute("SELECT field, lang, text FROM wording WHERE kind = ? AND thing = ?", (kind, thing)))]
            said += [(kind, place, *r) for r in sorted(db.execute("SELECT scheme, code FROM subject WHERE kind = ? AND thing = ?", (kind, thing)))]
    said += sorted(db.execute("SELECT p.name FROM speaker s JOIN person p ON p.id = s.person_id WHERE s.video_id = ?", (video,)))
    said += sorted(db.execute("SELECT kind, lang, origin, vtt FROM track WHERE video_id = ?", (video,)))
    said += sorted(db.execute("SELECT starts, ends FROM moment WHERE video_id = ?", (video,)))
    return said


def voices_of(data):
    """{key: what the core says, what readers see of it}; what only readers have; what belongs to no video."""
    core, public = (sqlite3.connect(os.path.join(data, f"{name}.db")) for name in ("core", "public"))
    found, stray = {}, []
    for video, key in core.execute("SELECT id, key FROM video").fetchall():
        seen = public.execute("SELECT count(*) FROM video WHERE id = ?", (video,)).fetchone()[0]
        found[key] = (rows_of(core, video), rows_of(public, video) if seen else None)
    known = {r[0] for r in core.execute("SELECT id FROM video")}
    stray += [f"readers alone have video {r[0]}" for r in public.execute("SELECT id FROM video") if r[0] not in known]
    for db, name in ((core, "core"), (public, "public")):
        for table, has in (("track", "video_id"), ("speaker", "video_id"), ("moment", "video_id"), ("series_video", "video_id"), ("medium", "video_id")):
            stray += [f"{name}: {table} of no video"] * db.execute(f"SELECT count(*) FROM {table} WHERE {has} NOT IN (SELECT id FROM video)").fetchone()[0]
        for kind in ("video", "moment", "post", "organisation"):
            for table in ("wording", "subject") if kind in ("video", "moment") else ("wording",):
                stray += [f"{name}: {table} of no {kind}"] * db.execute(f"SELECT count(*) FROM {table} WHERE kind = '{kind}' AND thing NOT IN (SELECT id FROM {kind})").fetchone()[0]
        stray += [f"{name}: somebody who speaks nowhere"] * db.execute("SELECT count(*) FROM person WHERE id NOT IN (SELECT person_id FROM speaker)").fetchone()[0]
    for db in (core, public):
        db.close()
    return found, stray


def named_files(data):
    """Digests that core.db names: of what is there, and of what films are still to be made of."""
    db = sqlite3.connect(os.path.join(data, "core.db"))
    named = {r[0] for r in db.execute("SELECT digest FROM medium")}
    if db.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'job'").fetchone()[0]:
        named |= {r[0] for r in db.execute("SELECT source FROM job")}
    db.close()
    return named


def files_of(data):
    return {name: os.path.relpath(os.path.join(root, name), data) for root, _, names in os.walk(os.path.join(data, "media")) for name in names}


def missing_or_stray_files(data):
    named, there = named_files(data) - {""}, files_of(data)
    return [f"{path}: nothing names it" for name, path in there.items() if name not in named] + [f"{name}: is not there" for name in named if name not in there]


def holds(data, word):
    """Files of a data directory with WORD in them."""
    found = []
    for root, _, names in os.walk(data):
        for name in names:
            path = os.path.join(root, name)
            if os.path.isfile(path):
                with open(path, "rb") as f:
                    found += [name] if word.encode() in f.read() else []
    return found


class Case:
    """A command on a copy of a data directory."""

    def __init__(self, name, base, *words, at_end=None, films=False):
        self.name, self.base, self.words, self.at_end, self.films = name, base, words, at_end, films
        self.data = os.path.join(folder, "case")
        self.before, _ = voices_of(base)
        self.copy()
        begun = time.monotonic()
        said = run(self.data, *words)
        self.took = time.monotonic() - begun
        self.after, stray = voices_of(self.data)
        ok(said.returncode == 0 and self.before != self.after and not stray, f"{name} works when nobody disturbs it", said.stderr, *stray)

    def copy(self):
        shutil.rmtree(self.data, ignore_errors=True)
        shutil.copytree(self.base, self.data, ignore=shutil.ignore_patterns("control.sock"))

    def look(self):
        """What is wrong after a kill; empty when nothing is."""
        said = run(self.data, "init")  # the next command: it finishes what was left
        if said.returncode:
            return f"the next command: {said.returncode} {said.stderr}"
        now, wrong = voices_of(self.data)
        for key in {*self.before, *self.after, *now}:
            if now.get(key) not in (self.before.get(key), self.after.get(key)):
                wrong.append(f"{key}: neither as it was nor as it is to be")
        doctor = run(self.data, "doctor")
        if doctor.returncode:
            wrong.append(doctor.stdout)
        if self.films:
            wrong += missing_or_stray_files(self.data)
        known = {"core.db", "core.db-wal", "core.db-shm", "public.db", "public.db-wal", "public.db-shm", "lock", "withdrawn", "media"}
        wrong += [f"left behind: {name}" for name in set(os.listdir(self.data)) - known]
        return "; ".join(wrong or (self.at_end(self.data) if self.at_end else []))


def again(words, *canaries):
    """Who withdraws and sees the command killed gives it again: then nothing is left."""
    def at_end(data):
        said = run(data, *words)
        left = [f"{word} in {name}" for word in canaries for name in holds(data, word)]
        return [f"given again: {said.stderr}"] * (said.returncode != 0) + left + missing_or_stray_files(data)
    return at_end


def make_base():
    base = os.path.join(folder, "base")
    run(base, "init")
    for key, word in (("first", "lantern"), ("second", CANARY)):
        run(base, *one(key, word))
    run(base, "series", "add", write("s.series.toml", 'key = "s"\ntitle = "S"\nvideos = ["first", "second"]\n[[section]]\ntitle = "Q"\nquotes = ["second/m", "first/m"]\n'))
    return base


def import_folder():
    path = os.path.join(folder, "interviews")
    os.makedirs(path)
    for i in range(20):
        for name, text in ((f"talk{i}.toml", meta(f"talk{i}", f"talk{i}")), (f"talk{i}.en.vtt", cues(f"talk{i}")), (f"talk{i}.fr.vtt", cues(f"parole{i}"))):
            with open(os.path.join(path, name), "w") as f:
                f.write(text)
    return path


def kills(cases):
    for case in cases:
        for how, which in WAYS:
            bad = []
            n = max(1, cycles // 4)
            for _ in range(n):
                how(case)
                wrong = case.look()
                if wrong:
                    bad.append(wrong)
            ok(not bad, f"{case.name}, {which} {n} times: each voice is as it was or as it is to be, and whole", *bad[:3])


SENTENCES = ("no space left", "was not stored", "readers do not see it yet")
FULL = """
mount -t tmpfs -o mode=700,size="$1"k none "$2" || exit 99
cp -r "$3"/*.db "$2"
[ ! -d "$3/media" ] || cp -r "$3/media" "$2"
data=$2 program=$4
shift 4
"$program" "$@" --data "$data" >/dev/null
echo "code $?"
mount -o remount,size=400m "$data"
"$program" init --data "$data" 2>/dev/null
"$program" doctor --data "$data" | grep ^BAD
cp -r "$data" "$data.out"
"""


def full_disk(case, sizes, films=False):
    mounted = os.path.join(folder, "small")
    out = mounted + ".out"
    os.makedirs(mounted, exist_ok=True)
    size = sum(os.path.getsize(os.path.join(root, f)) for root, _, names in os.walk(case.base) for f in names) // 1024
    ends = []
    for more in (100000, *sizes):
        shutil.rmtree(out, ignore_errors=True)
        said = subprocess.run(["unshare", "-m", "sh", "-c", FULL, "sh", str(size + more), mounted, case.base, program, *case.words],
                              capture_output=True, text=True, timeout=120, env=environment)
        if more == 100000 and "code 0" not in said.stdout:
            return skip("the disk is full", "no file system may be mounted here")
        code, *bad = said.stdout.strip().split("\n")
        now, wrong = voices_of(out)
        wrong += [f"{key}: neither" for key in {*case.before, *case.after, *now} if now.get(key) not in (case.before.get(key), case.after.get(key))]
        wrong += missing_or_stray_files(out) if films else []
        ends.append({"room": more, "code": int(code.split()[1]), "said": said.stderr, "wrong": bad + wrong})
    full = [e for e in ends if e["code"]]
    ok(len(full) > 0, f"{case.name}: the disk is full in {len(full)} of {len(ends)} sizes", *ends)
    ok(all(any(words in e["said"] for words in SENTENCES) and e["code"] in (1, 74) for e in full), "a sentence each", *full)
    ok(all(not e["wrong"] for e in ends), "with room again: each voice is as it was or as it is to be", *ends)


def has_ffmpeg():
    return bool(shutil.which("ffmpeg")) and all(subprocess.run(
        ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", f"{source}=size=160x120:rate=10:duration=2", "-f", "lavfi", "-i", "sine=frequency=300:duration=2",
         "-c:v", "libx264", "-c:a", "aac", "-y", path], check=False).returncode == 0 for source, path in (("testsrc", film), ("testsrc2", film2)))


def words_alone():
    base = make_base()
    withdraw = ("video", "withdraw", code_of(base, "second"), "--reason", "asked")
    added = Case("video add", base, *one("third", "quarry"))
    folder_of = Case("video import", base, "video", "import", import_folder())
    kills([added, Case("video add, again", base, *one("second", "orchard")), folder_of,
           Case("video withdraw", base, *withdraw, at_end=again(withdraw, CANARY))])
    full_disk(added, (0, 60, 120, 250, 500))
    full_disk(folder_of, (0, 200, 500, 1000, 2000))


def films():
    base = os.path.join(folder, "films")
    run(base, "init")
    run(base, *one("first", "lantern", film))
    withdraw = ("video", "withdraw", code_of(base, "first"), "--reason", "asked")
    added = Case("video add of a film", base, *one("third", "quarry", film2), films=True)
    kills([added, Case("video add of another film", base, *one("first", "orchard", film2), films=True),
           Case("video withdraw of a film", base, *withdraw, at_end=again(withdraw, "lantern"), films=True)])
    full_disk(added, (100, 160, 250, 500, 600, 700), films=True)


words_alone()
if not os.environ.get("TRIBUNE_FILMS"):
    skip("films", "asked for by TRIBUNE_FILMS=1 alone")
elif not has_ffmpeg():
    skip("films", "no ffmpeg with H.264 here")
else:
    films()
end()
