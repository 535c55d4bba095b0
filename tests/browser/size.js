'use strict';
/* What a first visit costs, over the wire: compressed bytes, requests, and nothing from elsewhere. */
const { ok } = require('./tap.js');
const { twoAtOnce } = require('./visit.js');

const PAGE = 14 * 1024;
const CSS = 6 * 1024;
const JS = 8 * 1024;

/* What a page asks for after its load event would be scripts; there is time enough to see it. */
const settled = () => new Promise((done) => setTimeout(done, 150));

/* Of the body as it was sent, packed. */
function lengthOf(headers) {
  return Number(Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-length')[1]);
}

async function measure(browser, address) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  const seen = new Map();
  await cdp.send('Network.enable');
  cdp.on('Network.responseReceived', (e) => seen.set(e.requestId, { url: e.response.url, type: e.type, headers: e.response.headers, bytes: 0, body: lengthOf(e.response.headers) }));
  cdp.on('Network.loadingFinished', (e) => seen.has(e.requestId) && (seen.get(e.requestId).bytes = e.encodedDataLength));
  await page.goto(address, { waitUntil: 'load' });
  await settled();
  const cold = [...seen.values()];
  const cookie = await page.evaluate(() => document.cookie);
  seen.clear();
  await page.goto(address, { waitUntil: 'load' });
  await settled();
  const warm = [...seen.values()].filter((r) => r.bytes > 0);
  const cookies = await context.cookies();
  await context.close();
  return { cold, warm, cookie, cookies };
}

async function testSize(browser, library) {
  let worst = { bytes: 0 };
  const sites = [[library.demo, library.demoPages], [library.odd, library.oddPages]];
  if (library.real)
    sites.push([library.real, ['en', 'fr', 'es'].flatMap((l) => [`/${l}`, `/${l}/recommendations?q=women`, `/${l}/recommendations`,
      `/${l}/recommendations?q=corporal+punishment&sur=FRA`, `/${l}/states/FRA`, `/${l}/states`, `/${l}/sessions/15`, `/${l}/sessions`])]);
  const bad = { foreign: [], cookies: [], requests: [], fonts: [], heavy: [] };
  let css = 0;
  let js = 0;
  await twoAtOnce(sites.flatMap(([site, pages]) => pages.map((p) => [site, p])), async ([site, path]) => {
    const seen = await measure(browser, site + path);
    const bytes = seen.cold.reduce((n, r) => n + r.body, 0);
    if (bytes > worst.bytes) worst = { bytes, path, wire: seen.cold.reduce((n, r) => n + r.bytes, 0) };
    if (bytes > PAGE) bad.heavy.push(`${path}: ${bytes}`);
    /* The page itself, with its headers, fits the first flight of packets. */
    if (seen.cold[0].bytes > PAGE) bad.heavy.push(`${path}: ${seen.cold[0].bytes} with headers, without its CSS`);
    for (const r of seen.cold) {
      if (!r.url.startsWith(site) && !r.url.startsWith('data:')) bad.foreign.push(`${path}: ${r.url}`);
      if (Object.keys(r.headers).some((h) => h.toLowerCase() === 'set-cookie')) bad.cookies.push(path);
      if (r.type === 'Font') bad.fonts.push(r.url);
      if (r.type === 'Stylesheet') css = Math.max(css, r.bytes);
      if (r.type === 'Script') js += r.bytes;
    }
    if (seen.cookie || seen.cookies.length) bad.cookies.push(path);
    if (seen.cold.length > 4 || seen.warm.length > 1) bad.requests.push(`${path}: ${seen.cold.length} cold, ${seen.warm.length} warm`);
  });
  ok(!bad.heavy.length, `first visit: at most ${PAGE} bytes with its CSS; the heaviest ${worst.bytes} (${worst.path}), ${worst.wire} with all headers`, ...bad.heavy);
  ok(css > 0 && css <= CSS, `CSS: ${css} bytes, at most ${CSS}`);
  ok(js <= JS, `scripts: ${js} bytes, at most ${JS}`);
  ok(!bad.foreign.length, 'no request leaves the site', ...bad.foreign);
  ok(!bad.cookies.length, 'no cookie', ...bad.cookies);
  ok(!bad.fonts.length, 'no web font', ...bad.fonts);
  ok(!bad.requests.length, 'at most 4 requests the first time, 1 the second', ...bad.requests);
}

module.exports = { testSize };
