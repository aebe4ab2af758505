// SPDX-License-Identifier: GPL-2.0-or-later
// A search box in a page, as a reader sees and hears it.

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
    this.status = this.host.locator('[role=status]');
    this.clear = this.host.getByRole('button');
    this.all = this.host.locator('[part~=all]');
  }

  // Goes to an address and waits for the box there.
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

  // Types and waits for the answer to just that.
  async ask(text) {
    await this.type(text);
    await this.shown(text);
  }

  // Until the answer to this text is what is shown.
  async shown(text) {
    await eventually(async () => {
      const {answered, expanded, busy} = await this.state();
      return expanded && !busy && answered.replace(/\*$/, '') === text;
    });
  }

  // Until a screen reader has been told this.
  says(what) {
    return eventually(async () => what.test((await this.state()).says));
  }

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
    return this.state();
  }

  // All that assistive technology gets to know, and where the focus is.
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
        // -1: none; an id that no option has is a bug of its own.
        active: id === null || id === '' ? -1 : options.findIndex((option) => option.id === id),
        dangling: Boolean(id) && !options.some((option) => option.id === id),
        selected: options.flatMap((option, i) =>
          option.getAttribute('aria-selected') === 'true' ? [i] : [],
        ),
        focused: document.activeElement === host && root.activeElement === input,
        busy: listbox?.getAttribute('aria-busy') === 'true',
        answered: host.answer?.query?.text ?? '',
        says: root.querySelector('[role=status]').textContent,
      };
    });
  }

  // Where the visual focus is, with all that must go with it.
  async stands(active, {expanded = true, value} = {}) {
    const state = await this.state();
    assert.equal(state.dangling, false, 'aria-activedescendant names no option');
    assert.equal(state.active, active, JSON.stringify(state));
    assert.deepEqual(state.selected, active < 0 ? [] : [active], JSON.stringify(state));
    assert.equal(state.expanded, expanded, JSON.stringify(state));
    assert.equal(state.listed, expanded, 'aria-expanded and what is shown differ');
    assert.ok(state.controls, 'aria-controls names no listbox');
    assert.ok(state.focused, 'the focus left the input');
    if (value !== undefined) assert.equal(state.value, value);
    return state;
  }
}

// Counts requests of a kind that the page makes from now on, by their query.
export function watchRequests(page, path = '/api/v1/search') {
  const asked = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.pathname.endsWith(path)) asked.push(url.searchParams.get('q'));
  });
  return asked;
}
