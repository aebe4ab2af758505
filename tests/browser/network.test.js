// SPDX-License-Identifier: GPL-2.0-or-later
// The search box on a bad network: answers that are late or out of order, and a server that stops,
// refuses requests, and comes back.

import assert from 'node:assert/strict';
import {setTimeout as sleep} from 'node:timers/promises';
import {Box, watchRequests} from './box.js';
import {Searchd, Site, eventually, html, makeIndex, pageTest} from './support.js';

const SEARCH = '**/api/v1/search?*';
// Messages that the browser logs for a failed request.
const FAILED = [/Failed to load resource/, /blocked by CORS policy/];
const UNREACHABLE = /cannot be reached/;

const index = makeIndex();
const site = await Site.start({}); // has another origin than searchd, so that it works while searchd is stopped

// Starts a searchd that the test may kill, and loads a box that uses it.
async function boxOf(page, t, path) {
  const daemon = await Searchd.start(index, '--cors', site.url);
  t.after(() => daemon.stop());
  site.pages[`/${path}`] = html('<signpost-search></signpost-search>', {
    head: `<script src="${daemon.url}/search-box.js" defer></script>`,
  });
  return {daemon, box: await Box.at(page, `${site.url}/${path}`)};
}

// Delays the answers to these queries: {query: milliseconds}.
function delay(page, delays) {
  return page.route(SEARCH, async (route) => {
    await sleep(delays[new URL(route.request().url()).searchParams.get('q')] ?? 0);
    await route.continue().catch(() => {}); // fails if the page has aborted the request
  });
}

function refuse(page, status, headers = {}) {
  return page.route(SEARCH, (route) =>
    route.fulfill({
      status,
      headers: {'Access-Control-Allow-Origin': '*', ...headers},
      contentType: 'application/problem+json',
      body: JSON.stringify({status}),
    }),
  );
}

pageTest('a late answer to an earlier text is not shown', async (page, t) => {
  const {box} = await boxOf(page, t, 'order');
  const given = [];
  page.on('requestfailed', (request) => given.push(new URL(request.url()).searchParams.get('q')));
  await delay(page, {data: 1500, residency: 100});
  await box.type('data');
  await sleep(300); // until its request is sent
  await box.input.fill('residency');
  await box.shown('residency');
  await sleep(1800);
  assert.equal((await box.state()).answered, 'residency');
  assert.match(await box.guide.textContent(), /residencies/i);
  assert.ok(given.includes('data'), 'the outdated request was not aborted');
});

pageTest('a late answer is not shown in a browser that does not abort requests', async (page, t) => {
  const {box} = await boxOf(page, t, 'late');
  await page.evaluate(() => {
    // simulates a browser that does not abort requests
    const real = window.fetch;
    window.fetch = async (url, {signal, ...options} = {}) => {
      const late = String(url).includes('q=data');
      const answer = await real(url, options);
      if (late)
        await new Promise((done) => {
          setTimeout(done, 1200);
        });
      return answer;
    };
  });
  await box.type('data');
  await sleep(300);
  await box.input.fill('residency');
  await box.shown('residency');
  await sleep(1500);
  assert.equal((await box.state()).answered, 'residency');
});

pageTest('the last answer is shown until the next one arrives', async (page, t) => {
  const {box} = await boxOf(page, t, 'busy');
  await box.ask('residency');
  const {count} = await box.state();
  await delay(page, {'residency research': 1000});
  await page.keyboard.type(' research');
  await eventually(async () => (await box.state()).busy);
  const state = await box.state();
  assert.deepEqual([state.expanded, state.count, state.answered], [true, count, 'residency']);
  const lens = () => box.host.locator('i').evaluate((icon) => getComputedStyle(icon).opacity);
  assert.equal(await lens(), '1', 'a short wait is shown as busy');
  await eventually(async () => (await lens()) !== '1');
  await box.shown('residency research');
  assert.equal(await lens(), '1');
  assert.equal((await box.state()).busy, false);
});

pageTest('an answer does not open a box that has lost the focus meanwhile', async (page, t) => {
  const {box} = await boxOf(page, t, 'closed');
  await delay(page, {data: 600});
  await box.type('data');
  await sleep(300);
  await page.keyboard.press('Tab');
  await sleep(900);
  assert.equal((await box.state()).popup, false);
});

pageTest('clearing the text cancels the request in flight', async (page, t) => {
  const {box} = await boxOf(page, t, 'cleared');
  await delay(page, {data: 600});
  await box.type('data');
  await sleep(300);
  await box.input.fill('');
  await sleep(900);
  await box.expectActive(-1, {expanded: false, value: ''});
});

pageTest(
  'a killed server is reported, and its answer is shown once it is back',
  {allow: FAILED},
  async (page, t) => {
    const {daemon, box} = await boxOf(page, t, 'killed');
    const errors = await page.evaluateHandle(() => {
      const list = [];
      addEventListener('signpost-error', (event) => list.push(event.detail));
      return list;
    });
    await box.ask('residency');
    await daemon.stop('SIGKILL');
    await page.keyboard.type(' research');
    await box.announces(UNREACHABLE);
    const state = await box.state();
    assert.deepEqual([state.expanded, state.popup, state.count], [false, true, 0]);
    assert.match(await box.host.locator('[part~=message]').textContent(), UNREACHABLE);
    assert.ok((await errors.jsonValue()).length > 0, 'signpost-error');
    await daemon.listen();
    await box.shown('residency research');
    await box.announces(/10 results/);
    await box.press('ArrowDown');
    await box.expectActive(0);
  },
);

pageTest('a server that never answers is reported after ten seconds', async (page, t) => {
  const {box} = await boxOf(page, t, 'silent');
  await page.clock.install();
  let asked = 0;
  await page.route(SEARCH, () => {
    asked++; // and never answers
  });
  await box.type('data');
  await page.clock.runFor(1000);
  await eventually(() => asked === 1);
  const message = () => box.host.locator('[part~=message]').textContent();
  await page.clock.runFor(8500);
  assert.match(await message(), /Searching/);
  await page.clock.runFor(2000);
  await eventually(async () => UNREACHABLE.test(await message()));
  await page.clock.runFor(500);
  await box.announces(UNREACHABLE);
  await page.unroute(SEARCH);
  await page.clock.resume();
  await box.shown('data');
});

pageTest('a body that never ends is reported after ten seconds', async (page, t) => {
  const {box} = await boxOf(page, t, 'endless');
  await page.evaluate(() => {
    const real = window.fetch;
    window.fetch = async (url, options) => {
      const answer = await real(url, options);
      answer.json = () => new Promise(() => {});
      return answer;
    };
  });
  await page.clock.install();
  await box.type('data');
  await page.clock.runFor(11500);
  await eventually(async () => UNREACHABLE.test(await box.host.locator('[part~=message]').textContent()));
});

pageTest('clearing the text ends the retries', {allow: FAILED}, async (page, t) => {
  const {daemon, box} = await boxOf(page, t, 'given-up');
  await daemon.stop('SIGKILL');
  await box.type('data');
  await box.announces(UNREACHABLE);
  await box.press('Escape', 'Escape');
  await box.expectActive(-1, {expanded: false, value: ''});
  const asked = watchRequests(page);
  await sleep(2500);
  assert.deepEqual(asked, []);
  await daemon.listen();
});

pageTest('after 503 the box retries after 1, 2 ... seconds', {allow: FAILED}, async (page, t) => {
  const {box} = await boxOf(page, t, 'unavailable');
  const times = [];
  page.on('request', (request) => {
    if (request.url().includes('/search?')) times.push(Date.now());
  });
  await refuse(page, 503);
  await box.type('data');
  await eventually(() => times.length >= 3);
  const [first, second] = [times[1] - times[0], times[2] - times[1]];
  assert.ok(first > 700 && first < 1900, `${first} ms`);
  assert.ok(second > 1500 && second < 3500, `${second} ms`);
  await box.announces(UNREACHABLE);
  await page.unroute(SEARCH);
  await box.shown('data');
});

pageTest('after 429 the box waits for the time in Retry-After', {allow: FAILED}, async (page, t) => {
  const {box} = await boxOf(page, t, 'limited');
  const asked = watchRequests(page);
  await refuse(page, 429, {'Retry-After': '3', 'Access-Control-Expose-Headers': 'Retry-After'});
  await box.type('data');
  await eventually(() => asked.length === 1);
  await sleep(2300);
  assert.equal(asked.length, 1, 'the box did not wait');
  await page.unroute(SEARCH);
  await box.shown('data');
});

pageTest('400 is shown as nothing found and is not retried', {allow: FAILED}, async (page, t) => {
  const {box} = await boxOf(page, t, 'bad');
  const asked = watchRequests(page);
  await refuse(page, 400);
  await box.type('data ');
  await box.announces(/Nothing found/);
  await sleep(1500);
  assert.equal(asked.length, 1);
});

for (const [name, answer] of Object.entries({
  'an answer that is not JSON': {body: '<h1>Portal</h1>', contentType: 'text/html'},
  'an answer of another form': {body: '{"welcome": true}', contentType: 'application/json'},
  'an answer of null': {body: 'null', contentType: 'application/json'},
})) {
  pageTest(`${name} is reported as an error and retried`, async (page, t) => {
    const {box} = await boxOf(page, t, 'portal');
    await page.route(SEARCH, (route) =>
      route.fulfill({...answer, headers: {'Access-Control-Allow-Origin': '*'}}),
    );
    await box.type('data');
    await box.announces(UNREACHABLE);
    await page.unroute(SEARCH);
    await box.shown('data');
  });
}

pageTest('failed suggestions do not affect the results', {allow: FAILED}, async (page, t) => {
  const {box} = await boxOf(page, t, 'suggest');
  await page.route('**/api/v1/suggest?*', (route) => route.abort());
  await box.ask('residency research');
  assert.equal(await box.groups.count(), 2);
  await page.unroute('**/api/v1/suggest?*');
  await page.route('**/api/v1/suggest?*', (route) => route.fulfill({body: 'no', contentType: 'text/html'}));
  await box.input.fill('data');
  await box.shown('data');
});

pageTest('a box that is removed and inserted again works', async (page, t) => {
  const {box} = await boxOf(page, t, 'moved');
  await delay(page, {data: 500});
  await box.type('data');
  await sleep(250);
  await box.host.evaluate((host) => {
    host.remove();
    setTimeout(() => document.body.append(host), 100);
  });
  await sleep(800);
  assert.equal((await box.state()).popup, false);
  await box.input.fill('');
  await box.ask('residency');
});
