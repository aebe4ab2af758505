// SPDX-License-Identifier: GPL-2.0-or-later
// Operates a search box in a page, and reads what the box shows and what it exposes to assistive
// technology.

import assert from 'node:assert/strict';
import {eventually} from './support.js';

export class Box {
  constructor(page, nth = 0) {
    this.page = page;
    this.host = page.locator('signpost-search').nth(nth);
    this.input = this.host.getByRole('combobox');
    this.options = this.host.getByRole('option');
    this.listbox = this.host.locator('[role=listbox]');
    this.groups = this.host.getByRole('group');
    this.guide = this.host.getByRole('group', {name: 'Guides'}).getByRole('option').first();
    this.status = this.host.locator('[role=status]');
    this.clear = this.host.getByRole('button');
    this.all = this.host.locator('[part~=all]');
  }

  // Loads an address and waits for the box there.
  static async at(page, url, nth) {
    await page.goto(url);
    const box = new Box(page, nth);
    await box.input.waitFor();
    return box;
  }

  async type(text) {
    await this.input.click();
    await this.page.keyboard.type(text, {delay: 10});
  }

  // Types a text where the focus is. By the page's clock each letter takes 10 ms, however slow the
  // machine is. May be called once for a page.
  async typeEvenly(text) {
    const {clock, keyboard} = this.page;
    const now = Date.now();
    await clock.install({time: now});
    await clock.pauseAt(now + 3600000);
    for (const letter of text) {
      await keyboard.type(letter);
      await clock.runFor(10);
    }
    await clock.resume();
  }

  // Types a text and waits until the box shows the answer to it.
  async ask(text) {
    await this.type(text);
    await this.shown(text);
  }

  // Waits until the box shows the answer to this text.
  async shown(text) {
    await eventually(async () => {
      const {answered, expanded, busy} = await this.state();
      return expanded && !busy && answered.replace(/\*$/, '') === text;
    });
  }

  // Waits until the box announces a text that matches `pattern` to screen readers.
  announces(pattern) {
    return eventually(async () => pattern.test((await this.state()).announced));
  }

  // Moves to the first guide of the list by keyboard, and returns its address.
  async moveToGuide() {
    const at = await this.options.evaluateAll((all) => all.findIndex(({hit}) => hit?.kind === 'post'));
    for (let i = 0; i <= at; i++) await this.press('ArrowDown');
    await this.expectActive(at);
    return this.options.nth(at).evaluate((option) => option.href);
  }

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
    return this.state();
  }

  // The state that the box exposes to assistive technology, and where the focus is.
  state() {
    return this.host.evaluate((host) => {
      const root = host.shadowRoot;
      const input = root.querySelector('[role=combobox]');
      const listbox = root.querySelector('[role=listbox]');
      const options = [...root.querySelectorAll('[role=option]')];
      const id = input.getAttribute('aria-activedescendant');
      const visible = (element) =>
        element !== null && element.checkVisibility() && element.getBoundingClientRect().height > 0;
      return {
        value: input.value,
        caret: input.selectionStart,
        expanded: input.getAttribute('aria-expanded') === 'true',
        listed: visible(listbox),
        popup: visible(root.querySelector('[part~=popup]')),
        controls: root.getElementById(input.getAttribute('aria-controls')) === listbox,
        count: options.length,
        // -1: no option is active. `dangling`: the id in aria-activedescendant is not that of an option.
        active: id === null || id === '' ? -1 : options.findIndex((option) => option.id === id),
        dangling: Boolean(id) && !options.some((option) => option.id === id),
        selected: options.flatMap((option, i) =>
          option.getAttribute('aria-selected') === 'true' ? [i] : [],
        ),
        focused: document.activeElement === host && root.activeElement === input,
        busy: listbox?.getAttribute('aria-busy') === 'true',
        answered: host.answer?.query?.text ?? '',
        announced: root.querySelector('[role=status]').textContent,
      };
    });
  }

  // Checks that option number `active` is the active one (-1: none), and that the rest of the state
  // agrees with it.
  async expectActive(active, {expanded = true, value} = {}) {
    const state = await this.state();
    assert.equal(state.dangling, false, 'aria-activedescendant does not name an option');
    assert.equal(state.active, active, JSON.stringify(state));
    assert.deepEqual(state.selected, active < 0 ? [] : [active], JSON.stringify(state));
    assert.equal(state.expanded, expanded, JSON.stringify(state));
    assert.equal(state.listed, expanded, 'aria-expanded does not agree with what is shown');
    assert.ok(state.controls, 'aria-controls does not name the listbox');
    assert.ok(state.focused, 'the focus left the input');
    if (value !== undefined) assert.equal(state.value, value);
    return state;
  }
}

// What the box shows of an answer: the number of hits of each kind, at most five. The kind of the best hit
// comes first.
export function shares({hits}) {
  const counts = {};
  for (const {kind} of hits) counts[kind] = Math.min((counts[kind] ?? 0) + 1, 5);
  return counts;
}

// Returns a list to which the query of each later request of the page to `path` is appended.
export function watchRequests(page, path = '/api/v1/search') {
  const asked = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.pathname.endsWith(path)) asked.push(url.searchParams.get('q'));
  });
  return asked;
}
