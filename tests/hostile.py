#!/usr/bin/env python3
"""Makes hostile files for the readers of tables: tests/hostile.py FOLDER

Each file is small for what it asks of a reader. LIST in the folder names them, one a line:
name, tab, words that the reader's answer must contain.
"""
import io
import os
import random
import struct
import sys
import zipfile
import warnings

folder = sys.argv[1]
warnings.simplefilter("ignore")  # names that come twice
chance = random.Random(4711)
listed = []

TYPES = (
    "<Types xmlns='t'><Override PartName='/xl/workbook.xml' ContentType='application/vnd."
    "openxmlformats-officedocument.spreadsheetml.sheet.main+xml'/></Types>"
)
RELATIONS = (
    "<Relationships xmlns='r'><Relationship Id='a' Type='x/worksheet' Target='s1.xml'/>"
    "<Relationship Id='s' Type='x/styles' Target='styles.xml'/>"
    "<Relationship Id='t' Type='x/sharedStrings' Target='strings.xml'/></Relationships>"
)
BOOK = "<workbook xmlns='m' xmlns:r='r'><sheets><sheet name='One' r:id='a'/></sheets></workbook>"
ROWS = "<row r='1'><c t='str'><v>To</v></c></row><row r='2'><c t='str'><v>Mali</v></c></row>"


def sheet(rows):
    return "<worksheet xmlns='m'><sheetData>" + rows + "</sheetData></worksheet>"


def parts(**changed):
    all_parts = {
        "[Content_Types].xml": TYPES,
        "xl/_rels/workbook.xml.rels": RELATIONS,
        "xl/workbook.xml": BOOK,
        "xl/styles.xml": "<styleSheet xmlns='m'/>",
        "xl/strings.xml": "<sst xmlns='m'/>",
        "xl/s1.xml": sheet(ROWS),
    }
    for name, content in changed.items():
        all_parts["xl/" + name + ".xml"] = content
    return all_parts


def archive(entries, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as z:
        for name, content in entries.items() if isinstance(entries, dict) else entries:
            z.writestr(name, content)
    return out.getvalue()


def put(name, content, words):
    with open(os.path.join(folder, name), "wb") as f:
        f.write(content)
    listed.append((name, words))


def book(name, words, **changed):
    put(name + ".xlsx", archive(parts(**changed)), words)


def with_entry(name, entry, words, content="x"):
    put(name + ".xlsx", archive(list(parts().items()) + [(entry, content)]), words)


def patched(data, signature, offset, value):
    """DATA with VALUE written OFFSET bytes behind every SIGNATURE."""
    data, at = bytearray(data), -1
    while (at := data.find(signature, at + 1)) >= 0:
        data[at + offset : at + offset + len(value)] = value
    return bytes(data)


def half_dense(size):
    """Text that deflate shrinks about fifty times."""
    block = b"".join(b"%032x" % chance.getrandbits(128) for _ in range(100)) + b" " * 40000
    return (block * (size // len(block) + 1))[:size]


LOCAL, CENTRAL, END = b"PK\3\4", b"PK\1\2", b"PK\5\6"
MB = 1 << 20

# --- Archives: sizes
book("dense-strings", "hundredfold", strings="<sst>" + "<si><t>" + " " * (60 * MB))
book("dense-sheet", "hundredfold", s1=sheet("<row>" + "<c/>" * (10 * MB)))
lie = archive(parts(strings="<sst><si><t>" + " " * (60 * MB)))
put("dense-with-a-lie.xlsx", patched(lie, CENTRAL, 24, struct.pack("<I", 1000)), "")
put("dense-unsaid.xlsx", patched(lie, CENTRAL, 20, struct.pack("<II", 0, 0)), "")
put("large-in-all.xlsx", archive({"xl/%d.xml" % i: half_dense(11 * MB) for i in range(20)}), "200 MB")
put("2001-entries.xlsx", archive({"xl/%d" % i: "" for i in range(2001)}), "2,000 entries")
one = archive(parts())
put("65535-entries.xlsx", patched(one, END, 8, struct.pack("<HH", 65535, 65535)), "ZIP64")
put("60000-entries.xlsx", patched(one, END, 8, struct.pack("<HH", 60000, 60000)), "2,000 entries")
put("count-is-a-lie.xlsx", patched(one, END, 8, struct.pack("<HH", 1, 1)), "")
put("directory-outside.xlsx", patched(one, END, 16, struct.pack("<I", 0x7FFFFFFF)), "damaged")
put("directory-huge.xlsx", patched(one, END, 12, struct.pack("<I", 0x7FFFFFFF)), "damaged")
put("entries-overlap.xlsx", patched(one, CENTRAL, 42, struct.pack("<I", 0)), "")
put("cut.xlsx", one[: len(one) // 2], "cut off")
put("no-end.xlsx", one[:-30], "cut off")
put("only-end.xlsx", LOCAL + END + b"\0" * 18, "")
put("wrong-sum.xlsx", patched(patched(one, CENTRAL, 16, b"abcd"), LOCAL, 14, b"abcd"), "damaged")
noise = bytearray(one)
for i in range(200, len(noise) - 600, 11):
    noise[i] ^= chance.getrandbits(8)
put("noise.xlsx", bytes(noise), "")

# --- Archives: names and kinds
with_entry("climbs", "xl/../../../etc/passwd", "not allowed")
with_entry("absolute", "/etc/passwd", "not allowed")
with_entry("backslash", "xl\\..\\..\\x", "not allowed")
with_entry("drive", "C:x", "not allowed")
with_entry("control", "xl/\x01x", "not allowed")
with_entry("long-name", "x" * 600, "not allowed")
with_entry("twice", "xl/s1.xml", "same name")
with_entry("twice-by-case", "XL/S1.XML", "same name")
with_entry("nested", "xl/inner.zip", "another archive", one)
with_entry("nested-unnamed", "xl/media/picture.png", "another archive", one)
link = zipfile.ZipInfo("xl/link")
link.create_system, link.external_attr = 3, 0o120777 << 16
with_entry("link", link, "link", "/etc/passwd")
secret = patched(patched(one, CENTRAL, 8, b"\1\0"), LOCAL, 6, b"\1\0")
put("encrypted.xlsx", secret, "encrypted")
put("packed-otherwise.xlsx", archive(parts(), zipfile.ZIP_LZMA), "unusual")
put("word.xlsx", archive({"[Content_Types].xml": TYPES, "word/document.xml": "<x/>"}), "Word")
put("binary.xlsx", archive({"[Content_Types].xml": TYPES, "xl/workbook.bin": "x"}), "XLSB")

# --- XML
LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    "<!ENTITY %s '%s'>" % (chr(98 + i), ("&%s;" % chr(97 + i)) * 10) for i in range(12)
)
book("laughs", "document type", s1=LAUGHS + "]>" + sheet("<row><c t='str'><v>&m;</v></c></row>"))
book("outside-entity", "document type", s1="<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>")
book("outside-types", "document type", workbook="<!DOCTYPE x SYSTEM 'http://127.0.0.1/x'>" + BOOK)
book("parameter-entity", "document type", styles="<!DOCTYPE x [<!ENTITY % a SYSTEM 'x'> %a;]><x/>")
book("deep", "256 levels", s1="<a>" * 200000)
book("long-attribute", "tag over 2 MB", s1="<a b='" + half_dense(9 * MB).decode() + "'/>")
book("long-comment", "tag over 2 MB", s1="<!--" + half_dense(9 * MB).decode() + "--><a/>")
book("many-attributes", "tag over 2 MB", s1="<a " + " ".join("a%x='1'" % chance.getrandbits(40) for _ in range(150000)) + "/>")
book("long-name-of-tag", "tag over 2 MB", s1="<" + half_dense(9 * MB).decode().replace(" ", "a") + "/>")
book("bad-utf8", "damaged", s1=sheet("<row><c t='str'><v>").encode() + b"\xff\xfe\xff")
book("unknown-encoding", "damaged", s1="<?xml version='1.0' encoding='klingon'?><x/>")
book("namespaces", "tag over 2 MB", s1="<a " + " ".join("xmlns:a%x='b%x'" % (i, chance.getrandbits(40)) for i in range(120000)) + "/>")

# --- Sheets
book("rows-without-end", "1,048,576", s1=sheet("".join("<row r='%d'/>" % (i + 1) for i in range(1048577))))
book("last-column", "columns", s1=sheet("<row><c r='XFD1'><v>1</v></c></row>"))
book("column-beyond", "columns", s1=sheet("<row><c r='ZZZZZZ1'><v>1</v></c></row>"))
book("long-cell", "8 MB", s1=sheet("<row><c t='str'><v>" + half_dense(12 * MB).decode() + "</v></c></row>"))
book("cell-over-1MB", "1 MB", s1=sheet("<row><c t='str'><v>" + half_dense(2 * MB).decode() + "</v></c></row>"))
text = half_dense(MB).decode()
book(
    "text-again-and-again",
    "256 MB",
    strings="<sst><si><t>" + text + "</t></si></sst>",
    s1=sheet("".join("<row>" + "<c t='s'><v>0</v></c>" * 7 + "</row>" for _ in range(3000))),
)
book("texts-without-end", "a million", strings="<sst>" + "".join("<si><t>%x</t></si>" % chance.getrandbits(16) for _ in range(1100000)))
book("styles-without-end", "", styles="<x><cellXfs>" + "".join("<xf numFmtId='%d'/>" % chance.getrandbits(12) for _ in range(70000)))
book("formats-without-end", "", styles="<x>" + "".join("<numFmt numFmtId='%d' formatCode='0'/>" % i for i in range(70000)))
book("sheets-without-end", "1,000 sheets", workbook="<x xmlns:r='r'>" + "".join("<sheet name='%d' r:id='%d'/>" % (i, i) for i in range(5000)))
book("one-sheet-often", "same part", workbook="<x xmlns:r='r'>" + "<sheet name='x' r:id='a'/>" * 500)
put("relations-without-end.xlsx", archive(dict(parts(), **{"xl/_rels/workbook.xml.rels": "<x>" + "".join("<Relationship Id='%d' Type='t' Target='x%x'/>" % (i, chance.getrandbits(20)) for i in range(50000))})), "")
put("relations-climb.xlsx", archive(dict(parts(), **{"xl/_rels/workbook.xml.rels": RELATIONS.replace("s1.xml", "../" * 90 + "etc/passwd")})), "not in the file")

# --- Compound files
MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
head = bytearray(512)
head[:8] = MAGIC
head[30:34] = struct.pack("<HH", 9, 6)
head[48:52] = struct.pack("<I", 1)
head[56:60] = struct.pack("<I", 4096)
head[60:64] = head[68:72] = struct.pack("<I", 0xFFFFFFFE)
head[76:512] = struct.pack("<I", 0) + b"\xff" * 432


def entry(name, kind, first, size):
    wide = name.encode("utf-16-le")
    return (wide + bytes(64 - len(wide)) + struct.pack("<HBB", len(wide) + 2, kind, 1) + b"\xff" * 12
            + bytes(36) + struct.pack("<III", first, size, 0))


fat = struct.pack("<IIII", 0xFFFFFFFD, 0xFFFFFFFE, 0xFFFFFFFE, 2) + b"\xff" * 496
directory = entry("Root Entry", 5, 0xFFFFFFFE, 0) + entry("Workbook", 2, 2, 100000)
put("short.xls", MAGIC, "damaged")
put("zeros.xls", MAGIC + bytes(20 * MB), "damaged")
put("noise.xls", MAGIC + chance.randbytes(MB), "damaged")
put("circle.xls", bytes(head) + struct.pack("<II", 0xFFFFFFFD, 1) + b"\xff" * 504 + directory, "damaged")
put("no-book.xls", bytes(head) + fat + directory + bytes(256) + bytes(1024), "no sheets")
put("password.xls", bytes(head) + fat + entry("Root Entry", 5, 0xFFFFFFFE, 0) + entry("EncryptedPackage", 2, 2, 10), "password")
far = bytearray(head)
far[68:76] = struct.pack("<II", 5, 0x7FFFFFFF)
put("table-circle.xls", bytes(far) + fat + directory + bytes(256) + struct.pack("<I", 3) * 128 * 8, "damaged")

# --- CSV and JSON
put("open-quote.csv", b'a,b\n1,"' + b"x\n" * (5 * MB), "not closed")
put("open-quotes.csv", b'a,b\n' + b'""a\n' * (5 * MB), "not closed")
put("quotes.csv", b'"' * (20 * MB), "")
put("one-line.csv", b"x" * (20 * MB), "1 MB")
put("commas.csv", b"," * (20 * MB), "8 MB")
put("10001-columns.csv", b"a,b\n" + b"," * 10000 + b"\n1,2\n", "10,000 columns")
put("10001-header.csv", b"a," * 10000 + b"b\n1,2\n", "10,000 columns")
put("zero-bytes.csv", b"a,b\n" + b"some text\n" * 1000 + bytes(20 * MB), "")
put("empty-lines.csv", b"a\r" + b"\r" * (10 * MB), "")
put("not-utf8.csv", b"a,b\n" + b"\xc3\xa9" * 300000 + b"\n" + b"\xff\xc3,\xa9\n" * 20000, "")
put("half-utf16.csv", b"\xff\xfea\0," + b"\xd8" * (10 * MB), "")
put("noise.csv", chance.randbytes(10 * MB), "binary")
put("deep.json", b"[" * (20 * MB), "cut off")
put("long.json", b'[{"a":"' + b"x" * (20 * MB) + b'"}]', "1 MB")
put("wide.json", b"[{" + b",".join(b'"%x":1' % i for i in range(80000)) + b"}]", "10,000 values")
put("same-hash.json", b"[" + b",".join(b'{"a":{"a":1,"a":2}}' for _ in range(100000)) + b"]", "JSON object")
put("open-text.json", b'{"rows":[{"a":"' + b"\\" * (10 * MB + 1), "cut off")

with open(os.path.join(folder, "LIST"), "w") as f:
    for name, words in listed:
        f.write("%s\t%s\n" % (name, words))

