#!/usr/bin/env python3
"""Non-interference: two libraries, equal but for what is held back, embargoed, withdrawn or without consent, and for
private work, answer every address with the same bytes. twin.py PROGRAM, from the root of the project; speaks TAP.
TRIBUNE_ADDRESSES: how many (5600)."""
import html
import http.client
import os
import re
import shutil
import sqlite3
import subprocess

import twin_voices
from tap import end, folder, ok, program, skip

most = int(os.environ.get("TRIBUNE_ADDRESSES", "5600"))
environment = dict(os.environ, LC_ALL="C.UTF-8")
COLUMNS = "State under review,Recommending State,Session,Kind,Text,Response,Action,Issues\n"
ISSUES = ("justice", "labour", "death-penalty", "rights-of-the-child", "minorities", "detention", "migrants")
STATES = ("FRA", "KEN", "NPL", "MLI", "DEU", "POL", "URY", "FIN", "BRA", "JPN", "TUV")
SECRET = ("zeppelinquartz", "marmaladefjord")
ALL_SECRET = tuple(word.encode() for word in SECRET + twin_voices.WORDS)
WAYS = ({}, {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "br"}, {"Range": "bytes=0-9"})



def run(data, *words):
    said = subprocess.run([program, *words, "--data", data], capture_output=True, text=True, timeout=120, env=environment)
    if said.returncode:
        raise RuntimeError(f"{words}: {said.stderr}")
    return said.stdout


def table(name, rows):
    path = os.path.join(folder, name)
    with open(path, "w") as f:
        f.write(COLUMNS + "".join(rows))
    return path


def public_rows():
    for i in range(700):
        yield (f"{STATES[i % 11]},{STATES[(i * 3 + 1) % 11]},{13 + i % 9},recommendation,Measure {i} so that everybody knows "
               f"their rights,{('Supported', 'Noted')[i % 3 == 0]},{1 + i % 5},{ISSUES[i % 7]};{ISSUES[(i + 2) % 7]}\n")


def secret_rows(word):
    """Of States, sessions and issues that the public rows have, and of some that they have not."""
    for i in range(60):
        yield (f"{('FRA', 'ZWE')[i % 2]},{('URY', 'TON')[i % 3 == 0]},{(15, 23)[i % 2]},recommendation,"
               f"Hide the {word} number {i} of everybody,Supported,5,{('justice', 'enforced-disappearances')[i % 2]}\n")


class Server:
    def __init__(self, data):
        self.process = subprocess.Popen([program, "serve", "--port", "0", "--host", "twin.example", "--data", data], env=environment,
                                        stdout=subprocess.PIPE, text=True)
        self.port = int(re.search(r":(\d+)/", self.process.stdout.readline())[1])
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def get(self, path, method="GET", **headers):
        self.connection.request(method, path, headers={"Host": "twin.example", **headers})
        answer = self.connection.getresponse()
        body = answer.read()
        return answer.status, sorted(h for h in answer.getheaders() if h[0] != "Date"), body


def probes(code):
    """What somebody asks who suspects that something is there."""
    for word in SECRET:
        for lang in ("en", "fr", "es"):
            yield f"/{lang}/recommendations?q={word}"
            yield f"/{lang}/recommendations?q={word[:5]}*"
            yield f"/{lang}/recommendations?q={word}x"
        yield f"/api/v1/recommendations?q={word}"
        yield f"/api/v1/recommendations.csv?q={word}"
    for address in (f"/en/r/{code}", f"/r/{code}", f"/fr/r/{code}", "/en/r/zzzzzzzzzz", "/en/states/ZWE", "/en/sessions/23", "/en/sessions/24",
                    "/en/recommendations?sur=ZWE", "/en/recommendations?session=23", "/en/recommendations?issue=enforced-disappearances",
                    "/api/v1/recommendations", "/api/v1/recommendations.csv", "/en/sources", "/robots.txt", "/healthz", "/sitemap.xml",
                    "/.well-known/security.txt", "/en/recommendations?sort=date", "/en/recommendations?rs=TON", "/nothing"):
        yield address


def beginning(x, y):
    """Where two bodies begin to differ."""
    at = next((i for i in range(min(len(x), len(y))) if x[i] != y[i]), min(len(x), len(y)))
    return x[max(0, at - 60):at + 60], y[max(0, at - 60):at + 60]


def differ(servers, path, ways=WAYS[:1]):
    """What the two answer differently to one address, and the first's answer."""
    said = []
    for headers in ways:
        a, b = (server.get(path, **headers) for server in servers)
        if a != b:
            said.append((path, headers, a[0], b[0], sorted(set(a[1]) ^ set(b[1])), *beginning(a[2], b[2])))
        if any(word in b[2] and word not in path.encode() for word in ALL_SECRET):
            said.append((path, "a planted word"))
    tag = dict(a[1]).get("ETag")
    if tag and servers[1].get(path, **{"If-None-Match": tag})[0] != 304:
        said.append((path, "the tag of one is not that of the other"))
    return said, a


def compare(servers, first):
    seen, todo, different, types = set(), ["/en", "/fr", "/es", *first], [], {}
    while todo and len(seen) < most:
        path = todo.pop(0)
        if path in seen:
            continue
        seen.add(path)
        said, a = differ(servers, path, WAYS if len(seen) % 10 == 0 else WAYS[:1])
        different += said
        types[a[0]] = types.get(a[0], 0) + 1
        if a[0] == 200:
            for link in re.findall(rb'(?:href|action|src|poster)="(?:http://twin\.example)?(/[^"#]*)', a[2]):
                link = html.unescape(link.decode())
                if link not in seen and not link.startswith("/assets/"):
                    todo.append(link)
    ok(len(seen) >= min(most, 5000), f"{len(seen)} addresses were asked of both", types)
    ok(not different, f"every byte, header and address is the same ({types})", *different[:5])


def code_of(data, words):
    """The code of the first recommendation whose text holds these words."""
    db = sqlite3.connect(os.path.join(data, "core.db"))
    code = db.execute("SELECT code FROM recommendation r JOIN source_row s ON s.recommendation_id = r.id WHERE s.text LIKE ? ORDER BY r.id", (f"%{words}%",)).fetchone()[0]
    db.close()
    return code


def fill(one, other):
    """Returns the code of a held recommendation."""
    run(one, "init")
    run(one, "import", table("public.csv", public_rows()), "--source", "Public", "--date", "2020")
    shutil.copytree(one, other)
    for word in SECRET:
        run(other, "import", "--hold", table(word + ".csv", secret_rows(word)), "--source", "Secret", "--date", "2021")
    run(other, "import", "--undo", "3")  # of the second: work that nobody sees
    run(other, "init")
    return code_of(other, SECRET[0])


def late(servers, one, other, codes):
    """What is done while both answer: what nobody may see, the same that all may see, and at last what was hidden."""
    def same(what, alike=True):
        said = [d for path in looked_at for d in differ(servers, path)[0]]
        ok(bool(said) != alike, what, *said[:5])

    looked_at = ["/en/recommendations?q=rights", "/en/states/FRA", "/api/v1/recommendations", *twin_voices.probes(other)]
    held = twin_voices.code_of(other, "embargoed")
    run(other, "import", "--hold", table("late.csv", secret_rows("marmaladefjord")), "--source", "Late", "--date", "2022")
    twin_voices.work_unseen(run, other, codes)
    same("and still when something is held, added, replaced and withdrawn unseen while both answer")
    for data in (one, other):
        twin_voices.work_seen(run, data)
    same("and when the same is published in both")
    for data in (one, other):
        run(data, "rebuild")
    same("and when both are made anew")
    twin_voices.publish(run, other, "embargoed", codes)
    ok(servers[1].get(f"/en/v/{held}")[0] == 200, "one of the hidden voices is published")
    same("and then they differ", alike=False)


def main():
    one, other = os.path.join(folder, "one"), os.path.join(folder, "other")
    code = fill(one, other)
    codes = {"held": code, "public": code_of(one, "Measure 1 so")}
    if not twin_voices.fill(run, one, other, codes):
        skip("films", "no ffmpeg with H.264 here")
    with open(os.path.join(other, "public.db"), "rb") as f:
        public = f.read()
    ok(not any(word in public for word in ALL_SECRET), "public.db holds no hidden word")
    servers = [Server(one), Server(other)]
    try:
        compare(servers, [*twin_voices.probes(other), *probes(code)])
        late(servers, one, other, codes)
    finally:
        for s in servers:
            s.process.terminate()
            s.process.wait()


main()
end()
