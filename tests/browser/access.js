'use strict';
/* axe on every page type, in each way it can look, and HTML_CodeSniffer by pa11y. */
const axe = require('axe-core');
const pa11y = require('pa11y');
const { ok } = require('./tap.js');
const { ARGS, twoAtOnce } = require('./visit.js');

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const LOOKS = [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['forced colours', { forcedColors: 'active' }],
];
const WIDTHS = [320, 1280];

/* How many pages of each library: all of the samples; of the others lists, records and errors, which come last. */
const MOST = { demo: 1000, odd: 15, voices: 16, made: 9 };

function lookedAt([name, site, pages]) {
  return pages.slice(-MOST[name]).map((path) => [`${name} ${path}`, site + path]);
}

/* What axe cannot decide and a person has looked at, with the reason why it is right. */
const REVIEWED = [
  /color-contrast: .*\[aria-hidden="true"\].* non-text characters/, // the arrow between two States has the colour of their names
];

async function judge(page) {
  return page.evaluate(async ({ source, tags }) => {
    if (!window.axe) new Function(source)();
    const found = await window.axe.run(document, { runOnly: tags, resultTypes: ['violations', 'incomplete'] });
    const list = (all) => all.flatMap((rule) => rule.nodes.map((n) => `${rule.id}: ${n.target.join(' ')}: ${n.failureSummary || rule.help}`.replace(/\s+/g, ' ')));
    return { violations: list(found.violations), incomplete: list(found.incomplete) };
  }, { source: axe.source, tags: TAGS });
}

async function testAxe(browser, library) {
  const violations = [];
  const incomplete = [];
  let looked = 0;
  const jobs = LOOKS.flatMap((look) => WIDTHS.map((width) => [look, width]));
  await twoAtOnce(jobs, async ([[seen, look], width]) => {
    const context = await browser.newContext({ ...look, viewport: { width, height: 900 }, bypassCSP: true });
    const page = await context.newPage();
    for (const [title, address] of library.sites.flatMap(lookedAt)) {
      await page.goto(address);
      const found = await judge(page);
      looked++;
      violations.push(...found.violations.map((v) => `${title}, ${seen}, ${width}: ${v}`));
      incomplete.push(...found.incomplete.filter((v) => !REVIEWED.some((r) => r.test(v))).map((v) => `${title}, ${seen}, ${width}: ${v}`));
    }
    await context.close();
  });
  ok(looked > 100 && !violations.length, `axe: no violation in ${looked} views (pages, light, dark, forced colours, 320 and 1280 px)`, ...violations.slice(0, 12));
  ok(!incomplete.length, `axe: nothing left undecided in ${looked} views`, ...incomplete.slice(0, 12));
}

async function testPa11y(library) {
  const puppeteer = require('puppeteer');
  const browser = await puppeteer.launch({ executablePath: '/usr/bin/chromium', args: ARGS, headless: true });
  const errors = [];
  const pages = library.sites.flatMap(lookedAt).map(([, address]) => address);
  await twoAtOnce(pages, async (address) => {
    const found = await pa11y(address, { browser, standard: 'WCAG2AA', runners: ['htmlcs'], timeout: 30000 });
    errors.push(...found.issues.filter((i) => i.type === 'error').map((i) => `${address}: ${i.code}: ${i.selector}: ${i.message}`));
  });
  await browser.close();
  ok(!errors.length, `HTML_CodeSniffer by pa11y: no error in ${pages.length} pages`, ...errors.slice(0, 12));
}

module.exports = { testAxe, testPa11y };
