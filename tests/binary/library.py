#!/usr/bin/env python3
"""The library of the real program: what it is narrowed by, and that its counts say nothing of what is held. library.py
PROGRAM, from the root of the project; speaks TAP."""
import html
import json
import re

from server import AGREED, Server, data, run, write
from tap import end, ok

AGREE = f'[consent]\nuses = ["site", "download"]\n{AGREED}'
# State, issue, person, spoken, also in, year: each public voice; none of it is shared with a hidden one but "FRA" and 2020.
SHOWN = [("FRA", "rights-of-the-child", "Ada", "fr", "en", "2020"), ("FRA", "justice", "Ada", "fr", "", "2021"),
         ("URY", "rights-of-the-child", "Ben", "es", "en", "2020"), ("FRA,KEN", "justice", "Cem", "en", "fr", "2019"),
         ("KEN", "labour", "", "en", "", "")]
HIDDEN = {"held": 'held = true\n', "embargo": "", "expired": "", "uncaptioned": "", "withdrawn": "", "elsewhere": ""}


def words(number, said):
    return write(f"w{number}.vtt", f"WEBVTT\n\n00:01.000 --> 00:02.000\n{said}\n")


def add(key, row, said="spoken", top="", consent=AGREE, captions=True):
    states, issue, person, lang, also, year = row
    codes = ", ".join(f'"{s}"' for s in states.split(","))
    meta = f'key = "{key}"\nlanguage = "{lang}"\ntitle = "Title {key}"\nissues = ["{issue}"]\nstates = [{codes}]\n{top}'
    meta += f'recorded = "{year}"\n' if year else ""
    speaker = f'[[speaker]]\nkey = "{person}"\nname = "{person}"\n' if person else ""
    tracks = ["--track", f"{lang}:captions:{words(key, said)}"] if captions else []
    if also:
        tracks += ["--track", f"{also}:subtitles:{words(key + also, 'translated')}"]
    moment = '[[moment]]\nkey = "m"\nstart = "0:01"\nend = "0:02"\ntitle = "A ban"\nquote = { en = "They banned it" }\n' if key == "v2" else ""
    return json.loads(run("video", "add", "--meta", write(f"{key}.toml", meta + consent + speaker + moment), *tracks, "--json").stdout)["code"]


def page(address):
    return server.get(address)[1]


def titles(text):
    """Of the voices listed, in their order."""
    return re.findall(r"Title (\w+)</a></h3>", text.split('id="list"')[1])


def facets(text):
    """{facet: {value: (count, address)}}"""
    found = {}
    for name, values in re.findall(r'<details class="facet"[^>]*><summary>([^<]*)</summary>(.*?)</details>', text, re.S):
        found[name] = {html.unescape(v): (int(n), html.unescape(a)) for a, v, n in
                       re.findall(r'<li><a rel="nofollow" href="([^"]*)"[^>]*><span[^>]*>([^<]*)</span> <b class="n">(\d+)', values)}
    return found


def counts(text):
    return {name: {v: n for v, (n, _) in values.items()} for name, values in facets(text).items()}


run("init")
server = Server(data)
ok("There is no interview yet" in page("/en/voices"), "a library without a voice says so")
for i, row in enumerate(SHOWN):
    add(f"v{i}", row, said="ministry answered" if i < 2 else "school bus")
write("s.series.toml", 'key = "faces"\ntitle = { en = "Faces", fr = "Visages" }\nvideos = ["v0", "v2"]\n')
run("series", "add", write("s.series.toml", 'key = "faces"\ntitle = { en = "Faces", fr = "Visages" }\nvideos = ["v0", "v2"]\n'))
whole = page("/en/voices")

# --- What is counted, each against the rows above.
ok(titles(whole) == ["v1", "v2", "v0", "v3", "v4"], "newest first, and of unknown date last", titles(whole))
want = {"Issue": {"Rights of the Child": 2, "Justice": 2, "Labour": 1}, "State": {"France": 3, "Kenya": 2, "Uruguay": 1},
        "Person": {"Ada": 2, "Ben": 1, "Cem": 1}, "Language spoken": {"English": 2, "French": 2, "Spanish": 1},
        "With subtitles in": {"English": 4, "French": 3, "Spanish": 1}, "Series": {"Faces": 2},
        "Year of recording": {"2020": 2, "2019": 1, "2021": 1}}
got = counts(whole)
same = {k: {v.lower(): n for v, n in d.items()} for k, d in got.items()} == {k: {v.lower(): n for v, n in d.items()} for k, d in want.items()}
ok(same, "each value has its number of interviews", json.dumps(got), json.dumps(want))
ok("Counts are interviews." in whole and "5 interviews" in whole, "and the page says what the numbers count")
ok("<script" not in whole, "without a script")

# --- Each link narrows to as many as it says, and is a chip then that takes it back.
for name, values in facets(whole).items():
    for value, (n, address) in values.items():
        narrowed = page(address)
        back = re.search(r'<ul class="chips more".*?href="([^"]*)" aria-label="Remove: ([^"]*)"', narrowed, re.S)
        ok(len(titles(narrowed)) == n and back and back.group(1) == "/en/voices" and html.unescape(back.group(2)) == f"{name}, {value}",
           f"{name}, {value}: {n}, and a chip", address, titles(narrowed), back and back.groups())

# --- Together: columns narrow each other, values of one are alternatives.
for query, want in [("state=FRA&lang=fr", ["v1", "v0"]), ("state=FRA,URY", ["v1", "v2", "v0", "v3"]), ("state=fra&state=URY&year=2020", ["v2", "v0"]),
                    ("issue=justice&state=KEN", ["v3"]), ("subtitles=en&lang=es", ["v2"]), ("series=faces&state=FRA", ["v0"]),
                    ("state=Uruguay", ["v2"]), ("year=2019,2021", ["v1", "v3"]), ("lang=es&state=KEN", [])]:
    ok(titles(page("/en/voices?" + query)) == want if want else "Leave out one of these" in page("/en/voices?" + query), f"narrowed by {query}",
       titles(page("/en/voices?" + query)))
both = counts(page("/en/voices?state=FRA&lang=fr"))
ok(both["Issue"] == {"Rights of the child": 1, "Justice": 1} or {k.lower(): v for k, v in both["Issue"].items()} == {"rights of the child": 1, "justice": 1},
   "counts hold within the choice", both)
ok(both["State"] == {"France": 2} and both["Language spoken"] == {"French": 2, "English": 1}, "but a facet's own choice does not hide its others", both)
none = page("/en/voices?lang=es&state=KEN")
ok("without State: Kenya</a>: 1 interview" in none and "without Language spoken: Spanish</a>: 2 interviews" in none, "where nothing fits: each filter, and what there would be without")
ok(html.unescape(none).count('class="all" href="/en/voices"') == 1, "and all of it at once")
ok('name="state" value="KEN"' in none and 'name="lang" value="es"' in none, "the search box keeps the choice")

# --- What is not known.
status, text, _ = server.get("/en/voices?lang=xx")
ok(status == 200 and "no interview has “xx”" in text and "5 interviews" in text and not titles(text + 'id="list"'), "a language that nobody speaks: nothing, why, and a way out", status)
for query, near in [("state=FRANC", "France"), ("issue=justic", "Justice"), ("lang=frenc", "French"), ("subtitles=englsh", "English"), ("series=facs", "Faces"),
                    ("year=20x0", "2020"), ("person=Adda", "Ada"), ("person=nobody", None), ("issue=zzzzzzzz", None)]:
    status, text, _ = server.get("/en/voices?" + query)
    ok(status == 400 and "nothing is known as" in text and (near is None or f">{near}</a></p>" in text) and len(titles(text)) == 5,
       f"{query}: a notice and {near or 'nothing near'}", status, re.findall(r'<p class="note more">.*?</p>', text, re.S))
ok(titles(page("/en/voices?page=7")) == titles(whole), "a page that is not there is the first one")
for query in ("state=%01", "state=" + "FRA," * 200, "year=99999999999999999999", "lang=" + "a" * 4000, "series=%27%22%3Cscript%3E"):
    status, text, _ = server.get("/en/voices?" + query)
    ok(status in (200, 400) and "<script" not in text and "</html>" in text, f"hostile: {query[:30]}", status)

# --- All values of one facet.
for facet, n in [("issue", 3), ("state", 3), ("person", 3), ("lang", 3), ("subtitles", 3), ("series", 1), ("year", 3)]:
    text = page(f"/en/voices/by/{facet}")
    links = re.findall(r'<li><a rel="nofollow" href="(/en/voices\?[^"]*)"[^>]*><span[^>]*>([^<]*)</span> <b class="n">(\d+)', text)
    good = all(len(titles(page(html.unescape(a)))) == int(k) for a, _, k in links)
    ok(len(links) == n and good and (facet == "year" or [v for _, v, _ in links] == sorted(v for _, v, _ in links)), f"all values by {facet}, by name, each with its number", links)
ok([v for v in re.findall(r'year=(\d+)"', page("/en/voices/by/year"))] == ["2021", "2020", "2019"], "years, the latest first")
narrow = page("/en/voices/by/state?lang=fr")
ok("France" in narrow and "Kenya" not in narrow and "lang=fr" in narrow and "state=FRA" in narrow, "within the choice")
ok(server.get("/en/voices/by/nonsense")[0] == 404, "by nothing that there is: 404")
ok("Visages" in page("/fr/voices/by/series") and "Faces" in page("/es/voices/by/series"), "a series by its name in the page's language, or in another")

# --- In a search.
text = page("/en/voices?q=ministry")
ok("in 2 interviews" in text and counts(text)["State"] == {"France": 2} and counts(text)["Language spoken"] == {"French": 2}, "a search counts what it found", counts(text))
text = page("/en/voices?q=ministry&year=2020")
ok("in 1 interview" in text and "Remove: Year of recording, 2020" in text and counts(text)["Year of recording"] == {"2020": 1, "2021": 1}, "and holds to the choice", counts(text))
text = page("/en/voices?q=ministry&state=KEN")
ok("without State: Kenya</a>: 2 interviews" in text and "q=ministry" in text, "nothing there: what it finds without the filter")
text = page("/en/voices?q=minisrty")
ok("No text has “minisrty”" in text and 'href="/en/voices?q=ministry"' in text, "a slip: the nearest word that was said", re.findall(r'<p class="note more">.*?</p>', text))
text = page("/en/voices?q=Title")
ok('href="/en/search?q=Title&amp;kind=videos">Interviews</a>: 5' in text, "words that nobody says: where they stand, and how often")
ok("/en/recommendations?q=zzzz" in page("/en/voices?q=zzzz"), "and where nothing has them, the record")
ok("France" in page("/en/voices/by/state?q=ministry") and "Kenya" not in page("/en/voices/by/state?q=ministry"), "all values within a search")

# --- The one search page.
text = page("/en/search?q=minisrty")
ok('href="/en/search?q=ministry"' in text, "the one search offers a spelling")
for kind, near in [("sppeech", "Said in interviews"), ("record", "Recommendations"), ("zzzzzzzzzz", None)]:
    status, text, _ = server.get(f"/en/search?q=ministry&kind={kind}")
    ok(status == 400 and "nothing is known as" in text and (near is None or f"kind={'speech' if near[0] == 'S' else 'records'}" in html.unescape(text)), f"kind={kind}: told, with what is near", status)
ok("<mark>ministry</mark>" in page("/en/search?q=ministry&kind=speech") and server.get("/en/search?q=ministry&kind=records")[0] == 200, "speech and records are kinds too")

chosen = page("/en/search?q=Title&state=KEN")
ok("Title v3" in chosen and "Title v4" in chosen and "Title v0" not in chosen and "Remove: State, Kenya" in chosen and 'name="state" value="KEN"' in chosen, "it holds to the same filters, with chips")
ok("Interviews <small>2</small>" in chosen and "Interviews <small>1</small>" in page("/en/search?q=Title&state=KEN&lang=fr,en&year=2019"), "and counts within them")
ok("People <small>1</small>" in page("/en/search?q=Ada&state=FRA") and "People <small>" not in page("/en/search?q=Ada&state=KEN"), "people by what they speak of")
ok("Quotes <small>1</small>" in page("/en/search?q=banned&lang=es") and "Quotes <small>" not in page("/en/search?q=banned&lang=fr"), "quotes by their interview")
ok("Nothing of what is chosen" in page("/en/search?q=ministry&state=KEN") and 'class="all" href="/en/search?q=ministry"' in page("/en/search?q=ministry&state=KEN"), "nothing there: that, and all of it")

# --- Feeds take the same filters.
for query, n in [("", 5), ("state=FRA&lang=fr", 2), ("person=x", None), ("series=faces", 2), ("year=2020", 2), ("subtitles=fr", 3), ("lang=xx", 0)]:
    status, text, _ = server.get("/en/voices.atom" + ("?" + query if query else ""))
    ok(status == (400 if n is None else 200) and (n is None or text.count("<entry>") == n), f"a feed of {query or 'all'}", status, text.count("<entry>"))

# --- Nothing hidden is counted, in any facet, on any page.
pages = ["/en/voices", "/en/voices?state=FRA", "/en/voices?q=ministry", "/en/voices?q=secretword", "/en/voices?year=2020", "/en/voices.atom", "/en/search?q=secretword"] + \
    [f"/{lang}/voices/by/{facet}" for lang in ("en", "fr") for facet in ("issue", "state", "person", "lang", "subtitles", "series", "year")]
before = {a: server.get(a) for a in pages}
secret = ("FRA,VAT", "migrants", "Zqsecret", "pt", "ar", "2020")
made = {}
for what, top in HIDDEN.items():
    consent = AGREE + {"embargo": 'embargo = "2999-01-01"\n', "expired": 'expires = "2020-01-01"\n'}.get(what, "")
    consent = consent.replace('"site", ', "") if what == "elsewhere" else consent
    made[what] = add(what, secret, said="secretword ministry", top=top, consent=consent, captions=what != "uncaptioned")
    if what == "withdrawn":
        run("video", "withdraw", made[what])
run("series", "add", write("h.toml", 'key = "hidden-faces"\ntitle = "Hidden faces"\nvideos = ["held", "embargo", "expired"]\n'))
after = {a: server.get(a) for a in pages}
for a in pages:
    ok(before[a][1] == after[a][1] and before[a][2].get("ETag") is not None, f"held, embargoed, expired, withdrawn: not a byte of {a} moves")
for query in ("state=VAT", "issue=migrants", "lang=pt", "subtitles=ar"):
    text = page("/en/voices?" + query)
    ok("no interview has" in text and "0 interviews" in text, f"{query}: as if there were none")
for query in ("person=Zqsecret", "series=hidden-faces"):
    ok(server.get("/en/voices?" + query)[0] == 400, f"{query}: not known")
run("video", "release", made["held"])
text = page("/en/voices")
ok(counts(text)["State"]["France"] == 4 and "Hidden faces" in counts(text)["Series"] and counts(text)["Person"].get("Zqsecret") == 1 and counts(text)["Language spoken"]["Portuguese"] == 1,
   "released, it counts", counts(text))
run("video", "hold", made["held"])
ok(counts(page("/en/voices")) == counts(whole), "held again, it does not")
server.stop()
end()
