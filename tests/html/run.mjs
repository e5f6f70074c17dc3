// Opens reports in a headless Chromium, as their reader would, and fails on what would keep that reader from them.
// node run.mjs CHROMIUM REPORT.html…

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [executablePath, ...reports] = process.argv.slice(2);
const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const browser = await chromium.launch({ executablePath, args });
const failures = [];

for (const report of reports) {
  const fail = (what) => failures.push(`${basename(report)}: ${what}`);
  const url = pathToFileURL(report).href;
  // The policy of the page forbids scripts and requests: it is lifted so that axe-core runs, and so that nothing is kept silent by it.
  const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1200, height: 900 } });
  const page = await context.newPage();
  page.on('request', (request) => request.url() !== url && fail(`asks for ${request.url()}`));
  page.on('dialog', (dialog) => { fail(`opens a dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('console', (message) => message.type() === 'error' && fail(`says ${message.text()}`));
  page.on('pageerror', (error) => fail(`throws ${error}`));
  await page.goto(url);
  await page.addScriptTag({ content: axe });

  for (const width of [1200, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await accessible(page, `at ${width} px`, fail);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (overflow > 0) fail(`is ${overflow} px too wide for ${width} px`);
  }
  await page.setViewportSize({ width: 1200, height: 900 });
  await reachable(page, fail);
  await page.emulateMedia({ media: 'print' });
  await accessible(page, 'in print', fail);
  const shown = await page.locator('nav:visible, .skip:visible').count();
  if (shown > 0) fail('prints links that lead nowhere on paper');
  const pdf = await page.pdf({ format: 'A4' });
  if (pdf.length < 1000) fail('does not print');
  await context.close();
}

await browser.close();
for (const failure of failures) console.error(failure);
console.log(`${reports.length} reports in ${browser.version()}, axe-core ${createRequire(import.meta.url)('axe-core/package.json').version}: ${failures.length} failures`);
process.exit(failures.length > 0 || reports.length === 0 ? 1 : 0);

async function accessible(page, where, fail) {
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  for (const violation of violations) {
    fail(`${where}: ${violation.id} (${violation.impact}): ${violation.help}\n  ${violation.nodes.slice(0, 3).map((node) => node.html).join('\n  ')}`);
  }
}

// Every link and every part that scrolls is reached with the Tab key, in the order of the page, the skip link first; each shows that it
// is; and the skip link leads to the content.
async function reachable(page, fail) {
  const expected = await page.evaluate(() => [...document.querySelectorAll('a[href], [tabindex="0"]')].map((element, at) => { element.dataset.at = at; return at; }));
  const seen = [];
  for (let at = 0; at < expected.length; at += 1) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(() => {
      const element = document.activeElement;
      const style = getComputedStyle(element);
      return { at: Number(element.dataset.at), outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0, name: element.textContent.slice(0, 40) };
    });
    seen.push(focus.at);
    if (!focus.outlined) fail(`the focus on « ${focus.name} » is not shown`);
  }
  if (JSON.stringify(seen) !== JSON.stringify(expected)) fail(`the Tab key goes ${seen.slice(0, 10)}… instead of ${expected.slice(0, 10)}…`);
  await page.locator('.skip').focus();
  await page.keyboard.press('Enter');
  if ((await page.evaluate(() => document.activeElement.id)) !== 'main') fail('the skip link does not lead to the content');
}
