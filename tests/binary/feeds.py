#!/usr/bin/env python3
"""Feeds of the voices: well-formed, with what the formats demand, and of public voices alone. feeds.py PROGRAM, from the
root of the project; speaks TAP."""
import html
import http.client
import json
import re
import struct
import xml.etree.ElementTree as tree

from server import AGREED, Server, add_voice, data, run
from tap import end, ok

ATOM, PODCAST = "{http://www.w3.org/2005/Atom}", "{https://podcastindex.org/namespace/1.0}"


def voice(key, title, uses='"site"', more="", after=""):
    return add_voice(key, f'title = {json.dumps(title, ensure_ascii=False)}\nrecorded = "2026-01-02"\n{more}\n[consent]\nuses = [{uses}]\n{AGREED}{after}')


run("init", "--demo")
server = Server()

# --- The samples have sound.
status, text, headers = server.get("/en/voices.rss")
channel = tree.fromstring(text).find("channel")
items = channel.findall("item")
ok(status == 200 and headers["Content-Type"].startswith("application/rss+xml") and headers["Access-Control-Allow-Origin"] == "*", "a podcast", headers)
ok(all(channel.find(e) is not None for e in ("title", "link", "description", "language")) and len(items) >= 4, "with its head and an item a sample", len(items))
for item in items:
    sound = item.find("enclosure")
    path = sound.get("url").split("/v/")[1]
    answer = server.head("/v/" + path)
    ok(answer["Content-Type"] == sound.get("type") and answer["Content-Length"] == sound.get("length"), f"the sound of {item.find('title').text}", answer, sound.attrib)
    transcripts = item.findall(PODCAST + "transcript")
    ok(len(transcripts) >= 3 and all(server.get("/v/" + t.get("url").split("/v/")[1])[1].startswith("WEBVTT") for t in transcripts), "its transcripts")
    chapters = server.get("/v/" + item.find(PODCAST + "chapters").get("url").split("/v/")[1])
    ok(chapters[2]["Content-Type"] == "application/json+chapters" and json.loads(chapters[1])["chapters"][0]["title"], "its chapters")
    ok(item.find("guid").text and item.find("pubDate").text, "its name and day")

cover = channel.find("{http://www.itunes.com/dtds/podcast-1.0.dtd}image").get("href")
c = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
c.request("GET", "/assets/" + cover.split("/assets/")[1])
answer = c.getresponse()
png = answer.read()
width, height, depth, colours = struct.unpack(">IIBB", png[16:26])
ok(answer.getheader("Content-Type") == "image/png" and png[:4] == b"\x89PNG" and 1400 <= width == height <= 3000 and (depth, colours) == (8, 2), "its picture is square, of 1,400 to 3,000 pixels, without transparency", width, height, colours)
sound = server.head(items[0].find("enclosure").get("url"))
ok(answer.getheader("Cross-Origin-Resource-Policy") == sound["Cross-Origin-Resource-Policy"] == "cross-origin", "apps on other sites may show and play it", sound)

# --- Of a State and of a series.
page = server.get("/en/states/FRA")[1]
feed = "/en/voices.atom?state=FRA"
ok(f'<link rel="alternate" type="application/atom+xml" href="{feed}">' in page and f'<a href="{feed}"' in page, "the page of a State names the feed of its voices")
ok("voices.atom" not in server.get("/en/states/TUV")[1], "where nobody speaks of it, it names none")
feed = tree.fromstring(server.get(feed)[1])
ok("France" in feed.find(ATOM + "title").text and len(feed.findall(ATOM + "entry")) == 1, "which is of that State", feed.find(ATOM + "title").text)
ok(len(tree.fromstring(server.get("/en/voices.atom?state=URY")[1]).findall(ATOM + "entry")) == 1 and "Three sentences, one law" in server.get("/en/voices?state=URY")[1] and "1 interview" in server.get("/en/voices?q=law&state=URY")[1],
   "a voice is about what one of its moments is about")
page = server.get("/fr/series/sample-people")[1]
feed = "/fr/series/sample-people/voices.atom"
ok(f'<link rel="alternate" type="application/atom+xml" href="{feed}">' in page and f'<a href="{feed}"' in page, "a series names its feed")
status, text, headers = server.get(feed)
feed = tree.fromstring(text)
days = [e.find(ATOM + "updated").text for e in feed.findall(ATOM + "entry")]
ok(status == 200 and headers["Content-Type"].startswith("application/atom+xml") and len(days) == 4 and days == sorted(days, reverse=True) and feed.find(ATOM + "updated").text == days[0], "its newest first", days)
ok(feed.find(ATOM + "id").text.endswith("/fr/series/sample-people/voices.atom") and "Les visages" in feed.find(ATOM + "title").text, "with a name of its own", text[:600])
ok(server.get("/en/series/none/voices.atom")[0] == 404, "no series, no feed")

# --- What search engines read.
VIDEO = "{http://www.google.com/schemas/sitemap-video/1.1}"


def films(language="en"):
    status, text, headers = server.get(f"/{language}/sitemap-video.xml")
    return tree.fromstring(text).findall("{http://www.sitemaps.org/schemas/sitemap/0.9}url") if status == 200 and "xml" in headers["Content-Type"] else None


listed = films()
wanted = ("thumbnail_loc", "title", "description", "content_loc", "player_loc", "duration", "publication_date")
ok(len(listed) == 4 and all(all(u.find(VIDEO + "video").find(VIDEO + e).text for e in wanted) for u in listed), "a sitemap of the films", [tree.tostring(u) for u in listed])
one = listed[0].find(VIDEO + "video")
types = [server.head("/" + one.find(VIDEO + e).text.split("/", 3 if "://" in one.find(VIDEO + e).text else 1)[-1])["Content-Type"].split(";")[0] for e in ("thumbnail_loc", "content_loc", "player_loc")]
ok(types == ["image/jpeg", "video/mp4", "text/html"], "its addresses lead to what they say", types)
ok("Trois phrases, une loi" in [u.find(VIDEO + "video").find(VIDEO + "title").text for u in films("fr")], "in each language")
ok("Sitemap" not in server.get("/robots.txt")[1], "a site without a name names none to robots")
server.stop()
named = Server(data, "--host", "upr.example.org")
robots, there = (named.get(p, {"Host": "upr.example.org"})[1] for p in ("/robots.txt", "/fr/sitemap-video.xml"))
named.stop()
server = Server()
ok(re.findall("Sitemap: (.*)", robots) == [f"http://upr.example.org/{l}/sitemap-video.xml" for l in ("en", "fr", "es")] and "<loc>http://upr.example.org/fr/v/" in there, "with one it does, by whole addresses", robots)

page = server.get("/en/v/l2s3k2n6iy")[1]
seen = json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])
ok(seen["@type"] == "VideoObject" and all(seen[k] for k in ("name", "description", "uploadDate", "thumbnailUrl", "contentUrl", "inLanguage")), "a video for search engines", seen)
ok(server.head("/v/" + seen["contentUrl"].split("/v/")[1])["Content-Type"] == "video/mp4" and server.head("/v/" + seen["thumbnailUrl"].split("/v/")[1])["Content-Type"] == "image/jpeg", "its addresses lead to it")
ok(len(seen["hasPart"]) == 2 and all(c["@type"] == "Clip" and c["endOffset"] > c["startOffset"] and server.get("/en/v/" + c["url"].split("/v/")[1])[0] == 200 for c in seen["hasPart"]), "its moments are clips")

# --- In a frame on another page.
status, text, headers = server.get("/en/embed/l2s3k2n6iy")
ok(status == 200 and "frame-ancestors *" in headers["Content-Security-Policy"] and "script" not in text and "Set-Cookie" not in headers and "<video" in text, "the player alone may stand in a frame", headers)
ok("frame-ancestors 'none'" in server.get("/en/v/l2s3k2n6iy")[2]["Content-Security-Policy"] and "&lt;iframe src=" in page, "the page itself may not, and says what may")
answer = json.loads(server.get("/oembed?url=https%3A%2F%2Fexample.org%2Ffr%2Fv%2Fl2s3k2n6iy%3Ft%3D3&maxwidth=400")[1])
ok(answer["version"] == "1.0" and answer["type"] == "video" and answer["width"] == 400 and "/fr/embed/l2s3k2n6iy" in answer["html"] and answer["title"], "oEmbed", answer)
ok([server.get("/oembed" + q)[0] for q in ("?url=https://example.org/", "?url=/en/v/none", "?url=/en/v/l2s3k2n6iy&format=xml", "")] == [404] * 4, "what it cannot show is not found")

# --- A moment in a frame.
page = server.get("/fr/m/dehccqhf7h")[1]
status, text, headers = server.get("/fr/embed/m/dehccqhf7h")
quote = re.search("<blockquote[^>]*><p>([^<]*)", page).group(1)
span = re.search(r'src="(/v/l2s3k2n6iy/video.mp4#t=\d+,\d+)"', page).group(1)
ok(status == 200 and "frame-ancestors *" in headers["Content-Security-Policy"] and "<script" not in text and f'src="{span}"' in text and quote in text and "Chargée de plaidoyer" in text, "a moment may stand in a frame: its span, its quote, who said it", text)
ok(re.findall('<a href="([^"]*)"( target="_blank" rel="noopener")?', text) == [("/fr/m/dehccqhf7h", ' target="_blank" rel="noopener"')], "its one link leads out of the frame", text)
ok("&lt;iframe src=" in page and "/fr/embed/m/dehccqhf7h" in page, "its page says how")
asked = html.unescape(re.search('type="application/json.oembed" href="([^"]*)"', page).group(1))
answer = json.loads(server.get(asked)[1])
ok("/fr/embed/m/dehccqhf7h" in answer["html"] and answer["title"] == html.unescape(re.search("<h1[^>]*>([^<]*)", page).group(1)) and answer["height"] > 500, "content systems find how to show it", asked, answer)
answer = json.loads(server.get(html.unescape(re.search('type="application/json.oembed" href="([^"]*)"', server.get("/en/v/l2s3k2n6iy")[1]).group(1)) + "&maxheight=300")[1])
ok("/en/embed/l2s3k2n6iy" in answer["html"] and answer["height"] == 300, "so with a voice", answer)
ok([server.get(p)[0] for p in ("/en/embed/m/none", "/en/embed/m/l2s3k2n6iy", "/oembed?url=/en/m/none", "/oembed?url=/en/m/l2s3k2n6iy")] == [404] * 4, "what is no moment is not found")

# --- A quote as a picture.
page = server.get("/fr/m/dehccqhf7h")[1]
status, text, headers = server.get("/fr/m/dehccqhf7h/card.svg")
SVG = "{http://www.w3.org/2000/svg}"


def drawn(text):
    """What is written on a picture: the quote, and the rest, a line each."""
    svg = tree.fromstring(text)
    return svg, " ".join(t.text for t in svg.findall(f"{SVG}g/{SVG}text")), [t.text for t in svg.findall(SVG + "text")]


svg, said, rest = drawn(text)
ok(status == 200 and headers["Content-Type"].startswith("image/svg+xml") and "sandbox" in headers["Content-Security-Policy"] and (svg.get("width"), svg.get("height")) == ("1200", "630"), "a picture of a quote", headers)
ok(said == f"\u00ab\u00a0{html.unescape(quote)}\u00a0\u00bb" and svg.find(SVG + "title").text == html.unescape(quote), "all of the quote, in its quotation marks", said)
ok(any("Charg\u00e9e de plaidoyer" in l for l in rest) and any("00:17" in l and "12 mars 2026" in l for l in rest) and any(l.endswith("/fr/m/dehccqhf7h") for l in rest) and any("Exemples" in l for l in rest),
   "who says it, in what, the day, the address, and that it is a sample", rest)
ok('href="/fr/m/dehccqhf7h/card.svg" download' in page and not re.search("href=|style|script|url\\(", text), "its page links it, and it asks for nothing", text)
ok(server.get("/en/m/none/card.svg")[0] == 404, "no moment, no picture")
pictures = re.findall('property="og:image" content="([^"]*)"', page + server.get("/en/v/l2s3k2n6iy")[1])
ok(len(pictures) == 2 and all(p.endswith("poster.jpg") for p in pictures), "what other sites show of a page is no drawing", pictures)

# --- Atom.
silent = voice("silent", "Zqsilent", after='[[moment]]\nkey = "m"\nstart = "0:01"\nend = "0:02"\ntitle = "No quote"\n[[speaker]]\nkey = "p"\nname = "Zqname"\n')
at = re.search("/en/m/[a-z2-7]+", server.get(f"/en/v/{silent}")[1]).group(0)
ok(server.get(at)[0] == 200 and server.get(at + "/card.svg")[0] == 404 and "card.svg" not in server.get(at)[1], "a moment without a quote has none")
run("video", "withdraw", silent)
MOMENT = '[[moment]]\nkey = "m"\nstart = "0:01"\nend = "0:02"\nquote = "Zqsaid"\n'
first = voice("one", "Less < & > \u202e more \U0001F600", more='states = ["FRA"]')
second = voice("two", "Zqsecond", uses='"site", "download"', after=MOMENT)
status, text, headers = server.get("/en/voices.atom")
feed = tree.fromstring(text)
entries = feed.findall(ATOM + "entry")
ok(status == 200 and headers["Content-Type"].startswith("application/atom+xml") and headers["ETag"], "a feed", headers)
ok(all(feed.find(ATOM + e) is not None for e in ("id", "title", "updated", "author")), "its head")
ok(len(entries) == 2 and all(e.find(ATOM + "id").text and e.find(ATOM + "title").text and e.find(ATOM + "updated").text for e in entries), "its entries")
ok(len({e.find(ATOM + "id").text for e in entries}) == 2, "each has an id of its own")
ok(any("Less < & >" in e.find(ATOM + "title").text for e in entries), "titles survive as they are")
ok(len(tree.fromstring(server.get("/fr/voices.atom?state=FRA")[1]).findall(ATOM + "entry")) == 1, "filtered by State")
page = server.get("/en/voices?state=FRA")[1]
ok('rel="alternate" type="application/atom+xml" href="/en/voices.atom?state=FRA"' in page, "the library names its feed")
ok("item" not in {e.tag for e in tree.fromstring(server.get("/en/voices.rss")[1]).find("channel")}, "without sound there is no podcast item")

page = server.get(f"/en/v/{second}")[1]
moment = re.search("/en/m/([a-z2-7]+)", page).group(1)
ok("Zqsaid" in server.get(f"/en/m/{moment}/card.svg")[1] and "og:image" not in page + server.get(f"/en/m/{moment}")[1], "a quote is as public as a picture of it")
ok([server.get(p)[0] for p in (f"/en/m/{moment}", f"/en/embed/m/{moment}", f"/oembed?url=/en/m/{moment}")] == [200, 404, 404] and "oembed" not in page + server.get(f"/en/m/{moment}")[1] and "iframe" not in server.get(f"/en/m/{moment}")[1], "nor a moment of theirs")
ok(server.get(f"/en/embed/{second}")[0] == 404 and server.get(f"/oembed?url=/v/{second}")[0] == 404, "nobody frames whom they did not agree to that")

# --- What is not public is in none.
for act, code in (("hold", second), ("withdraw", first)):
    run("video", act, code)
for path in ("/en/voices.atom", "/fr/voices.atom", "/en/voices.rss", "/en/sitemap-video.xml"):
    text = server.get(path)[1]
    tree.fromstring(text)
    ok("Zqsecond" not in text and "Less" not in text and first not in text and second not in text, f"{path}: what is held or withdrawn is gone")
run("video", "withdraw", second)
ok(server.get(f"/en/embed/m/{moment}")[0] == 410 and server.get(f"/oembed?url=/m/{moment}")[0] == server.get(f"/en/m/{moment}/card.svg")[0] == 410, "nor in a frame of a moment")
ok(server.get(f"/en/embed/{first}")[0] == 410 and server.get(f"/oembed?url=/v/{first}")[0] == 410, "and in no frame")
server.stop()
end()
