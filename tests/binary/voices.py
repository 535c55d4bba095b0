#!/usr/bin/env python3
"""The voices of the real program: what consent lets readers see, what the clock changes, and that nothing is left of what
was withdrawn. voices.py PROGRAM, from the root of the project; speaks TAP."""
import http.client
import json
import os
import re
import shutil
import subprocess
import time

from server import Server, data, environment, run, write
from tap import end, folder, ok, program, skip

# Twenty words that stand nowhere but in what is withdrawn: in every text field that there is.
CANARIES = ["zqbird%02dx" % i for i in range(20)]


def stamp(seconds):
    return "%02d:%02d:%02d.000" % (seconds // 3600, seconds // 60 % 60, seconds % 60)


def subtitles(words):
    return "WEBVTT\n\n" + "".join(f"{stamp(3 * i)} --> {stamp(3 * i + 2)}\n{w}\n\n" for i, w in enumerate(words))


CONSENT = '[consent]\nuses = ["site", "download"]\nname = "full"\nface = "as-is"\nvoice = "as-is"\ngiven = "2026-01-02"\n'


def meta(key, title="A title", consent=CONSENT, more=""):
    return write(f"{key}.toml", f'key = "{key}"\nlanguage = "en"\ntitle = "{title}"\nlicence = "CC BY 4.0"\n{more}\n{consent}')


def add(key, words=("hello there",), extra=(), **kw):
    said = run("video", "add", "--meta", meta(key, **kw), "--track", "en:captions:" + write(f"{key}.vtt", subtitles(words)), "--json", *extra)
    return json.loads(said.stdout)


def left_in(where, words):
    """Files of WHERE that hold one of WORDS."""
    bad = []
    for root, _, names in os.walk(where):
        for name in names:
            path = os.path.join(root, name)
            if not os.path.isfile(path):
                continue
            with open(path, "rb") as f:
                content = f.read()
            bad += [f"{name}: {w}" for w in words if w.encode() in content]
    return bad


run("init")
server = Server()

# --- What is public, and why not.
cases = [("no consent at all", "", False), ("not for this site", CONSENT.replace('"site", ', ""), False),
         ("face not settled", CONSENT.replace('face = "as-is"\n', ""), False), ("name not settled", CONSENT.replace('name = "full"\n', ""), False),
         ("an embargo", CONSENT + 'embargo = "2999-01-01"\n', False), ("a consent that has ended", CONSENT + 'expires = "2020-01-01"\n', False),
         ("all agreed", CONSENT, True)]
for n, (what, consent, public) in enumerate(cases):
    got = add(f"case{n}", title=f"Title {n}", consent=consent)
    status = server.get("/en/v/" + got["code"])[0]
    ok(got["public"] == public and status == (200 if public else 404), f"{what}: {'public' if public else 'not there'}", got, status)
    ok((f"Title {n}" in server.get("/en/voices")[1]) == public, f"{what}: the list agrees")
bare = json.loads(run("video", "add", "--meta", meta("bare"), "--json").stdout)
ok(not bare["public"] and server.get("/en/v/" + bare["code"])[0] == 404, "without captions in the language spoken: not there")
said = run("video", "add", "--meta", meta("nameless", consent=CONSENT.replace('"full"', '"none"'),
                                         more='[[speaker]]\nname = "Zebulon Quartz"\nfunction = "a defender"\nstate = "FRA"\n'), "--track",
           "en:captions:" + write("nameless.vtt", subtitles(["words"])), "--json")
page = server.get("/en/v/" + json.loads(said.stdout)["code"])[1]
ok("a defender" in page and "Zebulon" not in page and not left_in(data, ["Zebulon"]), "a name that may not be shown is not even stored")

QUOTE = '[[moment]]\nkey = "m"\nstart = "0:00"\nend = "0:02"\nquote = "Zqquoted"\n'
for key, name, form in (("one", "Zebulon Q", "full"), ("two", "Ana", "pseudonym"), ("three", "Zebulon Q", "none")):
    said = run("video", "add", "--meta", meta(key, title=f"Names {key}", consent=CONSENT.replace('"full"', f'"{form}"'),
                                             more=QUOTE + f'[[speaker]]\nkey = "same"\nname = "{name}"\nfunction = "a defender"\n'), "--track",
               "en:captions:" + write(f"{key}.vtt", subtitles(["words"])), "--json")
    page = server.get("/en/v/" + json.loads(said.stdout)["code"])[1]
    card = server.get(re.search("/en/m/[a-z2-7]+", page).group(0) + "/card.svg")[1]
    ok("Zqquoted" in card and "a defender" in card and ("Zebulon" in card) == (form == "full") and ("Ana" in card) == (form == "pseudonym"), f"on the picture of a quote, too: {form}", card)
    ok(("Zebulon" in page) == (form == "full") and ("Ana" in page) == (form == "pseudonym"), f"one person, three consents: {form}")
listed = server.get("/en/voices")[1].split('id="list"')[1]
ok(listed.count("Zebulon Q") == 1 and listed.count("Ana,") == 1, "and no consent changes what another lets readers see", listed)

# --- The clock, without any command.
soon = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 4))
got = add("soon", title="Embargo ends", consent=CONSENT + f'embargo = "{soon}"\n')
ok(server.get("/en/v/" + got["code"])[0] == 404, "before its embargo ends: not there")
for _ in range(60):
    status = server.get("/en/v/" + got["code"])[0]
    if status == 200:
        break
    time.sleep(0.25)
ok(status == 200 and "Embargo ends" in server.get("/en/voices")[1], "it ends by the clock alone")
run("video", "hold", got["code"])
ok(server.get("/en/v/" + got["code"])[0] == 404, "held: not there")
run("video", "release", got["code"])
ok(server.get("/en/v/" + got["code"])[0] == 200, "released: there again")

# --- Search in speech.
add("speech", words=["we wrote to the ministry", "and the ministry never answered us", "then a law was passed"], title="Letters")
status, page, _ = server.get("/en/voices?q=ministry+answered")
ok(status == 200 and "<mark>ministry</mark>" in page and "Letters" in page, "what was said is found and marked")
ok("Nobody says this" in server.get("/en/voices?q=giraffe")[1], "what was not said is not")
ok("Nobody says this" in server.get("/fr/voices?q=giraffe")[1] or "Personne" in server.get("/fr/voices?q=giraffe")[1], "in the reader's language")

# --- Subtitles are text, whatever they hold.
bad = add("hostile", words=["<img src=x onerror=alert(1)>boo", "<v <script>alert(2)</script>>two", "&lt;b&gt; three"], title="<script>alert(3)</script>")
status, page, headers = server.get("/en/v/" + bad["code"])
ok(status == 200 and "<img src=x" not in page and "<script>alert" not in page and "boo" in page, "markup in speech and titles stays text")
status, vtt, headers = server.get(f"/v/{bad['code']}/en.captions.vtt")
ok(headers.get("Content-Type", "").startswith("text/vtt") and "onerror" not in vtt and headers.get("X-Content-Type-Options") == "nosniff", "a track is served as what it is", headers)
ok(server.get(f"/v/{bad['code']}/en.captions.exe")[0] == 404 and server.get(f"/v/{bad['code']}/../x")[0] in (400, 404), "and nothing else")

# --- Withdrawal.
c = iter(CANARIES)
more = f'description = "{next(c)}"\nplace = "{next(c)}"\n'
people = "".join(f'[[speaker]]\nkey = "{next(c)}"\nname = "{next(c)}"\nfunction = "{next(c)}"\norganisation = "{next(c)}"\n' for _ in range(2))
moments = "".join(f'[[moment]]\nkey = "{next(c)}"\nstart = "0:0{i}"\nend = "0:0{i + 2}"\ntitle = "{next(c)}"\nquote = "{next(c)}"\n' for i in range(2))
words = [next(c) + " was said" for _ in range(3)] + ["and nothing more"]
key = next(c)
gone = add(key, words=words, title=f"{key} {CANARIES[0]}", consent=CONSENT + people + moments, more=more)
code = gone["code"]
seen = server.get("/en/v/" + code)[1]
ok(gone["public"] and all(w in seen for w in (CANARIES[0], CANARIES[3])), "it is there first", seen[:500])
moment = re.search(r"/en/m/([a-z2-7]+)", seen).group(1)
backup = os.path.join(folder, "week.backup")
run("backup", backup)
planted = left_in(data, CANARIES)
ok(len({p.split(": ")[1] for p in planted}) >= 17, "the words are in the data directory before", planted)
said = run("video", "withdraw", code, "--reason", "consent withdrawn")
server.stop()
ok(not left_in(data, CANARIES), "no byte of it is left after", left_in(data, CANARIES))
server = Server()
status, notice, _ = server.get("/en/v/" + code)
ok(status == 410 and code not in re.sub(r"href=\"[^\"]*\"", "", notice), "its address says that it is gone, and names nothing", status)
ok(server.get("/v/" + code)[0] == 410 and server.get(f"/v/{code}/en.captions.vtt")[0] == 410, "so do its short address and its tracks")
ok(server.get("/en/m/" + moment)[0] == 410, "the addresses of its moments too")
ok("Nobody says this" in server.get("/en/voices?q=" + CANARIES[16])[1], "and it is not found any more")
other = add("another", title="Another one", words=["still here"])["code"]
run("video", "withdraw", other)
ok(re.sub(other, "", server.get("/en/v/" + other)[1]) == re.sub(code, "", notice), "every withdrawn address has the same notice")
server.stop()
run("restore", backup)
left = left_in(data, CANARIES)
shutil.rmtree(os.path.join(folder, "nothing"), ignore_errors=True)
ok(not left, "after last week's backup is put back it is gone again", left)
server = Server()
ok(server.get("/en/v/" + code)[0] == 410, "and its address still says so")
server.stop()

# --- A process that ended between the ledger and the store: the next one that writes goes on.
half = add("half", title="Half withdrawn")["code"]
with open(os.path.join(data, "withdrawn"), "a") as f:
    f.write(f"{half}\t2026-01-02\twithdrawn\n")
server = Server()
ok(server.get("/en/v/" + half)[0] == 410 and not left_in(data, ["Half withdrawn"]), "what the ledger has is withdrawn when a server starts")
server.stop()

# --- Films: made in the sandbox, served in parts, gone with the rest.
film = os.path.join(folder, "film.mp4")
made = shutil.which("ffmpeg") and subprocess.run(
    ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc=size=320x240:rate=15:duration=4", "-f", "lavfi", "-i",
     "sine=frequency=300:duration=4", "-c:v", "libx264", "-c:a", "aac", "-metadata", "title=zqfilmtitle", "-y", film], check=False).returncode == 0
if made:
    server = Server()
    track = "en:captions:" + write("film.vtt", subtitles(["spoken words"]))
    got = json.loads(run("video", "add", film, "--meta", meta("film", title="A film"), "--track", track, "--json").stdout)
    code = got["code"]
    run("video", "jobs", "--wait")
    page = server.get("/en/v/" + code + "?t=2")[1]
    ok(f'src="/v/{code}/video.mp4#t=2"' in page and 'preload="none"' in page and "<track kind=" in page and "poster=" in page, "a film plays on its page, from the second asked for", page[:2000])
    c = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    c.request("GET", f"/v/{code}/video.mp4")
    r = c.getresponse()
    whole = r.read()
    tag = r.getheader("ETag")
    ok(r.status == 200 and r.getheader("Content-Type") == "video/mp4" and b"zqfilmtitle" not in whole, "as MP4, without what the camera wrote into it")
    for what, headers, want, part in [("a range", {"Range": "bytes=10-19"}, 206, whole[10:20]), ("its end", {"Range": "bytes=-5"}, 206, whole[-5:]),
                                      ("nothing there", {"Range": "bytes=99999999-"}, 416, b""), ("If-Range that holds", {"Range": "bytes=0-3", "If-Range": tag}, 206, whole[:4]),
                                      ("If-Range that does not", {"Range": "bytes=0-3", "If-Range": '"other"'}, 200, whole), ("unchanged", {"If-None-Match": tag}, 304, b"")]:
        c.request("GET", f"/v/{code}/video.mp4", headers=headers)
        r = c.getresponse()
        ok((r.status, r.read()) == (want, part), f"parts of a film: {what}", r.status)
    # --- Where people did not agree to "download": it plays, and no file is offered to take away.
    only = CONSENT.replace(', "download"', ', "embed"')
    chapters = "en:chapters:" + write("film.chapters.vtt", subtitles(["First chapter"]))
    spoken = '[[moment]]\nkey = "m"\nstart = "0:01"\nend = "0:02"\nquote = "Zqquote"\n'
    offered = {}
    for consent in (CONSENT, only):
        run("video", "add", "--meta", meta("film", title="A film", consent=consent + spoken), "--track", track, "--track", chapters)
        page = server.get("/en/v/" + code)[1]
        at = re.search(r"/en/m/[a-z2-7]+", page).group(0)
        files = {name: server.status(f"/v/{code}/{name}") for name in ("en.captions.srt", "en.captions.txt", "en.chapters.json", "en.chapters.srt", "en.captions.vtt", "video.mp4", "aac.m4a", "poster.jpg")}
        offered[consent] = {"links": len(re.findall(rf'<a [^>]*href="/v/{code}/', page + server.get(at)[1])), "files": files, "page": page, "vtt": server.head(f"/v/{code}/en.captions.vtt"),
                            "menus": (page + server.get(at)[1]).count("nodownload"), "feeds": sum(f"/v/{code}/" in server.get("/en/voices." + feed)[1] for feed in ("atom", "rss")), "sitemap": server.get("/en/sitemap-video.xml")[1]}
    with_it, without = offered[CONSENT], offered[only]
    ok(with_it["links"] > 6 and with_it["feeds"] == 2 and "contentUrl" in with_it["page"] and not with_it["menus"] and "Access-Control-Allow-Origin" in with_it["vtt"], "with the use download files are offered", with_it["links"], with_it["feeds"])
    ok(set(with_it["files"].values()) == {200}, "each of them is there", with_it["files"])
    ok(not without["links"] and not without["feeds"] and "contentUrl" not in without["page"] and without["menus"] >= 4, "without it none is, nor by feeds, search engines and the menus of players", without["links"], without["menus"], without["feeds"])
    ok(list(without["files"].values())[:4] == [404] * 4, "what is there to be taken away alone is not found", without["files"])
    ok(without["files"] == dict(with_it["files"], **{n: 404 for n in list(without["files"])[:4]}) and "Access-Control-Allow-Origin" not in without["vtt"], "what a player needs still is, for this site's pages", without["files"])
    ok(f"/v/{code}/video.mp4</video:content_loc>" in with_it["sitemap"] and "player_loc" not in with_it["sitemap"] and "content_loc" not in without["sitemap"] and f"/en/embed/{code}</video:player_loc>" in without["sitemap"],
       "a sitemap has the address that was agreed to", with_it["sitemap"], without["sitemap"])
    page = without["page"]
    ok(f'<source src="/v/{code}/video.mp4"' in page and f'<source src="/v/{code}/aac.m4a"' in page and f'src="/v/{code}/en.captions.vtt"' in page and "spoken words" in page and "No files are offered" in page, "it plays, is heard alone, has its captions and is read", page)
    framed = server.get("/en/embed/" + code)[1]
    ok("nodownload" in framed and "<video" in framed, "so in a frame")
    bare = add("untaken", consent=only)["code"]
    ok([server.get(f"/v/{bare}/en.captions.{form}")[0] for form in ("vtt", "srt", "txt")] == [404] * 3 and "hello there" in server.get("/en/v/" + bare)[1], "where nothing plays the text is read on the page alone")
    run("video", "add", "--meta", meta("film", title="A film"), "--track", track)
    cut = os.path.join(folder, "cut-again.mp4")
    with open(cut, "wb") as f:
        f.write(whole[:3000])
    run("video", "add", cut, "--meta", meta("film", title="A film"), "--track", track, good=False)
    c.request("HEAD", f"/v/{code}/poster.jpg")
    r = c.getresponse()
    r.read()
    ok(r.status == 200, "a film that is refused takes nothing from the one that is there")
    other = os.path.join(folder, "other.mp4")
    subprocess.run(["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=15:duration=3", "-c:v", "libx264", "-y", other], check=True)
    before = {n for _, _, names in os.walk(os.path.join(data, "media")) for n in names}
    run("video", "add", other, "--meta", meta("film", title="A film"), "--track", track)
    run("video", "jobs", "--wait")
    after = {n for _, _, names in os.walk(os.path.join(data, "media")) for n in names}
    ok(before and not before & after and server.get(f"/v/{code}/aac.m4a")[0] == 404, "another film in its place leaves nothing of the first, its sound too", before & after)
    c.request("GET", f"/v/{code}/video.mp4")
    whole = c.getresponse().read()
    sample = whole[len(whole) // 2:len(whole) // 2 + 16]
    c.close()
    run("video", "withdraw", code)
    status = server.get(f"/v/{code}/video.mp4")[0]
    server.stop()
    held = [n for root, _, names in os.walk(data) for n in names if sample in open(os.path.join(root, n), "rb").read()]
    ok(status == 410 and not held, "withdrawn: no sixteen bytes of it are left", status, held)
    for name, content in [("hls.mp4", b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n"), ("list.mp4", b"ffconcat version 1.0\nfile /etc/passwd\n"),
                          ("empty.mp4", b""), ("words.mp4", b"just words\n"), ("cut.mp4", open(film, "rb").read()[:3000])]:
        path = os.path.join(folder, name)
        with open(path, "wb") as f:
            f.write(content)
        said = run("video", "add", path, "--meta", meta("bad-film"), "--track", track, good=False)
        ok(said.returncode != 0 and name in said.stderr and "bad-film" not in run("video", "check").stdout, f"{name}: refused in a sentence, nothing stored", said.stderr)
    ok(not [n for _, _, names in os.walk(os.path.join(data, "media")) for n in names], "no file of a refused film is left")
else:
    skip("films", "no ffmpeg with H.264 here")

# --- Metadata that make no sense: all of it told, nothing stored.
said = run("video", "add", "--meta", write("bad.toml", 'key = "x"\nlanguage = "french"\nstates = ["Frence"]\nissues = ["Tortur"]\nlicense = "x"\n'), good=False)
ok(said.returncode == 1 and all(w in said.stderr for w in ("language", "France", "Torture", "title", "license")), "each mistake is named, with the nearest", said.stderr)
said = run("video", "add", "--meta", write("worse.toml", 'key = "x\n'), good=False)
ok(said.returncode == 1 and "line 1" in said.stderr, "a file that is no TOML: the line", said.stderr)
said = run("video", "add", "--meta", meta("trackless"), "--track", "xx:nonsense:" + write("t.vtt", "x"), good=False)
ok(said.returncode == 2 and "captions, subtitles, descriptions or chapters" in said.stderr, "a track of no kind", said.stderr)
said = run("video", "add", "--meta", meta("empty"), "--track", "en:captions:" + write("e.vtt", ""), good=False)
ok(said.returncode == 1 and "e.vtt" in said.stderr and "empty" not in run("video", "check").stdout, "subtitles without a cue: nothing is stored", said.stderr)

# --- The samples' films go with the samples.
sampled = os.path.join(folder, "sampled")
run("init", "--demo", where=sampled)


def kept():
    return sum(len(names) for _, _, names in os.walk(os.path.join(sampled, "media")))


ok(kept() >= 16, "sample interviews have films and sound", kept())
run("video", "add", "--meta", meta("real"), "--track", "en:captions:" + write("real.vtt", subtitles(["hello"])), where=sampled)
ok(kept() == 0, "the first real one takes them out, files included", kept())

# --- Where each text comes from.
run("init", where=os.path.join(folder, "origin"))
mixed = run("video", "add", "--meta", meta("mixed", more='[[track]]\nlanguage = "fr"\norigin = "machine"\n[[track]]\nlanguage = "en"\nreviewer = "zqreader"\n'),
            "--track", "en:captions:" + write("mixed.en.vtt", subtitles(["hello"])), "--track", "fr:subtitles:" + write("mixed.fr.vtt", subtitles(["bonjour"])), "--json",
            where=os.path.join(folder, "origin"))
other = Server(os.path.join(folder, "origin"))
page = other.get("/en/v/" + json.loads(mixed.stdout)["code"])[1]
other.stop()
ok("by a machine, not checked" in page and "by a person, checked" in page and "zqreader" not in page, "each track says where it comes from", re.findall(r"<td>[^<]*</td>", page))
bad = run("video", "add", "--meta", meta("bad", more='[[track]]\nkind = "songs"\n'), good=False)
ok("track 1" in bad.stderr, "a wrong track is told", bad.stderr)

# --- YouTube's file beside ours.
tube = os.path.join(folder, "tube")
os.mkdir(tube)
info = {"id": "dQx", "title": "Their title", "description": "Their words", "language": "en-GB", "upload_date": "20240229", "duration": 62,
        "webpage_url": "https://example.org/x", "license": "CC BY", "formats": [{"url": "x"}],
        "chapters": [{"start_time": 0, "end_time": 30.5, "title": "A <b> & c"}, {"start_time": 30.5, "end_time": 62, "title": "Second"}, {"start_time": 9}]}
for name, text in (("one.toml", 'key = "tube-one"\ntitle = "Our title"\n' + CONSENT), ("one.info.json", json.dumps(info)), ("one.en.vtt", subtitles(["hi"])),
                   ("two.info.json", json.dumps(dict(info, id="two-id"))), ("three.info.json", json.dumps([{"id": "api-id", "snippet": {"title": "T", "publishedAt": "2023-05-06T07:08:09Z"}}])),
                   ("four.info.json", json.dumps({"id": "no title"}))):
    with open(os.path.join(tube, name), "w") as f:
        f.write(text)
said = run("video", "import", tube, where=os.path.join(folder, "origin"), good=False)
ok("2 taken, 2 refused" in said.stderr and "language" in said.stderr, "YouTube's files alone and beside ours", said.stderr)
listed = {v["key"]: v for v in json.loads(run("video", "check", "--json", where=os.path.join(folder, "origin")).stdout)}
ok(listed["tube-one"]["public"] and not listed["two-id"]["public"], "what YouTube says is no consent", listed)
other = Server(os.path.join(folder, "origin"))
page = other.get("/en/v/" + listed["tube-one"]["code"])[1]
other.stop()
ok("Our title" in page and "Their title" not in page and "Their words" in page and "29 February 2024" in page and "CC BY 4.0" not in page, "ours first, theirs where ours is silent")
ok("A &lt;b&gt; &amp; c" in page and "00:30" in page and "Second" in page, "and their chapters")

# --- A folder: what is wrong is told, the rest goes in.
many = os.path.join(folder, "many")
os.mkdir(many)
for n in range(3):
    shutil.copy(meta(f"many{n}", title=f"Of many {n}"), many)
    with open(os.path.join(many, f"many{n}.en.srt"), "w") as f:
        f.write("1\n00:00:01,000 --> 00:00:02,000\nspoken\n")
if made:
    shutil.copy(film, os.path.join(many, "many0.mp4"))
    shutil.copy(os.path.join(folder, "hls.mp4"), os.path.join(many, "many3.mp4"))
    shutil.copy(meta("many3", title="Disguised"), many)
with open(os.path.join(many, "broken.toml"), "w") as f:
    f.write("key = ")
said = run("video", "import", many, good=False)
ok(said.returncode == 1 and ("3 taken, 2 refused" if made else "3 taken, 1 refused") in said.stderr and "broken.toml" in said.stderr, "a folder", said.stderr)
server = Server()
page = server.get("/en/voices")[1]
public = sum(v["public"] for v in json.loads(run("video", "check", "--json").stdout))
ok(public > 10 and f"{public} interviews" in page and page.count('<li class="item">') == 10, "the library counts all, and shows ten a page", public)
ok(server.get("/en/voices?page=2")[1].count('<li class="item">') == min(public - 10, 10), "and the rest on the next")
server.stop()
ok(sum("many" in line and "yes" in line for line in run("video", "check").stdout.split("\n")) == 3, "its videos are public")
end()
