#!/usr/bin/env python3
"""Non-interference: two libraries, equal but for what is held back and for private work, answer every address with
the same bytes. twin.py PROGRAM, from the root of the project; speaks TAP. TRIBUNE_ADDRESSES: how many (5200)."""
import html
import http.client
import os
import re
import shutil
import sqlite3
import subprocess

from tap import end, folder, ok, program

most = int(os.environ.get("TRIBUNE_ADDRESSES", "5200"))
environment = dict(os.environ, LC_ALL="C.UTF-8")
COLUMNS = "State under review,Recommending State,Session,Kind,Text,Response,Action,Issues\n"
ISSUES = ("justice", "labour", "death-penalty", "rights-of-the-child", "minorities", "detention", "migrants")
STATES = ("FRA", "KEN", "NPL", "MLI", "DEU", "POL", "URY", "FIN", "BRA", "JPN", "TUV")
SECRET = ("zeppelinquartz", "marmaladefjord")



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


def compare(one, other, code):
    seen, todo, different, types = set(), ["/en", "/fr", "/es", *probes(code)], [], {}
    while todo and len(seen) < most:
        path = todo.pop(0)
        if path in seen:
            continue
        seen.add(path)
        for method, headers in (("GET", {}), ("GET", {"Accept-Encoding": "gzip"})) if len(seen) % 10 == 0 else (("GET", {}),):
            a, b = one.get(path, method, **headers), other.get(path, method, **headers)
            if a != b:
                different.append((path, a[:2], b[:2]))
        types[a[0]] = types.get(a[0], 0) + 1
        if a[0] == 200:
            for link in re.findall(rb'(?:href|action)="(?:http://twin\.example)?(/[^"#]*)', a[2]):
                link = html.unescape(link.decode())
                if link not in seen and not link.startswith("/assets/"):
                    todo.append(link)
        if any(word.encode() in b[2] and word not in path for word in SECRET):
            different.append((path, "a planted word"))
    ok(len(seen) >= min(most, 5000), f"{len(seen)} addresses were asked of both", types)
    ok(not different, f"every byte, header and address is the same ({types})", *different[:5])


def main():
    one, other = os.path.join(folder, "one"), os.path.join(folder, "other")
    run(one, "init")
    run(one, "import", table("public.csv", public_rows()), "--source", "Public", "--date", "2020")
    shutil.copytree(one, other)
    for word in SECRET:
        run(other, "import", "--hold", table(word + ".csv", secret_rows(word)), "--source", "Secret", "--date", "2021")
    run(other, "import", "--undo", "3")  # of the second: work that nobody sees
    run(other, "init")
    db = sqlite3.connect(os.path.join(other, "core.db"))
    code = db.execute("SELECT code FROM recommendation r JOIN source_row s ON s.recommendation_id = r.id WHERE s.text LIKE ?", (f"%{SECRET[0]}%",)).fetchone()[0]
    db.close()
    with open(os.path.join(other, "public.db"), "rb") as f:
        ok(SECRET[0].encode() not in f.read(), "public.db holds no held word")
    servers = [Server(one), Server(other)]
    try:
        compare(*servers, code)
        late = table("late.csv", secret_rows("marmaladefjord"))
        run(other, "import", "--hold", late, "--source", "Late", "--date", "2022")
        same = all(servers[0].get(p) == servers[1].get(p) for p in ("/en", "/en/recommendations?q=rights", "/en/states/FRA", "/api/v1/recommendations"))
        ok(same, "and still when something is held while both answer")
    finally:
        for s in servers:
            s.process.terminate()
            s.process.wait()


main()
end()
