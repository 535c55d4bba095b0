'use strict';
const { end, ok } = require('./tap.js');
const library = require('./library.js');
const { launch } = require('./visit.js');

const PARTS = {
  palette: () => require('./palette.js').testPalette(),
  size: (b, l) => require('./size.js').testSize(b, l),
  html: (b, l) => require('./markup.js').testMarkup(l),
  axe: (b, l) => require('./access.js').testAxe(b, l),
  pa11y: (b, l) => require('./access.js').testPa11y(l),
  reflow: (b, l) => require('./reflow.js').testReflow(b, l),
  scripts: (b, l) => require('./jobs.js').testWithoutScripts(b, l),
  keyboard: (b, l) => require('./jobs.js').testKeyboard(b, l),
  player: (b, l, p) => require('./player.js').testPlayer(b, p),
  arabic: (b, l, p) => require('./voices.js').testArabic(b, p),
  spoken: (b, l) => require('./voices.js').testSpoken(b, l),
  payloads: (b, l, p) => require('./payloads.js').testPayloads(b, p),
  pack: (b, l, p) => require('./pack.js').testPack(b, p),
  text: (b, l) => require('./jobs.js').testTextBrowser(l),
};

async function main() {
  const [program, ...wanted] = process.argv.slice(2);
  const all = await library.startAll(program);
  const browser = await launch();
  all.demoPages = await library.pagesOf(all.demo, all.routes);
  all.oddPages = await library.pagesOf(all.odd, all.routes);
  all.sites = [['demo', all.demo, all.demoPages], ['odd', all.odd, all.oddPages], ['voices', all.voices, library.VOICES_PAGES]];
  if (all.made) all.sites.push(['made', all.made, await library.pagesOf(all.made, all.routes)]);
  for (const part of wanted.length ? wanted : Object.keys(PARTS)) {
    const begun = Date.now();
    await PARTS[part](browser, all, program);
    console.log(`# ${part}: ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  }
  await browser.close();
}

main().catch((e) => ok(false, 'the tests run to their end', String(e.stack || e))).finally(() => {
  library.stopAll();
  process.exit(end());
});
