'use strict';
/* Chromium as the tests use it. */
const { chromium } = require('playwright-core');

const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];

function launch() {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGS });
}

/* Runs EACH over ITEMS, two at once: as many as there are cores. */
async function twoAtOnce(items, each) {
  const rest = [...items];
  const worker = async () => {
    while (rest.length) await each(rest.shift());
  };
  await Promise.all([worker(), worker()]);
}

module.exports = { launch, twoAtOnce, ARGS };
