'use strict';
/* Valid HTML and CSS by three judges' rules: the W3C's checker, html-validate, and our own eyes for what they let pass. */
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { HtmlValidate } = require('html-validate');
const vnu = require('vnu-jar');
const { ok, skip } = require('./tap.js');
const { folder } = require('./library.js');

/* What html-validate asks for beyond the standard and that we do otherwise, with the reason. */
const OFF = {
  'long-title': 'off', // a title names both States and the session; search engines cut it
  'aria-label-misuse': ['error', { allowAnyNamable: true }], // a list may have a name
};

async function save(library) {
  const out = path.join(folder, 'pages');
  const files = [];
  fs.mkdirSync(out, { recursive: true });
  for (const [name, site, pages] of library.sites)
    for (const page of pages) {
      const file = path.join(out, `${name}${page.replace(/[^\w=+,-]/g, '_')}.html`);
      fs.writeFileSync(file, await (await fetch(site + page)).text());
      files.push(file);
    }
  return files;
}

function javaIsThere() {
  try {
    execFileSync('java', ['-version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function testVnu(files) {
  const what = `W3C's checker finds no error in ${files.length} pages and the stylesheet`;
  if (!javaIsThere()) return skip(what, 'java is not installed');
  const css = ['tribune', 'voices', 'pack'].map((name) => path.join(__dirname, `../../assets/${name}.css`));
  let said;
  try {
    said = execFileSync('java', ['-jar', vnu, '--stdout', '--exit-zero-always', '--also-check-css', '--format', 'json', ...files, ...css], { maxBuffer: 1 << 26 });
  } catch (e) {
    return ok(false, what, String(e));
  }
  const errors = JSON.parse(said).messages.filter((m) => m.type === 'error').filter((m) => !KNOWN.some((k) => k.test(m.message)));
  return ok(!errors.length, what, ...errors.slice(0, 20).map((m) => `${path.basename(m.url)}:${m.lastLine} ${m.message} ${m.extract || ''}`));
}

/* CSS that browsers know and the checker does not yet; each is read as nothing by a browser that lacks it. */
const KNOWN = [/text-wrap/, /::details-content|details-content/, /:dir\(/, /box-decoration-break/, /forced-color-adjust/, /@supports/, /user-select/, /content-visibility/];

async function testValidate(files, off = {}) {
  const judge = new HtmlValidate({ extends: ['html-validate:standard', 'html-validate:a11y'], rules: { ...OFF, ...off } });
  const errors = [];
  for (const file of files) {
    const report = await judge.validateFile(file);
    for (const result of report.results)
      for (const m of result.messages) if (m.severity === 2) errors.push(`${path.basename(file)}:${m.line} ${m.ruleId}: ${m.message}`);
  }
  ok(!errors.length, `html-validate, standard and a11y: no error in ${files.length} pages`, ...errors.slice(0, 20));
}

async function testMarkup(library) {
  const files = await save(library);
  testVnu(files);
  await testValidate(files);
}

module.exports = { testMarkup, testVnu, testValidate };
