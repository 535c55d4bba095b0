#!/usr/bin/env python3
"""The program as people use it: commands, and a server over real sockets on loopback.
serve.py PROGRAM, from the root of the project; speaks TAP."""
import csv
import gzip
import http.client
import io
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import tempfile
import time

from tap import end, folder, ok, program, skip

data = os.path.join(folder, "data")
environment = dict(os.environ, LC_ALL="C.UTF-8", TRIBUNE_DATA=data)



def run(*words, **changed):
    """A command to its end: .returncode, .stdout, .stderr."""
    return subprocess.run([program, *words], capture_output=True, text=True, timeout=120,
                          env=dict(environment, **changed))


class Server:
    def __init__(self, *words):
        self.began = time.monotonic()
        self.errors = tempfile.TemporaryFile(mode="w+")
        self.process = subprocess.Popen([program, "serve", "--port", "0", *words], env=environment, text=True,
                                        stdout=subprocess.PIPE, stderr=self.errors)
        self.line = self.process.stdout.readline()
        self.took = time.monotonic() - self.began
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", self.line)
        self.port = int(found[1]) if found else 0

    def get(self, path, method="GET", **headers):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        c.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        answer = c.getresponse()
        answer.body = answer.read()
        c.close()
        return answer

    def send(self, raw):
        """The first line of the answer to bytes as they are; "" when the connection is just closed."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as s:
            s.sendall(raw)
            try:
                return s.makefile("rb").readline().decode("latin-1").strip()
            except ConnectionResetError:
                return ""

    def end(self, how):
        self.process.send_signal(how)
        code = self.process.wait(timeout=60)
        self.errors.seek(0)
        return code, self.errors.read()


def write(name, text, mode="w"):
    path = os.path.join(folder, name)
    with open(path, mode) as f:
        f.write(text)
    return path


COLUMNS = "State under review,Recommending State,Session,Kind,Text,Language,Response,Action,Issues,SDGs\n"
RECORDS = COLUMNS + """FRA,URY,15,recommendation,Count the lighthouses of the coast and mend them,en,Supported,5,environment,13
FRA,"URY;FIN",15,recommendation,Mend the lighthouses together with the neighbours,en,Noted,4,environment,13
KEN,SVN,21,recommendation,Lend lighthouses to inland States,en,Supported,2,environment,13
Atlantis,SVN,21,recommendation,Come up again,en,Supported,2,environment,13
"""
HELD = COLUMNS + "NPL,FRA,23,recommendation,Keep the secret zeppelin on the ground,en,Supported,5,environment,13\n"


def words_without_data():
    said = run("version")
    ok(said.returncode == 0 and re.match(r"tribune \d+\.\d+\.\d+\n$", said.stdout), "version", said)
    ok(json.loads(run("version", "--json").stdout)["version"] == said.stdout.split()[1], "the same as JSON")
    said = run("--help")
    ok(said.returncode == 0 and "Examples:" in said.stdout and not said.stderr, "--help")
    ok(all(len(line) <= 100 for line in said.stdout.splitlines()), "in lines that fit")
    said = run()
    ok(said.returncode == 2 and "Commands:" in said.stderr and not said.stdout, "no words: help, and misuse")
    said = run("imporrt")
    ok(said.returncode == 2 and "imporrt" in said.stderr, "an unknown command is named")
    said = run("search", "--sesion", "3")
    ok(said.returncode == 2 and "--sesion" in said.stderr, "an unknown option is named")
    said = run("search", "children")
    ok(said.returncode == 1 and "tribune init" in said.stderr, "without data it says what to do", said)
    said = run("import", os.path.join(folder, "absent.csv"))
    ok(said.returncode == 1 and "absent.csv" in said.stderr, "an absent file is named", said)


def lasting(answer):
    return [h for h in answer.getheaders() if h[0] != "Date"]


def pages(server):
    ok(server.get("/healthz").status == 200, "/healthz")
    for language, accept in (("en", "de"), ("fr", "fr-CA,fr;q=0.9,en;q=0.5"), ("es", "es")):
        home = server.get("/", Accept_Language=accept)
        ok(home.status in (302, 303, 307) and home.getheader("Location") == "/" + language,
           f"/ leads to /{language}", home.status, home.getheaders())
        page = server.get("/" + language)
        ok(page.status == 200 and f'lang="{language}"'.encode() in page.body, f"/{language}")
    page = server.get("/en/recommendations?q=corporal+punishment&sur=FRA")
    ok(page.status == 200 and all(n in page.body for n in (b"Uruguay", b"Finland", b"Poland")),
       "the main job: three recommendations to France")
    api = server.get("/api/v1/recommendations?q=corporal+punishment&sur=FRA")
    told = json.loads(api.body)
    ok(told["count"] == {"recommendations": 3, "attributions": 3}, "the same for programs", told["count"])
    said = json.loads(run("search", "--json", "corporal", "punishment", "--sur", "FRA").stdout)
    ok(said == told, "and the same on the command line")
    rows = list(csv.DictReader(io.StringIO(server.get("/api/v1/recommendations.csv?sur=FRA").body.decode("utf-8-sig"))))
    total = json.loads(server.get("/api/v1/recommendations?sur=FRA").body)["count"]
    ok(len(rows) == total["attributions"] and {r["State under review"] for r in rows} == {"FRA"},
       "CSV: a row an attribution", len(rows), total)
    packed = server.get("/en/recommendations?q=children", Accept_Encoding="gzip")
    plain = server.get("/en/recommendations?q=children")
    ok(packed.getheader("Content-Encoding") == "gzip" and gzip.decompress(packed.body) == plain.body, "gzip")
    head = server.get("/en/recommendations?q=children", "HEAD")
    ok(head.status == 200 and not head.body and head.getheader("Content-Length") == str(len(plain.body)), "HEAD")
    again = server.get("/en/recommendations?q=children", If_None_Match=plain.getheader("ETag"))
    ok(again.status == 304 and not again.body, "not sent twice")
    sent = [h.lower() for h, _ in plain.getheaders()]
    ok("set-cookie" not in sent and "server" not in sent and "content-security-policy" in sent, "headers", sent)
    record = told["hits"][0]["id"]
    ok(server.get("/en/r/" + record).status == 200, "a record")
    ok(server.get("/r/" + record).status in (302, 303), "its permanent address")
    for path in ("/robots.txt", "/favicon.ico", "/.well-known/security.txt"):
        answer = server.get(path)
        if answer.status in (301, 302, 303):
            answer = server.get(answer.getheader("Location"))
        ok(answer.status == 200 and answer.body, path, answer.status)
    for path in ("/en/nothing", "/nothing", "/en/r/zzzzzzzzzz", "/en/states/XXX"):
        page = server.get(path)
        ok(page.status == 404 and b"<h1" in page.body, f"{path}: 404 with a page", page.status)
    ok(server.get("/api/v1/recommendations?surr=FRA").status == 400, "the API refuses an unknown parameter")
    ok(server.get("/en/recommendations?surr=FRA").status == 200, "a page does not")
    told = [server.get("/api/v1/recommendations", Accept_Language=lang) for lang in ("en", "fr", "es", "en")]
    ok(len({t.body for t in told}) == 1 and len({t.getheader("ETag") for t in told}) == 1 and b"Germany" in told[0].body,
       "programs get the same answer in whatever language their browser speaks")
    ok(server.get("/en", "POST").status == 405, "POST: 405")
    for raw in (b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n",
                b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", b"\x16\x03\x01\x00\x05hello\r\n\r\n"):
        line = server.send(raw)
        ok(re.match(r"HTTP/1\.1 4\d\d|$", line), f"refused: {raw[:30]!r}", line)


def notices(server):
    page = server.get("/en/recommendations?sur=FRANC")
    ok(page.status == 400 and b"FRANC" in page.body and b'"/en/recommendations?sur=FRA"' in page.body,
       "an unknown code: 400, and the page says what may have been meant", page.status)
    page = server.get("/en/recommendations?q=corporal+punishmnt")
    ok(b'"/en/recommendations?q=corporal+punishment"' in page.body, "a misspelt word: the whole query, mended")
    page = server.get("/fr/recommendations?q=torture").body.decode()
    for side in ("Dans le texte", "par thème"):
        found = re.search(f'href="/fr/recommendations\\?q=([^"]+)">{side} : (\\d+)', page)
        told = found and json.loads(server.get("/api/v1/recommendations?q=" + found[1]).body)["count"]
        ok(found and told["recommendations"] == int(found[2]) > 0, f"torture, {side}: a link to as many", found, told)


def writing(server):
    path = write("records.csv", RECORDS)
    before = server.get("/en/recommendations")
    said = run("import", "--dry-run", path, "--source", "Test", "--date", "2020-01-02")
    ok(said.returncode == 0 and "Atlantis" in said.stdout and server.get("/en/recommendations").body == before.body,
       "a dry run reports and changes nothing", said)
    said = run("import", "--json", path, "--source", "Test", "--date", "2020-01-02")
    told = json.loads(said.stdout or "{}")
    ok(said.returncode == 0 and told["imports"][0]["rows_read"] == 4 and told["imports"][0]["rejected"] == 1,
       "an import through the server", said)
    ok(told["samples_taken_out"] == 1, "takes the samples out, and says so")
    number = str(told["imports"][0]["import"])
    counted = json.loads(server.get("/api/v1/recommendations?q=lighthouses").body)["count"]
    ok(counted == {"recommendations": 3, "attributions": 4}, "readers see it when the command returns", counted)
    ok(server.get("/en/recommendations", If_None_Match=before.getheader("ETag")).status == 200, "the old page is out of date")

    public = server.get("/en/recommendations")
    said = run("import", "--hold", write("held.csv", HELD), "--source", "Test", "--date", "2020-01-03", "--json")
    held = str(json.loads(said.stdout)["imports"][0]["import"])
    after = server.get("/en/recommendations")
    ok(after.body == public.body and lasting(after) == lasting(public), "a held import shows in no byte",
       lasting(public), lasting(after))
    ok(json.loads(server.get("/api/v1/recommendations?q=zeppelin").body)["count"]["recommendations"] == 0, "nor in a search")
    ok(run("publish", held).returncode == 0 and
       json.loads(server.get("/api/v1/recommendations?q=zeppelin").body)["count"]["recommendations"] == 1, "publish")
    ok(run("import", "--undo", held).returncode == 0 and server.get("/en/recommendations").body == public.body,
       "undone, the page is as before")
    listed = json.loads(run("imports", "--json").stdout)
    ok([i["undone"] for i in listed if str(i["import"]) in (number, held)] == [False, True], "the journal remembers both")
    said = run("import", "--undo", "999")
    ok(said.returncode == 1 and "999" in said.stderr, "there is no import 999", said)

    for name, content, mode in (("noise.csv", bytes(range(256)) * 40, "wb"), ("empty.csv", b"", "wb"), ("fake.xlsx", b"PK\3\4 no", "wb")):
        said = run("import", write(name, content, mode), "--source", "Test")
        ok(said.returncode == 1 and name in said.stderr, f"{name} is refused by name", said)
    ok(server.get("/en/recommendations").body == public.body, "and nothing of them is stored")

    backup = os.path.join(folder, "one.backup")
    ok(run("backup", backup).returncode == 0 and stat.S_IMODE(os.stat(backup).st_mode) == 0o600, "backup beside the server")
    ok(run("backup", backup).returncode == 1, "a backup never takes the place of a file")
    ok(run("restore", backup, "--verify").returncode == 0, "the backup is whole")
    said = run("restore", backup)
    ok(said.returncode == 75 and "stop" in said.stderr, "restore wants the server stopped", said)
    said = run("serve", "--port", "0")
    ok(said.returncode == 75, "a second server in the same data directory is refused", said)
    said = run("serve", "--port", str(server.port), "--data", os.path.join(folder, "other"))
    ok(said.returncode == 1 and "in use" in said.stderr, "port in use: one clear sentence", said)
    ok(run("rebuild").returncode == 0 and server.get("/en/recommendations").status == 200, "rebuild beside the server")
    return backup


def ends(server, backup):
    with open(f"/proc/{server.process.pid}/maps") as f:
        bad = [line for line in f if re.match(r"\S+ .w.?x|\S+ .wx", line)]
    ok(not bad, "no memory is writable and executable", *bad)
    modes = {n: stat.S_IMODE(os.stat(os.path.join(data, n)).st_mode) for n in os.listdir(data)}
    ok(all(m & 0o77 == 0 for m in modes.values()), "nobody else can read the data directory", modes)
    want = server.get("/en/recommendations?q=lighthouses").body
    tag = server.get("/en/recommendations?q=lighthouses").getheader("ETag")
    server.end(signal.SIGKILL)
    server = Server()
    ok(server.port and server.took < 10 and server.get("/en/recommendations?q=lighthouses").body == want,
       f"killed and started again in {server.took:.2f} s, the same page")
    code, errors = server.end(signal.SIGTERM)
    ok(code == 0, "SIGTERM ends it well", code, errors)
    ok("lighthouses" not in errors and "127.0.0.1" not in errors, "no query and no address is in what it said", errors)
    ok(not os.path.exists(os.path.join(data, "control.sock")), "the socket is gone")
    ok(run("restore", backup).returncode == 0, "restore")
    again = Server()
    ok(again.get("/en/recommendations?q=lighthouses").getheader("ETag") != tag, "a restored library has other ETags: nobody's copy passes for it")
    again.end(signal.SIGTERM)


def damage():
    public = os.path.join(data, "public.db")
    ok(run("doctor").returncode == 0, "doctor finds nothing", run("doctor").stdout)
    with open(public, "r+b") as f:
        f.seek(8192)
        f.write(b"\xff" * 65536)
    said = run("doctor")
    ok(said.returncode == 1 and "rebuild" in said.stdout, "a damaged public.db: doctor says what to do", said)
    ok(run("rebuild").returncode == 0 and run("doctor").returncode == 0, "and rebuild mends it")
    with open(public, "wb") as f:
        f.write(b"no database at all, " * 1000)
    said = run("serve", "--port", "0")
    ok(said.returncode != 0 and "rebuild" in said.stderr, "serve says it too", said)
    ok(run("rebuild").returncode == 0 and run("doctor").returncode == 0, "rebuild mends that")

    newer = os.path.join(folder, "newer")
    shutil.copytree(data, newer)
    db = sqlite3.connect(os.path.join(newer, "core.db"))
    db.execute("PRAGMA user_version = 9999")
    db.close()
    said = run("imports", "--data", newer)
    ok(said.returncode == 1 and "newer" in said.stderr, "a data directory of a newer program is refused", said)
    said = run("init", "--data", newer)
    ok(said.returncode == 1 and "newer" in said.stderr, "also for writing", said)

    said = run("init", "--data", write("a-file", "x"))
    ok(said.returncode != 0 and len(said.stderr.splitlines()) == 1, "the data directory is a file: one sentence", said)
    unwritable()


def unwritable():
    what = "an unwritable data directory: one sentence"
    closed = tempfile.mkdtemp(prefix="tribune-closed.")
    os.chmod(closed, 0o555)
    # Root may write everywhere, so it tries as nobody.
    who = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    try:
        said = subprocess.run([program, "init", "--data", closed], capture_output=True, text=True, timeout=60,
                              env=environment, cwd="/", **who)
        ok(said.returncode == 73 and len(said.stderr.splitlines()) == 1, what, said)
    except PermissionError:
        skip(what, "nobody else may run the program where it stands")
    finally:
        os.rmdir(closed)


words_without_data()
said = run("init", "--demo")
ok(said.returncode == 0 and "samples" in said.stderr, "init --demo", said)
ok(stat.S_IMODE(os.stat(data).st_mode) == 0o700, "the data directory is for its owner alone")
server = Server("--contact", "editor@example.org")
try:
    if ok(server.port, f"a server answers ({server.took:.2f} s)", server.line):
        pages(server)
        notices(server)
        ends(server, writing(server))
finally:
    server.process.kill()
damage()
end()
