// SPDX-License-Identifier: GPL-2.0-or-later
// <signpost-results>: the results of a search inside a page of the site. The address contains the whole
// state, the back button works, and the site's own style applies.

import assert from 'node:assert/strict';
import {Box} from './box.js';
import {SCRIPT, Searchd, Site, eventually, html, makeIndex, pageTest, require} from './support.js';

const FAILED = [/Failed to load resource/];
const SEARCH = '**/api/v1/search?*';
const daemon = await Searchd.start(makeIndex());
const FORM = `<form action="/search" role="search"><signpost-search><input type="search" name="q" aria-label="Search">
</signpost-search><button>Go</button></form>`;
const BODY = `<header>${FORM}</header><main><h1>Find</h1><signpost-results></signpost-results></main>`;
const STYLE = '<link rel="stylesheet" href="/site.css">';
const site = await Site.start(
  {
    '/find/': html(BODY, {head: SCRIPT + STYLE}),
    '/site.css': {type: 'text/css', body: 'a {color: rgb(1, 2, 3)} h3 {font-size: 33px} main ol {list-style: square}'},
    '/about/': html(`<form action="/search"><signpost-search results="/find/"><input name="q" aria-label="Search">
      </signpost-search><button>Go</button></form>`, {head: SCRIPT}),
  },
  daemon,
);
let pages = 0;

const results = (page) => page.locator('signpost-results');
const hits = (page) => results(page).locator('[part~=hit] h3');
const heading = (page) => results(page).getByRole('heading', {level: 2}).first();
const nav = (page, name) => results(page).getByRole('navigation', {name});
const status = (page) => results(page).getByRole('status');
const query = (page) => Object.fromEntries(new URL(page.url()).searchParams);
const titles = async (page) => (await hits(page).allTextContents()).map((title) => title.trim());

// Waits until the results of the current address are shown.
async function settled(page) {
  await eventually(() =>
    results(page).evaluate((host) => {
      const body = host.querySelector('[part=results]');
      return body && body.ariaBusy !== 'true' && body.dataset.shown !== '' && body.children.length > 0;
    }),
  );
}

async function open(page, address = '/find/?q=residency', base = site.url) {
  await page.goto(base + address);
  await settled(page);
}

async function follow(page, link) {
  const before = page.url();
  await link.click();
  await eventually(() => page.url() !== before);
  await settled(page);
}

// The titles of the hits that the API returns.
async function found(parameters) {
  return (await daemon.search(parameters)).hits.map((hit) => hit.title);
}

function pageWith(body, options) {
  const path = `/results-${pages++}/`;
  site.pages[path] = html(body, {head: SCRIPT, ...options});
  return path;
}

pageTest('the results are those of the API, in elements of the page', async (page) => {
  await open(page);
  assert.deepEqual(await titles(page), await found('q=residency'));
  assert.equal((await heading(page).textContent()).trim(), 'Results for “residency”');
  const {total, hits: expected} = await daemon.search('q=residency');
  assert.match(await status(page).textContent(), new RegExp(`^${total} results`));
  assert.match(await page.title(), /^residency – A site/);
  const guide = results(page).locator('[part~=guide] h3').first().getByRole('link');
  assert.equal(await guide.evaluate((link) => link.href), site.url + expected.find(({kind}) => kind === 'post').url);
  assert.ok((await results(page).locator('mark').count()) > 3);
  assert.equal(await new Box(page).input.inputValue(), 'residency', 'the box does not contain the query');
});

pageTest("the site's style applies, and the own style yields to it", async (page) => {
  await open(page);
  const style = (locator, name) => locator.evaluate((element, key) => getComputedStyle(element)[key], name);
  assert.equal(await style(hits(page).first().getByRole('link'), 'color'), 'rgb(1, 2, 3)');
  assert.equal(await style(hits(page).first(), 'fontSize'), '33px');
  assert.equal(await style(results(page).locator('ol').first(), 'listStyleType'), 'square');
  await page.goto(site.url + pageWith('<signpost-results plain></signpost-results>') + '?q=data');
  await settled(page);
  assert.equal(await page.locator('link[href*="search-results.css"]').count(), 0);
});

pageTest('every filter is in the address, and the back button undoes it', async (page) => {
  await open(page, '/find/?q=data&utm_source=x');
  const all = await titles(page);
  await follow(page, nav(page, 'Kind').getByRole('link', {name: /Guides/}));
  assert.deepEqual(query(page), {q: 'data', kind: 'post', utm_source: 'x'});
  const guides = await titles(page);
  assert.deepEqual(guides, await found('q=data&kind=post'));
  assert.equal(await nav(page, 'Kind').locator('[aria-current=true]').textContent().then((text) => /Guides/.test(text)), true);
  const facet = nav(page, 'Narrow down').locator('[part=facet]').filter({hasText: 'Tag'});
  const link = facet.getByRole('link').first();
  const [, tag, count] = /^(.*\S)\s+(\d+)$/s.exec((await link.textContent()).trim());
  await follow(page, link);
  assert.deepEqual(query(page), {q: 'data', kind: 'post', utm_source: 'x', tag});
  assert.match(await status(page).textContent(), new RegExp(`\\b${count} results?`));
  assert.deepEqual(await titles(page), await found(`q=data&kind=post&tag=${encodeURIComponent(tag)}`));
  assert.ok((await facet.getByRole('link').count()) > 1, 'other values of the facet are gone');
  await page.goBack();
  await eventually(async () => JSON.stringify(await titles(page)) === JSON.stringify(guides));
  assert.deepEqual(query(page), {q: 'data', kind: 'post', utm_source: 'x'});
  await page.goBack();
  await eventually(async () => JSON.stringify(await titles(page)) === JSON.stringify(all));
  await page.goForward();
  await eventually(async () => JSON.stringify(await titles(page)) === JSON.stringify(guides));
  await follow(page, nav(page, 'Filters that are set').getByRole('link', {name: /Remove the filter: only guides/}));
  assert.deepEqual(query(page), {q: 'data', utm_source: 'x'});
});

pageTest('order, years and exact searches are links too', async (page) => {
  await open(page, '/find/?q=data');
  await follow(page, nav(page, 'Order').getByRole('link', {name: 'Newest'}));
  assert.deepEqual(await titles(page), await found('q=data&sort=newest'));
  const year = nav(page, 'Narrow down').locator('[part=facet]').filter({hasText: 'Year'}).getByRole('link').first();
  const value = await year.locator('bdi').textContent();
  await follow(page, year);
  assert.deepEqual(query(page), {q: 'data', sort: 'newest', year: value});
  assert.equal(await nav(page, 'Filters that are set').getByRole('link', {name: `in ${value}`}).count(), 1);
  await open(page, '/find/?q=data&after=2018&before=2019-06&exact=1');
  assert.equal(await nav(page, 'Filters that are set').getByRole('link').count(), 3);
  await follow(page, nav(page, 'Filters that are set').getByRole('link', {name: /exactly as typed/}));
  assert.deepEqual(query(page), {q: 'data', after: '2018', before: '2019-06'});
});

pageTest('paging moves the focus to the heading, and all pages together are the whole list', async (page) => {
  await open(page, '/find/?q=data');
  const seen = await titles(page);
  for (const number of [2, 3]) {
    await follow(page, nav(page, 'Pages').getByRole('link', {name: 'Next'}));
    assert.equal(query(page).offset, `${10 * (number - 1)}`);
    assert.match(await status(page).textContent(), new RegExp(`page ${number}$`));
    assert.ok(await heading(page).evaluate((element) => element === document.activeElement), 'the focus');
    assert.ok(await heading(page).evaluate((element) => element.getBoundingClientRect().top >= 0));
    assert.equal(await nav(page, 'Pages').locator('[aria-current=page]').getAttribute('aria-label'), `Page ${number}`);
    seen.push(...(await titles(page)));
  }
  assert.deepEqual(seen, await found('q=data&limit=30'));
  assert.equal(await results(page).locator('ol').first().getAttribute('start'), '21');
  await follow(page, nav(page, 'Pages').getByRole('link', {name: 'Previous'}));
  assert.equal(query(page).offset, '10');
  await open(page, '/find/?q=residency&offset=900');
  await follow(page, results(page).getByRole('link', {name: 'Go to the first page'}));
  assert.equal((await titles(page)).length, 10);
});

pageTest('a filter keeps the focus where it was', async (page) => {
  await open(page, '/find/?q=data');
  const link = nav(page, 'Narrow down').getByRole('link').first();
  const name = await link.locator('bdi').textContent();
  await link.focus();
  await page.keyboard.press('Enter');
  await eventually(() => Object.keys(query(page)).length > 1);
  await settled(page);
  assert.equal(await page.evaluate(() => document.activeElement.querySelector('bdi')?.textContent), name);
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-current')), 'true');
});

pageTest('the form, Enter and "all results" search on this page', async (page) => {
  await open(page);
  const box = new Box(page);
  await page.evaluate(() => {
    window.stays = true;
  });
  await box.input.fill('data');
  await box.press('Enter');
  await eventually(() => query(page).q === 'data');
  await eventually(async () => /data/.test(await heading(page).textContent()));
  await box.input.fill('kaggle');
  await page.getByRole('button', {name: 'Go'}).press('Enter');
  await eventually(async () => /kaggle/.test(await heading(page).textContent()));
  await box.input.fill('residency');
  await box.shown('residency');
  await box.all.click();
  await eventually(async () => /residency/.test(await heading(page).textContent()));
  assert.equal((await box.state()).popup, false);
  assert.ok(await page.evaluate(() => window.stays), 'the page was loaded again');
  await page.goBack();
  await eventually(async () => (await box.input.inputValue()) === 'kaggle');
  await box.input.fill('');
  await box.press('Escape');
  await page.getByRole('button', {name: 'Go'}).press('Enter');
  await eventually(async () => (await results(page).locator('[part=results]').textContent()) === '');
});

pageTest('a box elsewhere leads to the page that `results` names', async (page) => {
  const box = await Box.at(page, `${site.url}/about/`);
  await box.type('data');
  await Promise.all([page.waitForURL('**/find/?q=data'), page.keyboard.press('Enter')]);
  await settled(page);
  assert.equal((await titles(page)).length, 10);
  await page.goto(`${site.url}/about/`);
  await box.type('residency');
  await Promise.all([page.waitForURL('**/find/?q=residency'), page.getByRole('button', {name: 'Go'}).press('Enter')]);
});

pageTest("without JavaScript the form leads to searchd's page", {javaScriptEnabled: false}, async (page) => {
  await page.goto(`${site.url}/find/`);
  await page.getByRole('searchbox').fill('residency');
  await Promise.all([page.waitForURL('**/search?q=residency'), page.keyboard.press('Enter')]);
  assert.match(await page.getByRole('heading', {level: 1}).textContent(), /residency/);
});

pageTest('without results there is advice, a wider search and related results', async (page) => {
  await open(page, '/find/?q=qqqqzzzz');
  assert.equal(await heading(page).textContent(), 'Nothing found for “qqqqzzzz”');
  assert.match(await status(page).textContent(), /Nothing found/);
  assert.equal(await results(page).locator('[part=advice]').textContent(), 'Try a more general word.');
  await open(page, '/find/?q=qqqqzzzz+zzzzqqqq');
  assert.match(await results(page).locator('[part=advice]').textContent(), /^Try fewer words/);
  await open(page, '/find/?q=residency&after=2099');
  const {total} = await daemon.search('q=residency');
  await follow(page, results(page).getByRole('link', {name: `${total} results`}));
  assert.deepEqual(query(page), {q: 'residency'});
  await open(page, '/find/?q=machine+learning+zebra');
  assert.match(await results(page).locator('[part=missing]').first().textContent(), /Without zebra/);
  assert.equal(await results(page).locator('[part=notice]').count(), 1);
  await open(page, '/find/?q=residency+masters');
  assert.equal(await results(page).getByRole('heading', {name: 'Results without some of your words'}).count(), 1);
});

pageTest('an index and an address that are hostile are shown as text', async (page) => {
  const evil = '"\'><img src=x onerror=alert(1)><script>alert(2)</script>';
  await page.route(SEARCH, async (route) => {
    const response = await route.fetch({url: `${daemon.url}/api/v1/search?q=residency&facets=1`});
    const answer = await response.json();
    for (const hit of answer.hits) {
      Object.assign(hit, {title_html: `${evil}<mark>x</mark>`, tags: [evil], categories: [evil], url: 'javascript:alert(3)'});
      hit.passages = [{heading: [evil], url: 'javascript:alert(4)', html: `${evil}<mark>${evil}</mark>`, text: evil}];
    }
    if (answer.facets) answer.facets.tag = [{value: evil, count: 3}];
    answer.query.corrected = evil;
    await route.fulfill({response, json: answer});
  });
  await open(page, `/find/?q=${encodeURIComponent(`residency ${evil}`)}&tag=${encodeURIComponent(evil)}`);
  assert.equal((await titles(page)).length, 10);
  assert.equal(await results(page).locator('img, script').count(), 0);
  assert.equal(await results(page).locator('a[href^="javascript:"]').count(), 0);
  assert.match(await heading(page).textContent(), /<img src=x/);
});

pageTest('a failing search is reported and tried again', {allow: FAILED}, async (page) => {
  await page.route(SEARCH, (route) => route.fulfill({status: 503, body: '{}'}));
  await page.goto(`${site.url}/find/?q=residency`);
  await eventually(async () => /cannot be reached/.test(await status(page).textContent()));
  await page.unroute(SEARCH);
  await eventually(async () => (await titles(page)).length === 10);
  await page.route('**/search-words.json?*', (route) => route.abort());
  await page.goto(`${site.url}/find/?q=residency`);
  await eventually(async () => /cannot be reached/.test(await status(page).textContent()));
  await page.unroute('**/search-words.json?*');
  await eventually(async () => (await titles(page)).length === 10);
});

pageTest('a search without an answer is reported after ten seconds', async (page) => {
  await page.clock.install();
  await page.route(SEARCH, () => {}); // never answers
  await page.goto(`${site.url}/find/?q=residency`);
  await page.clock.runFor(1000);
  await eventually(async () => /Searching/.test(await results(page).textContent()));
  await page.clock.runFor(10000);
  await eventually(async () => /cannot be reached/.test(await results(page).textContent()));
});

pageTest('a refused search is shown as nothing found', {allow: FAILED}, async (page) => {
  await open(page, '/find/?q=residency&after=soon');
  assert.match(await heading(page).textContent(), /Nothing found/);
});

pageTest('the results speak the language of the page', async (page) => {
  const path = pageWith('<signpost-results></signpost-results>', {lang: 'de'});
  await open(page, `${path}?q=residency&kind=post`);
  assert.equal(await heading(page).textContent(), 'Ergebnisse für „residency“');
  const {total} = await daemon.search('q=residency&kind=post');
  assert.match(await status(page).textContent(), new RegExp(`^${total} Ergebnisse`));
  assert.equal(await nav(page, 'Reihenfolge').count(), 1);
  await results(page).evaluate((host) => host.setAttribute('lang', 'es'));
  await eventually(async () => /Resultados/.test(await heading(page).textContent()));
  await results(page).evaluate((host) => host.setAttribute('lang', 'en'));
  await eventually(async () => /Results/.test(await heading(page).textContent()));
});

pageTest('from another origin, under a strict policy, the results work', async (page) => {
  const other = await Searchd.start(daemon.index, '--cors', site.url, '--base-url', 'https://guides.example');
  const policy =
    `default-src 'none'; script-src ${other.url}; style-src ${other.url}; connect-src ${other.url}; form-action ${other.url}`;
  site.pages['/far/'] = {
    body: html('<signpost-results></signpost-results>', {head: `<script src="${other.url}/search-box.js" defer></script>`}),
    headers: {'Content-Security-Policy': policy},
  };
  await open(page, '/far/?q=residency&kind=post');
  assert.deepEqual(await titles(page), await found('q=residency&kind=post'));
  assert.match(await hits(page).first().getByRole('link').getAttribute('href'), /^https:\/\/guides\.example\//);
  await follow(page, nav(page, 'Kind').getByRole('link', {name: /Resources/}));
  assert.equal((await titles(page)).length, 10);
});

pageTest('attributes: name, limit, params and site', async (page) => {
  const path = pageWith(`<signpost-results name="query" limit="3" params="kind=post" site="https://x.example/y/">
    </signpost-results>`);
  await open(page, `${path}?query=residency`);
  assert.deepEqual(await titles(page), await found('q=residency&kind=post&limit=3'));
  assert.match(await hits(page).first().getByRole('link').getAttribute('href'), /^https:\/\/x\.example\/y\/research/);
  await follow(page, nav(page, 'Pages').getByRole('link', {name: 'Next'}));
  assert.deepEqual(query(page), {query: 'residency', offset: '3'});
});

pageTest('an element that is removed and inserted again works', async (page) => {
  await open(page);
  await results(page).evaluate((host) => {
    const {parentNode} = host;
    host.remove();
    history.replaceState(null, '', '?q=data');
    parentNode.append(host);
  });
  await eventually(async () => /data/.test(await heading(page).textContent()));
  assert.equal(await results(page).locator('[part=results]').count(), 1);
});

for (const [name, options] of [
  ['in light colours', {}],
  ['in a narrow window, from right to left', {viewport: {width: 360, height: 800}, dir: 'rtl'}],
]) {
  pageTest(`the results are accessible ${name}`, options, async (page) => {
    const path = pageWith(BODY, {dir: options.dir ?? 'ltr', lang: 'en'});
    await open(page, `${path}?q=data&kind=post&offset=10`);
    await page.addScriptTag({path: require.resolve('axe-core')});
    const {violations} = await page.evaluate(() => window.axe.run('signpost-results'));
    assert.deepEqual(violations.map(({id, nodes}) => [id, nodes.map((node) => node.html)]), []);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 0, `the page scrolls sideways by ${wide} px`);
  });
}
