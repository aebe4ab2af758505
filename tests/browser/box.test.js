// SPDX-License-Identifier: GPL-2.0-or-later
// The search box with real typing: requests, what it shows, what it announces, and the mouse.

import assert from 'node:assert/strict';
import {Box, watchRequests} from './box.js';
import {SCRIPT, Searchd, Site, eventually, html, makeIndex, pageTest} from './support.js';

const body = `<input id="other" aria-label="Other"> <textarea aria-label="Text"></textarea>
<p contenteditable id="editable">Text</p> <p id="outside">Outside</p>
<signpost-search></signpost-search>`;
const searchd = await Searchd.start(makeIndex());
const site = await Site.start(
  {
    '/': html(body, {head: SCRIPT}),
    '/search': html('<h1>Results</h1>'),
    '/research/ai-residencies/': html('<h1>A guide</h1>'),
  },
  searchd,
);

// Runs a test that starts with a page that contains the box.
function boxTest(name, options, act) {
  if (typeof options === 'function') return boxTest(name, {}, options);
  pageTest(name, options, async (page) => act(await Box.at(page, site.url), page));
}

boxTest("guides and resources are in groups, the best hit's group first", async (box) => {
  await box.ask('ai residencies');
  const [guides, resources] = await box.groups.all();
  assert.ok((await guides.getByRole('option').count()) > 0);
  assert.ok((await resources.getByRole('option').count()) > 0);
  assert.equal(await box.host.getByRole('group', {name: 'Guides'}).count(), 1);
  assert.equal(await box.host.getByRole('group', {name: 'Resources'}).count(), 1);
  assert.match(await guides.getByRole('option').first().textContent(), /AI residencies: a year of research/);
});

boxTest('resources come first if the best hit is a resource', async (box) => {
  await box.ask('outreachy');
  assert.match(await box.options.first().textContent(), /outreachy\.org/);
});

boxTest('a guide shows its title, the heading of the passage, and the passage', async (box) => {
  await box.ask('residency');
  const option = box.guide;
  assert.equal(
    await option.locator('[part~=title]').textContent(),
    'AI residencies: a year of research before (or instead of) the degree',
  );
  assert.match(await option.locator('[part~=trail]').textContent(), /Residencies at the large labs/);
  const passage = option.locator('[part~=passage]');
  assert.match(await passage.textContent(), /Google AI Residency · Facebook AI Research/);
  assert.equal(await passage.locator('mark').first().textContent(), 'Residency');
  assert.doesNotMatch(await option.textContent(), /<|&(amp|lt|gt|quot|#39);/);
  assert.equal(
    await option.evaluate((link) => link.href),
    `${site.url}/research/ai-residencies/#residencies-at-the-large-labs`,
  );
});

boxTest('a resource shows its host and how many guides mention it', async (box) => {
  await box.ask('residency');
  const option = box.options.filter({hasText: 'g.co'});
  assert.match(await option.textContent(), /Google AI Residency.*in 1 guide(?!s)/s);
  assert.equal(await option.getAttribute('href'), 'https://g.co/airesidency');
  await box.input.fill('microsoft ai residency');
  await box.shown('microsoft ai residency');
  const microsoft = box.options.filter({hasText: 'Microsoft AI Residency'}).first();
  assert.match(await microsoft.textContent(), /(?<!www\.)microsoft\.com/);
  await box.input.fill('per scholas');
  await box.shown('per scholas');
  assert.match(await box.options.filter({hasText: 'perscholas.org'}).textContent(), /in 3 guides/);
});

boxTest('the number of results is announced once', async (box, page) => {
  await page.route('**/api/v1/suggest?*', async (route) => {
    await new Promise((done) => setTimeout(done, 2500));
    await route.continue().catch(() => {}); // fails if the page is closed
  });
  await box.ask('residency research');
  await box.announces(/^10 results: Guides 5, Resources 5/);
  assert.equal((await box.status.getAttribute('aria-live')) ?? 'polite', 'polite');
  await box.host.evaluate((host) => {
    window.changes = 0;
    new MutationObserver((list) => {
      window.changes += list.length;
    }).observe(host.shadowRoot.querySelector('[role=status]'), {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  await box.press('ArrowDown', 'ArrowDown', 'ArrowUp', 'Home');
  await eventually(async () => (await box.groups.count()) === 3);
  await page.waitForTimeout(300);
  assert.equal(await page.evaluate(() => window.changes), 0, 'moving about or suggestions announce something');
});

boxTest('the box sends a request when the typing pauses, not at every letter', async (box, page) => {
  const asked = watchRequests(page);
  await box.input.click();
  await box.typeEvenly('residency');
  await box.shown('residency');
  assert.deepEqual(asked, ['residency']);
  await box.press('Backspace');
  await eventually(() => asked.includes('residenc'));
  await page.keyboard.type('y');
  await box.shown('residency');
  assert.equal(asked.filter((q) => q === 'residency').length, 1, 'the earlier answer was not reused');
});

boxTest('an unfinished word finds words that begin with it', async (box, page) => {
  const asked = watchRequests(page);
  await box.input.click();
  await box.typeEvenly('resi');
  await box.shown('resi');
  assert.deepEqual(asked, ['resi', 'resi*']);
  assert.match(await box.options.first().textContent(), /resid/i);
  const all = new URL(await box.options.last().evaluate((link) => link.href));
  assert.equal(all.searchParams.get('q'), 'resi*');
  assert.equal((await box.state()).value, 'resi');
  assert.match(await box.options.last().textContent(), /resi(?!\*)/);
});

boxTest('blank text sends no request and shows nothing', async (box, page) => {
  const asked = watchRequests(page);
  await box.type('  ');
  await page.waitForTimeout(400);
  await box.expectActive(-1, {expanded: false});
  assert.deepEqual(asked, []);
  await box.ask('data');
  await box.input.fill('');
  await eventually(async () => !(await box.state()).popup);
});

boxTest('suggestions have their own group, and choosing one searches for it', async (box) => {
  await box.ask('residency research');
  await eventually(async () => (await box.groups.count()) === 3);
  const suggestion = box.groups.nth(2).getByRole('option').first();
  assert.equal((await suggestion.textContent()).trim(), 'residency researchers');
  const {count} = await box.state();
  assert.ok(count <= 14, 'at most three');
  await suggestion.click();
  await box.shown('residency researchers');
  await box.expectActive(-1, {value: 'residency researchers'});
});

boxTest('a suggestion can be chosen by keyboard', async (box) => {
  await box.ask('residency research');
  await eventually(async () => (await box.groups.count()) === 3);
  await box.press('ArrowUp', 'ArrowUp', 'Enter');
  const value = (await box.state()).value;
  assert.match(value, /^residency research./);
  await box.shown(value);
});

boxTest('the last option leads to all results', async (box) => {
  await box.ask('residency');
  const last = box.options.last();
  assert.match(await last.textContent(), /All results for “residency”/);
  assert.equal(await last.evaluate((link) => link.href), `${site.url}/search?q=residency`);
});

boxTest('the last option counts the results, but not if some lack words', async (box) => {
  for (const query of ['residency', 'residency masters']) {
    await box.input.fill(query);
    await box.shown(query);
    const {total, total_partial: partial} = await searchd.search(`q=${encodeURIComponent(query)}`);
    assert.equal(partial > 0, query === 'residency masters', `${query}: ${partial} results with some words`);
    assert.equal(await box.all.textContent(), `All results for “${query}”${partial ? '' : `${total} results`}`);
  }
});

boxTest('without results the box says so and shows no empty list', async (box) => {
  await box.type('xyzzyqq');
  await box.announces(/Nothing found for “xyzzyqq”/);
  const state = await box.state();
  assert.deepEqual([state.expanded, state.popup, state.active], [false, true, -1]);
  assert.ok(await box.host.locator('[part~=message]').isVisible());
  await box.press('Escape');
  assert.equal((await box.state()).popup, false);
});

// Composes text as an input method does.
async function compose(page, ...texts) {
  const session = await page.context().newCDPSession(page);
  for (const text of texts)
    await session.send('Input.imeSetComposition', {text, selectionStart: text.length, selectionEnd: text.length});
  return session;
}

boxTest('while an input method composes, the box does not say that nothing is found', async (box, page) => {
  const asked = watchRequests(page);
  await box.input.click();
  await box.host.evaluate((host) => {
    window.said = '';
    new MutationObserver(() => {
      window.said += host.shadowRoot.querySelector('[role=status]').textContent;
    }).observe(host.shadowRoot.querySelector('[role=status]'), {childList: true});
  });
  const session = await compose(page, 'か', 'かｋ', 'かき');
  await eventually(() => asked.some((q) => q.startsWith('かき')));
  await page.waitForTimeout(600);
  const state = await box.state();
  assert.deepEqual([state.value, state.popup, state.expanded], ['かき', false, false]);
  assert.equal(await page.evaluate(() => window.said), '');
  await session.send('Input.insertText', {text: '柿'});
  await box.announces(/Nothing found for “柿”/);
  assert.equal((await box.state()).popup, true);
});

boxTest('while an input method composes, results are shown as usual', async (box, page) => {
  await box.input.click();
  const session = await compose(page, 'resid', 'residency');
  await box.shown('residency');
  await box.announces(/10 results/);
  await compose(page, 'xyzzyq', 'xyzzyqqz');
  await eventually(async () => !(await box.state()).popup);
  await session.send('Input.imeSetComposition', {text: '', selectionStart: 0, selectionEnd: 0});
});

boxTest('partial matches name the missing word, and the box says that nothing has all words', async (box) => {
  await box.ask('machine learning zebra');
  assert.match(await box.options.first().textContent(), /without zebra/);
  assert.match(await box.host.locator('[part~=popup]').textContent(), /No result has all these words/);
  await box.announces(/No result has all these words/);
});

boxTest('the clear button clears the text and keeps the focus', async (box) => {
  assert.equal(await box.clear.isVisible(), false, 'the button is shown although there is nothing to clear');
  await box.ask('data');
  await box.host.getByRole('button', {name: 'Clear'}).click();
  await box.expectActive(-1, {expanded: false, value: ''});
  assert.equal(await box.clear.isVisible(), false);
});

boxTest('pressing the mouse keeps the focus, hovering activates nothing, a click outside closes', async (box, page) => {
  await box.ask('residency');
  await box.options.nth(3).hover();
  await box.expectActive(-1);
  await page.mouse.down();
  await box.expectActive(-1);
  await page.mouse.move(5, 5);
  await page.mouse.up();
  await page.locator('#outside').click();
  await eventually(async () => !(await box.state()).popup);
  assert.equal((await box.state()).value, 'residency');
  await box.input.click();
  await page.locator('#other').focus();
  await eventually(async () => !(await box.state()).popup);
});

boxTest('a click follows an option, and a middle click opens the option in a tab', async (box, page) => {
  await box.ask('residency');
  const opened = page.context().waitForEvent('page');
  await box.guide.click({button: 'middle'});
  await (await opened).waitForURL('**/research/ai-residencies/#*');
  await Promise.all([page.waitForURL('**/research/ai-residencies/#*'), box.guide.click()]);
});

boxTest('/ and Ctrl+K move the focus to the box', async (box, page) => {
  for (const key of ['/', 'Control+k', 'Meta+k']) {
    await page.locator('#outside').click();
    await page.keyboard.press(key);
    await box.expectActive(-1, {expanded: false, value: ''});
  }
  await box.ask('data');
  await page.locator('#outside').click();
  await page.keyboard.press('Control+k');
  await box.shown('data');
  assert.ok((await box.state()).focused);
  await page.keyboard.type('x');
  assert.equal((await box.state()).value, 'x', 'the text was selected');
});

boxTest('/ typed in any other text field does not move the focus', async (box, page) => {
  for (const selector of ['#other', 'textarea', '#editable']) {
    await page.locator(selector).click();
    await page.keyboard.press('/');
    assert.equal((await box.state()).focused, false, selector);
  }
  assert.equal(await page.locator('#other').inputValue(), '/');
  await page.keyboard.press('Control+k');
  assert.equal((await box.state()).focused, true);
  await page.keyboard.type('a/b');
  assert.equal((await box.state()).value, 'a/b');
});

boxTest('the first shortcut is shown while the box is empty and does not have the focus', async (box, page) => {
  const hint = box.host.locator('kbd');
  assert.equal(await hint.textContent(), '/');
  assert.ok(await hint.isVisible());
  await box.input.focus();
  assert.ok(await hint.isHidden());
  await box.type('a');
  await page.keyboard.press('Tab');
  assert.ok(await hint.isHidden());
});
