"""Voices for the twins: both libraries have the same public ones, and the OTHER has besides all kinds that readers may
not see, put between them, about the same people, organisations, States and series."""
import base64
import hashlib
import os
import shutil
import sqlite3
import subprocess

from server import code_of
from tap import folder

CONSENT = {"uses": '["site", "download", "embed"]', "name": '"full"', "face": '"as-is"', "voice": '"as-is"'}
WORDS = ("quincetrombone", "velvetpangolin")  # in everything that is private; found by no other address
CODED = ("video", "moment", "person", "organisation")
FILM = os.path.join(folder, "film.mp4")


def write(name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as f:
        f.write(text)
    return path


def make_film():
    """Whether there is one: not without ffmpeg."""
    return bool(shutil.which("ffmpeg")) and subprocess.run(
        ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc=size=160x120:rate=10:duration=2", "-f", "lavfi", "-i",
         "sine=frequency=300:duration=2", "-c:v", "libx264", "-c:a", "aac", "-y", FILM], check=False).returncode == 0


def meta(key, title, consent, more="", speakers="", language="en", recorded="2024-05-01"):
    agreed = "".join(f"{k} = {v}\n" for k, v in consent.items())
    return write(f"{key}.toml", f'key = "{key}"\nlanguage = "{language}"\ntitle = {{ en = "{title}", fr = "{title} fr" }}\nrecorded = "{recorded}"\n'
                 f'licence = "CC BY 4.0"\n{more}\n' + (f"[consent]\n{agreed}" if consent else "") + speakers)


def speaker(key, name, organisation="house", house="A house", function="Adviser", more=""):
    return (f'[[speaker]]\nkey = "{key}"\nname = "{name}"\nfunction = "{function}"\norganisation = "{organisation}"\n'
            f'organisation_name = {{ en = "{house}" }}\n{more}')


def moment(key, title, quote, more=""):
    return f'[[moment]]\nkey = "{key}"\nstart = "0:01"\nend = "0:04"\ntitle = "{title}"\nquote = "{quote}"\n{more}\n'


def add(run, data, key, file, lines, *more, language="en"):
    cues = "".join(f"00:0{i * 2}.000 --> 00:0{i * 2 + 2}.000\n{line}\n\n" for i, line in enumerate(lines))
    run(data, "video", "add", *more, "--meta", file, "--track", f"{language}:captions:" + write(f"{key}.vtt", "WEBVTT\n\n" + cues))


PUBLIC = [
    ("hall", dict(title="In the hall", more='states = ["FRA"]\nissues = ["detention"]\n', speakers=speaker("ada", "Adviser One") + moment("m", "About prisons", "They are full"))),
    ("court", dict(title="In the court", more='states = ["KEN", "FRA"]\nrecommendations = ["{held}", "{public}"]\n', recorded="2024-06-01",
                   speakers=speaker("ada", "Adviser One", function="Judge", more='from = "2020"\n') + speaker("ben", "Adviser Two", "school", "A school")
                   + moment("m", "About judges", "They wait", 'recommendations = ["{held}"]'))),
    ("street", dict(title="In the street", consent=dict(CONSENT, name='"none"'), recorded="2023-01-01", speakers=speaker("cy", "", function="Witness"))),
]
SERIES = '''key = "walks"
title = {{ en = "Walks", fr = "Promenades" }}
videos = [{videos}]
[[section]]
title = {{ en = "Where?" }}
quotes = [{quotes}]
'''


def private(word):
    """Key, metadata, captions, words for the command: one for each reason why a voice is hidden."""
    def one(consent, **more):
        return dict({"title": f"Hidden {word}", "consent": consent, "more": 'states = ["FRA", "TON"]\nissues = ["detention", "enforced-disappearances"]\nrecommendations = ["{public}"]\n',
                     "speakers": speaker("ada", "Adviser One", house=f"The {word} house", function=f"Chief of {word}", more='from = "1999"\nstate = "FRA"\n')
                     + speaker(f"own {word}", f"Zoe {word}", f"own-{word}", f"{word} cellar") + moment("m", f"Moment {word}", f"Quote {word}", 'issues = ["detention"]\nstates = ["FRA"]\nrecommendations = ["{public}"]')}, **more)

    yield "held", one(CONSENT, more='held = true\nstates = ["FRA"]\n')
    yield "embargoed", one(dict(CONSENT, embargo='"2999-01-01"'), recorded="2026-01-01")
    yield "unknown", one({})
    yield "expired", one(dict(CONSENT, expires='"2020-01-01"'))
    yield "elsewhere", one(dict(CONSENT, uses='["archive"]'))
    yield "unsettled", one({k: v for k, v in CONSENT.items() if k != "face"})
    yield "swahili", one(dict(CONSENT, embargo='"2999-01-01"'), language="sw")


def filled(about, codes):
    """{held} and {public}: codes of recommendations."""
    return {k: v.replace("{held}", codes["held"]).replace("{public}", codes["public"]) if isinstance(v, str) else v for k, v in about.items()}


def name_alike(data):
    """The same address for the same thing in both libraries, where chance would choose."""
    db = sqlite3.connect(os.path.join(data, "core.db"))
    of = {"video": "key", "person": "key", "organisation": "key", "moment": "(SELECT key FROM video WHERE id = video_id) || '/' || key"}
    for table in CODED:
        for row, key in db.execute(f"SELECT id, {of[table]} FROM {table}").fetchall():
            code = base64.b32encode(hashlib.sha256(f"{table} {key}".encode()).digest()).decode().lower()[:10]
            db.execute(f"UPDATE {table} SET code = ? WHERE id = ?", (code, row))
    db.commit()
    db.close()


def fill(run, one, other, codes):
    """Public ones in both, private ones between them in OTHER. Both have had as many public changes."""
    film = make_film()
    hidden = list(private(WORDS[0]))
    for i, (key, about) in enumerate(PUBLIC):
        for name, about_hidden in hidden[i * 3:i * 3 + 3] if i < 2 else hidden[6:]:
            about_hidden = filled(about_hidden, codes)
            add(run, other, name, meta(name, **about_hidden), [f"we speak of {WORDS[0]}", "and of detention"], *([FILM] if film and name == "held" else []), language=about_hidden.get("language", "en"))
        for data in (one, other):
            add(run, data, key, meta(key, **dict({"consent": CONSENT}, **filled(about, codes))), [f"we met {key}", "and spoke of detention", "of rights"], *([FILM] if film and key == "hall" else []))
    run(other, "video", "add", "--meta", meta("mute", f"Mute {WORDS[0]}", CONSENT))  # no captions
    names = sorted(name for name, _ in hidden)
    run(one, "series", "add", write("walks.series.toml", SERIES.format(videos='"hall", "court", "street"', quotes='"hall/m", "court/m"')))
    run(other, "series", "add", write("walks.series.toml", SERIES.format(videos='"held", "hall", "embargoed", "court", "unknown", "street"', quotes='"held/m", "hall/m", "court/m", "expired/m"')
                                      + f'[[section]]\ntitle = {{ en = "What of the {WORDS[0]}?" }}\ntext = {{ en = "It was the {WORDS[0]}." }}\nquotes = ["held/m"]\n'))
    for held, key in (("true", "shut"), ("false", "empty")):  # a series that is held, and one of hidden videos alone
        run(other, "series", "add", write(f"{key}.series.toml", f'key = "{key}-{WORDS[0]}"\ntitle = "Series {WORDS[0]}"\nheld = {held}\nvideos = [' + ", ".join(f'"{n}"' for n in names) + "]\n"))
    for data in (one, other):  # once public: here held now, there withdrawn
        add(run, data, "once", meta("once", "Once there", CONSENT, speakers=speaker("dee", "Once Named", "club", "A club")), ["once said"])
    run(one, "video", "hold", code_of(one, "once"))
    run(other, "video", "withdraw", code_of(other, "once"))
    for data in (one, other):
        name_alike(data)
        run(data, "rebuild")
    return film


def all_codes(data):
    db = sqlite3.connect(os.path.join(data, "core.db"))
    found = {table: [r[0] for r in db.execute(f"SELECT code FROM {table}")] for table in CODED}
    db.close()
    return found


def work_unseen(run, other, codes):
    """Private work while both answer: added, replaced, held, withdrawn. Nothing of it was ever public."""
    for name, about in private(WORDS[1]):
        add(run, other, "late", meta("late", **filled(about, codes)), [f"we speak of {WORDS[1]}"], language=about.get("language", "en"))
    code = code_of(other, "held")
    run(other, "video", "hold", code)
    run(other, "video", "withdraw", code_of(other, "late"), "--reason", "asked")
    run(other, "series", "remove", f"shut-{WORDS[0]}")


def work_seen(run, data):
    """The same public work in both: an organisation is named again, a video is held and comes back."""
    add(run, data, "hall", meta("hall", "In the hall", CONSENT, speakers=speaker("ada", "Adviser One") + moment("m", "About prisons", "They are full")), ["we met again", "and spoke of detention"])
    run(data, "video", "hold", code_of(data, "court"))
    run(data, "video", "release", code_of(data, "court"))


def publish(run, other, name, codes):
    """One that was hidden, now with consent to all."""
    about = filled(dict(dict(private(WORDS[0]))[name], consent=CONSENT), codes)
    add(run, other, name, meta(name, **about), ["we speak"])


def probes(other):
    """Every address that a hidden thing would have, and every question that could find it."""
    codes = all_codes(other)
    for code in codes["video"]:
        yield f"/v/{code}"
        for lang in ("en", "fr", "es"):
            yield f"/{lang}/v/{code}"
            yield f"/{lang}/embed/{code}"
        for file in ("en.captions.vtt", "en.captions.srt", "en.captions.txt", "sw.captions.vtt", "en.chapters.json", "video.mp4", "240p.mp4", "480p.mp4", "aac.m4a", "opus.opus", "poster.jpg"):
            yield f"/v/{code}/{file}"
        yield f"/v/{code}?t=1"
        yield f"/en/v/{code}?tr=en,sw&t=1"
        yield f"/oembed?url=http%3A%2F%2Ftwin.example%2Fv%2F{code}"
        yield f"/oembed?url=/en/v/{code}"
    for kind, at in (("moment", "m"), ("person", "people"), ("organisation", "organisations")):
        for code in codes[kind]:
            yield f"/en/{at}/{code}"
            yield f"/fr/{at}/{code}"
    for word in WORDS:
        for key in (f"shut-{word}", f"empty-{word}", "walks"):
            yield f"/en/series/{key}"
            yield f"/fr/series/{key}/quotes.txt"
        for lang in ("en", "fr", "es"):
            for kind in ("", "&kind=quotes", "&kind=videos", "&kind=people", "&kind=recommendations", "&kind=moments"):
                yield f"/{lang}/search?q={word}{kind}"
                yield f"/{lang}/search?q=hidden+detention{kind}"
            yield f"/{lang}/voices?q={word}"
            yield f"/{lang}/voices?q={word[:6]}*"
    for asked in ("", "q=detention", "q=speak", "state=FRA", "state=TON", "state=KEN", "issue=detention", "issue=enforced-disappearances", "lang=sw", "lang=en", "q=detention&state=FRA", "q=swahili", "page=2"):
        for lang in ("en", "fr"):
            for page in ("voices", "voices.atom", "voices.rss"):
                yield f"/{lang}/{page}" + (f"?{asked}" if asked else "")
    yield from ("/en", "/fr", "/en/states/FRA", "/en/states/TON", "/en/states", "/en/series", "/en/people", "/en/organisations", "/en/search", "/en/search?q=adviser",
                "/en/search?q=house", "/en/search?q=zoe", "/en/search?q=judge&kind=people", "/sitemap.xml", "/oembed")
