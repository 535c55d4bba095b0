'use strict';
/* A screening pack as it is used: unpacked into a folder, opened from there, printed. No server. */
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { folder } = require('./library.js');
const { testValidate, testVnu } = require('./markup.js');
const { ok } = require('./tap.js');

const CODES = ['l2s3k2n6iy', 'ghbhnlous6', 'ji2o2r7mpe', 'xeou5oessw'];
const PAGES_OF_PAPER = 2;

/* Unpacks a pack of CODES made with WORDS into a folder; answers it. */
function unpacked(program, name, codes, words) {
  const data = path.join(folder, 'pack-data');
  const env = { ...process.env, TRIBUNE_DATA: data, LC_ALL: 'C.UTF-8' };
  const run = (...given) => execFileSync(program, given, { env, stdio: 'pipe' });
  const zip = path.join(folder, `${name}.zip`);
  const out = path.join(folder, name);
  if (!fs.existsSync(data)) run('init', '--demo');
  run('video', 'pack', ...codes, '--to', zip, '--site', 'https://upr.example.org', ...words);
  execFileSync('python3', ['-m', 'zipfile', '-e', zip, out]);
  return out;
}

const pagesOf = (root) => fs.readdirSync(root, { recursive: true }).filter((f) => f.endsWith('.html')).map((f) => path.join(root, f));
const sheetsOf = (root) => pagesOf(root).filter((f) => f.endsWith('discussion.html'));

/* A page of FILE, and what it asks for that is no file of the pack. */
async function open(browser, root, file, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  const strange = [];
  page.on('request', (r) => { if (!r.url().startsWith(pathToFileURL(root).href)) strange.push(r.url()); });
  page.on('requestfailed', (r) => { if (!/\.vtt$/.test(r.url()) && r.failure().errorText !== 'net::ERR_ABORTED') strange.push(`${r.url()}: ${r.failure().errorText}`); });
  await page.goto(pathToFileURL(file).href);
  return { page, strange };
}

async function plays(browser, root, element) {
  const { page, strange } = await open(browser, root, path.join(root, 'index.html'));
  const seen = await page.evaluate(async (name) => {
    const e = document.querySelector(name);
    e.muted = true;
    await e.play();
    await new Promise((done) => { setTimeout(done, 700); });
    return { t: e.currentTime, width: e.videoWidth || 0, error: e.error && e.error.message };
  }, element);
  ok(seen.t > 0.2 && (element === 'audio' || seen.width > 0) && !seen.error, `${element}: plays from the folder`, seen);
  ok(!strange.length, `${element}: nothing is asked for but files of the pack`, ...strange);
  await page.close();
}

async function reads(browser, root) {
  const { page } = await open(browser, root, path.join(root, 'index.html'));
  await page.locator('summary').first().click();
  const shown = await page.locator('.says li').first().isVisible();
  const time = await page.locator('.says a').nth(1).getAttribute('href');
  await page.locator('a', { hasText: 'Fiche de discussion' }).first().click();
  const sheet = await page.locator('h1').textContent();
  await page.locator('.back a').click();
  ok(shown && /\.mp4#t=\d+$/.test(time) && sheet.length > 3 && /index\.html#f1$/.test(page.url()), 'the transcript opens, times lead into the film, the sheet there and back', shown, time, sheet, page.url());
  await page.close();
}

async function looks(browser, files, root) {
  const axe = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
  const bad = [];
  for (const file of files)
    for (const colorScheme of ['light', 'dark']) {
      const { page } = await open(browser, root, file, { colorScheme });
      for (const d of await page.locator('details').all()) await d.evaluate((e) => { e.open = true; });
      await page.evaluate(axe);
      const found = await page.evaluate(() => window.axe.run(document, { rules: { 'video-caption': { enabled: true } } }));
      bad.push(...found.violations.map((v) => `${path.basename(file)}, ${colorScheme}: ${v.id} ${v.nodes[0].html.slice(0, 200)}`));
      await page.setViewportSize({ width: 320, height: 800 });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      if (wide > 320) bad.push(`${path.basename(file)}: ${wide} px wide at 320`);
      await page.close();
    }
  ok(!bad.length, `axe finds nothing in ${files.length} pages, light and dark; at 320 px none is wider`, ...bad);
}

async function prints(browser, root) {
  const long = [];
  for (const file of sheetsOf(root)) {
    const { page } = await open(browser, root, file);
    const pdf = (await page.pdf({ format: 'A4', preferCSSPageSize: true })).toString('latin1');
    const n = (pdf.match(/\/Type\s*\/Page\b(?!s)/g) || []).length;
    if (n < 1 || n > PAGES_OF_PAPER) long.push(`${file}: ${n} pages`);
    await page.close();
  }
  ok(sheetsOf(root).length === CODES.length && !long.length, `each discussion sheet prints on ${PAGES_OF_PAPER} pages at most`, ...long);
}

async function testPack(browser, program) {
  const four = unpacked(program, 'four', CODES, ['--lang', 'fr']);
  const sound = unpacked(program, 'sound', CODES.slice(0, 1), ['--lang', 'es', '--size', 'audio']);
  await plays(browser, four, 'video');
  await plays(browser, sound, 'audio');
  await reads(browser, four);
  const few = [path.join(four, 'index.html'), sheetsOf(four)[0], path.join(sound, 'index.html')]; // one of each kind
  await looks(browser, few.slice(0, 2), four);
  await looks(browser, few.slice(2), sound);
  await prints(browser, four);
  const pages = [...pagesOf(four), ...pagesOf(sound)];
  testVnu(pages);
  await testValidate(pages);
}

module.exports = { testPack };
