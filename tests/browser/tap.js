'use strict';
/* A line for each thing that holds or does not. */
let count = 0;
let failed = 0;

function ok(good, what, ...details) {
  count++;
  if (!good) failed++;
  console.log(`${good ? '' : 'not '}ok ${count} - ${what}`);
  if (!good)
    for (const d of details)
      for (const line of (typeof d === 'string' ? d : JSON.stringify(d, null, 1)).slice(0, 4000).split('\n')) console.log(`#   ${line}`);
  return good;
}

function skip(what, why) {
  count++;
  console.log(`ok ${count} - ${what} # SKIP ${why}`);
}

function end() {
  console.log(`1..${count}`);
  return failed ? 1 : 0;
}

module.exports = { ok, skip, end };
