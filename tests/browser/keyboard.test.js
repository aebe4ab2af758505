// SPDX-License-Identifier: GPL-2.0-or-later
// The search box by keyboard: the ARIA pattern "editable combobox with list autocomplete". After every
// key the state of the options, the option announced as active, and the focus must agree.

import assert from 'node:assert/strict';
import {Box, shares} from './box.js';
import {SCRIPT, Searchd, Site, eventually, html, makeIndex, pageTest} from './support.js';

const searchd = await Searchd.start(makeIndex());
const {hits} = await searchd.search('q=residency&limit=20');
const guides = hits.filter(({kind}) => kind === 'post').map(({url}) => [url, html('<h1>A guide</h1>')]);
const shown = shares({hits});
const body = `<a href="#before">Before</a> <signpost-search></signpost-search>
<a href="#after">After</a>`;
const site = await Site.start(
  {
    '/': html(body, {head: SCRIPT}),
    '/search': html('<h1>Results</h1>'),
    ...Object.fromEntries(guides),
  },
  searchd,
);

// Runs a test that starts with the open popup for `residency`: guides, resources, and the link to all
// results.
function keyTest(name, options, act) {
  if (typeof options === 'function') return keyTest(name, {}, options);
  pageTest(name, options, async (page) => {
    const box = await Box.at(page, site.url);
    await box.ask('residency');
    await box.expectActive(-1);
    const {count} = await box.state();
    assert.equal(count, shown.post + shown.resource + 1, 'guides, resources, all results');
    await act(box, count - 1, page);
  });
}

pageTest('a closed and empty box is a named combobox, which no key opens', async (page) => {
  const box = await Box.at(page, site.url);
  const input = page.getByRole('combobox', {name: 'Search the guides', exact: true});
  const expected = {
    type: 'search',
    'aria-autocomplete': 'list',
    'aria-expanded': 'false',
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    enterkeyhint: 'search',
  };
  for (const [name, value] of Object.entries(expected)) {
    assert.equal(await input.getAttribute(name), value, name);
  }
  await box.input.focus();
  for (const key of ['ArrowDown', 'ArrowUp', 'Alt+ArrowDown', 'Enter', 'Escape']) {
    await box.press(key);
    await box.expectActive(-1, {expanded: false, value: ''});
  }
  assert.equal(page.url(), `${site.url}/`);
});

keyTest('Down and Up go through the options and wrap around', async (box, last) => {
  for (let i = 0; i <= last; i++) {
    await box.press('ArrowDown');
    await box.expectActive(i, {value: 'residency'});
  }
  await box.press('ArrowDown');
  await box.expectActive(0);
  await box.press('ArrowUp');
  await box.expectActive(last);
  await box.press('ArrowUp');
  await box.expectActive(last - 1, {value: 'residency'});
});

keyTest('Up from the text goes to the last option', async (box, last) => {
  await box.press('ArrowUp');
  await box.expectActive(last);
});

keyTest('the caret keys return to the text and move the caret', async (box) => {
  const carets = {Home: 0, End: 9, ArrowLeft: 8, ArrowRight: 9};
  for (const [key, caret] of Object.entries(carets)) {
    await box.press('ArrowDown', 'ArrowDown');
    await box.expectActive(1);
    await box.press(key);
    assert.equal((await box.expectActive(-1, {value: 'residency'})).caret, caret, key);
  }
});

keyTest('typing returns to the text', async (box, last, page) => {
  await box.press('ArrowDown');
  await box.expectActive(0);
  await page.keyboard.type(' research');
  await box.expectActive(-1, {value: 'residency research'});
  await box.shown('residency research');
  await box.press('ArrowDown', 'Backspace');
  await box.expectActive(-1, {value: 'residency researc'});
});

keyTest('Escape closes the popup, and then clears the text', async (box) => {
  await box.press('ArrowDown', 'Escape');
  await box.expectActive(-1, {expanded: false, value: 'residency'});
  await box.press('Escape');
  await box.expectActive(-1, {expanded: false, value: ''});
  await box.press('ArrowDown');
  await box.expectActive(-1, {expanded: false, value: ''});
});

keyTest('Down opens the popup at the first option, Up at the last', async (box, last) => {
  await box.press('Escape', 'ArrowDown');
  await box.expectActive(0);
  await box.press('Escape', 'ArrowUp');
  await box.expectActive(last);
});

keyTest('Alt+Up closes the popup, Alt+Down opens it without an active option', async (box) => {
  await box.press('ArrowDown', 'Alt+ArrowUp');
  await box.expectActive(-1, {expanded: false, value: 'residency'});
  await box.press('Alt+ArrowDown');
  await box.expectActive(-1, {value: 'residency'});
});

keyTest('Enter on an option follows it', async (box, last, page) => {
  const address = await box.moveToGuide();
  await Promise.all([page.waitForURL(address), page.keyboard.press('Enter')]);
});

keyTest('Ctrl+Enter opens an option in a new tab', async (box, last, page) => {
  const address = await box.moveToGuide();
  const opened = page.context().waitForEvent('page');
  await page.keyboard.press('Control+Enter');
  const tab = await opened;
  await tab.waitForURL(address);
  assert.equal(page.url(), `${site.url}/`);
});

keyTest('Enter on the text goes to the results page', async (box, last, page) => {
  await Promise.all([page.waitForURL('**/search?*'), page.keyboard.press('Enter')]);
  assert.equal(page.url(), `${site.url}/search?q=residency`);
});

keyTest('Enter on the last option goes to all results', async (box, last, page) => {
  await box.press('ArrowUp');
  await Promise.all([page.waitForURL('**/search?*'), page.keyboard.press('Enter')]);
  assert.equal(new URL(page.url()).searchParams.get('q'), 'residency');
});

pageTest('Enter on blank text stays on the page', async (page) => {
  const box = await Box.at(page, site.url);
  await box.type('   ');
  await box.press('Enter');
  await page.waitForTimeout(200);
  assert.equal(page.url(), `${site.url}/`);
});

pageTest('Enter does not wait for the answer', async (page) => {
  const box = await Box.at(page, site.url);
  await box.type('data');
  await Promise.all([page.waitForURL('**/search?q=data'), page.keyboard.press('Enter')]);
});

keyTest('Tab closes the popup, moves to the clear button, and then leaves the box', async (box, last, page) => {
  const focused = () =>
    page.evaluate(() => {
      let element = document.activeElement;
      while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element.localName;
    });
  await box.press('ArrowDown', 'Tab');
  assert.equal(await focused(), 'button');
  const state = await box.state();
  assert.deepEqual(
    [state.expanded, state.listed, state.active, state.value],
    [false, false, -1, 'residency'],
  );
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'a');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'After');
  await box.press('Shift+Tab', 'Shift+Tab');
  await box.expectActive(-1, {expanded: false, value: 'residency'});
  await page.keyboard.press('Shift+Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Before');
});

keyTest('Shift+Tab closes the popup and moves back', async (box, last, page) => {
  await box.press('Shift+Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Before');
  await eventually(async () => !(await box.state()).expanded);
});

keyTest(
  'the active option is scrolled into view',
  {viewport: {width: 800, height: 300}},
  async (box, last) => {
    for (const key of ['ArrowUp', 'ArrowDown']) {
      await box.press(key);
      const gap = await box.host.evaluate((host) => {
        const option = host.shadowRoot.querySelector('[aria-selected=true]').getBoundingClientRect();
        const popup = host.shadowRoot.querySelector('[part~=popup]').getBoundingClientRect();
        return Math.max(popup.top - option.top, option.bottom - popup.bottom);
      });
      assert.ok(gap <= 1, `${key}: ${gap} px out of the popup`);
    }
    assert.equal(await box.page.evaluate(() => scrollX), 0);
  },
);

keyTest('keys of an input method do not operate the box', async (box, last, page) => {
  const devtools = await page.context().newCDPSession(page);
  await box.press('ArrowDown');
  await devtools.send('Input.imeSetComposition', {text: 'けん', selectionStart: 2, selectionEnd: 2});
  await box.expectActive(-1, {value: 'residencyけん'});
  for (const key of ['ArrowDown', 'ArrowUp', 'Enter', 'Escape']) {
    // While an input method is composing, it sends keydown events with isComposing.
    await box.input.evaluate(
      (input, name) =>
        input.dispatchEvent(
          new KeyboardEvent('keydown', {
            key: name,
            isComposing: true,
            bubbles: true,
            composed: true,
            cancelable: true,
          }),
        ),
      key,
    );
    await box.expectActive(-1, {value: 'residencyけん'});
  }
  await devtools.send('Input.insertText', {text: '研究'});
  assert.equal((await box.state()).value, 'residency研究');
  assert.equal(page.url(), `${site.url}/`);
});

keyTest('letters and keys with modifiers are handled by the browser', async (box, last, page) => {
  await box.press('ArrowDown', 'Control+a');
  await page.keyboard.type('data');
  assert.equal((await box.state()).value, 'data');
  await box.press('Control+z');
  assert.notEqual((await box.state()).value, 'data', 'undo works');
});
