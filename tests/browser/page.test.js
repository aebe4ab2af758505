// SPDX-License-Identifier: GPL-2.0-or-later
// The results page works with and without scripts: every action is a link or a form, and the address
// contains the whole state.

import assert from 'node:assert/strict';
import {Box} from './box.js';
import {Searchd, makeIndex, pageTest} from './support.js';

const daemon = await Searchd.start(makeIndex());

// Runs a test twice: with scripts on and off.
function bothTest(name, options, act) {
  if (typeof options === 'function') return bothTest(name, {}, options);
  for (const javaScriptEnabled of [true, false]) {
    pageTest(
      `${name}, scripts ${javaScriptEnabled ? 'on' : 'off'}`,
      {...options, javaScriptEnabled},
      (page) => act(page, javaScriptEnabled),
    );
  }
}

const go = (page, address) => page.goto(daemon.url + address);
const hits = (page) =>
  page
    .getByRole('main')
    .getByRole('list')
    .filter({has: page.getByRole('heading')})
    .getByRole('heading');
const nav = (page, name) => page.getByRole('navigation', {name});
const query = (page) => Object.fromEntries(new URL(page.url()).searchParams);

async function follow(page, link) {
  await Promise.all([page.waitForEvent('framenavigated'), link.click()]);
  await page.waitForLoadState();
}

// The titles of the hits that the API returns.
async function found(parameters) {
  return (await daemon.search(parameters)).hits.map((hit) => hit.title);
}

async function titles(page) {
  return (await hits(page).allTextContents()).map((title) => title.trim());
}

bothTest('the form of the start page and of the results page searches', async (page, scripts) => {
  await go(page, '/');
  const input = page.getByRole('search').getByRole(scripts ? 'combobox' : 'searchbox');
  await input.click();
  await page.keyboard.type('residency');
  await Promise.all([page.waitForURL('**/search?q=residency'), page.keyboard.press('Enter')]);
  assert.match(await page.getByRole('heading', {level: 1}).textContent(), /residency/);
  assert.match(await page.title(), /residency/);
  assert.equal(await input.inputValue(), 'residency', 'the box does not contain the query');
  assert.deepEqual(await titles(page), await found('q=residency'));
  await input.fill('data');
  await Promise.all([
    page.waitForURL('**/search?q=data'),
    page.getByRole('button', {name: 'Search', exact: true}).click(),
  ]);
  assert.match(await page.getByRole('heading', {level: 1}).textContent(), /data/);
});

bothTest('the page has landmarks, headings, a language, marks and a skip link', async (page) => {
  await go(page, '/search?q=residency');
  assert.equal(await page.getByRole('main').count(), 1);
  assert.equal(await page.getByRole('heading', {level: 1}).count(), 1);
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  assert.ok((await page.getByRole('main').locator('mark').count()) > 3);
  assert.equal(await page.getByRole('main').locator('ol').count(), 1);
  assert.equal(await hits(page).getByRole('link').count(), 10, 'each heading is a link');
  const {hits: expected} = await daemon.search('q=residency');
  const links = hits(page).getByRole('link');
  const addresses = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')));
  expected.forEach(({url}, i) => assert.ok(addresses[i].endsWith(url), `${addresses[i]} is not ${url}`));
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.match(page.url(), /#main$/, 'the first link skips to the results');
});

bothTest('links select the kind of results', async (page) => {
  const label = async (name, kind) =>
    new RegExp(`${name}\\s*${(await daemon.search(`q=residency&kind=${kind}`)).total}\\b`);
  await go(page, '/search?q=residency');
  await follow(page, nav(page, 'Kind').getByRole('link', {name: /Guides/}));
  assert.deepEqual(query(page), {q: 'residency', kind: 'post'});
  assert.deepEqual(await titles(page), await found('q=residency&kind=post'));
  assert.match(await nav(page, 'Kind').locator('[aria-current]').textContent(), await label('Guides', 'post'));
  await follow(page, nav(page, 'Kind').getByRole('link', {name: /Resources/}));
  assert.match(await nav(page, 'Kind').locator('[aria-current]').textContent(), await label('Resources', 'resource'));
  await follow(page, nav(page, 'Kind').getByRole('link', {name: /All/}));
  assert.deepEqual(query(page), {q: 'residency'});
});

bothTest('every facet link leads to as many results as it shows', async (page) => {
  const facets = nav(page, /Narrow down/);
  await go(page, '/search?q=data');
  const names = await facets.getByRole('heading', {level: 3}).allTextContents();
  assert.ok(
    ['Category', 'Tag', 'Year'].every((name) => names.includes(name)),
    names.join(),
  );
  for (const name of names) {
    await go(page, '/search?q=data');
    const facet = facets.locator('section').filter({has: page.getByRole('heading', {name, exact: true})});
    const link = facet.getByRole('link').first();
    const [, value, count] = /^(.*\S)\s+(\d+)$/s.exec((await link.textContent()).trim());
    await follow(page, link);
    assert.match(
      await page.getByRole('main').textContent(),
      new RegExp(`\\b${count} results?\\b`),
      `${name} ${value}`,
    );
    assert.equal((await facet.locator('[aria-current]').textContent()).startsWith(value), true);
    const removal = nav(page, /Filters/).getByRole('link', {name: new RegExp(`Remove.*${value}`)});
    await follow(page, removal);
    assert.deepEqual(query(page), {q: 'data'});
  }
});

bothTest('filters combine, can be removed one by one, and stay when the order changes', async (page) => {
  await go(page, '/search?q=data');
  await follow(page, nav(page, 'Kind').getByRole('link', {name: /Guides/}));
  const facets = nav(page, /Narrow down/);
  const tags = facets.locator('section').filter({has: page.getByRole('heading', {name: 'Tag'})});
  await tags.getByText(/^\d+ more$/).click();
  await follow(page, tags.getByRole('link', {name: /^beginners/}));
  await follow(page, nav(page, 'Order').getByRole('link', {name: 'Oldest'}));
  assert.deepEqual(query(page), {q: 'data', kind: 'post', tag: 'beginners', sort: 'oldest'});
  assert.deepEqual(
    await titles(page),
    await found('q=data&kind=post&tag=beginners&sort=oldest'),
  );
  assert.equal(
    await nav(page, /Filters/)
      .getByRole('link')
      .count(),
    2,
  );
  await follow(page, nav(page, /Filters/).getByRole('link', {name: /beginners/}));
  assert.deepEqual(query(page), {q: 'data', kind: 'post', sort: 'oldest'});
});

bothTest('links sort by date or by best match', async (page) => {
  await go(page, '/search?q=data&kind=post');
  for (const [name, sort, sign] of [
    ['Newest', 'newest', -1],
    ['Oldest', 'oldest', 1],
  ]) {
    await follow(page, nav(page, 'Order').getByRole('link', {name}));
    assert.equal(query(page).sort, sort);
    const dates = await page
      .getByRole('main')
      .locator('time')
      .evaluateAll((all) => all.map((time) => time.dateTime));
    assert.ok(dates.length > 5);
    assert.deepEqual(
      dates,
      [...dates].sort((a, b) => sign * a.localeCompare(b)),
    );
    assert.match(await nav(page, 'Order').locator('[aria-current]').textContent(), new RegExp(name));
  }
  await follow(page, nav(page, 'Order').getByRole('link', {name: 'Best match'}));
  assert.deepEqual(query(page), {q: 'data', kind: 'post'});
});

bothTest('paging works forward, back, through the history and after a reload', async (page) => {
  const {total} = await daemon.search('q=residency');
  await go(page, '/search?q=residency');
  const first = await titles(page);
  const pages = nav(page, 'Pages');
  await follow(page, pages.locator('[rel=next]'));
  const second = await titles(page);
  assert.deepEqual([...first, ...second], await found('q=residency&limit=20'));
  assert.match(await pages.locator('[aria-current=page]').textContent(), /2/);
  assert.equal(await pages.locator('[rel=next]').count(), total > 20 ? 1 : 0, `a third page for ${total} results`);
  assert.equal(await page.getByRole('main').locator('ol').getAttribute('start'), '11');
  await page.goBack();
  assert.deepEqual(await titles(page), first);
  await page.goForward();
  assert.deepEqual(await titles(page), second);
  await follow(page, pages.locator('[rel=prev]'));
  assert.deepEqual(await titles(page), first);
  await page.reload();
  assert.deepEqual(await titles(page), first);
});

bothTest('without results the page says so and links to other searches', async (page) => {
  await go(page, '/search?q=xyzzyqq');
  assert.match(await page.getByRole('main').textContent(), /Nothing found for “xyzzyqq”/);
  assert.equal(await page.getByRole('main').locator('ol').count(), 0);
  assert.ok((await page.getByRole('main').getByRole('link').count()) > 3);
  await go(page, '/search?q=residency&tag=nonsuch');
  await follow(
    page,
    page
      .getByRole('main')
      .getByRole('link', {name: /filter/i})
      .last(),
  );
  assert.equal(await hits(page).count(), 10);
});

bothTest('partial matches name the missing word', async (page) => {
  await go(page, '/search?q=machine+learning+zebra');
  assert.match(
    await page
      .getByRole('listitem')
      .filter({has: page.getByRole('heading')})
      .first()
      .textContent(),
    /without zebra/i,
  );
  assert.equal(await hits(page).count(), 10);
});

pageTest('on paper there are the results with their addresses, and no controls', async (page) => {
  await go(page, '/search?q=residency');
  await page.emulateMedia({media: 'print', colorScheme: 'dark'});
  for (const name of ['Kind', 'Order', 'Pages', /Narrow down/])
    assert.equal(await nav(page, name).count(), 0, `${name} is printed`);
  assert.equal(await page.getByRole('search').isVisible(), false);
  assert.equal(await hits(page).count(), 10);
  const shown = await hits(page)
    .getByRole('link')
    .first()
    .evaluate((link) => getComputedStyle(link, '::after').content);
  const {hits: [first]} = await daemon.search('q=residency');
  assert.ok(shown.includes(first.url), shown);
  const colours = await page.evaluate(() => {
    const {color, backgroundColor} = getComputedStyle(document.body);
    return [color, backgroundColor];
  });
  assert.deepEqual(colours, ['rgb(0, 0, 0)', 'rgb(255, 255, 255)'], 'paper is white also in dark mode');
});

const narrow = {viewport: {width: 360, height: 800}};
pageTest('in a narrow window the title of a guide begins in the line of its sentence', narrow, async (page) => {
  await go(page, '/search?q=microsoft+ai+residency&kind=resource');
  const [text, title] = await page.locator('p.mentions').first().evaluate((mentions) => {
    const range = document.createRange();
    range.selectNodeContents(mentions.firstChild);
    return [range, mentions.querySelector('a')].map((each) => [...each.getClientRects()].map((rect) => rect.bottom));
  });
  assert.ok(title.length > 1, 'the title fits into one line');
  assert.ok(Math.abs(title[0] - text[0]) < 10, `${title[0]} is not ${text[0]}`);
});

bothTest('requests with unknown parameters or without a query are answered', async (page) => {
  for (const address of [
    '/search',
    '/search?q=',
    '/search?q=%20&sort=newest',
    '/search?tag=PhD',
    '/search?q=data&nonsuch=1',
  ]) {
    const answer = await go(page, address);
    assert.equal(answer.status(), 200, address);
    assert.equal(await page.getByRole('heading', {level: 1}).count(), 1, address);
  }
});

bothTest('an error is a complete page with a search form', {allow: [/Failed to load resource/]}, async (page) => {
  for (const [address, status] of [
    ['/search?q=data&offset=2000000', 400],
    ['/search?q=%FF', 400],
    ['/nonsuch', 404],
    ['/a/b/c', 404],
  ]) {
    const answer = await go(page, address);
    assert.equal(answer.status(), status, address);
    assert.equal(answer.headers()['content-type'], 'text/html; charset=utf-8', address);
    assert.equal(await page.getByRole('main').count(), 1, address);
    assert.equal(await page.getByRole('search').count(), 1, address);
    const colour = await page.evaluate(() => document.styleSheets.length);
    assert.ok(colour > 0, `${address}: no style sheet`);
  }
});

pageTest('the box on the results page is closed at first and searches', async (page) => {
  const box = await Box.at(page, `${daemon.url}/search?q=residency`);
  assert.equal((await box.state()).popup, false, 'the popup is open at first');
  await box.input.fill('data');
  await box.shown('data');
  await box.press('ArrowDown', 'ArrowUp', 'ArrowUp');
  await box.press('Escape');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/search?q=data');
});

pageTest("the page works under a proxy's path", async (page) => {
  const {Site} = await import('./support.js');
  const proxy = await Site.start(
    {},
    {
      get url() {
        return daemon.url;
      },
    },
  );
  const pass = proxy.pass.bind(proxy);
  proxy.pass = (request, answer) => {
    assert.ok(request.url.startsWith('/guides/'), `${request.url} leaves the path`);
    request.url = request.url.slice('/guides'.length);
    pass(request, answer);
  };
  proxy.pages['/favicon.ico'] = {status: 204};
  const box = await Box.at(page, `${proxy.url}/guides/`);
  await box.ask('residency');
  await box.press('Enter');
  await page.waitForURL('**/guides/search?q=residency');
  await follow(page, nav(page, 'Kind').getByRole('link', {name: /Guides/}));
  assert.deepEqual(await titles(page), await found('q=residency&kind=post'));
});
