'use strict';
/* What people come for, with scripts off, by keyboard alone, and in a browser that knows text and nothing else. */
const { execFileSync } = require('node:child_process');
const { ok, skip } = require('./tap.js');

/* The real export where it is there, else the samples, which hold the same three recommendations. */
function siteOf(library) {
  return library.real || library.demo;
}

async function textOf(page) {
  return (await page.locator('main').innerText()).replace(/\s+/g, ' ');
}

const NAMES = { en: ['Uruguay', 'Finland', 'Poland', 'France', 'Supported'], fr: ['Uruguay', 'Finlande', 'Pologne', 'France', 'Soutenue'],
  es: ['Uruguay', 'Finlandia', 'Polonia', 'Francia', 'Apoyada'] };

async function searchAndFilter(page, site) {
  await page.goto(`${site}/en`);
  await page.getByRole('searchbox').fill('corporal punishment');
  await page.getByRole('button', { name: 'Search' }).click();
  ok(page.url().includes('/en/recommendations?q=corporal+punishment'), 'scripts off: a search from the first page', page.url());
  const facet = page.locator('details.facet', { hasText: 'State under review' }).first();
  if (await facet.getByRole('link', { name: /^France/ }).count()) await facet.getByRole('link', { name: /^France/ }).click();
  else {
    await facet.locator('select').selectOption({ value: 'FRA' });
    await facet.getByRole('button').click();
  }
  ok(/[?&]sur=FRA/.test(page.url()) && /q=corporal/.test(page.url()), 'a first filter, State under review = France', page.url());
}

async function narrow(page) {
  for (const [title, value] of [['Answer', /^Supported/], ['Session', /^Session 15/]]) {
    const facet = page.locator('details.facet', { has: page.locator('summary', { hasText: new RegExp(`^${title}$`) }) }).first();
    if (!(await facet.evaluate((e) => e.open))) await facet.locator('summary').click();
    await facet.getByRole('link', { name: value }).click();
  }
  const text = await textOf(page);
  ok(/response=supported/.test(page.url()) && /session=15/.test(page.url()), 'two more, answer and session', page.url());
  ok(NAMES.en.every((n) => text.includes(n)) && /\b3 recommendations/.test(text), 'the three recommendations to France, all supported', text.slice(0, 600));
}

async function testWithoutScripts(browser, library) {
  const site = siteOf(library);
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 }, acceptDownloads: true });
  const page = await context.newPage();
  await searchAndFilter(page, site);
  await narrow(page);
  const narrowed = new URL(page.url()).search;
  for (const lang of ['fr', 'es']) {
    await page.locator(`nav.langs a[lang=${lang}]`).click();
    const text = await textOf(page);
    ok(page.url() === `${site}/${lang}/recommendations${narrowed}` && NAMES[lang].every((n) => text.includes(n)), `the same in ${lang}: page and query stay`, page.url());
  }
  await page.goto(`${site}/en/recommendations${narrowed}`);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV', exact: true }).click()]);
  const csv = require('node:fs').readFileSync(await download.path(), 'utf8').trim().split('\n');
  ok(csv.length === 4 && csv.slice(1).every((l) => l.includes('/r/')), 'its CSV: three rows with permanent addresses', csv);
  await page.locator('main li.item h3 a').filter({ hasText: 'Uruguay' }).click();
  const record = await textOf(page);
  ok(/Cite it/.test(record) && /\/r\/[a-z2-7]{10}/.test(record) && /export of/.test(record), 'one recommendation: how to cite it, and where it comes from');
  await page.locator('main').getByRole('link', { name: 'Uruguay', exact: true }).first().click();
  ok(/\/en\/states\/URY$/.test(page.url()), 'from there to the State that asked');
  await page.goto(`${site}/en/recommendations?sur=FRA`);
  await page.getByRole('link', { name: 'Next page' }).click();
  ok(/page=2/.test(page.url()) && (await page.locator('li.item').count()) > 0, 'page 2');
  await page.getByRole('link', { name: /^Remove/ }).click();
  ok(!/sur=/.test(page.url()), 'a filter taken off again', page.url());
  await context.close();
}

/* --- By keyboard. */

/* Presses KEY; what has the focus then must show it, and be in view. */
async function press(page, key, state) {
  await page.keyboard.press(key);
  state.keys++;
  const seen = await page.evaluate(() => {
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    const r = e.getBoundingClientRect();
    const style = getComputedStyle(e);
    return { name: (e.getAttribute('aria-label') || e.textContent || e.name || '').trim().replace(/\s+/g, ' ').slice(0, 60), tag: e.tagName, id: e.id,
      href: e.getAttribute('href'), outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
      inView: r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth && r.width > 0 && r.height > 0 };
  });
  if (seen && seen.outline < 2) state.unseen.push(`${seen.tag} ${seen.name}: outline ${seen.outline}`);
  if (seen && !seen.inView) state.unseen.push(`${seen.tag} ${seen.name}: out of view`);
  return seen;
}

async function tabTo(page, state, wanted, most) {
  for (let i = 0; i < most; i++) {
    const seen = await press(page, 'Tab', state);
    if (seen && wanted(seen)) return true;
  }
  return false;
}

async function followed(page, state) {
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
  state.keys++;
}

/* Alt and the left arrow: the browser's own keys, which Chromium without a window does not hear. */
async function back(page, state) {
  await page.goBack();
  await page.evaluate(() => document.activeElement.blur());
  state.keys += 2;
}

async function testKeyboard(browser, library) {
  const site = siteOf(library);
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const state = { keys: 0, unseen: [] };
  await page.goto(`${site}/en`);
  ok(await tabTo(page, state, (e) => e.id === 'q', 14), `keyboard: the search box after ${state.keys} keys`);
  await page.keyboard.type('corporal punishment');
  await followed(page, state);
  let begun = state.keys;
  await tabTo(page, state, (e) => e.href === '#main', 1);
  await page.keyboard.press('Enter');
  state.keys++;
  const link = await tabTo(page, state, (e) => e.tag === 'A' && /^France\b/.test(e.name), 18);
  if (!link) {
    begun = state.keys;
    await page.goto(`${site}/en/recommendations?q=corporal+punishment`);
    await tabTo(page, state, (e) => e.href === '#main', 1);
    await page.keyboard.press('Enter');
    await tabTo(page, state, (e) => e.tag === 'SELECT', 24);
    await page.keyboard.type('Fran');
    state.keys += 5;
    await press(page, 'Tab', state);
  }
  await followed(page, state);
  ok(/sur=FRA/.test(page.url()) && state.keys - begun <= 30, `State under review = France: ${state.keys - begun} keys from the results`, page.url());
  const list = page.url();
  for (const name of ['Uruguay', 'Finland', 'Poland']) {
    begun = state.keys;
    if (page.url() !== list) await back(page, state);
    for (const skip of ['#main', '#list']) {
      await tabTo(page, state, (e) => e.href === skip, 6);
      await page.keyboard.press('Enter');
      state.keys++;
    }
    const found = await tabTo(page, state, (e) => /\/r\//.test(e.href || '') && e.name.includes(name), 40);
    if (found) await followed(page, state);
    const text = await textOf(page);
    ok(found && /\/en\/r\//.test(page.url()) && text.includes(name) && /Session 15\b/.test(text) && /Supported/.test(text),
      `${name}'s recommendation of session 15, supported, is open: ${state.keys - begun} keys`, page.url());
  }
  ok(state.keys <= 150, `all three are read: ${state.keys} keys besides typing, at most 150`);
  let trapped = true;
  for (let i = 0; i < 80 && trapped; i++) trapped = (await press(page, 'Tab', state)) !== null;
  ok(!trapped, 'nothing holds the focus for good');
  ok(!state.unseen.length, 'what has the focus shows it, at least 2 px wide, and is in view', ...state.unseen);
  await context.close();
}

/* --- As text. */

function testTextBrowser(library) {
  const site = siteOf(library);
  const dump = (path) => execFileSync('w3m', ['-dump', '-cols', '100', site + path], { env: { ...process.env, LC_ALL: 'C.UTF-8', HOME: '/nonexistent' } }).toString();
  const jobs = [
    ['the first page', '/en', /What States asked/],
    ['a search', '/en/recommendations?q=corporal+punishment', /recommendations[^]*Supported/],
    ['a filter', '/en/recommendations?q=corporal+punishment&sur=FRA', /Uruguay[^]*France|France[^]*Uruguay/],
    ['page 2', '/en/recommendations?page=2', /Next page/],
    ['in French', '/fr/recommendations?q=corporal+punishment&sur=FRA', /Soutenue/],
    ['a State', '/en/states/FRA', /What it asked/],
    ['a session', '/en/sessions/15', /Session 15/],
    ['how we count', '/en/about', /attributions/],
  ];
  try {
    execFileSync('w3m', ['-version'], { stdio: 'ignore' });
  } catch {
    for (const [what] of jobs) skip(`as text: ${what}`, 'w3m is not installed');
    return;
  }
  for (const [what, path, wanted] of jobs) {
    const text = dump(path);
    ok(wanted.test(text), `as text: ${what}`, text.slice(0, 800));
  }
}

module.exports = { testWithoutScripts, testKeyboard, testTextBrowser };
