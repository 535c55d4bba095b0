'use strict';
/* The player's script with a film of our own: a minute of a test picture. Behaviour, not looks. */
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { folder, start } = require('./library.js');
const { ok } = require('./tap.js');

const META = `key = "player"
language = "fr"
title = { en = "A talk", fr = "Un entretien" }
duration = "1:00"
[consent]
uses = ["site", "download", "embed", "translation", "archive"]
name = "none"
face = "as-is"
voice = "as-is"
given = "2026-03-12"
language = "fr"
[[moment]]
key = "middle"
start = "0:20"
end = "0:40"
title = { en = "The middle" }
`;
const SAID = ['Une première phrase.', 'Deuxième, sur la torture.', 'Troisième.', 'Quatrième, encore la torture.', 'Cinquième.', 'La dernière.'];
const TOLD = ['A first sentence.', 'Second, on torture.', 'Third.', 'Fourth, torture again.', 'Fifth.', 'The last.'];
const stamp = (s) => `00:00:${String(s).padStart(2, '0')}.000`;
const vtt = (lines) => 'WEBVTT\n\n' + lines.map((l, i) => `${stamp(i * 10)} --> ${stamp(i * 10 + 8)}\n${l}\n`).join('\n');

function film(run) {
  const at = (name, text) => {
    const file = path.join(folder, name);
    if (text) fs.writeFileSync(file, text);
    return file;
  };
  execFileSync('ffmpeg', ['-loglevel', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc=size=320x180:rate=10:duration=60', '-f', 'lavfi', '-i', 'sine=duration=60',
    '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-g', '10', '-c:a', 'aac', at('player.mp4')]);
  run('video', 'add', at('player.mp4'), '--meta', at('player.toml', META), '--track', `fr:captions:${at('player.fr.vtt', vtt(SAID))}`,
    '--track', `en:subtitles:${at('player.en.vtt', vtt(TOLD))}`, '--track', `en:descriptions:${at('player.d.vtt', 'WEBVTT\n\n00:00:21.000 --> 00:00:28.000\nA <b>test</b> picture.\n')}`);
  const words = META.replace('"player"', '"words"').replace('A talk', 'Words alone');
  run('video', 'add', '--meta', at('words.toml', words), '--track', `fr:captions:${at('words.fr.vtt', vtt(SAID))}`);
}

const state = (page) => page.evaluate(() => {
  const v = document.querySelector('.stage video');
  return { t: v.currentTime, paused: v.paused, rate: v.playbackRate, address: location.pathname + location.search + location.hash,
    current: [...document.querySelectorAll('.says [aria-current]')].map((e) => e.id), status: document.getElementById('matches').textContent,
    follow: document.getElementById('follow').getAttribute('aria-pressed'), top: scrollY };
});
const when = (page, test, arg) => page.waitForFunction(test, arg, { timeout: 25000 }).then(() => true, () => false);
const heard = (page, from) => when(page, (s) => document.querySelector('.stage video').currentTime >= s, from);

async function transcript(page) {
  await page.evaluate(() => { window.stays = true; });
  await page.locator('#t20 a').click();
  const played = await heard(page, 20.2);
  const now = await state(page);
  ok(played && !now.paused && await page.evaluate(() => window.stays === true), 'a time in the transcript plays from there, and loads no page', now);
  ok(/[?&]t=20\b.*#t20$/.test(now.address), 'the address moves along', now.address);
  ok(now.current.join() === 't20', 'the line that is heard is the current one, alone', now);
  await page.evaluate(() => { document.querySelector('.stage video').currentTime = 41; });
  ok(await when(page, () => document.querySelector('.says [aria-current]').id === 't40'), 'it follows the film', await state(page));
}

async function search(page) {
  await page.locator('#within').fill('TÓRTURE');
  const found = await state(page);
  ok(/2$/.test(found.status) && await page.locator('.says .hit').count() === 2, 'search: two lines, whatever the accents, announced', found.status);
  await page.keyboard.press('Enter');
  const first = await page.locator('.says .at').getAttribute('id');
  await page.locator('#next').click();
  const second = await page.locator('.says .at').getAttribute('id');
  await page.locator('#previous').click();
  ok(first === 't10' && second === 't30' && await page.locator('.says .at').getAttribute('id') === 't10', 'next and previous', [first, second]);
  await page.locator('#within').fill('xyzzy');
  ok(/Nothing found/.test((await state(page)).status), 'nothing found is said');
  await page.locator('#within').fill('');
  ok((await state(page)).status === '' && await page.locator('.says .hit').count() === 0, 'nothing is left of it');
}

async function keys(page) {
  await page.locator('#t20 a').focus();
  await page.keyboard.press('k');
  await when(page, () => document.querySelector('.stage video').paused);
  const before = await state(page);
  await page.keyboard.press('l');
  const later = await state(page);
  await page.keyboard.press('j');
  const back = await state(page);
  ok(before.paused && Math.abs(later.t - before.t - 10) < .5 && Math.abs(back.t - before.t) < .5, 'k, l and j in the transcript', [before.t, later.t, back.t]);
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Escape');
  const left = await page.evaluate(() => document.activeElement === document.body);
  await page.keyboard.press('l');
  await page.locator('#within').focus();
  await page.keyboard.type('kjl');
  const after = await state(page);
  ok(left && after.paused && Math.abs(after.t - back.t) < .5 && await page.locator('#within').inputValue() === 'kjl', 'Escape leaves; elsewhere, in fields and with Control they do nothing', after);
  await page.locator('#within').fill('');
  await page.evaluate(() => { document.activeElement.blur(); scrollTo(0, 0); });
  let out = false;
  await page.locator('.skip').focus();
  for (let i = 0; i < 120 && !out; i++) {
    await page.keyboard.press('Tab');
    out = await page.evaluate(() => !!document.activeElement.closest('footer'));
  }
  ok(out, 'Tab goes through the page and out of the player');
}

async function choices(page) {
  await page.locator('#speed').selectOption('150');
  ok((await state(page)).rate === 1.5, 'speed');
  await page.locator('#follow').click();
  ok((await state(page)).follow === 'true', 'following is on when asked for');
  await page.mouse.move(600, 400);
  await page.mouse.wheel(0, 200);
  ok(await when(page, () => document.getElementById('follow').getAttribute('aria-pressed') === 'false'), 'and off when the reader scrolls');
  const small = await page.locator('#tools button:visible, #tools select:visible, #tools input:visible').evaluateAll((all) => all.map((e) => [e.id, e.getBoundingClientRect()]).filter(([, r]) => r.height < 44 || r.width < 44).map(([id]) => id));
  ok(!small.length, 'controls are at least 44 px', small);
  await page.locator('#described').selectOption('shown');
  await page.locator('#t20 a').click();
  ok(await when(page, () => document.getElementById('description').textContent === 'A test picture.'), 'a description is shown');
  await page.evaluate(() => { window.told = []; speechSynthesis.speak = (u) => { window.told.push(u.text, u.lang); setTimeout(() => u.onend(), 300); }; });
  await page.locator('#described').selectOption('spoken');
  await page.locator('#t0 a').click();
  await page.locator('#t20 a').click();
  const spoken = await when(page, () => window.told.length > 0 && document.querySelector('.stage video').paused);
  const goesOn = await when(page, () => !document.querySelector('.stage video').paused);
  ok(spoken && goesOn, 'a description is spoken while the film waits, then it goes on', await page.evaluate(() => window.told));
  await page.evaluate(() => { for (const t of document.querySelector('.stage video').textTracks) if (t.kind === 'captions' || t.kind === 'subtitles') t.mode = t.language === 'fr' ? 'showing' : 'disabled'; });
  ok(await when(page, () => localStorage.getItem('tribune.subtitles') === 'fr'), 'the language of subtitles that was chosen is kept');
  await page.reload();
  await page.locator('#t0 a').click();
  ok(await when(page, () => [...document.querySelector('.stage video').textTracks].some((t) => t.language === 'fr' && t.kind === 'captions' && t.mode === 'showing')), 'and on again the next time');
}

async function testPlayer(browser, program) {
  const site = await start(program, 'player', (run) => { run('init'); film(run); });
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const wrong = [];
  page.on('pageerror', (e) => wrong.push(String(e)));
  page.on('console', (m) => m.type() === 'error' && wrong.push(m.text()));
  await page.goto(`${site}/en/voices`);
  await page.locator('main h3 a', { hasText: 'A talk' }).click();
  const address = page.url();
  ok(await page.locator('#tools').isVisible(), 'the script shows its controls');
  await transcript(page);
  await search(page);
  await keys(page);
  await choices(page);
  await page.goto(address);
  await page.locator('main h3 a', { hasText: 'The middle' }).click();
  const sources = await page.locator('.stage source').evaluateAll((all) => all.map((e) => e.getAttribute('src')));
  ok(sources.length && sources.every((s) => /#t=20,40$/.test(s)), 'a moment plays from its start to its end', sources);
  ok(await page.locator('.stage track').count() === 3, 'with its tracks');
  await page.goto(`${site}/en/voices`);
  await page.locator('main h3 a', { hasText: 'Words alone' }).click();
  ok(await page.locator('#within').isVisible() && !(await page.locator('#playing').isVisible()), 'without a film: search alone');
  const still = await browser.newContext({ reducedMotion: 'reduce' });
  const calm = await still.newPage();
  await calm.goto(address);
  ok(!(await calm.locator('#follow').isVisible()), 'less motion: nothing scrolls by itself');
  const off = await browser.newContext({ javaScriptEnabled: false });
  const bare = await off.newPage();
  await bare.goto(address);
  ok(!(await bare.locator('#tools').isVisible()) && await bare.locator('.stage video[controls]').isVisible(), 'without the script: the film, and no dead button');
  ok(!wrong.length, 'no error, and nothing that the policy forbids', wrong);
  if (process.env.TRIBUNE_SHOTS)
    for (const [name, options] of [['1280', { viewport: { width: 1280, height: 900 } }], ['360-dark', { viewport: { width: 360, height: 800 }, colorScheme: 'dark' }]])
      for (const [what, to] of [['video', address.replace('/en/', '/fr/') + '?t=20']]) {
        const seen = await browser.newContext(options);
        const shot = await seen.newPage();
        await shot.goto(to);
        await shot.screenshot({ path: path.join(process.env.TRIBUNE_SHOTS, `${what}-${name}.png`), fullPage: true });
        await seen.close();
      }
  for (const c of [context, still, off]) await c.close();
}

module.exports = { testPlayer };
