// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * <signpost-search>: a search box with results as you type, for any page.
 *
 *   <script src="https://search.example/search-box.js" defer></script>
 *   <form action="https://search.example/search">
 *     <signpost-search><input type="search" name="q"></signpost-search>
 *   </form>
 *
 * The children serve readers without JavaScript; the box takes over their value, caret and label.
 * It follows the WAI-ARIA pattern "editable combobox with list autocomplete": the focus stays in the
 * input, and aria-activedescendant names the active option.
 *
 * docs/embed.md is the manual: attributes, words, events, members, parts and custom properties. search-list.js
 * makes the options; search-element.js has what the box shares with <signpost-results>.
 */
let count = 0;

class SignpostSearch extends SearchList {
  static formAssociated = true;
  static observedAttributes =
    ['value', 'name', 'params', 'server', 'label', 'placeholder', 'shortcut', 'text-clear', 'lang'];

  constructor() {
    super();
    this._id = `signpost-${++count}`;
    this._internals = this.attachInternals();
    this._cache = new Map();
    this._result = {};
    this._options = [];
    this._turn = 0;
    this._build(this.attachShadow({ mode: 'open', delegatesFocus: true }));
    this._listen();
  }

  _build(root) {
    const id = `${this._id}-list`;
    this._input = make('input', {
      part: 'input', type: 'search', role: 'combobox', 'aria-autocomplete': 'list',
      'aria-expanded': 'false', 'aria-controls': id, autocomplete: 'off', autocapitalize: 'none',
      spellcheck: 'false', enterkeyhint: 'search',
    });
    this._hint = make('kbd', { part: 'hint', 'aria-hidden': true });
    this._clear = make('button', { part: 'clear', type: 'button' });
    this._notes = make('div');
    this._list = make('div', { id, role: 'listbox' });
    this._popup = make('div', { part: 'popup', hidden: '' }, this._notes, this._list);
    this._status = make('div', { role: 'status' });
    this._field = make('div', { class: 'field' }, make('i'), this._input, this._hint, this._clear);
    this._sheet = make('link', { rel: 'stylesheet', href: new URL('search-box.css', home) });
    // The popup's position is measured. A style sheet can set it even if a policy forbids style
    // attributes.
    const sheet = new CSSStyleSheet();
    sheet.insertRule(':host {}');
    root.adoptedStyleSheets = [sheet];
    this._place = sheet.cssRules[0].style;
    root.append(this._sheet, this._field, this._popup, this._status);
  }

  _listen() {
    this._input.oninput = (event) => this._onInput(event.isComposing);
    this._input.addEventListener('compositionend', () => this._onInput());
    this._input.onkeydown = (event) => this._onKey(event);
    this._input.onclick = () => this.open();
    this._clear.onclick = () => this._empty();
    this._list.onclick = (event) => this._onClick(event);
    // Pressing an option must not move the focus and the caret.
    this._popup.onmousedown = (event) => event.preventDefault();
    // Without its style the popup would shift the page's layout.
    this._sheet.onload = () => { this._styled = true; this._sync(); };
    this.addEventListener('focusout', () => this.close());
  }

  connectedCallback() {
    const { signal } = this._life = new AbortController();
    const on = (type, act) => window.addEventListener(type, act, { signal });
    on('resize', () => this._fit());
    on('keydown', (event) => this._onShortcut(event));
    // Without scripts the form leads to its action.
    on('submit', (event) => {
      const { target: form, submitter } = event;
      if (event.defaultPrevented || form !== this._internals.form || !this.hasAttribute('results')) return;
      event.preventDefault();
      location.assign(address(this._get('results'), new FormData(form, submitter)));
    });
    on('pointerdown', (event) => event.composedPath().includes(this) || this.close());
    // The script may run before the children are parsed.
    on('DOMContentLoaded', () => this._adopt());
    this._adopt();
    this._apply();
    this._learn();
    if (this.autofocus && document.activeElement === document.body) this.focus();
  }

  _spoken() {
    this._apply();
    if (this._isOpen) this._reveal();
  }

  disconnectedCallback() {
    this._life.abort();
    this.close();
  }

  formDisabledCallback(disabled) {
    this._input.disabled = disabled;
    this.close();
    this._store();
  }

  formStateRestoreCallback(state) { this.value = state; }
  formResetCallback() {
    this.value = this._get('value', this._old?.defaultValue);
    this._dirty = false;
  }

  attributeChangedCallback(name, before, now) {
    if (name === 'value' && !this._dirty) this._input.value = now || '';
    this._cache.clear();
    this._apply();
    if (name === 'lang' && this.isConnected) this._learn();
  }

  // Takes over the fallback input, with its text, focus and caret.
  _adopt() {
    const old = this.querySelector('input:not([type=hidden])');
    if (!old || this._old) return;
    this._old = old;
    const { selectionStart, selectionEnd } = old;
    const focused = this.getRootNode().activeElement === old;
    const typed = old.value !== old.defaultValue;
    if (!this._dirty && (typed || focused || !this.hasAttribute('value')))
      this._input.value = old.value;
    for (const label of old.labels || []) label.addEventListener('click', () => this.focus());
    for (const control of this.querySelectorAll('input, button, select, textarea'))
      control.disabled = true;
    this._apply();
    if (!focused) return;
    this._input.focus();
    this._input.setSelectionRange(selectionStart, selectionEnd);
    if (typed) this._onInput();
  }

  _apply() {
    const old = this._old || this;
    const [label] = old.labels || this._internals.labels;
    this._input.ariaLabel =
      this._get('label') || old.ariaLabel || label?.textContent.trim() || this._text('label');
    this._input.placeholder =
      this._get('placeholder', old.placeholder || this._text('placeholder'));
    this._clear.ariaLabel = this._text('clear');
    this._list.ariaLabel = this._text('results');
    this._hint.textContent = this._shortcuts[0];
    this._store();
  }

  // A form sends the query whose results were shown; the browser restores the text as typed.
  _store() {
    const data = new FormData();
    for (const [name, value] of this._sent(this._query)) data.append(name, value);
    this._internals.setFormValue(data, this.value);
    this._clear.hidden = !this.value || this._input.disabled;
    this._hint.hidden = this.value || !this._hint.textContent;
  }

  get _shortcuts() { return this._get('shortcut', '/ Ctrl+K').split(' '); }

  get value() { return this._input.value; }
  set value(text) {
    this.close();
    this._dirty = true;
    this._input.value = text;
    this._store();
  }

  get answer() { return this._result.answer ?? null; }
  get _known() { return this.answer && this._result.text === this.value; }
  get _query() { return this._known ? this._result.query : this.value.trim(); }
  get _isOpen() { return !this._popup.hidden; }

  _sent(query) { return [[this._get('name') || 'q', query], ...this._params]; }

  _results(query) {
    const form = this._internals.form || this.querySelector('form');
    const action = form ? form.getAttribute('action') || '' : this._server('search');
    return address(this._get('results', action), this._sent(query));
  }

  open() {
    if (this._isOpen || !this.value.trim() || this._input.disabled) return;
    if (this._known) this._reveal();
    else this._ask();
  }

  close() {
    this._stop();
    this._wanted = false;
    this._status.textContent = '';
    this._activate();
    this._sync();
  }

  search(text) {
    this.value = text;
    this.open();
  }

  // While an input method composes, the text is unfinished: then nothing found means nothing.
  _onInput(composing) {
    this._composing = composing;
    this._dirty = true;
    this._stop();
    this._activate();
    this._store();
    const known = this._cache.get(this.value);
    if (!this.value.trim()) this.close();
    else if (known) this._show(known);
    else this._timer = setTimeout(() => this._ask(), 120);
  }

  // Cancels timers and the request in flight. Answers to earlier requests are then ignored.
  _stop() {
    this._turn++;
    clearTimeout(this._timer);
    clearTimeout(this._speech);
    this._request?.abort();
    this._busy(false);
  }

  async _ask(failures = 0) {
    this._stop();
    const turn = this._turn, text = this.value;
    this._request = new AbortController();
    this._busy(true);
    try {
      const suggesting = this._suggest(text.trim()).catch(() => []);
      const found = await this._find(text);
      if (turn !== this._turn) return;
      this._show(found);
      found.suggestions = await suggesting;
      if (turn === this._turn) this._reveal();
    } catch (error) {
      if (turn === this._turn) this._fail(error, failures);
    }
  }

  // The last word may be unfinished: if no document has all words as typed, search for its prefix.
  async _find(text) {
    const search = (q) => this._fetch('search', [['q', q], ['limit', 20], ...this._params],
      this._request.signal);
    const query = text.trim(), answer = await search(query);
    const good = ({ total, query: { relaxed, corrected } }) => total && !relaxed && !corrected;
    if (!good(answer) && /[\p{L}\p{N}]$/u.test(text)) {
      const longer = await search(`${query}*`).catch(() => answer);
      if (good(longer)) return { text, query: `${query}*`, answer: longer };
    }
    return { text, query, answer };
  }

  // The route for suggestions takes no other parameters. The caller ignores failures.
  async _suggest(query) {
    const { suggestions } = await this._fetch('suggest', [['q', query], ['limit', 4]],
      this._request.signal);
    return suggestions.filter(({ kind, text }) => kind === 'query' && text !== query).slice(0, 3);
  }

  _fail({ status, message, wait }, failures) {
    const text = this.value;
    // The request is invalid; a retry would fail again.
    if ([400, 414, 431].includes(status))
      return this._show({ text, query: text, answer: { query: {}, total: 0, hits: [] } });
    this._busy(false);
    this._result = { failed: true };
    this._reveal();
    this._emit('error', { status, message });
    const seconds = wait || Math.min(2 ** failures, 30);
    this._timer = setTimeout(() => this._ask(failures + 1), 1000 * seconds);
  }

  _busy(busy) {
    clearTimeout(this._patience);
    this._list.ariaBusy = busy;
    this._field.classList.remove('busy');
    // Shows the busy state only if the answer takes long.
    if (busy) this._patience = setTimeout(() => {
      this._field.classList.add('busy');
      if (this._wanted) return;
      this._result = {};
      this._reveal();
    }, 300);
  }

  _show(found) {
    this._busy(false);
    this._result = found;
    if (found.answer.revision !== this._revision) this._cache.clear();
    this._revision = found.answer.revision;
    this._cache.set(found.text, found);
    if (this._cache.size > 20) this._cache.delete(this._cache.keys().next().value);
    this._store();
    this._reveal();
    this._emit('answer', { query: found.query, answer: found.answer });
  }

  _reveal() {
    this._wanted = true;
    const { answer, suggestions = [] } = this._result, active = this._active?.id;
    const kinds = this._kinds(), messages = this._messages();
    if (this._composing && answer && !kinds.length) return this.close();
    const groups = kinds.map(([kind, hits]) =>
      this._group(GROUPS[kind], hits.map(this._hit, this)));
    if (suggestions.length)
      groups.push(this._group('suggestions', suggestions.map(this._suggestion, this)));
    if (kinds.length) groups.push(this._all(answer));
    this._list.replaceChildren(...groups);
    this._list.hidden = !groups.length;
    this._notes.replaceChildren(...messages.filter(Boolean)
      .map((text) => make('p', { part: 'message', dir: 'auto' }, text)));
    this._options = [...this._list.querySelectorAll('a')];
    this._activate(this._options.find(({ id }) => id === active));
    this._sync();
    this._say(messages, kinds);
  }

  // Waits for a pause, so that screen readers do not announce results for each letter.
  _say(messages, kinds) {
    const counts = kinds.map(([kind, { length }]) => `${this._text(GROUPS[kind])} ${length}`);
    const total = kinds.flatMap(([, hits]) => hits).length;
    const text = [...messages, total && `${this._plural('count', total)}: ${counts.join(', ')}`]
      .filter(Boolean).join('. ');
    clearTimeout(this._speech);
    if (text !== this._status.textContent)
      this._speech = setTimeout(() => this._status.replaceChildren(text), 120);
  }

  _sync() {
    const show = !!(this._wanted && this._styled), changed = show !== this._isOpen;
    this._popup.hidden = !show;
    this._input.ariaExpanded = show && this._options.length > 0;
    this._fit();
    if (changed) this._emit(show ? 'open' : 'close');
  }

  // Fits the popup below the box, inside the window and above an on-screen keyboard.
  _fit() {
    if (!this._isOpen) return;
    const set = (name, pixels) => this._place.setProperty(name, `${pixels}px`);
    const width = document.documentElement.clientWidth - 8;
    set('--_room', width - 8);
    set('--_tall', visualViewport.height - this.getBoundingClientRect().bottom - 16);
    set('--_shift', 0);
    const { left, right } = this._popup.getBoundingClientRect();
    set('--_shift', Math.max(8 - left, Math.min(0, width - right)));
  }

  _onKey(event) {
    const { key, altKey } = event, command = event.ctrlKey || event.metaKey;
    // In Safari, the Enter that ends a composition arrives after its end, with keyCode 229.
    if (event.isComposing || event.keyCode === 229) return;
    if (key === 'Tab') this.close();
    if (/^(Home|End|ArrowLeft|ArrowRight)$/.test(key)) this._activate();
    if (event.shiftKey || (command && key !== 'Enter')) return;
    if (key === 'ArrowDown') altKey ? this.open() : this._move(1);
    else if (key === 'ArrowUp') altKey ? this.close() : this._move(-1);
    else if (key === 'Enter') this._onEnter(command);
    else if (key === 'Escape' && this._isOpen) this.close();
    else if (key === 'Escape' && this.value) this._empty();
    else return;
    event.preventDefault();
  }

  // Without an active option, down moves to the first and up to the last.
  _move(step) {
    this.open();
    const { length } = this._options, at = this._options.indexOf(this._active);
    if (!this._isOpen || !length) return;
    this._activate(this._options[at < 0 && step < 0 ? length - 1 : (at + step + length) % length]);
    this._active.scrollIntoView({ block: 'nearest' });
  }

  _activate(option) {
    if (this._active) this._active.ariaSelected = null;
    this._active = option;
    if (!option) return this._input.removeAttribute('aria-activedescendant');
    option.ariaSelected = true;
    this._input.setAttribute('aria-activedescendant', option.id);
  }

  // Dispatches an input event, as if the reader had deleted the text.
  _empty() {
    this._input.value = '';
    this._input.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    this._input.focus();
  }

  _onEnter(apart) {
    const { form } = this._internals, option = this._active, url = this._results(this._query);
    if (option && !apart) return option.click();
    if (option)
      return option.href && this._selects(option) && window.open(option.href, '_blank', 'noopener');
    if (!this.value.trim()) return;
    this.close();
    form ? form.requestSubmit() : this._selects({ href: url.href }) && location.assign(url);
  }

  _onClick(event) {
    const option = event.target.closest('a');
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!option) return;
    if (plain && option.suggestion) {
      event.preventDefault();
      this._input.value = option.suggestion;
      this._onInput();
    } else if (!this._selects(option)) event.preventDefault();
    else if (plain && option.href) this.close();
  }

  // A plain key is not a shortcut in a text field. Shift is ignored: some keyboards need it for /.
  _isShortcut({ key, ctrlKey, metaKey, altKey, shiftKey }, target) {
    const command = ctrlKey || metaKey, pressed = `${command ? 'ctrl+' : ''}${key}`.toLowerCase();
    const types = target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName);
    return !altKey && (command ? !shiftKey : !types) &&
      this._shortcuts.some((shortcut) => shortcut.toLowerCase() === pressed);
  }

  _onShortcut(event) {
    if (event.defaultPrevented || event.isComposing || this._input.disabled ||
      !this._isShortcut(event, event.composedPath()[0]) ||
      !this.checkVisibility({ visibilityProperty: true })) return;
    event.preventDefault();
    this._input.focus();
    this._input.select();
    if (this._known) this.open();
  }

  // Emits an event that the page can cancel.
  _selects({ href: url, hit = null, suggestion }) {
    return !url || suggestion || this._emit('select', { url, hit, query: this._result.query });
  }
}

define('signpost-search', SignpostSearch);
