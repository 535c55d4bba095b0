#!/usr/bin/env python3
"""Films that nobody expects: each is served as it should be, or refused in a sentence, soon and within the limits, and then
nothing of it is left. bad_media.py PROGRAM, from the root of the project; speaks TAP. Skips without ffmpeg.
TRIBUNE_SILENCE: seconds of nothing to hear (300; two hours take minutes)."""
import json
import os
import re
import resource
import shutil
import subprocess
import time

from server import AGREED, Server, data, environment, run, write
from tap import end, folder, ok, program, skip

LIMIT = 240  # seconds for one film, on a machine that others use too
silence = int(os.environ.get("TRIBUNE_SILENCE", "300"))
PICTURE = ["-f", "lavfi", "-i"]
SILENCE = ["-f", "lavfi", "-i"]


def ffmpeg(name, *words):
    path = os.path.join(folder, name)
    made = subprocess.run(["ffmpeg", "-nostdin", "-loglevel", "error", "-y", *words, path], capture_output=True, text=True, check=False)
    if made.returncode:
        raise RuntimeError(f"{name}: {made.stderr}")
    return path


def cut(path, name, part):
    with open(path, "rb") as f:
        content = f.read()
    with open(os.path.join(folder, name), "wb") as f:
        f.write(content[:int(len(content) * part)])
    return os.path.join(folder, name)


def many_tracks(n):
    """So many tracks in one file, each a little silence of its own."""
    one = ffmpeg("one.mka", "-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", "0.1", "-c:a", "pcm_u8")
    return ffmpeg(f"tracks{n}.mkv", "-i", one, *["-map", "0:a"] * n, "-c", "copy")


def add(path, key):
    """What the command says of a film, how long it took, and its code."""
    meta = write(f"{key}.toml", f'key = "{key}"\nlanguage = "en"\ntitle = "T"\n[consent]\nuses = ["site"]\n{AGREED}')
    begun = time.monotonic()
    said = subprocess.run([program, "video", "add", path, "--meta", meta, "--track", "en:captions:" + write(f"{key}.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nwords\n"),
                           "--json", "--data", data], capture_output=True, text=True, timeout=600, check=False, env=environment)
    return said, time.monotonic() - begun


def media_files():
    return {name for _, _, names in os.walk(os.path.join(data, "media")) for name in names}


def length_of(content):
    """What ffprobe says of a file that was served: seconds, kinds of streams, pictures."""
    path = os.path.join(folder, "served")
    with open(path, "wb") as f:
        f.write(content)
    said = subprocess.run(["ffprobe", "-v", "error", "-of", "json", "-count_packets", "-show_entries", "format=duration:stream=codec_type,nb_read_packets", path],
                          capture_output=True, text=True, check=False)
    found = json.loads(said.stdout or "{}")
    return float(found.get("format", {}).get("duration", 0)), {s["codec_type"]: int(s["nb_read_packets"]) for s in found.get("streams", [])}, said.stderr


def body(server, address):
    import http.client
    c = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    c.request("GET", address)
    r = c.getresponse()
    content = r.read()
    c.close()
    return r.status, content


def refused(path, sentence):
    name = os.path.basename(path)
    before = media_files()
    said, took = add(path, "bad")
    ok(said.returncode != 0 and name in said.stderr and sentence in said.stderr and said.stderr.count(sentence) == 1, f"{name}: {sentence}", said)
    ok(media_files() == before and '"bad"' not in run("video", "check", "--json").stdout and took < LIMIT, f"nothing of it is left, in {took:.1f} s", media_files() - before)


def served(path, seconds, streams, form="video.mp4"):
    """Taken, and what readers get is as long and has those streams. PATH's pictures: {"video": how many, at least}."""
    name = os.path.basename(path)
    key = re.sub(r"\W", "-", name)
    said, took = add(path, key)
    if not ok(said.returncode == 0 and took < LIMIT, f"{name}: taken in {took:.1f} s", said):
        return
    server = Server()
    code = json.loads(said.stdout)["code"]
    status, page, _ = server.get(f"/en/v/{code}")
    ok(status == 200 and f"/v/{code}/{form}" in page, "its page plays it", status)
    status, content = body(server, f"/v/{code}/{form}")
    server.stop()
    length, found, wrong = length_of(content)
    ok(status == 200 and abs(length - seconds) < 0.3 and not wrong, f"as long as it was: {length:.2f} s", status, wrong)
    ok(set(found) == set(streams) and all(found[kind] >= least for kind, least in streams.items()), f"with what was in it: {found}")


def sizes():
    refused(ffmpeg("8k.mp4", *PICTURE, "color=size=7680x4320:rate=1:duration=1", "-c:v", "mpeg4", "-q:v", "31"), "larger than 4096 pixels")
    refused(ffmpeg("tall.mp4", *PICTURE, "color=size=64x5000:rate=1:duration=1", "-c:v", "mpeg4", "-q:v", "31"), "larger than 4096 pixels")
    served(ffmpeg("odd.mp4", *PICTURE, "testsrc=size=161x91:rate=10:duration=2", "-pix_fmt", "yuv444p", "-c:v", "libx264"), 2, {"video": 20})
    served(ffmpeg("tiny.mp4", *PICTURE, "testsrc=size=16x16:rate=10:duration=2", "-pix_fmt", "yuv420p", "-c:v", "libx264"), 2, {"video": 20})


def rates():
    """Between a picture and the next are one to seven times as long."""
    wanted = "select='not(mod(n\\,7))+lt(n\\,20)'"
    served(ffmpeg("variable.mp4", *PICTURE, "testsrc=size=160x90:rate=25:duration=3", "-vf", wanted, "-vsync", "vfr", "-pix_fmt", "yuv420p", "-c:v", "libx264"), 3, {"video": 25})
    served(ffmpeg("variable.webm", *PICTURE, "testsrc=size=160x90:rate=25:duration=3", "-vf", wanted, "-vsync", "vfr", "-c:v", "libvpx", "-b:v", "100k"), 3, {"video": 20}, "480p.mp4")
    refused(ffmpeg("fast.mp4", *PICTURE, "testsrc=size=64x64:rate=240:duration=1", "-pix_fmt", "yuv420p", "-c:v", "libx264"), "60 pictures a second")


def tracks():
    refused(many_tracks(500), "32")
    served(many_tracks(20), 0.1, {"audio": 1}, "aac.m4a")


def lengths():
    served(ffmpeg("silence.mp3", *SILENCE, "anullsrc=r=8000:cl=mono", "-t", str(silence), "-b:a", "8k"), silence, {"audio": 1000}, "opus.opus")
    refused(ffmpeg("five-hours.mp3", *SILENCE, "anullsrc=r=8000:cl=mono", "-t", "18000", "-b:a", "8k"), "longer than 4 hours")


def hardly_any():
    film = ffmpeg("whole.mp4", *PICTURE, "testsrc=size=160x90:rate=10:duration=3", "-f", "lavfi", "-i", "sine=duration=3", "-pix_fmt", "yuv420p", "-c:v", "libx264", "-c:a", "aac")
    for part in (0.1, 0.5, 0.99):
        refused(cut(film, f"cut{int(part * 100)}.mp4", part), "ends before")
    one = ffmpeg("picture.jpg", *PICTURE, "testsrc=size=160x90:duration=0.1", "-frames:v", "1")
    refused(one, "neither a film nor a sound")
    shutil.copy(one, os.path.join(folder, "picture.mp4"))
    refused(os.path.join(folder, "picture.mp4"), "neither a film nor a sound")
    served(ffmpeg("still.mp4", *PICTURE, "testsrc=size=160x90:rate=1:duration=1", "-frames:v", "1", "-pix_fmt", "yuv420p", "-c:v", "libx264"), 1, {"video": 1})
    refused(ffmpeg("nothing.wav", *SILENCE, "anullsrc=r=8000:cl=mono", "-t", "0"), "cannot be read")
    refused(ffmpeg("nothing.mp4", *PICTURE, "testsrc=size=160x90:duration=1", "-frames:v", "0", "-c:v", "libx264"), "neither a picture nor a sound")
    cover = ffmpeg("cover.mp3", *SILENCE, "sine=duration=2", "-i", one, "-map", "0", "-map", "1", "-c:v", "copy", "-disposition:v", "attached_pic")
    served(cover, 2, {"audio": 10}, "aac.m4a")


if not shutil.which("ffmpeg") or not shutil.which("ffprobe"):
    skip("films that nobody expects", "no ffmpeg here")
else:
    run("init")
    for part in (hardly_any, lengths, sizes, rates, tracks):
        part()
    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    ok(used < 1 << 20, f"no process had more than 1 GB: {used >> 10} MB")
end()
