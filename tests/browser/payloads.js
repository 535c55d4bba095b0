'use strict';
/* Texts that would like to be scripts, in every field of a voice and in every format of subtitles: no page runs one,
 * asks for what its policy forbids, or shows anything but the text itself. */
const fs = require('node:fs');
const path = require('node:path');
const { folder, start } = require('./library.js');
const { ok } = require('./tap.js');

const RUN = 'window.canary=1';
const TAGS = [
  `<script>${RUN}</script>`, `<img src=x onerror=${RUN}>`, `<svg onload=${RUN}>`, `<svg/onload=${RUN}>`, `<body onload=${RUN}>`, `<iframe srcdoc="<script>parent.canary=1</script>"></iframe>`,
  `<iframe src="javascript:parent.canary=1"></iframe>`, `<video><source onerror=${RUN}></video>`, `<details open ontoggle=${RUN}>`, `<input autofocus onfocus=${RUN}>`,
  `<a href="javascript:${RUN}">x</a>`, `<math><mi xlink:href="javascript:${RUN}">x</mi></math>`, `<object data="javascript:${RUN}"></object>`, `<embed src="javascript:${RUN}">`,
  `<meta http-equiv=refresh content="0;url=javascript:${RUN}">`, `<base href="//example.org/">`, `<link rel=stylesheet href=//example.org/x.css>`, `<style>@import '//example.org/x.css'</style>`,
  `<form action="javascript:${RUN}"><button>x</button></form>`, `<template><script>${RUN}</script></template>`, `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
  `<c.x onclick=${RUN}>x</c>`, `<v <img src=x onerror=${RUN}>>x</v>`, `<b onmouseover=${RUN}>x</b>`, `<ruby><rt><script>${RUN}</script></rt></ruby>`, `{{constructor.constructor('${RUN}')()}}`,
];
const BREAKS = ['', '"', "'", '">', "'>", '</title>', '</script>', '</textarea>', '-->', ']]>', '\\"', '&quot;', '&#x22;>', '</p></li>', '\u2028', '</h1>'];
const all = [];
for (const [i, tag] of TAGS.entries()) for (let k = 0; k < 6; k++) all.push(BREAKS[(i * 5 + k * 3) % BREAKS.length] + tag);
const quoted = (s) => JSON.stringify(s).replace(/[\u2028]/g, '\\u2028');
const plain = (s) => s.replace(/\s+/g, ' ').trim();

/* Sixteen fields a voice: each payload is in some field, and each field has had all kinds. */
function voiceOf(n, take) {
  const t = [...Array(14)].map(take);
  const toml = `key = "v${n}"\nlanguage = "en"\ntitle = ${quoted(t[0])}\ndescription = ${quoted(t[1])}\nplace = ${quoted(t[2])}\nlicence = ${quoted(t[3])}\nrecorded = "2026-01-02"\n`
    + '[consent]\nuses = ["site", "download", "embed"]\nname = "full"\nface = "as-is"\nvoice = "as-is"\n'
    + `[[speaker]]\nkey = "p${n}"\nname = ${quoted(t[4])}\nfunction = ${quoted(t[5])}\norganisation = "o${n}"\norganisation_name = ${quoted(t[6])}\n`
    + `[[moment]]\nkey = "m"\nstart = "0:01"\nend = "0:09"\ntitle = ${quoted(t[7])}\nsynopsis = ${quoted(t[8])}\nquote = { en = ${quoted(t[9])}, fr = ${quoted(t[10])} }\n`;
  const cues = [...t.slice(11).map((c) => 'word ' + plain(c)), 'plain words'];
  const escaped = cues.map((c) => c.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;'));
  const tracks = [
    ['vtt', 'WEBVTT\n\nSTYLE\n::cue { background: url(//example.org/x) }\n\n' + cues.map((c, i) => `00:0${i * 3}.000 --> 00:0${i * 3 + 2}.000 position:"><img\n${c}\n`).join('\n')],
    ['srt', cues.map((c, i) => `${i + 1}\n00:00:0${i * 3},000 --> 00:00:0${i * 3 + 2},000\n${c}\n`).join('\n')],
    ['ttml', '<tt xmlns="http://www.w3.org/ns/ttml"><body><div>' + escaped.map((c, i) => `<p begin="${i * 3}s" end="${i * 3 + 2}s">${c}</p>`).join('') + '</div></body></tt>'],
    ['ass', '[Script Info]\nScriptType: v4.00+\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n'
      + cues.map((c, i) => `Dialogue: 0,0:00:0${i * 3}.00,0:00:0${i * 3 + 2}.00,Default,,0,0,0,,${c}`).join('\n') + '\n'],
  ];
  return { title: t[0], toml, tracks: [tracks[n % 4], ['vtt', tracks[0][1], 'fr']] };
}

function fill(run, voices) {
  const place = path.join(folder, 'payloads');
  fs.mkdirSync(place);
  voices.forEach((v, n) => {
    fs.writeFileSync(path.join(place, `v${n}.toml`), v.toml);
    for (const [end, text, lang] of v.tracks) fs.writeFileSync(path.join(place, `v${n}.${lang || 'en'}.${end}`), text);
  });
  run('init');
  run('video', 'import', place);
  const series = path.join(folder, 'payloads.series.toml');
  fs.writeFileSync(series, `key = "payloads"\ntitle = ${quoted(all[1])}\nintroduction = ${quoted(all.slice(0, 60).join('\n\n') + `\n\n[x](javascript:${RUN}) [x](data:text/html,x) ![x](javascript:${RUN}) <javascript:${RUN}>`)}\nvideos = ["v0", "v1"]\n`
    + `[[section]]\ntitle = ${quoted(all[2])}\ntext = ${quoted(all.slice(60, 90).join('\n\n'))}\nquotes = ["v0/m", "v1/m"]\n`);
  run('series', 'add', series);
}

async function watch(page) {
  const bad = [];
  page.on('dialog', (d) => { bad.push(`a dialog: ${d.message()}`); d.dismiss(); });
  page.on('console', (m) => { if (/Content Security Policy|TrustedHTML|Refused/.test(m.text())) bad.push(m.text().slice(0, 200)); });
  page.on('request', (r) => { if (!/^http:\/\/127\.0\.0\.1:/.test(r.url()) && !r.url().startsWith('data:')) bad.push(`asks for ${r.url()}`); });
  return bad;
}

async function visit(page, site, address, bad) {
  await page.goto(site + address);
  const canary = await page.evaluate(() => window.canary);
  if (canary) bad.push(`${address}: it ran`);
  return page;
}

async function links(page, start) {
  return page.evaluate((s) => [...new Set([...document.querySelectorAll(`a[href^="${s}"]`)].map((a) => a.getAttribute('href').replace(/[?#].*/, '')))], start);
}

async function testPayloads(browser, program) {
  let next = 0;
  const voices = [...Array(24).keys()].map((n) => voiceOf(n, () => all[next++ % all.length]));
  const site = await start(program, 'payload-library', (run) => fill(run, voices));
  const page = await (await browser.newContext()).newPage();
  const bad = await watch(page);
  const seen = { voices: new Set(), others: new Set() };
  for (let n = 1; n <= 3; n++) {
    await visit(page, site, `/en/voices?page=${n}`, bad);
    (await links(page, '/en/v/')).forEach((l) => seen.voices.add(l));
  }
  ok(seen.voices.size === voices.length, `${all.length} texts that would like to be scripts, in ${voices.length} voices`, seen.voices.size);
  const titles = new Set();
  for (const address of seen.voices) {
    await visit(page, site, address + '?tr=en,fr&t=1', bad);
    titles.add(plain(await page.evaluate(() => document.querySelector('h1').textContent)));
    for (const start of ['/en/m/', '/en/people/', '/en/organisations/']) (await links(page, start)).forEach((l) => seen.others.add(l));
    seen.others.add(address.replace('/v/', '/embed/'));
  }
  for (const moment of [...seen.others].filter((a) => a.startsWith('/en/m/'))) seen.others.add(moment.replace('/m/', '/embed/m/'));
  const cards = [];
  for (const moment of [...seen.others].filter((a) => a.startsWith('/en/m/'))) {
    await visit(page, site, moment, bad);
    const quote = await page.evaluate(() => document.querySelector('blockquote').textContent);
    await visit(page, site, `${moment}/card.svg`, bad);
    const [told, elements] = await page.evaluate(() => [document.querySelector('title').textContent, [...new Set([...document.querySelectorAll('*')].map((e) => e.localName))].sort().join(' ')]);
    if (plain(told) !== plain(quote) || elements !== 'g path svg text title') cards.push([moment, told, quote, elements]);
  }
  ok(cards.length === 0, 'pictures of quotes say what they say, and are made of paths and text alone', ...cards.slice(0, 3));
  const missing = voices.filter((v) => !titles.has(plain(v.title))).map((v) => v.title);
  ok(missing.length === 0, 'each title is read as it was written', missing, [...titles]);
  for (const address of [...seen.others, '/en/series/payloads', '/fr/series/payloads', '/en']) await visit(page, site, address, bad);
  for (const text of all.slice(0, 60)) {
    const q = encodeURIComponent(text);
    await visit(page, site, `/en/search?q=${q}`, bad);
    await visit(page, site, `/en/voices?q=${q}&lang=${q}&state=${q}&page=${q}`, bad);
  }
  ok(seen.others.size >= voices.length * 3, `pages of moments, people, organisations and frames: ${seen.others.size}`);
  ok(bad.length === 0, 'nothing ran, no policy was broken, nothing was asked of elsewhere', bad.slice(0, 10));
  for (const address of ['/en/voices.atom', '/fr/voices.rss']) {
    const feed = await (await fetch(site + address)).text();
    await page.goto('about:blank'); // our own pages forbid parsing text as markup
    const broken = await page.evaluate((text) => new DOMParser().parseFromString(text, 'text/xml').querySelector('parsererror')?.textContent, feed);
    ok(!broken, `${address} is well-formed`, broken);
  }
}

module.exports = { testPayloads };
