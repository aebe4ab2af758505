// SPDX-License-Identifier: GPL-2.0-or-later
// The search box as part of a site's form and page, with and without JavaScript: its fallback input,
// properties, methods, events and translated texts.

import assert from 'node:assert/strict';
import {Box, watchRequests} from './box.js';
import {SCRIPT, Searchd, Site, eventually, html, makeIndex, pageTest} from './support.js';

const site = await Site.start({'/search': html('<h1>Results</h1>')}, await Searchd.start(makeIndex()));
const FORM = `<form action="/search"><input type="hidden" name="from" value="blog">
<label for="q">Find a guide</label>
<signpost-search><input type="search" id="q" name="q" placeholder="Guides"></signpost-search>
<button id="submit">Go</button><button type="reset" id="reset">Reset</button></form>`;

let pages = 0;

// Loads a page with this body and returns its box.
function boxIn(page, body, options = {}) {
  const path = `/form-${pages++}`;
  site.pages[path] = html(body, {head: SCRIPT, ...options});
  return Box.at(page, site.url + path);
}

// Answers each search with the real answer after change(answer).
function mock(page, change) {
  return page.route('**/api/v1/search?*', async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    change(answer);
    await route.fulfill({response, json: answer});
  });
}

pageTest('Enter submits the form with one parameter q', async (page) => {
  const box = await boxIn(page, FORM);
  await box.type('data');
  await Promise.all([page.waitForURL('**/search?*'), page.keyboard.press('Enter')]);
  assert.equal(new URL(page.url()).search, '?from=blog&q=data');
});

pageTest("Enter and the button submit the form through the page's submit handler", async (page) => {
  const box = await boxIn(page, FORM);
  await page.evaluate(() => {
    document.querySelector('form').addEventListener(
      'submit',
      (event) => {
        window.submitted = String(new URLSearchParams(new FormData(event.target)));
        event.preventDefault();
      },
      {once: true},
    );
  });
  await box.type('data');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => window.submitted), 'from=blog&q=data');
  await Promise.all([page.waitForURL('**/search?*'), page.locator('#submit').click()]);
  assert.equal(new URL(page.url()).search, '?from=blog&q=data');
});

pageTest('without JavaScript the form works', {javaScriptEnabled: false}, async (page) => {
  site.pages['/plain'] = html(FORM, {head: SCRIPT});
  await page.goto(`${site.url}/plain`);
  await page.getByRole('searchbox', {name: 'Find a guide'}).fill('data');
  await Promise.all([page.waitForURL('**/search?*'), page.keyboard.press('Enter')]);
  assert.equal(new URL(page.url()).search, '?from=blog&q=data');
});

pageTest('the box takes over a form inside its element', async (page) => {
  const box = await boxIn(
    page,
    `<signpost-search><form action="/search?x">
    <input name="q" aria-label="Look up"></form></signpost-search>`,
  );
  await box.type('data');
  await Promise.all([page.waitForURL('**/search?*'), page.keyboard.press('Enter')]);
  assert.equal(new URL(page.url()).searchParams.getAll('q').join(), 'data');
});

pageTest('the box takes over name, placeholder, text, focus and selection of the fallback input', async (page) => {
  site.pages['/late'] = html(FORM);
  await page.goto(`${site.url}/late`);
  await page.locator('#q').pressSequentially('residency');
  await page.locator('#q').evaluate((input) => input.setSelectionRange(2, 5));
  await page.addScriptTag({url: '/search-box.js'});
  const box = new Box(page);
  await box.input.waitFor();
  const state = await box.state();
  assert.deepEqual([state.value, state.focused, state.caret], ['residency', true, 2]);
  assert.equal(await box.input.evaluate((input) => input.selectionEnd), 5);
  assert.equal(await box.input.getAttribute('placeholder'), 'Guides');
  assert.equal(await page.getByRole('combobox', {name: 'Find a guide'}).count(), 1);
  assert.equal(await page.locator('#q').isVisible(), false);
  await Promise.all([page.waitForURL('**/search?*'), page.keyboard.press('Enter')]);
  assert.equal(new URL(page.url()).search, '?from=blog&q=residency');
});

pageTest('reset restores the first value, and disabled disables the box', async (page) => {
  const box = await boxIn(
    page,
    `<form action="/search"><fieldset>
    <signpost-search value="first" name="query"></signpost-search></fieldset>
    <button type="reset">Reset</button></form>`,
  );
  assert.equal((await box.state()).value, 'first');
  await box.input.fill('second');
  assert.equal(await page.evaluate(() => new FormData(document.forms[0]).get('query')), 'second');
  await page.getByRole('button', {name: 'Reset'}).press('Enter'); // by keyboard, because the popup may cover the button
  assert.equal((await box.state()).value, 'first');
  assert.equal(await page.evaluate(() => new FormData(document.forms[0]).get('query')), 'first');
  await page.evaluate(() => {
    document.querySelector('fieldset').disabled = true;
  });
  assert.ok(await box.input.isDisabled());
  await page.evaluate(() => {
    document.querySelector('fieldset').disabled = false;
  });
  assert.ok(await box.input.isEnabled());
  await box.host.evaluate((host) => host.setAttribute('disabled', ''));
  assert.ok(await box.input.isDisabled());
});

pageTest('after going back the box contains the typed text', async (page) => {
  const box = await boxIn(page, FORM);
  await box.type('data');
  await Promise.all([page.waitForURL('**/search?*'), page.keyboard.press('Enter')]);
  await page.goBack();
  await box.input.waitFor();
  assert.equal((await box.state()).value, 'data');
});

pageTest('properties, methods and events work as documented', async (page) => {
  const box = await boxIn(page, '<signpost-search params="kind=post"></signpost-search><div id="x"></div>');
  await page.evaluate(() => {
    window.events = [];
    for (const name of ['answer', 'open', 'close', 'select', 'error']) {
      document.addEventListener(`signpost-${name}`, (event) => {
        window.events.push([name, event.detail]);
        if (name === 'select') event.preventDefault();
      });
    }
  });
  const names = async () => (await page.evaluate(() => window.events)).map(([name]) => name);
  await box.host.evaluate((host) => host.focus());
  assert.ok((await box.state()).focused);
  await box.host.evaluate((host) => {
    host.value = 'data';
  });
  assert.equal((await box.state()).value, 'data');
  await box.host.evaluate((host) => host.search('residency'));
  await box.shown('residency');
  assert.equal(await box.host.evaluate((host) => host.value), 'residency');
  assert.deepEqual((await names()).sort(), ['answer', 'open']);
  const [, {query, answer}] = (await page.evaluate(() => window.events)).find(([name]) => name === 'answer');
  assert.deepEqual([query, answer.total], ['residency', 5]);
  await box.press('ArrowDown', 'Enter');
  const [name, detail] = (await page.evaluate(() => window.events)).at(-1);
  assert.equal(name, 'select');
  assert.match(detail.url, /\/research\/ai-residencies\/#/);
  assert.deepEqual([detail.hit.kind, detail.query], ['post', 'residency']);
  await page.waitForTimeout(200);
  assert.match(page.url(), /form-/, 'a cancelled selection is followed');
  await box.host.evaluate((host) => host.close());
  assert.equal((await box.state()).expanded, false);
  await box.host.evaluate((host) => host.open());
  assert.equal((await box.state()).expanded, true);
  assert.ok((await names()).includes('close'));
});

pageTest('params are added to each request and to the results page', async (page) => {
  const urls = [];
  page.on('request', (request) => urls.push(request.url()));
  const box = await boxIn(page, '<signpost-search params="tag=PhD&amp;lang=en"></signpost-search>');
  await box.ask('residency');
  const asked = new URL(urls.find((url) => url.includes('/api/v1/search')));
  assert.deepEqual([asked.searchParams.get('tag'), asked.searchParams.get('lang')], ['PhD', 'en']);
  await Promise.all([page.waitForURL('**/search?*'), page.keyboard.press('Enter')]);
  const went = new URL(page.url()).searchParams;
  assert.deepEqual([went.get('q'), went.get('tag'), went.get('lang')], ['residency', 'PhD', 'en']);
});

pageTest('limit, site and results change the number of options and their links', async (page) => {
  const box = await boxIn(
    page,
    `<signpost-search limit="2" site="https://guides.example/x/"
    results="/find?in=guides"></signpost-search>`,
  );
  await box.ask('residency');
  assert.equal((await box.state()).count, 5);
  assert.match(await box.guide.getAttribute('href'), /^https:\/\/guides\.example\//);
  const all = new URL(await box.options.last().evaluate((link) => link.href));
  assert.deepEqual(
    [all.pathname, all.searchParams.get('in'), all.searchParams.get('q')],
    ['/find', 'guides', 'residency'],
  );
});

pageTest('every text can be translated, with plural forms', {allow: [/Failed to load/]}, async (page) => {
  await page.route('**/api/v1/suggest?*', (route) => route.abort());
  const box = await boxIn(
    page,
    `<signpost-search label="Szukaj" placeholder="Czego?" text-guides="Poradniki"
    text-resources="Zasoby" text-count="{n} wyników" text-count-one="{n} wynik" text-count-few="{n} wyniki"
    text-all="Wszystko o „{q}”" text-clear="Wyczyść" text-none="Nic o „{q}”"
    text-mentions="w {n} poradnikach" text-mentions-one="w poradniku"></signpost-search>`,
    {lang: 'pl'},
  );
  let first = 0;
  await mock(page, (answer) => {
    answer.hits = answer.hits.slice(0, first || 20);
  });
  assert.equal(await page.getByRole('combobox', {name: 'Szukaj'}).getAttribute('placeholder'), 'Czego?');
  await box.ask('residency');
  await box.announces(/10 wyników/);
  assert.equal(await box.host.getByRole('group', {name: 'Poradniki'}).count(), 1);
  assert.equal(await box.host.getByRole('group', {name: 'Zasoby'}).count(), 1);
  assert.match(await box.options.last().textContent(), /Wszystko o „residency”/);
  const resource = box.host.getByRole('group', {name: 'Zasoby'}).getByRole('option').nth(1);
  assert.match(await resource.textContent(), /w poradniku/);
  assert.equal(await box.host.getByRole('button', {name: 'Wyczyść'}).count(), 1);
  for (const [n, text] of [
    [1, /1 wynik(?!\p{L})/u],
    [3, /3 wyniki/],
  ]) {
    first = n;
    await box.input.fill(`residency ${n}`);
    await box.shown(`residency ${n}`);
    await box.announces(text);
  }
  await box.host.evaluate((host) => host.setAttribute('text-guides', 'Teksty'));
  await box.input.fill('data');
  await box.shown('data');
  assert.equal(await box.host.getByRole('group', {name: 'Teksty'}).count(), 1);
});

pageTest('the box shows a corrected query and keeps the typed text', async (page) => {
  const box = await boxIn(page, '<signpost-search></signpost-search>');
  await mock(page, (answer) => {
    answer.query.corrected = 'residency research';
  });
  await box.ask('residency');
  assert.match(
    await box.host.locator('[part~=popup]').textContent(),
    /Showing results for “residency research”/,
  );
  assert.equal((await box.state()).value, 'residency');
});

pageTest("colours follow the reader's setting, and theme overrides it", {colorScheme: 'dark'}, async (page) => {
  const box = await boxIn(page, '<signpost-search></signpost-search>');
  await box.ask('data');
  const light = () =>
    box.host.locator('[part~=popup]').evaluate((popup) => {
      const [r, g, b] = getComputedStyle(popup)
        .backgroundColor.match(/[\d.]+/g)
        .map(Number);
      return r + g + b > 384;
    });
  assert.equal(await light(), false);
  await box.host.evaluate((host) => host.setAttribute('theme', 'light'));
  await eventually(light);
  await page.emulateMedia({colorScheme: 'light'});
  await box.host.evaluate((host) => host.setAttribute('theme', 'dark'));
  await eventually(async () => !(await light()));
});

pageTest('autofocus works, and typing continues the given value', async (page) => {
  const box = await boxIn(page, '<signpost-search autofocus value="resid"></signpost-search>');
  await eventually(async () => (await box.state()).focused);
  const asked = watchRequests(page);
  await page.keyboard.press('End');
  await box.typeEvenly('ency');
  await box.shown('residency');
  assert.deepEqual(asked, ['residency']);
});
