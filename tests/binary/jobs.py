#!/usr/bin/env python3
"""Making films beside everything else: a server that makes them runs other commands, keeps the clock, and goes on after
it was killed; nothing is left of what was withdrawn. jobs.py PROGRAM, from the root of the project; speaks TAP."""
import datetime
import http.client
import json
import os
import re
import shutil
import signal
import struct
import subprocess
import time

from server import AGREED, Server, data, environment, run, write
from tap import end, folder, ok, program, skip

CUES = write("cues.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nspoken\n")


def films(name, *how, seconds=12):
    path = os.path.join(folder, name)
    done = shutil.which("ffmpeg") and subprocess.run(
        ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", f"testsrc2=size=1280x960:rate=25:duration={seconds}", "-f", "lavfi", "-i", f"sine=frequency=300:duration={seconds}",
         "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", *how, "-y", path], check=False).returncode == 0
    return path if done else None


def meta(key, more="", consent=""):
    return write(f"{key}.toml", f'key = "{key}"\nlanguage = "en"\ntitle = "Title of {key}"\n{more}\n[consent]\nuses = ["site", "download"]\n{AGREED}{consent}')


def add(key, film, *words, more="", consent="", where=data):
    said = run("video", "add", film, "--meta", meta(key, more, consent), "--track", f"en:captions:{CUES}", "--json", *words, where=where)
    return json.loads(said.stdout)["code"]


def jobs(where=data):
    return json.loads(run("video", "jobs", "--json", where=where).stdout)


def files(where=data):
    """Names in DATA/media: all, and of those the ones in making/."""
    media = os.path.join(where, "media")
    return ({n for _, _, names in os.walk(media) for n in names}, set(os.listdir(os.path.join(media, "making"))) if os.path.isdir(os.path.join(media, "making")) else set())


def until(what, seconds=60):
    for _ in range(seconds * 10):
        if what():
            return True
        time.sleep(0.1)
    return False


def running(where=data):
    return [j for j in jobs(where) if j["state"] == "running"]


run("init")
long = films("long.mp4")
if not long:
    skip("making films", "no ffmpeg with H.264 here")
    end()
short = films("short.mp4", seconds=3)

# --- In a server: the words at once, the films when they are made.
server = Server()
began = time.time()
code = add("slow", long, "--ladder")
took = time.time() - began
status, page, _ = server.get(f"/en/v/{code}")
left = jobs()
ok(status == 200 and "spoken" in page and "<video" not in page and len(left) == 8, "the words are there before the film is", status, took, left)
ok(until(lambda: [j for j in running() if 0 < j["permille"] < 1000]), "how far it is can be asked for", jobs())
soon = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
run("video", "add", "--meta", meta("ends", consent=f'expires = "{soon}"\n'), "--track", f"en:captions:{CUES}")
ends = [v["code"] for v in json.loads(run("video", "check", "--json").stdout) if v["key"] == "ends"][0]
seen = server.get(f"/en/v/{ends}")[0]
gone = until(lambda: server.get(f"/en/v/{ends}")[0] == 404, 15)
ok(seen == 200 and gone and jobs(), "consent ends on time while a film is being made", seen, gone, jobs())
ok(until(lambda: [j for j in running() if j["form"] in ("240p", "480p", "720p")]), "a film is being made", jobs())

# --- Withdrawn in the middle: nothing is left, and the next film is made.
other = add("next", short)
began = time.time()
run("video", "withdraw", code)
took = time.time() - began
ok(took < 10 and not [j for j in jobs() if j["code"] == code], "withdrawing does not wait for the film", took, jobs())
run("video", "jobs", "--wait")
all_files, making = files()
ok(len(all_files) == 5 and not making and not jobs(), "nothing of the withdrawn one is left, all of the next is there, what was handed in is gone", all_files, making)
ok("<video" in server.get(f"/en/v/{other}")[1], "and it plays")

# --- Killed in the middle: it goes on.
code = add("killed", long)
until(lambda: [j for j in running() if j["form"] == "video"], 60)
server.p.kill()
server.p.wait()
server = Server()
said = run("video", "jobs", "--wait")
all_files, making = files()
ok("all files are made" in said.stderr and len(all_files) == 10 and not making and f"/v/{code}/video.mp4" in server.get(f"/en/v/{code}")[1], "killed: the next server goes on", said.stderr, all_files, making)
server.stop()

# --- Stopped in order: the attempt does not count; killed three times: it is given up, and said.
server = Server()
code = ladder = add("thrice", long, "--ladder")
until(lambda: [j for j in running() if j["form"] == "240p"])
server.stop()
ok(jobs()[0]["state"] == "waiting", "a server that is stopped leaves it waiting", jobs())
for _ in range(3):
    server = Server()
    until(lambda: [j for j in running() if j["form"] == "240p"], 20)
    server.p.kill()
    server.p.wait()
server = Server()
until(lambda: len(jobs()) == 1)
left = jobs()
ok([(j["form"], j["state"]) for j in left] == [("240p", "failed")] and "three times" in left[0]["why"], "killed three times over it: given up; the others are made", left)
run("video", "jobs", "--retry")
said = run("video", "jobs", "--wait")
ok("all files are made" in said.stderr and f"/v/{code}/240p.mp4" in server.get(f"/en/v/{code}")[1], "and made when somebody says so", said.stderr)

# --- Without a server: the command makes them; Ctrl-C leaves them waiting.
server.stop()
before = files()[0]
drawn = films("drawn.mp4", "-vf", "hue=h=90")
p = subprocess.Popen([program, "video", "add", drawn, "--meta", meta("here"), "--track", f"en:captions:{CUES}", "--ladder", "--data", data], stderr=subprocess.PIPE, text=True, env=environment)
until(lambda: [j for j in running() if j["form"] == "240p"])
p.send_signal(signal.SIGINT)
said = p.communicate(timeout=30)[1]
ok(p.returncode == 130 and "tribune video jobs --make" in said and [j["state"] for j in jobs()] == ["waiting"] * 3, "Ctrl-C: what is left waits", p.returncode, said, jobs())
said = run("video", "jobs", "--wait", good=False)
ok(said.returncode == 1 and "nobody makes them" in said.stderr, "waiting for nobody ends", said.stderr)
run("video", "jobs", "--make")
ok(not jobs() and not files()[1] and len(files()[0] - before) == 6, "made here and now", jobs(), files()[0] - before)

# --- The rule of making/: what a row names goes to its place, the rest goes.
name = sorted(files()[0] - before)[0]
making = os.path.join(data, "media", "making")
os.rename(os.path.join(data, "media", name[:2], name), os.path.join(making, name))
for stray in ("0" * 64, "made", "480p.mp4"):
    write(os.path.join("data", "media", "making", stray), "stray")
run("video", "hold", code)
ok(not files()[1] and os.path.exists(os.path.join(data, "media", name[:2], name)), "what a crash left in making/ is mended by the next that writes", files()[1])

# --- A film that turns out to be damaged.
bad = add("damaged", short)
run("video", "jobs", "--make")
source = run("video", "jobs", "--json").stdout
ok(json.loads(source) == [], "a whole one is made", source)
server = Server()
subprocess.run(["ffmpeg", "-loglevel", "error", "-i", long, "-c", "copy", "-movflags", "+faststart", "-y", os.path.join(folder, "hurt.mp4")], check=True)
with open(os.path.join(folder, "hurt.mp4"), "r+b") as f:
    f.seek(os.path.getsize(os.path.join(folder, "hurt.mp4")) // 3)
    f.write(os.urandom(200000))
said = run("video", "add", os.path.join(folder, "hurt.mp4"), "--meta", meta("hurt"), "--track", f"en:captions:{CUES}", good=False)
run("video", "jobs", "--wait", good=False)
left = jobs()
ok(said.returncode == 0 or said.stderr, "a film with noise in it is taken, or refused in a sentence", said.stderr)
ok(all(j["state"] == "failed" and j["why"] for j in left), "what cannot be made of it says why", left)
run("video", "jobs", "--drop")
ok(not jobs() and not files()[1], "given up", jobs(), files()[1])
server.stop()

# --- A film of each moment.
moments = 'clips = true\n[[moment]]\nkey = "a"\nstart = 0\nend = 1.5\ntitle = "One"\n[[moment]]\nkey = "b"\nstart = {}\nend = 2.5\ntitle = "Two"\n'
run("video", "release", ladder)
code = add("clips", short, more=moments.format(1))
server = Server()
links = re.findall(r'href="(/v/[^"]*clip-[^"]*)"', "".join(server.get(m)[1] for m in sorted(set(re.findall(r'href="(/en/m/[a-z2-7]+)"', server.get(f"/en/v/{code}")[1])))))
clip = [server.head(u) for u in links if u.endswith(".mp4")]
cut = [server.get(u)[1] for u in links if u.endswith(".srt")]
ok(len(clip) == 2 and all(int(c["Content-Length"]) > 1000 and c["Content-Type"] == "video/mp4" for c in clip), "moments have a film to take away", links)
ok(len(cut) == 2 and "00:00:01,000 --> 00:00:01,500" in "".join(cut) and "00:00:00,000 --> 00:00:01,000" in "".join(cut), "and subtitles cut to it", cut)
ok(not re.findall("clip-", server.get(f"/en/v/{code}")[1]) and server.get(links[0].replace(code, "aaaaaaaaaa"))[0] == 404, "which are not those of the whole", links)
smaller = {h: server.head(f"/v/{ladder}/video.mp4", headers)["Content-Length"] for h, headers in
           (("as it is", {}), ("to play", {"Save-Data": "on", "Sec-Fetch-Dest": "video"}), ("to keep", {"Save-Data": "on", "Sec-Fetch-Dest": "document"}))}
ok(smaller["as it is"] == smaller["to keep"] and smaller["to play"] == server.head(f"/v/{ladder}/240p.mp4")["Content-Length"] != smaller["as it is"], "who saves data is played the small film, and given the one they chose", smaller)
server.stop()
before = files()[0]
run("video", "add", "--meta", meta("clips", moments.format(1).replace("Two", "Too")), "--track", f"en:captions:{CUES}")
ok(not jobs() and files()[0] == before, "other words: the same clips", files()[0] ^ before)
run("video", "add", "--meta", meta("clips", moments.format(1.2)), "--track", f"en:captions:{CUES}")
after = files()[0]
ok(len(after - before) == 1 and len(before - after) == 1, "another span: one clip takes the place of one", after ^ before)
run("video", "add", "--meta", meta("clips", moments.format(1.2).replace("clips = true", "")), "--track", f"en:captions:{CUES}")
ok(len(after - files()[0]) == 2, "not wanted any more: gone", after - files()[0])

# --- The whole in pictures.
board = add("board", short, "--storyboard")
server = Server()
page = server.get(f"/en/v/{board}")[1]
c = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
c.request("GET", f"/v/{board}/storyboard.jpg")
picture = c.getresponse().read()
c.close()
at = picture.find(b"\xff\xc0")
high, wide = struct.unpack(">HH", picture[at + 5:at + 9])
areas = re.findall(r'<area coords="([\d,]+)" href="/en/v/%s\?t=(\d)#t\d" alt="00:0\d">' % board, page)
ok((wide, high) == (800, 120) and [a for a, _ in areas] == [f"{x},0,{x + 160},120" for x in range(0, 800, 160)] and [int(t) for _, t in areas] == [0, 0, 1, 1, 2] and 'loading="lazy"' in page, "a film in five pictures, each with its second", wide, high, areas)
ok("<area" not in server.get(f"/en/v/{ladder}")[1], "only where somebody wanted them")
server.stop()

# --- Beside a backup, and back.
kept, backup = os.path.join(folder, "kept"), os.path.join(folder, "one.backup")
late = add("late", films("late.mp4", "-vf", "hue=h=180", seconds=3))


def below(where):
    return {n for _, _, names in os.walk(where) for n in names}


said = run("backup", backup, "--media", kept)
ok(below(kept) == files()[0] and not [j for j in json.loads(run("doctor", "--json").stdout) if "videos" in json.dumps(j) and not j.get("good", True)], "the files lie beside the backup", said.stderr)
said = run("backup", backup + "2", "--media", kept)
ok(" 0 copied" in said.stderr, "and are not copied twice", said.stderr)
run("video", "withdraw", late)
gone = below(kept) - files()[0]
said = run("backup", backup + "3", "--media", kept)
ok(below(kept) == files()[0] and gone, "what was withdrawn goes there too", said.stderr)
lost = sorted(files()[0])[0]
os.unlink(os.path.join(data, "media", lost[:2], lost))
with open(os.path.join(data, "media", sorted(files()[0])[0][:2], sorted(files()[0])[0]), "ab") as f:
    f.write(b"x")
write(os.path.join("data", "media", lost[:2], "f" * 64), "stray")
said = run("doctor", good=False)
ok(said.returncode == 1 and all(w in said.stdout for w in ("1 files of videos are not in media/", "another size", "belong to no video")), "doctor sees what is missing, changed, and nobody's", said.stdout)
said = run("video", "check", "--tidy")
ok("1 file deleted" in said.stderr and "f" * 64 not in files()[0], "what is nobody's is deleted", said.stderr)
os.unlink(os.path.join(data, "media", sorted(files()[0])[0][:2], sorted(files()[0])[0]))
said = run("restore", backup + "3", "--media", kept)
ok(" 2 copied" in said.stderr and below(kept) == files()[0] and run("doctor").returncode == 0, "and a restore brings it all back", said.stderr)
end()
