"""Running the program, and a server of it, in the folder of the test."""
import http.client
import json
import os
import re
import sqlite3
import subprocess

from tap import folder, program

environment = dict(os.environ, LC_ALL="C.UTF-8")
data = os.path.join(folder, "data")


def run(*words, where=data, good=True):
    said = subprocess.run([program, *words, "--data", where], capture_output=True, text=True, timeout=120, env=environment)
    if good and said.returncode:
        raise RuntimeError(f"{words}: {said.stderr}")
    return said


def write(name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as f:
        f.write(text)
    return path


AGREED = 'name = "full"\nface = "as-is"\nvoice = "as-is"\n'


def add_voice(key, meta):
    """Adds a voice with one line of captions; META: its file without its key. Returns its code."""
    cues = write(f"{key}.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nspoken\n")
    said = run("video", "add", "--meta", write(f"{key}.toml", f'key = "{key}"\nlanguage = "en"\n{meta}'), "--track", f"en:captions:{cues}", "--json")
    return json.loads(said.stdout)["code"]


def code_of(data, key):
    db = sqlite3.connect(os.path.join(data, "core.db"))
    code = db.execute("SELECT code FROM video WHERE key = ?", (key,)).fetchone()[0]
    db.close()
    return code


class Server:
    def __init__(self, where=data, *words):
        self.p = subprocess.Popen([program, "serve", "--port", "0", "--data", where, *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
        for line in self.p.stdout:
            found = re.search(r":(\d+)/", line)
            if found:
                self.port = int(found.group(1))
                break

    def get(self, address, headers=None):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        c.request("GET", address, headers=headers or {})
        r = c.getresponse()
        body = r.read().decode()
        c.close()
        return r.status, body, dict(r.getheaders())

    def asked(self, address, headers=None):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        c.request("HEAD", address, headers=headers or {})
        r = c.getresponse()
        r.read()
        c.close()
        return r

    def head(self, address, headers=None):
        return dict(self.asked(address, headers).getheaders())

    def status(self, address):
        return self.asked(address).status

    def stop(self):
        self.p.terminate()
        self.p.wait(20)
