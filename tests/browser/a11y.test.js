// SPDX-License-Identifier: GPL-2.0-or-later
// Accessibility: axe and Lighthouse find no fault, and the HTML is valid.

import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import net from 'node:net';
import {pathToFileURL} from 'node:url';
import {Box} from './box.js';
import {
  CHROMIUM,
  CHROMIUM_ARGS,
  SCRIPT,
  Searchd,
  Site,
  eventually,
  html,
  makeIndex,
  pageTest,
  require,
} from './support.js';
import {test} from 'node:test';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const daemon = await Searchd.start(makeIndex());
const site = await Site.start(
  {
    '/box': html(
      `<main><h1>A site</h1><form role="search" action="/search">
<signpost-search><input name="q" aria-label="Search"></signpost-search></form></main>`,
      {head: SCRIPT},
    ),
  },
  daemon,
);

const PAGES = {
  'the start page': '/',
  results: '/search?q=residency',
  'results without a word': '/search?q=machine+learning+zebra',
  'filtered results': '/search?q=data&kind=post&tag=beginners&after=2015&sort=newest',
  'a later page': '/search?q=data&offset=20',
  'nothing found': '/search?q=xyzzyqq',
  'nothing found with filters': '/search?q=residency&tag=nonsuch',
  resources: '/search?q=data&kind=resource',
  'every document': '/search?tag=PhD',
  'not found': '/nonsuch',
  'a refusal': '/search?q=%FF',
};
const LOOKS = {
  light: {colorScheme: 'light'},
  dark: {colorScheme: 'dark'},
  narrow: {viewport: {width: 320, height: 640}, reducedMotion: 'reduce'},
  telephone: {viewport: {width: 412, height: 823}, isMobile: true, hasTouch: true},
};
// The browser logs the status of error pages, and the page's policy refuses the style element that axe adds.
const allow = [/Failed to load resource/, /Applying inline style/, /CSP: style-src-elem inline/];

// The violations that axe finds, each as a text.
async function violations(page) {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const {violations} = await window.axe.run(document, {
      resultTypes: ['violations'],
      rules: {'target-size': {enabled: true}},
    });
    return violations.flatMap(({id, help, nodes}) =>
      nodes.map((node) => `${id}: ${help}: ${node.target.flat().join(' ')}: ${node.failureSummary}`),
    );
  });
}

for (const [look, options] of Object.entries(LOOKS)) {
  pageTest(`axe finds no fault in the pages, ${look}`, {...options, allow, timeout: 120000}, async (page) => {
    for (const [name, address] of Object.entries(PAGES)) {
      await page.goto(daemon.url + address);
      assert.deepEqual(await violations(page), [], name);
    }
  });

  pageTest(`axe finds no fault in any state of the box, ${look}`, {...options, allow}, async (page) => {
    const box = await Box.at(page, `${site.url}/box`);
    assert.deepEqual(await violations(page), [], 'closed');
    await box.ask('residency research');
    await eventually(async () => (await box.groups.count()) === 3);
    assert.deepEqual(await violations(page), [], 'open');
    await box.press('ArrowDown');
    assert.deepEqual(await violations(page), [], 'with an active option');
    await box.options.nth(2).hover();
    assert.deepEqual(await violations(page), [], 'with the mouse over another');
    await box.input.fill('machine learning zebra');
    await box.shown('machine learning zebra');
    assert.deepEqual(await violations(page), [], 'without a word');
    await box.input.fill('xyzzyqq');
    await box.announces(/Nothing found/);
    assert.deepEqual(await violations(page), [], 'nothing found');
    await page.route('**/api/v1/search?*', (route) => route.abort());
    await box.input.fill('other');
    await box.announces(/cannot be reached/);
    assert.deepEqual(await violations(page), [], 'unreachable');
  });
}

pageTest('axe finds faults that are put into the box', async (page) => {
  const box = await Box.at(page, `${site.url}/box`);
  await box.ask('residency');
  await box.input.evaluate((input) => input.removeAttribute('aria-label'));
  await box.input.evaluate((input) => input.removeAttribute('placeholder'));
  await box.host
    .locator('[part~=title]')
    .first()
    .evaluate((title) => {
      title.style.color = '#ddd';
      title.style.background = '#fff';
    });
  const found = (await violations(page)).join('\n');
  assert.match(found, /^label|aria-input-field-name/m);
  assert.match(found, /^color-contrast/m);
});

pageTest(
  'the page does not scroll sideways at 400 % and with wide spacing',
  {viewport: {width: 320, height: 256}},
  async (page) => {
    await page.goto(`${daemon.url}/search?q=data`);
    await page.evaluate(() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(
        '*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}',
      );
      document.adoptedStyleSheets = [sheet];
    });
    assert.equal(
      await page.evaluate(
        () => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth,
      ),
      0,
    );
  },
);

pageTest(
  'targets are large enough, and the focus is visible',
  {viewport: {width: 320, height: 640}},
  async (page) => {
    const box = await Box.at(page, `${site.url}/box`);
    await box.ask('residency');
    for (const option of await box.options.all()) {
      assert.ok((await option.boundingBox()).height >= 44, await option.textContent());
    }
    const clear = await box.clear.boundingBox();
    assert.ok(clear.height >= 24 && clear.width >= 24, JSON.stringify(clear));
    await page.goto(`${daemon.url}/search?q=residency`);
    const plain = [];
    for (let i = 0; i < 30; i++) {
      await page.keyboard.press('Tab');
      const {name, seen} = await page.evaluate(() => {
        let element = document.activeElement;
        while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
        const {outlineStyle, outlineWidth, boxShadow} = getComputedStyle(element);
        return {
          name: element.outerHTML.slice(0, 100),
          seen: (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none',
        };
      });
      if (!seen) plain.push(name);
    }
    assert.deepEqual(plain, []);
  },
);

pageTest('each page is valid HTML', async (page) => {
  const {HtmlValidate} = require('html-validate');
  const validator = new HtmlValidate({
    root: true,
    extends: ['html-validate:standard', 'html-validate:a11y'],
    elements: [
      'html5',
      {
        'signpost-search': {
          flow: true,
          phrasing: true,
          permittedContent: ['@phrasing', 'form', 'label'],
          attributes: {},
        },
      },
    ],
  });
  for (const [name, address] of Object.entries(PAGES)) {
    const answer = await page.request.get(daemon.url + address, {headers: {Accept: 'text/html'}});
    const report = await validator.validateString(await answer.text());
    const found = report.results.flatMap((result) =>
      result.messages.map(
        (message) => `${name}:${message.line}:${message.column}: ${message.message} (${message.ruleId})`,
      ),
    );
    assert.deepEqual(found, []);
  }
});

function freePort() {
  return new Promise((done) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const {port} = server.address();
      server.close(() => done(port));
    });
  });
}

test('Lighthouse gives 100 of 100 for accessibility and best practices', {timeout: 300000}, async () => {
  const {chromium} = require('playwright-core');
  const {default: lighthouse} = await import(pathToFileURL(require.resolve('lighthouse')).href);
  const port = await freePort();
  const own = await chromium.launch({
    executablePath: CHROMIUM,
    args: [...CHROMIUM_ARGS, `--remote-debugging-port=${port}`],
  });
  try {
    for (const address of ['/search?q=residency', '/']) {
      const {lhr} = await lighthouse(daemon.url + address, {
        port,
        logLevel: 'error',
        onlyCategories: ['accessibility', 'best-practices'],
      });
      assert.equal(lhr.runtimeError, undefined);
      const failed = Object.values(lhr.audits)
        .filter(({score}) => score !== null && score < 1)
        .map(
          ({id, title, details}) =>
            `${id}: ${title}: ${details?.items
              ?.map(({node}) => node?.snippet)
              .slice(0, 3)
              .join(' ')}`,
        );
      const scores = Object.values(lhr.categories).map((category) => [category.id, category.score]);
      assert.deepEqual(
        scores,
        [
          ['accessibility', 1],
          ['best-practices', 1],
        ],
        `${address}: ${failed.join('; ')}`,
      );
    }
  } finally {
    await own.close();
  }
});
