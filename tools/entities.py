#!/usr/bin/env python3
"""Writes the named character references of HTML as C rows, sorted by name: name, UTF-8.
The list is Python's own (html.entities.html5, which is the WHATWG's)."""
import html.entities
import sys

with open(sys.argv[1], 'w', encoding='ascii') as out:
    for name, text in sorted(html.entities.html5.items()):
        escaped = ''.join(f'\\{byte:03o}' for byte in text.encode())
        out.write(f'{{ S_INIT("{name}"), S_INIT("{escaped}") }},\n')
