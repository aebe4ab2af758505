// SPDX-License-Identifier: GPL-2.0-or-later
// Sites, queries and answers that attack the page. Their content must be shown as text, and none of it
// may run, become an element, or make the page scroll sideways.

import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {Box} from './box.js';
import {SCRIPT, Searchd, Site, eventually, html, makeIndex, pageTest, writeSite} from './support.js';

const ATTACK = '<script>alert(1)</script>';
const TITLES = [
  `${ATTACK} beacon`,
  '"><img src=x onerror=alert(1)> beacon',
  '</mark></a></h2><svg onload=alert(1)> beacon',
  "' onmouseover='alert(1) beacon &lt;b&gt; &amp;amp;",
  '\u202egnp.exe beacon',
  'مرحبا beacon שלום 🎉👩‍👩‍👧',
  `beacon ${'Donaudampfschiff'.repeat(20)}`,
  '<mark>beacon</mark> beacon',
  '{{ 7 * 7 }} ${7*7} %00 beacon',
];

function post(title, i) {
  const tags = JSON.stringify(['beacon', `${ATTACK}${i}`, `"><img src=x onerror=alert(${i})>`, "t'a&amp;g"]);
  return `---\ntitle: ${JSON.stringify(title)}\ntags: ${tags}\ncategories: ['"><b>x']
permalink: ${JSON.stringify(`/p${i}"onmouseover="alert(1)/<b>/`)}\n---
# ${title.replace(/[<>]/g, '\\$&')}\n\nA beacon ${title.replace(/[<>]/g, '\\$&')} in the text, and ${ATTACK}.

- [beacon link \\<img src=x onerror=alert(1)\\>](http://beacon.example/${i}?"><script>alert(1)</script>)
- [beacon scheme](javascript:alert(1)) [beacon data](data:text/html,<script>alert(1)</script>)
- [beacon ${'x'.repeat(300)}](https://beacon.example/${'y'.repeat(400)}${i}) \`<img src=x onerror=alert(1)> beacon\`
`;
}

const files = {'_config.yml': `title: ${JSON.stringify(ATTACK)}\nurl: https://guides.example\n`};
TITLES.forEach((title, i) => {
  files[`_posts/2024-01-${10 + i}-p.md`] = post(title, i);
});
const daemon = await Searchd.start(makeIndex(writeSite(files)));
const site = await Site.start(
  {'/box': html('<signpost-search limit="9"></signpost-search>', {head: SCRIPT})},
  daemon,
);

const QUESTIONS = [
  'beacon',
  `beacon ${ATTACK}`,
  'beacon "><img src=x onerror=alert(1)>',
  'tag:"<script>" beacon',
  '\u202ebeacon',
  `beacon${'x'.repeat(500)}`,
  '</title></textarea><svg onload=alert(1)>',
  '{{7*7}} beacon',
  '%00%3Cscript%3E',
];

// The payloads of tests/http/test_xss.py, here in a browser: each in every field of a post.
const PAYLOADS = JSON.parse(readFileSync(new URL('../cases/xss.json', import.meta.url), 'utf8'));

function payloadPost(payload, i) {
  const lines = [
    `title: ${JSON.stringify(`${payload} beacon`)}`,
    `tags: ${JSON.stringify(['beacon', payload])}`,
    `categories: ${JSON.stringify([payload])}`,
    `permalink: ${JSON.stringify(`/${i}/${payload.replaceAll(':', '')}/`)}`,
  ];
  const text = payload.replace(/[\\`*_{}[\]()#+.!<>&|~:-]/g, '\\$&');
  return `---\n${lines.join('\n')}\n---\nA beacon ${text} in the text, and raw ${payload}\n
## beacon ${text}\n\n**beacon label ${text}**\n
- [beacon ${text}](https://beacon.example/${i}?${encodeURIComponent(payload)}) described by ${text}\n`;
}

const payloadFiles = {'_config.yml': `title: ${JSON.stringify(PAYLOADS[10] + PAYLOADS[66])}\n`};
PAYLOADS.forEach((payload, i) => {
  payloadFiles[`_posts/2024-01-${10 + (i % 18)}-p${i}.md`] = payloadPost(payload, i);
});

// Returns the elements and attributes in the page and its shadow roots that only an attack can have made.
function injectedElements(page) {
  return page.evaluate(() => {
    const found = [];
    const look = (root) => {
      for (const element of root.querySelectorAll('*')) {
        const {localName} = element;
        if (['img', 'b', 'iframe', 'object', 'embed', 'base'].includes(localName)) found.push(localName);
        if (localName === 'script' && (!element.src || !element.src.endsWith('/search-box.js')))
          found.push('script');
        for (const {name, value} of element.attributes) {
          if (name.startsWith('on') || /^\s*(javascript|data|vbscript):/i.test(value))
            found.push(`${localName} ${name}=${value}`);
        }
        if (element.shadowRoot) look(element.shadowRoot);
      }
    };
    look(document);
    return found;
  });
}

async function checkNothingInjected(page) {
  assert.deepEqual(await injectedElements(page), []);
  assert.equal(
    await page.evaluate(() => {
      const {scrollWidth, clientWidth} = document.scrollingElement;
      return scrollWidth - clientWidth;
    }),
    0,
    'the page scrolls sideways',
  );
}

const attacked = await Searchd.start(makeIndex(writeSite(payloadFiles)));
const attackedSite = await Site.start(
  {'/box': html('<signpost-search limit="9"></signpost-search>', {head: SCRIPT})},
  attacked,
);

async function visitAll(page, addresses) {
  for (const address of addresses) {
    await page.goto(`${attacked.url}${address}`, {waitUntil: 'domcontentloaded'});
    assert.deepEqual(await injectedElements(page), [], address);
  }
}

// A test has a time limit, so the payloads are tried in parts.
const PART = 25;
for (let from = 0; from < PAYLOADS.length; from += PART) {
  const part = PAYLOADS.slice(from, from + PART);
  const name = `payloads ${from + 1} to ${from + part.length}`;

  pageTest(`${name} become no elements of the results page`, {}, async (page) => {
    await visitAll(page, [`/search?q=beacon&offset=${from}`, `/search?q=beacon&offset=${from + 10}`]);
    await visitAll(
      page,
      part.map((payload) => `/search?q=${encodeURIComponent(`beacon ${payload}`)}`),
    );
    await visitAll(
      page,
      part.map((payload) => `/search?q=beacon&tag=${encodeURIComponent(payload)}`),
    );
  });

  pageTest(`${name} become no elements of the box`, {}, async (page) => {
    const box = await Box.at(page, `${attackedSite.url}/box`);
    for (const payload of part) {
      await box.input.fill(`beacon ${payload}`);
      await eventually(async () => (await box.state()).popup);
      await page.waitForTimeout(50);
      assert.deepEqual(await injectedElements(page), [], payload);
    }
  });
}

const NARROW = {viewport: {width: 320, height: 640}};

pageTest('the box shows hostile titles as text', NARROW, async (page) => {
  const box = await Box.at(page, `${site.url}/box`);
  await box.ask('beacon');
  await checkNothingInjected(page);
  const answer = await (await page.request.get(`${daemon.url}/api/v1/search?q=beacon&limit=20`)).json();
  const expected = answer.hits
    .filter((hit) => hit.kind === 'post')
    .map((hit) => hit.title)
    .slice(0, 9);
  const guides = box.host.getByRole('group', {name: 'Guides'});
  assert.deepEqual(await guides.locator('[part~=title]').allTextContents(), expected);
  assert.equal(expected.length, 9);
});

pageTest('the box shows every query as text', NARROW, async (page) => {
  const box = await Box.at(page, `${site.url}/box`);
  for (const question of QUESTIONS) {
    await box.input.fill(question);
    await eventually(async () => (await box.state()).popup);
    await page.waitForTimeout(300);
    await checkNothingInjected(page);
    await box.input.fill('');
    await eventually(async () => !(await box.state()).popup);
  }
});

pageTest('the box shows hostile answers of searchd as text and follows no script URL', NARROW, async (page) => {
  await page.route('**/api/v1/search?*', async (route) => {
    const evil = '<mark><img src=x onerror=alert(1)></mark><script>alert(1)</script>&lt;b&gt;&amp;lt;';
    const passage = {heading: [evil], url: 'javascript:alert(1)//', text: evil, html: evil, line: 1};
    const hit = {
      kind: 'post',
      title: evil,
      title_html: evil,
      url: ' JaVaScRiPt:alert(1)',
      date: evil,
      categories: [],
      tags: [],
      lang: '"><b>',
      score: 1,
      missing: [evil],
      passages: [passage],
    };
    const resource = {
      ...hit,
      kind: 'resource',
      description: evil,
      mentions: [],
      url: 'data:text/html,<script>alert(1)</script>',
    };
    await route.fulfill({
      json: {
        query: {text: 'x', parsed: evil, relaxed: false, corrected: evil},
        total: 2,
        total_exact: true,
        hits: [
          hit,
          resource,
          {...hit, url: 'http://[', passages: []},
          {...resource, url: '//evil\\@x:99999/'},
        ],
        related: [],
      },
    });
  });
  await page.route('**/api/v1/suggest?*', (route) =>
    route.fulfill({
      json: {
        query: 'x',
        suggestions: [{text: '<img src=x onerror=alert(1)>', kind: 'query', url: 'javascript:alert(1)'}],
      },
    }),
  );
  const box = await Box.at(page, `${site.url}/box`);
  await box.input.fill('x');
  await eventually(async () => (await box.state()).count > 3);
  await page.waitForTimeout(200);
  await checkNothingInjected(page);
  const title = await box.host.locator('[part~=title]').first().textContent();
  assert.equal(title, '<img src=x onerror=alert(1)><script>alert(1)</script><b>&lt;');
  await box.press('ArrowDown', 'Enter'); // an option whose script URL must not be followed
  await page.waitForTimeout(200);
  assert.equal(page.url(), `${site.url}/box`);
});

for (const javaScriptEnabled of [true, false]) {
  pageTest(
    `the results page shows hostile titles and queries as text, scripts ${javaScriptEnabled ? 'on' : 'off'}`,
    {...NARROW, javaScriptEnabled},
    async (page) => {
      for (const question of QUESTIONS) {
        await page.goto(`${daemon.url}/search?q=${encodeURIComponent(question)}`);
        await checkNothingInjected(page);
      }
      const answer = await (await page.request.get(`${daemon.url}/api/v1/search?q=beacon`)).json();
      await page.goto(`${daemon.url}/search?q=beacon`);
      const titles = await page
        .getByRole('main')
        .getByRole('listitem')
        .getByRole('heading')
        .allTextContents();
      assert.deepEqual(
        titles.map((title) => title.trim()),
        answer.hits.map((hit) => hit.title.trim()),
      );
    },
  );
}

pageTest(
  'the results page shows every hostile parameter as text',
  {...NARROW, allow: [/Failed to load resource/]},
  async (page) => {
    for (const name of [
      'tag',
      'category',
      'kind',
      'lang',
      'after',
      'before',
      'sort',
      'limit',
      'offset',
      'facets',
      'nonsuch',
    ]) {
      for (const attack of [
        ATTACK,
        '"><img src=x onerror=alert(1)>',
        "' onfocus='alert(1)",
        'javascript:alert(1)',
      ]) {
        await page.goto(`${daemon.url}/search?q=beacon&${name}=${encodeURIComponent(attack)}`);
        await checkNothingInjected(page);
      }
    }
    await page.goto(`${daemon.url}/${encodeURIComponent(ATTACK)}`);
    await checkNothingInjected(page);
  },
);
