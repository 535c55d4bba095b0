#!/usr/bin/env python3
"""Screening packs: what is in them, what must not be, that they are the same everywhere and need little memory. pack.py
PROGRAM, from the root of the project; speaks TAP."""
import glob
import hashlib
import http.client
import io
import json
import os
import re
import shutil
import sqlite3
import subprocess
import time
import zipfile

from server import Server, data, environment, run, write
from tap import end, folder, ok, program, skip

FULL = '[consent]\nuses = ["site", "download"]\nname = "full"\nface = "as-is"\nvoice = "as-is"\n'
BIG = 300 << 20
SAMPLES = ("l2s3k2n6iy", "ghbhnlous6", "ji2o2r7mpe", "xeou5oessw")


def voice(key, title, consent=FULL, more="", words="spoken", extra=(), tracks=()):
    meta = f'key = "{key}"\nlanguage = "en"\ntitle = {json.dumps(title, ensure_ascii=False)}\nlicence = "CC BY 4.0"\n{more}\n{consent}'
    cues = f"WEBVTT\n\n00:01.000 --> 00:02.000\n{words}\n"
    given = [a for t in (f"en:captions:{write(f'{key}.vtt', cues)}", *tracks) for a in ("--track", t)]
    return json.loads(run("video", "add", "--meta", write(f"{key}.toml", meta), *given, "--json", *extra).stdout)["code"]


def pack(*words, name="pack.zip", good=True, env=None):
    path = os.path.join(folder, name)
    if os.path.exists(path):
        os.unlink(path)
    said = subprocess.run([program, "video", "pack", *words, "--to", path, "--data", data], capture_output=True, text=True, timeout=120, env=env or environment)
    if good and said.returncode:
        raise RuntimeError(f"{words}: {said.stderr}")
    return path, said


def opened(path):
    z = zipfile.ZipFile(path)
    return z, z.namelist()


def get(port, address):
    """The whole answer, as bytes."""
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    c.request("GET", address)
    r = c.getresponse()
    body = r.read()
    c.close()
    return r.status, body, dict(r.getheaders())


def links(page):
    return re.findall(r'\b(?:href|src|poster|action|data|srcset)="([^"]*)"', page)


def leads_nowhere(z, name):
    """What NAME links to and is not in the pack, or is not relative."""
    at, page, bad = os.path.dirname(name), z.read(name).decode(), []
    for link in links(page):
        path = link.split("#")[0]
        if re.match(r"[a-z]+:|/", link) or (path and os.path.normpath(os.path.join(at, path)) not in z.namelist()):
            bad.append(link)
    return bad


def peak(pid):
    """The most memory that the process has had, in bytes."""
    with open(f"/proc/{pid}/status") as f:
        return int(re.search(r"VmHWM:\s+(\d+)", f.read()).group(1)) << 10


run("init", "--demo")

# --- The samples have films, texts in three languages, chapters, moments and recommendations.
path, said = pack(SAMPLES[0], "--lang", "fr", "--site", "https://upr.example.org")
z, names = opened(path)
stem = next(n for n in names if n.endswith(".mp4"))[:-4]
at = os.path.dirname(stem)
ok(z.testzip() is None, "Python reads the ZIP and finds every sum right")
if shutil.which("unzip"):
    tested = subprocess.run(["unzip", "-tqq", path], capture_output=True, text=True)
    ok(tested.returncode == 0, "so does unzip", tested.stdout)
else:
    skip("so does unzip", "unzip is not installed")
ok(stem == "01-trois-phrases-une-loi/01-trois-phrases-une-loi", "the film is named by its title", stem)
ok({f"{stem}.{e}" for e in ("mp4", "jpg", "fr.srt", "en.srt", "es.srt")} <= set(names), "subtitles lie beside it under its name", names)
ok({f"{at}/texts/{e}" for e in ("fr.txt", "en.txt", "es.txt", "fr.captions.vtt", "en.subtitles.vtt", "fr.chapters.vtt")} <= set(names), "transcripts and tracks", names)
ok({f"{at}/discussion.html", "index.html", "pack.css"} <= set(names) and len(set(names)) == len(names), "pages, and no name twice", names)
ok(all(i.date_time == (1980, 1, 1, 0, 0, 0) and i.compress_type == zipfile.ZIP_STORED for i in z.infolist()), "fixed dates, nothing packed")
ok(all(re.fullmatch(r"[A-Za-z0-9./-]+", n) and ".." not in n and not n.startswith("/") for n in names), "names that every file system takes", names)
shipped = [open(f, "rb").read() for f in glob.glob("demo/voices/letters.video.mp4")]
ok(shipped and z.read(stem + ".mp4") == shipped[0], "the film is the film, byte for byte")
ok(b"--> " in z.read(f"{stem}.fr.srt") and b"WEBVTT" not in z.read(f"{stem}.fr.srt") and z.read(f"{at}/texts/fr.captions.vtt").startswith(b"WEBVTT"), "SRT is SRT")

# --- Its pages.
index, sheet = z.read("index.html").decode(), z.read(f"{at}/discussion.html").decode()
for name in ("index.html", f"{at}/discussion.html"):
    ok(not leads_nowhere(z, name), f"{name}: every link leads to a file of the pack", leads_nowhere(z, name))
ok("<script" not in index + sheet and "javascript:" not in index + sheet and not re.search(r"\son[a-z]+=", index + sheet), "no script")
ok("url(" not in z.read("pack.css").decode() and "@import" not in z.read("pack.css").decode(), "the style sheet loads nothing")
ok(all(w in index for w in ("<video", "<source", "<track", "Pendant vingt", "VLC", "CC0-1.0", "Comment citer", "https://upr.example.org/fr/v/" + SAMPLES[0])), "the index plays, reads, says how to cite and where to ask")
ok(f'href="./{stem}.mp4#t=' in index, "times of the transcript lead into the film")
ok(all(w in sheet for w in ("Questions pour le", "Que veut changer", "Trois phrases, une loi", "Chargée de plaidoyer", "00:53", "La boîte de lettres", "il a fallu répondre", "Uruguay", "France",
                            "Soutenue", "https://upr.example.org/fr/r/", "CC0-1.0", "retirer son consentement")), "the sheet: who, how long, chapters, quotes, the record with its answers, questions, licence, consent")
ok(sheet.count("<li>") >= 5 + 4 + 3 and 'lang="fr"' in sheet, "five questions, four chapters, three recommendations")

# --- The same bytes anywhere.
first = hashlib.sha256(open(path, "rb").read()).hexdigest()
for zone in ("Asia/Tokyo", "America/Bogota"):
    again, _ = pack(SAMPLES[0], "--lang", "fr", "--site", "https://upr.example.org", name="again.zip", env=dict(environment, TZ=zone, LC_ALL="C"))
    ok(hashlib.sha256(open(again, "rb").read()).hexdigest() == first, f"the same bytes in {zone}")
said = subprocess.run([program, "video", "pack", SAMPLES[0], "--to", path, "--data", data], capture_output=True, text=True, env=environment)
ok(said.returncode == 1 and "is there already" in said.stderr and hashlib.sha256(open(path, "rb").read()).hexdigest() == first, "a file that is there is not overwritten", said.stderr)

# --- Sizes and languages.
path, said = pack(SAMPLES[0], "--size", "audio", "--lang", "en", name="audio.zip")
z, names = opened(path)
ok(any(n.endswith(".m4a") for n in names) and not any(n.endswith((".mp4", ".jpg")) for n in names) and "<audio" in z.read("index.html").decode() and not leads_nowhere(z, "index.html"), "sound alone", names)
path, said = pack(SAMPLES[0], "--size", "480p", name="480.zip")
ok("there is no 480p of it; it is there as video" in said.stderr and any(n.endswith(".mp4") for n in opened(path)[1]), "a size that is not there: the next larger, and it is said", said.stderr)
for words in (("--size", "8k"), ("--lang", "xx"), ("--site", "ftp://a")):
    said = pack(SAMPLES[0], *words, name="no.zip", good=False)[1]
    ok(said.returncode == 2 and words[1] in said.stderr and not os.path.exists(os.path.join(folder, "no.zip")), f"{' '.join(words)}: refused", said.stderr)
path, said = pack(*SAMPLES, name="four.zip")
z, names = opened(path)
ok(z.testzip() is None and sum(n.endswith(".mp4") for n in names) == 4 and sum(n.endswith("discussion.html") for n in names) == 4 and {n.split("/")[0][:3] for n in names if "/" in n} == {"01-", "02-", "03-", "04-"},
   "four videos in their order", names)
ok(not [b for n in names if n.endswith(".html") for b in leads_nowhere(z, n)] and z.read("index.html").decode().count("<details") == 4, "with a transcript each")

# --- The web: the same as a stream.
server = Server()
status, body, headers = get(server.port, f"/fr/v/{SAMPLES[0]}/pack.zip")
ok(status == 200 and headers["Content-Type"] == "application/zip" and headers["Content-Length"] == str(len(body)) and f'{SAMPLES[0]}.zip"' in headers["Content-Disposition"], "a download that says how long it is", headers)
z = zipfile.ZipFile(io.BytesIO(body))
ok(z.testzip() is None and z.read(stem + ".mp4") == shipped[0] and "ETag" not in headers and headers["Cache-Control"] == "no-cache", "whole, and kept by nobody", headers)
ok(get(server.port, f"/fr/v/{SAMPLES[0]}/pack.zip")[1] == body, "twice the same bytes")
c = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
c.request("GET", f"/v/{SAMPLES[0]}/pack.zip", headers={"Accept-Language": "es"})
r = c.getresponse()
ok(r.status == 302 and r.getheader("Location") == f"/es/v/{SAMPLES[0]}/pack.zip" and "Accept-Language" in r.getheader("Vary") and not r.getheader("ETag"), "without a language: to the reader's", r.getheaders())
c.close()
small = get(server.port, f"/fr/v/{SAMPLES[0]}/pack.zip?size=audio")[1]
ok(any(n.endswith(".m4a") for n in zipfile.ZipFile(io.BytesIO(small)).namelist()) and len(small) < len(body), "at a size of one's own")
ok([get(server.port, a)[0] for a in (f"/fr/v/{SAMPLES[0]}/pack.zip?size=8k", "/fr/v/none/pack.zip", "/v/none/pack.zip")] == [404] * 3, "what is not there is not found")
page = server.get(f"/fr/v/{SAMPLES[0]}")[1]
told = re.search(r'href="/fr/v/%s/pack\.zip".*?>(\d+)[\s\u202f\xa0]ko<' % SAMPLES[0], page)
ok(told and abs(int(told.group(1)) * 1024 - len(body)) < len(body) // 5, "the page links to it, with its size", told and told.group(1), len(body))
head = server.head(f"/fr/v/{SAMPLES[0]}/pack.zip")
ok(head.get("Content-Length") == str(len(body)), "HEAD says the same", head)

# --- A series.
page = server.get("/fr/series/sample-people")[1]
status, body, headers = get(server.port, "/fr/series/sample-people/pack.zip")
z = zipfile.ZipFile(io.BytesIO(body))
told = re.search(r'href="/fr/series/sample-people/pack\.zip".*?>([\d\s\u202f\xa0]+)[\s\u202f\xa0]ko<', page)
told = int(re.sub(r"\D", "", told.group(1))) if told else 0
ok(status == 200 and z.testzip() is None and sum(n.endswith(".mp4") for n in z.namelist()) == 4 and "Les visages" in z.read("index.html").decode(), "all of it, under its title", z.namelist())
ok(abs(told * 1024 - len(body)) < len(body) // 5 and get(server.port, "/fr/series/none/pack.zip")[0] == 404, "its page links to it, with its size", told, len(body))
by_words, said = pack("--series", "sample-people", "--lang", "fr", "--site", f"http://127.0.0.1:{server.port}", name="series.zip")
ok({i.filename: i.CRC for i in zipfile.ZipFile(by_words).infolist() if not i.filename.endswith(".html")} == {i.filename: i.CRC for i in z.infolist() if not i.filename.endswith(".html")}, "the command packs the same", said.stderr)
ok([pack(*w, name="no.zip", good=False)[1].returncode for w in ((), ("--series", "none"), (SAMPLES[0], "--series", "sample-people"))] == [2, 1, 2], "nothing, no such series, or both: refused")

# --- What may not be in it. Words that stand nowhere else.
fine = voice("fine", "Zqfine & <script>alert(1)</script> ../../../etc/passwd", words="<b>zqfine</b> &lt;script&gt;", more='description = "<img src=x onerror=alert(1)>"')
held = voice("held", "Zqheld one", words="zqheld", extra=("--hold",))
kept = voice("kept", "Zqkept one", consent=FULL.replace(', "download"', ""), words="zqkept")
soon = voice("soon", "Zqsoon one", consent=FULL + 'embargo = "2999-01-01"\n', words="zqsoon")
gone = voice("gone", "Zqgone one", words="zqgone", more='[[speaker]]\nkey = "a"\nname = "Zqgone Person"\n')
ok(b"Zqgone Person" in get(server.port, f"/en/v/{gone}/pack.zip")[1], "it is there before it is withdrawn")
run("video", "withdraw", gone)
path, said = pack(fine, name="fine.zip")
whole = open(path, "rb").read()
z, names = opened(path)
ok(z.testzip() is None and all(re.fullmatch(r"[a-z0-9./-]+", n) and ".." not in n for n in names), "a title full of traps makes a name that is none", names)
index = z.read("index.html").decode()
ok("<script" not in index and "<img" not in index and "zqfine" in index and not any(leads_nowhere(z, n) for n in names if n.endswith(".html")) and "no film and no sound" in index, "and stays text; words alone make a pack too", index[:600])
ok(not re.search(rb"zq(held|kept|soon|gone)", whole, re.I), "nothing of the others is in it")
status = {c: get(server.port, f"/en/v/{c}/pack.zip")[0] for c in (fine, held, kept, soon, gone)}
ok(list(status.values()) == [200, 404, 404, 404, 410], "held, not to be downloaded, under embargo: not there; withdrawn: gone", status)
ok("pack.zip" not in server.get(f"/en/v/{kept}")[1] and "pack.zip" in server.get(f"/en/v/{fine}")[1], "no link where nobody agreed to downloads")
run("series", "add", write("some.toml", f'key = "some"\ntitle = {{ en = "Some" }}\nvideos = ["fine", "kept", "held"]\n'), good=False)
path, said = pack("--series", "some", name="some.zip", good=False)
ok(said.returncode == 0 and "1 left out" in said.stderr and not re.search(rb"zq(held|kept)", open(path, "rb").read(), re.I), "of a series what may not be in it is left out", said.stderr)
path, said = pack(fine, held, kept, soon, gone, "nosuchcode", name="mixed.zip", good=False)
named = {c: next((l for l in said.stderr.splitlines() if c in l), "") for c in (held, kept, soon, gone, "nosuchcode")}
ok(said.returncode == 1 and all(named.values()) and fine not in said.stderr and not glob.glob(path + "*"), "the command names each of them and writes nothing", said.stderr)
ok("may not be downloaded" in named[kept] and "was withdrawn" in named[gone] and named[held].replace(held, "") == named[soon].replace(soon, "") == named["nosuchcode"].replace("nosuchcode", ""), "why; what is hidden is told from nothing by nobody", named)

# --- One language twice: captions and a translation into the language spoken.
both = voice("both", "Both", tracks=("en:subtitles:" + write("both.sub.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\neasy\n"), "ar:subtitles:" + write("both.ar.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nمرحبا\n")))
z, names = opened(pack(both, name="both.zip")[0])
srt = sorted(n.split("/")[-1] for n in names if n.endswith(".srt"))
ok(len(set(names)) == len(names) and srt == ["01-both.ar.srt", "01-both.en-subtitles.srt", "01-both.en.srt"] and b"spoken" in z.read("01-both/01-both.en.srt"), "both have names", srt)
arabic = voice("arabic", "شهادة")
names = opened(pack(arabic, name="arabic.zip")[0])[1]
ok(f"01-{arabic}/discussion.html" in names, "a title without Latin letters is named by its code", names)
server.stop()

# --- 300 MB: a hole in a file has as many bytes as a film. What readers see of it is said to be so large.
with sqlite3.connect(os.path.join(data, "public.db")) as db:
    code = fine
    video = db.execute("SELECT id FROM video WHERE code = ?", (code,)).fetchone()[0]
    digest = "zz" + "a" * 50
    db.execute("INSERT INTO medium (video_id, form, digest, type, bytes, width, height) VALUES (?, 'video', ?, 'video/mp4', ?, 640, 360)", (video, digest, BIG))
db.close()
place = os.path.join(data, "media", digest[:2])
os.makedirs(place, exist_ok=True)
with open(os.path.join(place, digest), "wb") as f:
    f.truncate(BIG)
server = Server()
get(server.port, f"/en/v/{fine}")
before = peak(server.p.pid)
c = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
begun = time.time()
c.request("GET", f"/en/v/{fine}/pack.zip")
r = c.getresponse()
length, n, slowest = int(r.getheader("Content-Length")), 0, 0.0
while True:
    piece = r.read(1 << 20)
    n += len(piece)
    if n % (50 << 20) < len(piece):  # others are answered meanwhile
        asked = time.time()
        server.get("/en/v/" + SAMPLES[0])
        slowest = max(slowest, time.time() - asked)
    if not piece:
        break
took = time.time() - begun
grown = peak(server.p.pid) - before
ok(n == length > BIG, "300 MB arrive as announced", n, length)
print(f"# 300 MB in {took:.1f} s; memory grew by {grown >> 10} kB; the slowest page meanwhile {slowest * 1000:.0f} ms")
ok(grown < 24 << 20, "and need no 24 MB of memory", grown)
path = os.path.join(folder, "big.zip")
said = subprocess.run([program, "video", "pack", fine, "--to", path, "--data", data], capture_output=True, text=True, env=environment)
ok(said.returncode == 0 and zipfile.ZipFile(path).testzip() is None and os.path.getsize(path) == length, "the command writes the same, and it is sound", said.stderr)
os.unlink(path)

# --- A reader who takes it slowly holds up nobody; what is erased meanwhile ends for them too.
slow = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
slow.request("GET", f"/en/v/{fine}/pack.zip")
r = slow.getresponse()
r.read(1 << 16)
said = run("video", "withdraw", fine, good=False)
ok(said.returncode == 0, "a video is withdrawn while somebody downloads it: nothing holds an old page", said.stderr)
os.unlink(os.path.join(place, digest))  # what withdrawing does with the files that it knows of
try:
    rest = len(r.read())
except http.client.IncompleteRead as e:
    rest = -len(e.partial)
except (ConnectionResetError, http.client.HTTPException):
    rest = -1
ok(rest <= 0 and -rest < BIG - (8 << 20), "the film breaks off, and the download is seen to be incomplete", rest)
slow.close()
ok(get(server.port, f"/en/v/{fine}/pack.zip")[0] == 410, "then it is gone")
server.stop()
end()
