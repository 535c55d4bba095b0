'use strict';
/* Nothing stands out sideways: at 320 px, with text twice as large, with the spacing that WCAG 1.4.12 names. */
const { ok } = require('./tap.js');
const { twoAtOnce } = require('./visit.js');

const SPACING = '* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }';
const CASES = [
  ['320 px wide', { width: 320, height: 700 }, ''],
  ['text at 200 %, 640 px wide', { width: 640, height: 700 }, 'html { font-size: 200% !important }'],
  ['text spacing, 320 px wide', { width: 320, height: 700 }, SPACING],
];

async function testReflow(browser, library) {
  await twoAtOnce(CASES, async ([name, viewport, css]) => {
    const wide = [];
    const small = [];
    const context = await browser.newContext({ viewport, bypassCSP: true });
    const page = await context.newPage();
    for (const [, site, pages] of library.sites)
      for (const path of pages) {
        await page.goto(site + path);
        if (css) await page.addStyleTag({ content: css });
        const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (over > 0) wide.push(`${path}: ${over} px`);
        if (!css) small.push(...(await page.evaluate(tooSmall)).map((t) => `${path}: ${t}`));
      }
    await context.close();
    ok(!wide.length, `${name}: nothing stands out sideways`, ...wide);
    if (!css) ok(!small.length, 'targets are at least 24 px, or have that much room (WCAG 2.5.8)', ...new Set(small));
  });
}

/* Runs in the page. A smaller target is right when a circle of 24 px around it meets no other target, or when it
 * stands in a sentence. */
function tooSmall() {
  const targets = [...document.querySelectorAll('main a, main button, main select, main input:not([type=hidden]), main summary, header a, footer a')]
    .map((e) => {
      if (e.matches('.vh')) e.focus(); // such a link is a target only while it has the focus, and is shown then
      const box = e.getBoundingClientRect();
      if (e.matches('.vh')) e.blur();
      return [e, box];
    }).filter(([, r]) => r.width && r.height);
  const middle = (r) => [r.x + r.width / 2, r.y + r.height / 2];
  const found = [];
  for (const [e, r] of targets) {
    if (r.width >= 24 && r.height >= 24) continue;
    if (getComputedStyle(e).display === 'inline' && e.parentElement.textContent.trim() !== e.textContent.trim()) continue;
    const [x, y] = middle(r);
    const near = targets.some(([other, o]) => {
      if (other === e || o.top > y + 200 || o.bottom < y - 200) return false;
      const dx = Math.max(o.x - x, 0, x - o.right);
      const dy = Math.max(o.y - y, 0, y - o.bottom);
      return Math.hypot(dx, dy) < 12;
    });
    if (near) found.push(`${e.tagName} "${e.textContent.trim().slice(0, 30)}" ${Math.round(r.width)} x ${Math.round(r.height)}`);
  }
  return found;
}

module.exports = { testReflow };
