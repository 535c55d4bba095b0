#!/usr/bin/env python3
"""Every page there is, and what people send who mean no good. routes.py PROGRAM, from the root of the project; TAP."""
import gzip
import http.client
import json
import os
import random
import re
import socket
import subprocess
import urllib.parse

from tap import end, folder, ok, program

environment = dict(os.environ, LC_ALL="C.UTF-8", TRIBUNE_DATA=os.path.join(folder, "data"))
chance = random.Random(4711)
HTML_MAX = 200 * 1024

EVERY = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
         "Cross-Origin-Resource-Policy": "same-origin"}
CLOSED = "default-src 'none'; frame-ancestors 'none'; sandbox"
PAGE = dict(EVERY, **{"Content-Security-Policy":
                      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; "
                      "font-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
                      "trusted-types 'none'; report-uri /csp"})
DATA = dict(EVERY, **{"Content-Security-Policy": CLOSED, "Access-Control-Allow-Origin": "*"})
TEXT = dict(EVERY, **{"Content-Security-Policy": CLOSED})
FRAME = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Resource-Policy": "cross-origin",
         "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self'; base-uri 'none'; frame-ancestors *"}
CLASSES = {"application/atom+xml": DATA, "application/rss+xml": DATA, "text/html": PAGE, "application/json": DATA, "application/problem+json": DATA, "text/csv": DATA, "text/plain": TEXT}



class Site:
    def __init__(self):
        self.process = subprocess.Popen([program, "serve", "--port", "0"], env=environment, stdout=subprocess.PIPE, text=True)
        self.port = int(re.search(r":(\d+)/", self.process.stdout.readline())[1])

    def get(self, path, method="GET", **headers):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        c.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        answer = c.getresponse()
        answer.body = answer.read()
        c.close()
        return answer

    def send(self, raw):
        """The status of the first answer to bytes as they are; 0 when the connection is closed."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as s:
            try:
                s.sendall(raw)
                line = s.makefile("rb").readline()
            except (ConnectionResetError, BrokenPipeError):
                return 0
        return int(line.split()[1]) if line.startswith(b"HTTP/") else 0


def headers_wrong(answer, path=""):
    sent = {k: v for k, v in answer.getheaders()}
    kind = sent.get("Content-Type", "").split(";")[0]
    wrong = [f"{k}: {sent.get(k)}" for k, v in (FRAME if "/embed/" in path else CLASSES.get(kind, EVERY)).items() if sent.get(k) != v]
    wrong += [f"{k} is sent" for k in sent if k.lower() in ("set-cookie", "server", "x-powered-by", "strict-transport-security")]
    return wrong + ([] if "Cache-Control" in sent else ["no Cache-Control"]) + ([] if "Content-Type" in sent else ["no Content-Type"])


def one_route(site, route, code):
    path = route["sample"].replace("SAMPLE", code)
    answer = site.get(path)
    leads = answer.status in (301, 302, 303) and answer.getheader("Location")
    absent = path.endswith("security.txt") and answer.status == 404  # nobody to write to
    ok(answer.status == 200 and answer.body or leads or absent, f"{path}: {answer.status}, {len(answer.body)} bytes")
    wrong = headers_wrong(answer, path)
    ok(not wrong, f"{path}: the headers of its class", *wrong)
    ok(len(answer.body) < HTML_MAX or "csv" in path or ".zip" in path, f"{path}: not too big")
    head = site.get(path, "HEAD")
    same = {k: v for k, v in head.getheaders() if k != "Date"} == {k: v for k, v in answer.getheaders() if k != "Date"}
    ok(head.status == answer.status and not head.body and (same or "csv" in path), f"{path}: HEAD is GET without its body", head.getheaders())
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"):
        refused = site.get(path, method)
        if refused.status not in (405, 501) or (refused.status == 405 and "GET" not in (refused.getheader("Allow") or "")):
            ok(False, f"{path}: {method}", refused.status, refused.getheaders())
            break
    else:
        ok(True, f"{path}: other methods are refused, and those it knows are named")
    packed = site.get(path, Accept_Encoding="gzip")
    body = gzip.decompress(packed.body) if packed.getheader("Content-Encoding") == "gzip" else packed.body
    ok(body == answer.body, f"{path}: packed, the same")
    tag = answer.getheader("ETag")
    if tag:
        again = site.get(path, If_None_Match=tag)
        ok(again.status == 304 and not again.body, f"{path}: not sent twice")


JUNK = ("", "0", "-1", "99999999999999999999", "1e9", "NaN", "null", "FRA" * 400, "<script>alert(1)</script>", "'\"><svg/onload=x>", "../../etc/passwd",
        "%", "%zz", "%00", "%c3%28", "%ed%a0%80", "%f4%90%80%80", "\u202e" + "abc", "a" * 4000, ",", ",,,,FRA,,", "FRA,KEN,XXX", "*", "\"", "AND", "OR OR OR",
        "(((((", "sur:", "-", "- - -", "text:\"", "issue:issue:issue", "\t\r\n", "😀" * 50, "ا" * 300, "中" * 300)


def hostile(site, routes, code):
    bad, asked = [], 0
    paths = [r["sample"].replace("SAMPLE", code).split("?")[0] for r in routes]
    names = ("q", "sur", "rs", "sur_group", "rs_group", "sur_org", "rs_org", "session", "cycle", "response", "action", "issue", "sdg", "kind", "sort", "page",
             "utm_source", "")
    for path in paths:
        for name in names:
            for value in JUNK if "recommendations" in path else chance.sample(JUNK, 3):
                address = f"{path}?{name}={value if value.startswith('%') else urllib.parse.quote(value)}"
                answer = site.send(f"GET {address} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
                asked += 1
                if answer >= 500 or answer == 0:
                    bad.append((address[:200], answer))
    for tail in ("%", "%00", "%2e%2e/%2e%2e", "..%2f..", "a" * 7000, "/" * 500, "\u00e9", "%c0%af", "?" + "a=b&" * 1500, "?" + "sur=FRA&" * 900):
        for path in ("/", "/en/", "/en/states/", "/en/r/", "/assets/", "/api/v1/"):
            raw = f"GET {path}{tail} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode()
            answer = site.send(raw)
            asked += 1
            if answer >= 500:
                bad.append((path + tail[:60], answer))
    ok(not bad, f"{asked} hostile addresses: each is answered, none with 500", *bad[:10])
    many = "&".join(f"p{i}=1" for i in range(10000))
    ok(site.send(f"GET /en?{many} HTTP/1.1\r\nHost: a\r\n\r\n".encode()) in (400, 413, 414, 431), "ten thousand parameters are refused")


SMUGGLING = (
    b"GET / HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"GET / HTTP/1.1\nHost: a\n\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\n folded: x\r\n\r\n", b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", b"GET /\x00 HTTP/1.1\r\nHost: a\r\n\r\n", b"GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/9.9\r\nHost: a\r\n\r\n", b"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", b"G\x01T / HTTP/1.1\r\nHost: a\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n",
    b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 2000 + b"\r\n", b"\x16\x03\x01\x00\x05hello\r\n\r\n",
)


def main():
    subprocess.run([program, "init", "--demo"], env=environment, check=True, capture_output=True)
    routes = json.loads(subprocess.run([program, "routes", "--json"], env=environment, check=True, capture_output=True).stdout)
    site = Site()
    try:
        code = json.loads(site.get("/api/v1/recommendations").body)["hits"][0]["id"]
        for route in routes:
            one_route(site, route, code)
        for path in ("/en/nothing", "/en/r/zzzzzzzzzz", "/en/states/XXX", "/api/v1/nothing", "/api/v1/recommendations?surr=1", "/en/recommendations?sur=FRANC"):
            answer = site.get(path)
            wrong = headers_wrong(answer)
            ok(answer.status in (400, 404) and not wrong and answer.body, f"{path}: {answer.status}, with the headers of its class", *wrong)
        hostile(site, routes, code)
        wrong = [(raw[:60], status) for raw in SMUGGLING for status in [site.send(raw)] if not (status == 0 or 400 <= status < 500 or status in (501, 505))]
        ok(not wrong, f"{len(SMUGGLING)} heads that could be read in two ways are refused", *wrong)
        ok(site.get("/healthz").status == 200 and site.process.poll() is None, "and the server is well")
    finally:
        site.process.terminate()
        site.process.wait()


main()
end()
