#!/usr/bin/env python3
"""Series of the real program: what is wrong with a file, and that readers see of a series what they see of its videos.
series.py PROGRAM, from the root of the project; speaks TAP."""
import json

from server import AGREED, Server, add_voice, data, run, write
from tap import end, ok


def voice(key):
    return add_voice(key, f'title = "Title of {key}"\n[consent]\nuses = ["site"]\n{AGREED}[[moment]]\nkey = "m"\nstart = "0:01"\nend = "0:02"\n'
                          f'title = "Moment of {key}"\nquote = "Quote of {key}"\n')


def series(text, good=True):
    return run("series", "add", write("s.toml", text), good=good)


run("init", "--demo")
server = Server(data)
ok("People behind the UPR" in server.get("/en/series/sample-people")[1], "the sample has a series")
ok("Les visages" in server.get("/fr/voices")[1], "the library lists it")

# --- What is wrong is told, all of it, and nothing is stored.
first, second = voice("one"), voice("two")
ok(server.get("/en/series/sample-people")[0] == 404, "the first real video takes the sample's series from readers")
bad = series('key = "Bad Key"\nheadline = "x"\nvideos = ["one", "one", "nobody", 3]\n[[section]]\nquotes = ["one/m", "one/none", "none/m"]\n', good=False)
for words in ('"nobody"', "twice", "a list of keys", "headline", "title: missing", "small letters", "section 1", 'moment whose key is "none"', 'key is "none"'):
    ok(words in bad.stderr, f"told: {words}", bad.stderr)
ok(bad.returncode == 1 and json.loads(run("series", "list", "--json").stdout)[0]["key"] == "sample-people", "and nothing was stored")
ok(series("key = ", good=False).returncode == 1, "neither TOML nor JSON")
ok(series('{"key": "empty", "title": "T", "videos": []}', good=False).returncode == 1, "a series without videos is refused")

# --- A series, its quotes, its Markdown.
text = '''key = "people"
title = { en = "The people", fr = "Les gens" }
introduction = { en = "Hello *there*.\\n\\n<script>alert(1)</script>\\n\\n[x](javascript:alert(1)) ![y](https://example.org/y.png)" }
videos = ["two", "one"]
[[section]]
title = { en = "What?" }
quotes = ["one/m"]
[[section]]
title = { en = "Why?" }
text = { en = "Because of two." }
quotes = ["two/m"]
[[section]]
title = { en = "Nobody answers this" }
'''
series(text)
page = server.get("/en/series/people")[1]
ok("<em>there</em>" in page and "javascript" not in page and "<script>alert" not in page and "example.org" not in page, "Markdown is safe")
ok(page.index("Title of two") < page.rindex("Title of one") and "Quote of one" in page and "Quote of two" in page, "videos stand in their order, quotes in their sections")
ok("Nobody answers" not in page, "a section with nothing in it is left out")
ok("Les gens" in server.get("/fr/series/people")[1], "in another language")
quotes = server.get("/en/series/people/quotes.txt")
ok("Quote of one" in quotes[1] and "/en/m/" in quotes[1] and quotes[2]["Content-Type"].startswith("text/plain"), "quotes as text")
part = server.get(f"/en/v/{second}")[1]
ok("Part 1 of 2" in part and f"/en/v/{first}" in part, "a video says what it belongs to and what comes next")
ok("Part 2 of 2" in server.get(f"/en/v/{first}")[1], "and so does the last")
ok([s["key"] for s in json.loads(run("series", "list", "--json").stdout)] == ["people"], "a real series takes the sample out")

# --- It follows its videos.
run("video", "hold", second)
page = server.get("/en/series/people")[1]
ok("Quote of two" not in page and "Title of two" not in page and "Why?" not in page and "Because of two" not in page and "1 interview," in page, "what is held is not in it")
run("video", "release", second)
ok("Quote of two" in server.get("/en/series/people")[1], "what is released is there again")
version = server.get("/en/series/people")[2]["ETag"]
run("video", "add", "--meta", write("x.toml", 'key = "x"\nlanguage = "en"\ntitle = "X"\n'))
ok(server.get("/en/series/people")[2]["ETag"] == version, "private work moves nothing")
run("video", "withdraw", second, "--reason", "asked")
page = server.get("/en/series/people")[1]
ok("Quote of two" not in page and "Title of two" not in page, "what is withdrawn is gone from it")
run("video", "hold", first)
ok(server.get("/en/series/people")[0] == 404 and server.get("/en/series/people/quotes.txt")[0] == 404, "without a video there is no series")
ok("The people" not in server.get("/en/voices")[1], "nor on the library")
run("video", "release", first)
series(text.replace('"two", ', "").replace('quotes = ["two/m"]', "").replace("The people", "Other people"))
ok("Other people" in server.get("/en/series/people")[1], "a series is replaced")
before = server.get("/en/series/people")[1]
server.stop()
run("rebuild")
server = Server(data)
ok(server.get("/en/series/people")[1] == before, "a rebuild makes the same")
ok(run("series", "remove", "none", good=False).returncode == 1, "no such series")
run("series", "remove", "people")
ok(server.get("/en/series/people")[0] == 404 and server.get(f"/en/v/{first}")[0] == 200, "a series goes, its videos stay")
server.stop()
end()
