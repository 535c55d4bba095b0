#!/usr/bin/env python3
"""Who speaks: pages of people and organisations, which only public voices have. people.py PROGRAM, from the root of the
project; speaks TAP."""
import re

from server import AGREED, Server, add_voice, run
from tap import end, ok


def voice(key, speaker, name="full", day="2026-01-02"):
    agreed = AGREED.replace('"full"', f'"{name}"')
    return add_voice(key, f'title = "Title of {key}"\nrecorded = "{day}"\n[consent]\nuses = ["site"]\n{agreed}[[moment]]\nkey = "m"\nstart = "0:01"\n'
                          f'end = "0:02"\ntitle = "Moment of {key}"\n[[speaker]]\n{speaker}\n')


def link(page, kind):
    return re.search(rf'href="(/en/{kind}/[a-z0-9]+)"', page).group(1)


PERSON = 'key = "p"\nname = "Zqname"\norganisation = "o"\norganisation_name = "Zqhouse"\n'
run("init")
server = Server()
first = voice("one", PERSON + 'function = "Commissioner"\nstate = "FRA"\nfrom = "2012"\nto = "2020"')
second = voice("two", PERSON + 'function = "Adviser"\nfrom = "2021"', day="2026-02-02")
third = voice("three", PERSON + 'function = "Adviser"\nfrom = "2021"', day="2026-03-02")
page = server.get(f"/en/v/{first}")[1]
person, house = link(page, "people"), link(page, "organisations")
ok(link(server.get(f"/en/v/{second}")[1], "people") == person, "the same person in two videos has one page")
page = server.get(person)[1]
ok("<h1>Zqname</h1>" in page and "3 interviews" in page and page.count("Moment of") == 3, "a person: name, videos, moments")
ok("2012–2020" in page and "since 2021" in page and page.count("since 2021") == 1, "functions over time, alike ones once")
ok(page.index("Adviser") < page.index("Commissioner") and page.index("Title of three") < page.index("Title of one"), "the latest first")
ok("depuis 2021" in server.get(person.replace("/en/", "/fr/"))[1], "in French")
page = server.get(house)[1]
ok("<h1>Zqhouse</h1>" in page and "Zqname" in page and "3 interviews" in page, "an organisation: its people and its videos")

# --- One box for everything.
page = server.get("/en/search?q=zqname")[1]
ok(person in page and "Adviser" in page and "People <small>1" in page, "a person is found by name")
page = server.get("/en/search?q=commissioner+zqhouse")[1]
ok(person in page, "by function and organisation")
page = server.get("/en/search?q=title")[1]
ok("Interviews <small>3" in page and page.count('<a href="/en/v/') >= 3, "interviews by their titles")
page = server.get("/en/search?q=spoken")[1]
ok("3 moments in 3 interviews" in " ".join(page.split()), "moments by what is said")
many = server.get("/en/search?q=title&kind=videos")
ok(many[0] == 200 and 'aria-current="true">Interviews' in many[1], "a tab a kind")
ok(server.get("/en/search?q=title&kind=films")[0] == 400, "an unknown kind is told")
ok("Nothing holds these words" in server.get("/en/search?q=zqnowhere")[1], "nothing found")
ok(server.get("/en/search")[0] == 200 and server.get("/en/search?q=%22%22+-")[0] == 200, "nothing asked")

# --- The library's filters hold in a search.
extra = voice("fr1", 'key = "q"\nname = "Zqother"', day="2026-04-02")
ok("4 moments" in server.get("/en/voices?q=spoken&lang=en")[1] and "0 moments" in server.get("/en/voices?q=spoken&lang=fr")[1], "by the language spoken")
ok("0 moments" in server.get("/en/voices?q=spoken&state=FRA")[1], "by State")


def found():
    page = server.get("/en/search?q=zqother")[1]
    return "Zqother" in page[page.index("<main"):page.index("</main>")]


ok(found(), "who speaks in public is found")
run("video", "hold", extra)
ok(not found(), "what is held is not")

# --- Without a name there is no page that leads from one video to another.
nameless = voice("four", PERSON + 'function = "Witness"', name="none")
page = server.get(f"/en/v/{nameless}")[1]
ok("/en/people/" not in page and "Zqname" not in page, "who is not named has no link")
ok("Title of four" not in server.get(person)[1], "and is not on the page of the person")
page = server.get("/en/search?q=witness")[1]
ok(f'<h3><a href="/en/v/{nameless}"><span' in page and "People <small>1" in page and "/en/people/" not in page[page.index("<main"):], "found by function, who is not named leads to the voice", page[page.index("<main"):][:3000])
ok("Title of four" in server.get(house)[1], "the organisation lists all that speak for it")

# --- What a private voice calls an organisation is not what a public one calls it, before it is withdrawn and after.
secret = voice("five", PERSON.replace("Zqhouse", "Zqcellar") + 'function = "Adviser"\nfrom = "2021"')
run("video", "hold", secret)
seen = server.get(house)[1] + server.get(f"/en/v/{first}")[1]
ok("Zqhouse" in seen and "Zqcellar" not in seen, "the name of an organisation that a held voice says is not seen")
run("video", "release", secret)
ok("Zqcellar" in server.get(f"/en/v/{secret}")[1] and "Zqcellar" not in server.get(house)[1], "seen, it is another organisation")
run("video", "withdraw", secret)
run("rebuild")
ok("<h1>Zqhouse</h1>" in server.get(house)[1], "and nothing of it stays when it is withdrawn")

# --- They follow their videos.
for code in (first, second, third, nameless):
    run("video", "hold", code)
left = server.get(person)[0], server.get(house)[0]
ok(left == (410, 404), "without a public voice there is neither; who withdrew one is gone", left)
run("video", "release", second)
page = server.get(person)[1]
ok("1 interview" in page and "Commissioner" not in page and "2012" not in page, "a function shows with its video alone")
run("video", "withdraw", second)
gone = [server.get(a) for a in (person, house, f"/en/v/{second}")]
ok([g[0] for g in gone] == [410] * 3 and server.get("/en/people/none")[0] == 404, "who withdraws has a page no more, as the voice has none, whatever is still held", [g[0] for g in gone])
bare = [re.sub(r'href="[^"]*"', "", g[1]) for g in gone]
ok(bare[0] == bare[1] == bare[2] and "Zq" not in bare[0], "with the same words for all")
run("video", "release", first)
page = server.get(person)
ok(page[0] == 200 and "1 interview" in page[1] and server.get(house)[0] == 200, "and is there with another voice again")
for code in (first, third, nameless):
    run("video", "withdraw", code)
ok(server.get(person)[0] == server.get(house)[0] == 410, "when the last is withdrawn, both say so")
server.stop()
end()
