'use strict';
/* What a first visit costs, over the wire: compressed bytes, requests, and nothing from elsewhere. */
const { inLanguage } = require('./library.js');
const { ok } = require('./tap.js');
const { twoAtOnce } = require('./visit.js');

const PAGE = 14 * 1024;
const CSS = 6 * 1024;
const JS = 5 * 1024;
const VOICE = 20 * 1024; // a page with a player and its script
const hasPlayer = (path) => /^\/..\/[vm]\//.test(path);

/* What a page asks for after its load event would be scripts; there is time enough to see it. */
const settled = () => new Promise((done) => setTimeout(done, 100));

/* Of the body as it was sent, packed. */
function lengthOf(headers) {
  return Number(Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-length')[1]);
}

/* A page that can be asked again and again what addresses cost a visitor who was never there. */
async function visitor(browser) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  const seen = new Map();
  await cdp.send('Network.enable');
  cdp.on('Network.responseReceived', (e) => e.response.url.startsWith('data:') || seen.set(e.requestId, { url: e.response.url, type: e.type, headers: e.response.headers, bytes: 0, body: lengthOf(e.response.headers) }));
  cdp.on('Network.loadingFinished', (e) => seen.has(e.requestId) && (seen.get(e.requestId).bytes = e.encodedDataLength));
  const visit = async (address) => {
    seen.clear();
    await page.goto(address, { waitUntil: 'load' });
    await settled();
    return [...seen.values()];
  };
  const measure = async (address, twice) => {
    await cdp.send('Network.clearBrowserCache');
    const cold = await visit(address);
    const cookie = await page.evaluate(() => document.cookie);
    if (twice) await page.goto('about:blank'); // to go where one is counts as a reload
    const warm = twice ? (await visit(address)).filter((r) => r.bytes > 0) : [];
    return { cold, warm, cookie, cookies: await context.cookies() };
  };
  return { measure, close: () => context.close() };
}

/* Every page type in every language, in the largest library that is the same everywhere; the others' as they are; of a
 * real export what is heaviest. */
function visits(library) {
  const inAll = (pages) => ['en', 'fr', 'es'].flatMap((l) => inLanguage(pages, l));
  const largest = library.sites[library.sites.length - 1];
  const all = library.sites.flatMap(([name, site, pages]) => (name === largest[0] ? inAll(pages) : pages).map((p) => [site, p]));
  const heavy = ['/en', '/en/recommendations?q=women', '/en/recommendations', '/en/recommendations?q=corporal+punishment&sur=FRA',
    '/en/states/FRA', '/en/states', '/en/sessions/15', '/en/sessions'];
  if (library.real) all.push(...inAll(heavy).map((p) => [library.real, p]));
  return all;
}

async function testSize(browser, library) {
  let worst = { bytes: 0 };
  const bad = { foreign: [], cookies: [], requests: [], fonts: [], scripts: [], heavy: [] };
  let css = 0;
  let js = 0;
  const all = visits(library);
  const idle = [await visitor(browser), await visitor(browser)];
  const visitors = [...idle];
  await twoAtOnce(all, async ([site, path]) => {
    const one = idle.pop();
    const seen = await one.measure(site + path, path.startsWith('/en'));
    idle.push(one);
    /* Poster and subtitles belong to the film: they come beside the page. */
    for (const visit of ['cold', 'warm']) seen[visit] = seen[visit].filter((r) => r.type === 'Document' || !/\/v\/[a-z0-9]+\/[a-z0-9.]+$/.test(r.url));
    const bytes = seen.cold.reduce((n, r) => n + r.body, 0);
    if (bytes > worst.bytes) worst = { bytes, path, wire: seen.cold.reduce((n, r) => n + r.bytes, 0) };
    if (bytes > (hasPlayer(path) ? VOICE : PAGE)) bad.heavy.push(`${path}: ${bytes}`);
    /* The page itself, with its headers, fits the first flight of packets. */
    if (seen.cold[0].bytes > PAGE) bad.heavy.push(`${path}: ${seen.cold[0].bytes} with headers, without its CSS`);
    for (const r of seen.cold) {
      if (!r.url.startsWith(site) && !r.url.startsWith('data:')) bad.foreign.push(`${path}: ${r.url}`);
      if (Object.keys(r.headers).some((h) => h.toLowerCase() === 'set-cookie')) bad.cookies.push(path);
      if (r.type === 'Font') bad.fonts.push(r.url);
      if (r.type === 'Stylesheet') css = Math.max(css, r.bytes);
      if (r.type === 'Script' && !hasPlayer(path)) bad.scripts.push(path);
      if (r.type === 'Script') js = Math.max(js, r.body);
    }
    if (seen.cookie || seen.cookies.length) bad.cookies.push(path);
    /* The icon of the page before may still be asked for when this one begins; it is the same one. */
    const cold = new Set(seen.cold.map((r) => r.url)).size;
    if (cold > (hasPlayer(path) ? 5 : 4) || seen.warm.length > 1) bad.requests.push(`${path}: ${cold} cold, ${seen.warm.length} warm: ${[...seen.cold, ...seen.warm].map((r) => `${r.url} ${r.bytes}`).join(', ')}`);
  });
  for (const one of visitors) await one.close();
  ok(!bad.heavy.length, `first visit, ${all.length} pages: at most ${PAGE} bytes with its CSS, ${VOICE} with a player, without its poster; the heaviest ${worst.bytes} (${worst.path}), ${worst.wire} with all headers`, ...bad.heavy);
  ok(css > 0 && css <= CSS, `CSS: ${css} bytes, at most ${CSS}`);
  ok(!bad.scripts.length, 'no script where nothing plays', ...bad.scripts);
  ok(js > 0 && js <= JS, `scripts: ${js} bytes, at most ${JS}`);
  ok(!bad.foreign.length, 'no request leaves the site', ...bad.foreign);
  ok(!bad.cookies.length, 'no cookie', ...bad.cookies);
  ok(!bad.fonts.length, 'no web font', ...bad.fonts);
  ok(!bad.requests.length, 'at most 4 requests the first time (5 with a player), 1 the second', ...bad.requests);
}

module.exports = { testSize };
