'use strict';
/* What only some readers meet: a voice in Arabic on pages that run from left to right, and the page of a voice as a screen
 * reader goes through it. */
const fs = require('node:fs');
const path = require('node:path');
const { folder, start } = require('./library.js');
const { ok } = require('./tap.js');

/* --- Arabic. Numbers and Latin letters stand among the words, where order goes wrong first. */

const TITLE = 'رسالة إلى الوزارة (A, b 1) عن حقوق الطفل';
const QUOTE = 'كتبنا إلى الوزارة ثلاث مرات، ثم سألت ثلاث دول السؤال نفسه أمام الجميع، وبعد ست سنوات صدر القانون.';
const CUES = ['كتبنا إلى الوزارة في 2019 (ثلاث مرات).', '<v المحاورة>ثم سألت ثلاث دول: فرنسا و Uruguay.'];
const TOML = `key = "ar"\nlanguage = "ar"\nrecorded = "2026-03-12"\ntitle = { ar = "${TITLE}" }\nplace = { ar = "جنيف" }
description = { ar = "كيف صدر قانون في 12 آذار/مارس 2026، بعد ست سنوات." }
[consent]\nuses = ["site", "download", "embed"]\nname = "full"\nface = "as-is"\nvoice = "as-is"
[[speaker]]\nkey = "p"\nname = "(اسم للتجربة)"\nfunction = { ar = "مسؤولة المناصرة" }\norganisation = "o"\norganisation_name = { ar = "منظمة لحقوق الطفل (NGO 2)" }
[[moment]]\nkey = "m"\nstart = "0:01"\nend = "0:09"\ntitle = { ar = "ثلاث دول تسأل" }\nsynopsis = { ar = "لماذا يصعب ترك سؤال علني بلا جواب." }\nquote = { ar = "${QUOTE}" }\n`;

function fillArabic(run) {
  const place = path.join(folder, 'arabic-files');
  const vtt = (lines) => 'WEBVTT\n\n' + lines.map((l, i) => `00:0${i * 4}.000 --> 00:0${i * 4 + 3}.000\n${l}\n`).join('\n');
  fs.mkdirSync(place);
  fs.writeFileSync(path.join(place, 'ar.toml'), TOML);
  fs.writeFileSync(path.join(place, 'ar.ar.vtt'), vtt(CUES));
  fs.writeFileSync(path.join(place, 'ar.en.vtt'), vtt(['We wrote in 2019.', 'Then three States asked.']));
  fs.writeFileSync(path.join(place, 'ar.ar.chapters.vtt'), vtt(['الرسائل (1)', 'القانون']));
  run('init');
  run('video', 'import', place);
}

/* The words of the first element that SELECTOR finds, as the eye meets them from left to right on their line. */
async function fromLeft(page, selector, words) {
  return page.evaluate(([s, wanted]) => {
    const walker = document.createTreeWalker(document.querySelector(s), NodeFilter.SHOW_TEXT);
    const seen = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      for (const word of wanted) {
        const at = node.data.indexOf(word);
        if (at < 0 || seen.some((x) => x.word === word)) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + word.length);
        const box = range.getBoundingClientRect();
        seen.push({ word, x: box.left + box.width / 2 });
      }
    return seen.sort((a, b) => a.x - b.x).map((x) => x.word).join(' | ');
  }, [selector, words]);
}

async function order(page, what, selector, words) {
  const seen = await fromLeft(page, selector, words);
  ok(seen === words.join(' | '), `Arabic: ${what}`, seen, words.join(' | '));
}

/* On which side the lines of an element begin. */
async function side(page, selector) {
  return page.evaluate((s) => {
    const element = document.querySelector(s);
    const range = document.createRange();
    range.selectNodeContents(element);
    const [box, text] = [element.getBoundingClientRect(), [...range.getClientRects()].pop()];
    return text.left - box.left > box.right - text.right + 1 ? 'right' : 'left';
  }, selector);
}

async function testArabic(browser, program) {
  const site = await start(program, 'arabic', fillArabic);
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
  await page.goto(site + '/en/voices');
  await order(page, 'in a list, a title stands in its own order', '.item h3', ['الطفل', 'A, b 1', 'رسالة']);
  const address = await page.evaluate(() => document.querySelector('.item h3 a').getAttribute('href'));
  await page.goto(site + address + '?tr=en,ar');
  await order(page, 'the title', 'h1', ['الطفل', 'A, b 1', 'رسالة']);
  ok(await page.evaluate(() => document.querySelector('h1').getBoundingClientRect().left) < 120, 'Arabic: which begins where other titles do');
  await order(page, 'who speaks: each part in its order, the parts in the page’s', '.lede p', ['للتجربة', 'اسم', 'المناصرة', 'مسؤولة', 'NGO 2', 'منظمة']);
  await order(page, 'the day is not torn by the place', '.lede p:last-child', ['spoken', '12', 'March', '2026', 'جنيف']);
  await order(page, 'a chapter', '.chaps a', ['00:00', '1', 'الرسائل']);
  await order(page, 'a line of the transcript', '.says p[lang=ar]', ['مرات', '2019', 'كتبنا']);
  ok(await side(page, '.says p[lang=ar]') === 'right' && await side(page, '.says p[lang=en]') === 'left', 'Arabic: lines of the transcript begin at their own side');
  await order(page, 'a moment’s time and title', '.item .ref + div', ['تسأل', 'ثلاث']);
  const moment = await page.evaluate(() => document.querySelector('.item h3 a').getAttribute('href'));
  await page.goto(site + moment);
  await order(page, 'how to cite', '.cite', ['للتجربة', 'اسم', 'المناصرة', 'مسؤولة', 'الطفل', 'رسالة', '00:01']);
  await page.goto(site + moment.replace('/en/', '/fr/'));
  ok(await side(page, '.quote blockquote p') === 'right' && await page.evaluate(() => document.querySelectorAll('.quote .orig').length) === 0, 'Arabic: a quote begins at its own side, and is there once');
  await order(page, 'in a sentence of the page, a title stands by itself', '.quote figcaption p:last-child', ['00:01', 'dans', 'الطفل', 'رسالة']);
  await page.goto(site + moment.replace('/m/', '/embed/m/'));
  await order(page, 'so in a frame', 'main > p span', ['00:01', 'الطفل', 'رسالة']);
  await page.goto(site + moment + '/card.svg');
  const card = await page.evaluate(() => [...document.querySelectorAll('g text')].map((t) => t.getBBox()).map((b) => [Math.round(b.x), Math.round(b.x + b.width)]));
  ok(card.length > 1 && card.every(([from, to]) => from >= 72 && to <= 1129 && to > 1100), 'Arabic: on its picture a quote begins at the right edge and stays on it', card);
  await page.setViewportSize({ width: 360, height: 740 });
  for (const where of [address + '?tr=ar', moment, moment.replace('/m/', '/embed/m/'), '/en/voices', '/en/search?q=' + encodeURIComponent('الوزارة')]) {
    await page.goto(site + where);
    ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `Arabic: nothing runs over at 360 px: ${where}`);
  }
}

/* --- What is heard. */

const SILENT = new Set(['generic', 'none', 'list', 'rowgroup', 'row', 'InlineTextBox', 'LineBreak', 'paragraph', 'time', 'code', 'LabelText', 'group', 'MenuListPopup', 'RootWebArea', 'caption']);
const WHOLE = new Set(['link', 'heading', 'button', 'searchbox', 'combobox', 'Video', 'Audio', 'rowheader', 'columnheader', 'image']); // their name says all

/* What a screen reader says from the top to the end, a string each: the tree that the browser gives it, in its order. */
async function heard(page) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  const by = new Map(nodes.map((n) => [n.nodeId, n]));
  const said = [];
  const walk = (node) => {
    const role = node.role.value;
    const name = node.name ? node.name.value.replace(/\s+/g, ' ').trim() : '';
    const level = role === 'heading' ? ` ${node.properties.find((p) => p.name === 'level').value.value}` : '';
    if (!node.ignored && role === 'StaticText') return name && said.push(name);
    if (!node.ignored && !SILENT.has(role)) said.push(`${role}${level}${name ? `: ${name}` : ''}`);
    if (node.ignored || !WHOLE.has(role)) for (const id of node.childIds || []) if (by.has(id)) walk(by.get(id));
    return undefined;
  };
  walk(nodes[0]);
  return said;
}

/* The sample interview, from its title to its last line: the golden log. What a reader must hear, and nothing else. */
const LOG = [
  'heading 1: Three sentences, one law', 'Advocacy officer', ',', "link: a children's rights organisation", ', France',
  'spoken in French · 00:53 · recorded on 12 March 2026, Geneva',
  "How a children's rights organisation used three recommendations of the review for six years, until a law was passed.",
  'Video: Three sentences, one law', 'heading 2: Choose what to load',
  'listitem', 'link: Video', '295 kB', 'listitem', 'link: Sound alone (AAC)', '246 kB', 'listitem', 'link: Sound alone (Opus)', '154 kB',
  'listitem', 'link: Transcript only', 'on this page', 'Nothing loads until you press play.',
  'navigation: Series', 'Part 3 of 4 of the series', 'link: People behind the UPR', 'Next:', 'link: Eleven hours by bus',
  'region: Chapters', 'heading 2: Chapters', 'listitem', 'link: 00:00 The box of letters', 'listitem', 'link: 00:17 Three States ask', 'listitem', 'link: 00:32 Reading aloud', 'listitem', 'link: 00:42 One sentence',
  'region: Moments', 'heading 2: Moments',
  'listitem', 'link: 00:17', '13 seconds', 'heading 3: Three States ask', 'Why a question that is asked in public is harder to leave unanswered.',
  'listitem', 'link: 00:42', '10 seconds', 'heading 3: From an answer to a law', 'The law is one sentence long. It does not punish more: it lets a doctor or a teacher say no.',
  'region: Transcript', 'heading 2: Transcript', 'Beside each other: English and French. Each time is an address of its own, to share and to cite.',
  'listitem', 'link: French', 'listitem', 'link: English', 'listitem', 'link: Spanish', 'listitem', 'link: Spanish + French',
  'Find in the transcript shown', 'searchbox: Find in the transcript shown', 'button: Previous', 'button: Next', 'status',
  'button: Follow the film', 'Speed', 'combobox: Speed',
];
const LINES = [['00:00', 'I work for an organisation', 'Je travaille pour'], ['00:13', 'Every year the answer', 'Chaque année'], ['00:26', 'Uruguay, Finland', 'L’Uruguay'],
  ['00:37', 'For six years we quoted', 'Pendant six ans'], ['00:49', 'it lets a doctor', 'elle permet']];

async function testSpoken(browser, library) {
  const page = await (await browser.newContext()).newPage();
  await page.goto(library.demo + '/en/v/l2s3k2n6iy');
  const said = await heard(page);
  const log = said.slice(said.indexOf(LOG[0]), said.indexOf(LOG[0]) + LOG.length);
  const differs = LOG.findIndex((line, i) => line !== log[i]);
  ok(differs < 0, `the page of a voice is heard in its order: ${LOG.length} things up to its transcript`, `heard: ${log.slice(Math.max(differs - 1, 0), differs + 4).join(' | ')}`, `wanted: ${LOG.slice(Math.max(differs - 1, 0), differs + 4).join(' | ')}`);
  const lines = said.slice(said.indexOf(LOG[0]) + LOG.length);
  const wrong = LINES.filter(([time, english, french], i) => lines[i * 4] !== 'listitem' || lines[i * 4 + 1] !== `link: ${time}` || !lines[i * 4 + 2].startsWith(english) || !lines[i * 4 + 3].startsWith(french));
  ok(!wrong.length && lines[LINES.length * 4].startsWith('region:'), 'then its lines: the time, and what is said, in both languages', wrong, lines.slice(0, 8));
  const spoken = await page.evaluate(() => [...document.querySelectorAll('.says p')].every((p) => p.lang) && [...document.querySelectorAll('.says p')].map((p) => p.lang).slice(0, 2).join());
  ok(spoken === 'en,fr', 'each in the voice of its language', spoken);
  const tracks = await page.evaluate(() => [...document.querySelector('video').textTracks].map((t) => `${t.kind} ${t.language} ${t.label}`).sort());
  ok(['captions fr French', 'chapters en English', 'subtitles en English', 'subtitles es Spanish'].every((t) => tracks.includes(t)), 'the player offers its tracks by the names of their languages', tracks);
  const controls = await page.evaluate(() => document.querySelector('video').controls);
  ok(controls && said.indexOf('banner') < said.indexOf('main') && said[0] === 'link: Skip to content', 'its controls are the browser’s; one link leads past what all pages have', said.slice(0, 4));
  for (const where of ['/en/v/l2s3k2n6iy', '/fr/v/l2s3k2n6iy', '/fr/m/dehccqhf7h', '/fr/embed/m/dehccqhf7h', '/es/series/sample-people']) {
    await page.goto(library.demo + where);
    const all = await heard(page);
    const noise = all.filter((line, i) => /^(link|button|heading \d|Video|image)$/.test(line) || /[→←▶■●✓]/.test(line) || /^[·|/]+$/.test(line) || (line === all[i - 1] && line !== 'listitem' && line !== 'cell'));
    ok(!noise.length, `no noise: nothing without a name, no arrows, nothing twice in a row: ${where}`, ...noise.slice(0, 5));
  }
}

module.exports = { testArabic, testSpoken };
