'use strict';
/* Contrast of the stylesheet's tokens, computed: 4.5 for text, 3 for borders of controls (WCAG 2.2, 1.4.3, 1.4.11). */
const fs = require('node:fs');
const path = require('node:path');
const { ok } = require('./tap.js');

const PAIRS = [
  ['ink', 'paper', 4.5], ['ink', 'wash', 4.5], ['soft', 'paper', 4.5], ['soft', 'wash', 4.5], ['accent', 'paper', 4.5],
  ['accent', 'wash', 4.5], ['paper', 'ink', 4.5], ['mark-ink', 'mark', 4.5], ['alert', 'paper', 4.5], ['alert', 'wash', 4.5], ['edge', 'paper', 3],
];

function tokensOf(block) {
  const tokens = {};
  for (const [, name, value] of block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{3,6})/g))
    tokens[name] = value.length === 4 ? `#${[...value.slice(1)].map((c) => c + c).join('')}` : value;
  return tokens;
}

function luminance(hex) {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a, b) {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

function testPalette() {
  const css = fs.readFileSync(path.join(__dirname, '../../assets/tribune.css'), 'utf8');
  const light = tokensOf(/:root \{[^}]*\}/.exec(css)[0]);
  const dark = { ...light, ...tokensOf(/prefers-color-scheme: dark\) \{\s*:root \{[^}]*\}/.exec(css)[0]) };
  for (const [scheme, tokens] of [['light', light], ['dark', dark]])
    for (const [front, back, least] of PAIRS) {
      const ratio = contrast(tokens[front], tokens[back]);
      ok(ratio >= least, `${scheme}: ${front} on ${back} ${ratio.toFixed(1)}, at least ${least}`);
    }
}

module.exports = { testPalette };
