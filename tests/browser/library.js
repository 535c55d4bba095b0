'use strict';
/* The real program with libraries of its own: samples, odd records that push every page to its limits, and,
 * where it is there, a real export. */
const { execFileSync, spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tribune-browser.'));
const servers = [];
const REAL = path.join(__dirname, '../../../shared/data/recommendations/upr-info-2018');

const VOICES = 160;
const COLUMNS = 'State under review,Recommending State,Session,Kind,Text,Language,Response,Action,Issues,SDGs';
const LONG = 'Rechtsstaatlichkeitsgrundsatzüberprüfungsausschussvorsitzendenstellvertreterin'.repeat(3);
const ODD = [
  ['FRA', 'URY', 15, 'recommendation', LONG, 'en', 'Supported', 5, 'rights-of-the-child', 16],
  ['FRA', '', 15, 'recommendation', 'A text that nobody is named for', 'en', '', '', '', ''],
  ['LAO', 'GBR;TZA;PRK;BIH;VCT;COD;LAO', 21, 'recommendation', 'Names that are long, and many of them', 'en', 'Pending', 1, 'general', 1],
  ['MAR', 'QAT', 13, 'recommendation', 'توصية باللغة العربية (A, b 1) عن حقوق الطفل', 'ar', 'Partially supported', 3, 'rights-of-the-child', 4],
  ['CHN', 'SGP', 17, 'recommendation', '保障人权 & <script>alert(1)</script> "引号"', 'zh', 'Noted', 2, 'justice', 16],
  ['RUS', 'BLR', 16, 'recommendation', 'Права человека; '.repeat(60), 'ru', 'Supported', 4, 'justice;labour;migrants;minorities', 10],
  ['KEN', '', 21, 'pledge', 'A pledge of its own accord', 'en', '', '', 'justice', 16],
];

function csvOf(rows) {
  const cell = (v) => `"${String(v).replace(/"/g, '""')}"`;
  return COLUMNS + '\n' + rows.map((r) => r.map(cell).join(',')).join('\n') + '\n';
}

/* A server over the data directory DATA; its address. */
function serve(program, data) {
  const env = { ...process.env, TRIBUNE_DATA: data, LC_ALL: 'C.UTF-8' };
  const child = spawn(program, ['serve', '--port', '0', '--contact', 'editor@example.org'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  servers.push(child);
  return new Promise((done, failed) => {
    child.stdout.on('data', (text) => done(/http:\/\/[\d.:]+/.exec(String(text))[0]));
    child.on('error', failed);
    child.on('exit', () => failed(new Error('the server has ended')));
  });
}

/* Starts a server over a new data directory that FILL has filled. */
function start(program, name, fill) {
  const data = path.join(folder, name);
  const env = { ...process.env, TRIBUNE_DATA: data, LC_ALL: 'C.UTF-8' };
  fill((...words) => execFileSync(program, words, { env, stdio: 'pipe', maxBuffer: 1 << 28 }));
  return serve(program, data);
}

/* What tests/generate_export.c writes, where it is built: the shape and the traps of a real export at size. */
function madeExport(program) {
  const root = path.join(__dirname, '../..');
  const places = [path.dirname(path.resolve(program)), path.join(root, 'build-dev')];
  const tool = places.map((p) => path.join(p, 'generate_export')).find((p) => fs.existsSync(p));
  if (!tool) return null;
  execFileSync(tool, ['--out', path.join(folder, 'export'), '--units', '10000'], { cwd: root, stdio: 'pipe' });
  return filesOf(path.join(folder, 'export/upr-info-2018'));
}

function filesOf(place) {
  return fs.readdirSync(place).filter((f) => f.endsWith('.csv')).map((f) => path.join(place, f));
}

/* Voices enough to fill every facet and more than a page of values: each with a State, a person and an issue. */
function madeVoices() {
  const place = path.join(folder, 'many');
  const column = (file) => fs.readFileSync(path.join(__dirname, '../../data/reference', file), 'utf8').split('\n').slice(1).filter(Boolean).map((l) => l.split(',')[0]);
  const [states, issues] = [column('states.csv'), column('issues.csv')];
  const languages = ['en', 'fr', 'es', 'ar', 'pt', 'ru', 'zh', 'sw', 'de', 'it'];
  const key = (i) => `voice-${i}`;
  fs.mkdirSync(place);
  for (let i = 0; i < VOICES; i++) {
    const lang = languages[i % languages.length];
    const title = i % 40 ? `Interview ${i} and what came of it` : LONG;
    fs.writeFileSync(path.join(place, `${key(i)}.toml`), `key = "${key(i)}"\nlanguage = "${lang}"\ntitle = { ${lang} = "${title}" }\nrecorded = "${2000 + i % 27}"
states = ["${states[i % states.length]}", "FRA"]\nissues = ["${issues[i % issues.length]}"]\n[consent]\nuses = ["site"]\nname = "full"\nface = "as-is"\nvoice = "as-is"
[[speaker]]\nkey = "p${i}"\nname = "${i % 50 ? `Speaker ${i * 7919 % 100000}` : LONG}"\nfunction = "Advocate"\n`);
    fs.writeFileSync(path.join(place, `${key(i)}.${lang}.vtt`), 'WEBVTT\n\n00:01.000 --> 00:02.000\na law was passed\n');
  }
  const series = [...Array(6).keys()].map((i) => path.join(folder, `s${i}.series.toml`));
  series.forEach((file, i) => fs.writeFileSync(file, `key = "series-${i}"\ntitle = "Series number ${i}"\nintroduction = "What it is about."\nvideos = ["${key(i)}", "${key(i + 1)}"]\n`));
  return { place, series };
}

const VOICES_PAGES = ['/en/voices', '/fr/voices?state=FRA&lang=fr', '/es/voices?page=3', '/en/voices?state=FRA,DEU&issue=justice&lang=fr&year=2003', '/en/voices?lang=xx',
  '/en/voices?state=FRANC&series=seris-1', '/en/voices?person=nobody', '/en/voices?q=law', '/fr/voices?q=law&lang=fr', '/en/voices?q=lwa', '/en/voices?series=series-1',
  '/en/voices/by/state', '/fr/voices/by/issue', '/es/voices/by/person', '/en/voices/by/person?page=2', '/en/voices/by/lang?state=FRA', '/en/voices/by/year', '/en/voices/by/series?q=law',
  '/en/search?q=passedd', '/en/search?q=law&kind=speech', '/en/search?q=law&kind=nothing', '/en/search?q=interview&kind=videos&page=2'];

async function startAll(program) {
  const odd = path.join(folder, 'odd.csv');
  fs.writeFileSync(odd, csvOf(ODD));
  const library = { demo: await start(program, 'demo', (run) => run('init', '--demo')) };
  library.odd = await start(program, 'odd', (run) => run('import', odd, '--source', 'A publisher with a name that goes on and on', '--date', '2020'));
  const many = madeVoices();
  library.voices = await start(program, 'voices', (run) => {
    run('video', 'import', many.place);
    many.series.forEach((file) => run('series', 'add', file));
  });
  const made = madeExport(program);
  if (made) library.made = await start(program, 'made', (run) => run('import', ...made));
  if (fs.existsSync(REAL)) library.real = await start(program, 'real', (run) => run('import', ...filesOf(REAL)));
  library.routes = JSON.parse(execFileSync(program, ['routes', '--json']));
  return library;
}

/* Every page type: the samples of the routes, and what only some addresses show. */
async function pagesOf(site, routes) {
  const hits = (await (await fetch(`${site}/api/v1/recommendations?sort=date`)).json()).hits;
  const pages = [];
  for (const route of routes) {
    const address = route.sample.replace('SAMPLE', hits[0].id);
    const answer = await fetch(site + address, { redirect: 'manual' });
    if (answer.status === 200 && /text\/html/.test(answer.headers.get('content-type'))) pages.push(address);
  }
  pages.push(...hits.slice(1, 7).map((h) => `/en/r/${h.id}`));
  pages.push('/en/recommendations', '/en/recommendations?q=children&sur=FRA,KEN&response=supported&sort=date', '/en/recommendations?q=xyzzy&sur=FRA',
    '/en/recommendations?sur=FRANC', '/en/recommendations?kind=pledge', '/fr/recommendations?q=torture', '/es/recommendations?page=2',
    '/en/states/VAT', '/en/nothing-here');
  return [...new Set(pages)];
}

/* The same pages in LANGUAGE. Those without a language in their address, such as /r/CODE, lead to one that has it. */
function inLanguage(pages, language) {
  return [...new Set(pages.filter((p) => /^\/(en|fr|es)(?=[/?]|$)/.test(p)).map((p) => p.replace(/^\/(en|fr|es)/, `/${language}`)))];
}

function stopAll() {
  for (const child of servers) child.kill('SIGTERM');
  fs.rmSync(folder, { recursive: true, force: true });
}

module.exports = { VOICES_PAGES, serve, start, startAll, pagesOf, inLanguage, stopAll, folder };
