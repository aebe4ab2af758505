/*
 * <signpost-search>: a search box with results as you type. Its children are for readers without
 * JavaScript; it takes over their value, caret and label.
 *
 *   <script src="https://search.example/search-box.js" defer></script>
 *   <signpost-search><input type="search" name="q"></signpost-search>
 *
 * Attributes: server (where the script is); results, a page (the form's action, {server}/search);
 *   site, before hit URLs that begin with /; name (q) value placeholder disabled autofocus label;
 *   limit, hits per group (5); params (lang=en&tag=x); shortcut ("/ Ctrl+K"; Ctrl is Cmd too);
 *   theme (light, dark); text-KEY for each KEY of TEXTS, and text-KEY-few ... if it has {n}.
 * Members: value answer open() close() focus() search(text)
 * Events: signpost-open -close -answer {query, answer} -error {status | message} -select
 *   {url, hit, query}, which can be cancelled; hit is null for all results.
 * Parts: input clear hint popup group heading option title trail passage meta mark message all
 * Style: --signpost-font -text -muted -background -border -accent -mark -mark-text -active
 *   -radius -width -height -shadow -z
 */
'use strict';
{
const TEXTS = {
  label: 'Search the guides', placeholder: 'Search', clear: 'Clear', results: 'Search results',
  guides: 'Guides', resources: 'Resources', suggestions: 'Suggestions',
  count: '{n} results', 'count-one': '{n} result',
  'count-guides': '{n} guides', 'count-guides-one': '{n} guide',
  'count-resources': '{n} resources', 'count-resources-one': '{n} resource',
  mentions: 'in {n} guides', 'mentions-one': 'in {n} guide', missing: 'without {words}',
  all: 'All results for “{q}”', corrected: 'Showing results for “{q}”',
  relaxed: 'Nothing has all of these words', none: 'Nothing found for “{q}”',
  loading: 'Searching …', error: 'The search cannot be reached. Trying again …',
};
const GROUPS = { post: 'guides', resource: 'resources' };
const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const DEBOUNCE = 120;

// A module has no currentScript, and a classic script no import.meta.
const script = document.currentScript || document.querySelector('script[src*="search-box.js"]');
const home = new URL('.', script ? script.src : document.baseURI);
let count = 0;

const make = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const name in attributes)
    if (attributes[name] || attributes[name] === '') element.setAttribute(name, attributes[name]);
  element.append(...children.filter(Boolean));
  return element;
};

const line = (part, ...children) =>
  children.some(Boolean) && make('span', { part, dir: 'auto' }, ...children);

// The API escapes all but <mark>; whatever else comes can only become text.
const highlighted = (html) => String(html || '').split(/<mark>([^]*?)<\/mark>/).map((piece, i) => {
  const text = piece.replace(/&(amp|lt|gt|quot|#39);/g, (all, name) => ENTITIES[name]);
  return i % 2 ? make('mark', { part: 'mark' }, text) : text;
});

const address = (base, params) => {
  const url = new URL(base, document.baseURI);
  for (const [name, value] of params) url.searchParams.append(name, value);
  return url;
};

const webUrl = (text) => {
  try {
    const url = address(text, []);
    return /^https?:$/.test(url.protocol) && url;
  } catch {}
};

const labelOf = (labels) => labels && labels[0] && labels[0].textContent.trim();

const presses = (event, shortcut) => {
  const [key, command] = shortcut.toLowerCase().split('+').reverse(), { ctrlKey, metaKey, altKey, shiftKey } = event;
  if (event.key.toLowerCase() !== key || altKey || (ctrlKey || metaKey) !== Boolean(command)) return false;
  // A plain key is for typing first; some keyboards have the slash under Shift.
  const target = event.composedPath()[0];
  return command ? !shiftKey : !target.isContentEditable && !target.matches('input, textarea, select');
};

class SignpostSearch extends HTMLElement {
  static get formAssociated() { return true; }
  static get observedAttributes() {
    return ['value', 'name', 'params', 'server', 'label', 'placeholder', 'shortcut', 'text-clear'];
  }

  constructor() {
    super();
    this._id = `signpost-${++count}`;
    this._internals = this.attachInternals();
    this._cache = new Map();
    this._result = {};
    this._options = [];
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
    // A policy that bars style attributes lets a sheet say where the popup is.
    const sheet = new CSSStyleSheet();
    sheet.insertRule(':host {}');
    root.adoptedStyleSheets = [sheet];
    this._place = sheet.cssRules[0].style;
    root.append(this._sheet, this._field, this._popup, this._status);
  }

  _listen() {
    const on = (target, type, act) => target.addEventListener(type, act.bind(this));
    on(this._input, 'input', this._onInput);
    on(this._input, 'keydown', this._onKey);
    on(this._input, 'click', this.open);
    on(this._clear, 'click', this._empty);
    on(this._list, 'click', this._onClick);
    on(this._popup, 'mousedown', (event) => event.preventDefault());
    on(this._sheet, 'load', () => { this._styled = true; this._sync(); });
    on(this.shadowRoot, 'focusout', (event) => {
      if (!this.shadowRoot.contains(event.relatedTarget)) this.close();
    });
  }

  connectedCallback() {
    const { signal } = this._life = new AbortController();
    addEventListener('resize', () => this._fit(), { signal });
    document.addEventListener('keydown', (event) => this._onShortcut(event), { signal });
    document.addEventListener('pointerdown', (event) => {
      if (!event.composedPath().includes(this)) this.close();
    }, { signal });
    // The children may not be parsed yet.
    document.addEventListener('DOMContentLoaded', () => this._adopt(), { signal });
    this._adopt();
    this._apply();
    if (this.hasAttribute('autofocus') && document.activeElement === document.body) this.focus();
  }

  disconnectedCallback() {
    this._life.abort();
    this.close();
  }

  formDisabledCallback(disabled) { this._input.disabled = disabled; this.close(); this._apply(); }
  formStateRestoreCallback(state) { this.value = state; }
  formResetCallback() {
    this.value = this._get('value', this._old ? this._old.defaultValue : '');
    this._dirty = false;
  }

  attributeChangedCallback(name, before, now) {
    if (name === 'value' && !this._dirty) this._input.value = now || '';
    this._cache.clear();
    this._apply();
  }

  _adopt() {
    const old = this.querySelector('input:not([type=hidden])');
    if (!old || this._old) return;
    this._old = old;
    const { selectionStart, selectionEnd } = old;
    const focused = this.getRootNode().activeElement === old, typed = old.value !== old.defaultValue;
    if (!this._dirty && (typed || focused || !this.hasAttribute('value'))) this._input.value = old.value;
    for (const label of old.labels || []) label.addEventListener('click', () => this.focus());
    for (const control of this.querySelectorAll('input, button, select, textarea')) control.disabled = true;
    this._apply();
    if (!focused) return;
    this._input.focus();
    this._input.setSelectionRange(selectionStart, selectionEnd);
    if (typed) this._onInput();
  }

  _apply() {
    const old = this._old || this, [shortcut = ''] = this._shortcuts();
    this._input.setAttribute('aria-label', this._get('label') || labelOf(this._internals.labels) ||
      old.getAttribute('aria-label') || labelOf(old.labels) || this._text('label'));
    this._input.placeholder = this._get('placeholder', old.getAttribute('placeholder') || this._text('placeholder'));
    this._clear.setAttribute('aria-label', this._text('clear'));
    this._hint.textContent = /Mac|iP/.test(navigator.platform) ? shortcut.replace(/ctrl\+/i, '⌘') : shortcut;
    this._store();
  }

  // A form sends what finds the same; the browser restores what was typed.
  _store() {
    const data = new FormData();
    for (const [name, value] of this._sent(this._query)) data.append(name, value);
    this._internals.setFormValue(data, this.value);
    this._clear.hidden = !this.value || this._input.disabled;
    this._hint.hidden = this.value || !this._hint.textContent;
  }

  _get(name, otherwise = '') { return this.hasAttribute(name) ? this.getAttribute(name) : otherwise; }
  _shortcuts() { return this._get('shortcut').split(/\s+/).filter(Boolean); }

  _text(key, values, form = key) {
    return this._get(`text-${form}`, this._get(`text-${key}`, TEXTS[form] || TEXTS[key]))
      .replace(/\{(\w+)\}/g, (all, name) => values[name]);
  }

  _plural(key, n, more = '') {
    let form = key;
    try {
      form += `-${new Intl.PluralRules((this.closest('[lang]') || {}).lang).select(n)}`;
    } catch {} // lang is no language
    return this._text(key, { n: n + more }, form);
  }

  get value() { return this._input.value; }
  set value(text) {
    this.close();
    this._dirty = true;
    this._input.value = text;
    this._store();
  }

  get answer() { return this._result.answer || null; }
  get _known() { return this._result.answer && this._result.text === this.value; }
  get _query() { return this._known ? this._result.query : this.value.trim(); }
  get _isOpen() { return !this._popup.hidden; }

  _params() { return new URLSearchParams(this._get('params')); }
  _sent(query) { return [[this._get('name') || 'q', query], ...this._params()]; }

  _server(path) {
    return new URL(path, new URL(this._get('server', home.href).replace(/\/*$/, '/'), document.baseURI));
  }

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

  _onInput() {
    this._dirty = true;
    this._stop();
    this._activate();
    this._store();
    const known = this._cache.get(this.value);
    if (!this.value.trim()) this.close();
    else if (known) this._show(known);
    else this._timer = setTimeout(() => this._ask(), DEBOUNCE);
  }

  _stop() {
    this._turn = (this._turn || 0) + 1;
    clearTimeout(this._timer);
    clearTimeout(this._speech);
    if (this._request) this._request.abort();
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
      if (turn === this._turn) this._render();
    } catch (error) {
      if (turn === this._turn) this._fail(error, failures);
    }
  }

  // The last word may be unfinished: if nothing has all the words, find what begins so.
  async _find(text) {
    const query = text.trim(), answer = await this._search(query);
    const good = ({ total, query: { relaxed } }) => total && !relaxed;
    if (!good(answer) && /[\p{L}\p{N}]$/u.test(text)) {
      const longer = await this._search(`${query}*`).catch(() => answer);
      if (good(longer)) return { text, query: `${query}*`, answer: longer };
    }
    return { text, query, answer };
  }

  _search(query) { return this._fetch('search', [['q', query], ['limit', 20], ...this._params()]); }

  async _suggest(query) {
    const { suggestions } = await this._fetch('suggest', [['q', query], ['limit', 4]]);
    return suggestions.filter(({ kind, text }) => kind === 'query' && text !== query).slice(0, 3);
  }

  async _fetch(path, params) {
    const url = address(this._server(`api/v1/${path}`), params);
    const response = await fetch(url, { signal: this._request.signal });
    if (response.ok) return response.json();
    const { status, headers } = response;
    throw Object.assign(new Error(), { status, wait: +headers.get('Retry-After') });
  }

  _fail({ status, message, wait }, failures) {
    const text = this.value;
    if (status === 400 || status === 414) // refused, and would be again
     
      return this._show({ text, query: text, answer: { query: {}, total: 0, hits: [] } });
    this._busy(false);
    this._result = { failed: true };
    this._reveal();
    this._emit('error', status ? { status } : { message });
    this._timer = setTimeout(() => this._ask(failures + 1), 1000 * (wait || Math.min(2 ** failures, 30)));
  }

  _busy(busy) {
    clearTimeout(this._patience);
    this._list.setAttribute('aria-busy', busy);
    this._field.classList.remove('busy');
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
    this._cache.set(found.text, found);
    if (this._cache.size > 20) this._cache.delete(this._cache.keys().next().value);
    this._store();
    this._reveal();
    this._emit('answer', { query: found.query, answer: found.answer });
  }

  _reveal() {
    this._wanted = true;
    this._render();
  }

  _render() {
    const { answer, suggestions = [] } = this._result, active = this._active && this._active.id;
    const kinds = this._kinds(), messages = this._messages();
    const groups = kinds.map(([kind, hits]) => this._group(GROUPS[kind], hits.map(this._hit, this)));
    if (suggestions.length) groups.push(this._group('suggestions', suggestions.map(this._suggestion, this)));
    if (kinds.length) groups.push(this._all(answer));
    this._list.setAttribute('aria-label', this._text('results'));
    this._list.replaceChildren(...groups);
    this._list.hidden = !groups.length;
    this._notes.replaceChildren(...messages.map((text) => make('p', { part: 'message', dir: 'auto' }, text)));
    this._options = [...this._list.querySelectorAll('a')];
    this._activate(this._options.find(({ id }) => id === active));
    this._sync();
    this._say(messages, kinds);
  }

  // [kind, hits], the best hit's kind first.
  _kinds() {
    const hits = this.answer ? this.answer.hits.filter(({ kind }) => GROUPS[kind]) : [];
    return [...new Set(hits.map(({ kind }) => kind))].map((kind) =>
      [kind, hits.filter((hit) => hit.kind === kind).slice(0, this._get('limit', 5))]);
  }

  _messages() {
    const { answer, failed } = this._result;
    if (!answer) return [this._text(failed ? 'error' : 'loading')];
    const { hits, query: { corrected, relaxed } } = answer;
    if (!hits.length) return [this._text('none', { q: this._result.text.trim() })];
    return [corrected && this._text('corrected', { q: corrected }), relaxed && this._text('relaxed')].filter(Boolean);
  }

  _say(messages, kinds) {
    const total = kinds.reduce((sum, [, hits]) => sum + hits.length, 0);
    const counts = kinds.map(([kind, hits]) => this._plural(`count-${GROUPS[kind]}`, hits.length));
    const text = [...messages, total && `${this._plural('count', total)}: ${counts.join(', ')}`].filter(Boolean).join('. ');
    clearTimeout(this._speech);
    if (text !== this._status.textContent)
      this._speech = setTimeout(() => { this._status.textContent = text; }, DEBOUNCE);
  }

  _group(key, options) {
    const id = `${this._id}-${key}`;
    return make('div', { part: 'group', role: 'group', 'aria-labelledby': id },
      make('div', { id, part: 'heading', role: 'presentation' }, this._text(key)), ...options);
  }

  _option(id, href, attributes, ...lines) {
    return make('a', { part: 'option', role: 'option', tabindex: -1, id: `${this._id}-${id}`, href, ...attributes }, ...lines);
  }

  _hit(hit, i) {
    const { kind, title, title_html: html, passages: [best = {}] = [], description, mentions = [], missing = [] } = hit;
    const guide = kind === 'post', link = (guide && best.url) || hit.url;
    const url = webUrl(link[0] === '/' ? this._get('site').replace(/\/*$/, '') + link : link);
    const guides = new Set(mentions.map((mention) => mention.url.split('#')[0])).size;
    const meta = [!guide && url && url.host, guides && this._plural('mentions', guides),
      missing.length && this._text('missing', { words: missing.join(', ') })];
    // A resource describes itself better than a passage without a match.
    const passage = description && !/<mark>/.test(best.html) ? [description] : highlighted(best.html);
    const option = this._option(kind + i, url, { lang: hit.lang },
      line('title', ...(html ? highlighted(html) : [title])),
      line('trail', guide && best.heading && best.heading.join(' › ')),
      line('meta', meta.filter(Boolean).join(' · ')),
      line('passage', ...passage));
    option.hit = hit;
    return option;
  }

  _suggestion({ text }, i) {
    const option = this._option(`suggestion${i}`, this._results(text), {}, line('title', text));
    option.suggestion = text;
    return option;
  }

  _all({ total, total_exact: exact }) {
    const { query, text } = this._result;
    return this._option('all', this._results(query), { part: 'option all' },
      line('title', this._text('all', { q: text.trim() })),
      line('meta', this._plural('count', total, exact === false ? '+' : '')));
  }

  _sync() {
    const show = Boolean(this._wanted && this._styled), changed = show !== this._isOpen;
    this._popup.hidden = !show;
    this._input.setAttribute('aria-expanded', show && this._options.length > 0);
    this._fit();
    if (changed) this._emit(show ? 'open' : 'close');
  }

  // Under the box, within the window.
  _fit() {
    const set = (name, pixels) => this._place.setProperty(name, `${pixels}px`);
    const width = document.documentElement.clientWidth - 8;
    set('--_room', width - 8);
    set('--_tall', visualViewport.height - this.getBoundingClientRect().bottom - 16);
    set('--_shift', 0);
    const { left, right } = this._popup.getBoundingClientRect();
    if (this._isOpen) set('--_shift', Math.max(8 - left, Math.min(0, width - right)));
  }

  _onKey(event) {
    const { key, altKey } = event, command = event.ctrlKey || event.metaKey;
    // In Safari a composition is over when its Enter comes, as key 229.
    if (event.isComposing || event.keyCode === 229) return;
    if (key === 'Tab') this.close();
    if (/^(Home|End|ArrowLeft|ArrowRight)$/.test(key)) this._activate();
    if (event.shiftKey || (command && key !== 'Enter')) return;
    if (key === 'ArrowDown') altKey ? this.open() : this._move(1);
    else if (key === 'ArrowUp') altKey ? this.close() : this._move(-1);
    else if (key === 'Enter') this._active ? this._follow(this._active, command) : this._submit();
    else if (key === 'Escape' && this._isOpen) this.close();
    else if (key === 'Escape' && this.value) this._empty();
    else return;
    event.preventDefault();
  }

  // From no option, down is the first and up the last.
  _move(step) {
    this.open();
    const { length } = this._options, at = this._options.indexOf(this._active);
    if (!this._isOpen || !length) return;
    this._activate(this._options[at < 0 && step < 0 ? length - 1 : (at + step + length) % length]);
    this._active.scrollIntoView({ block: 'nearest' });
  }

  _activate(option) {
    if (this._active) this._active.removeAttribute('aria-selected');
    this._active = option;
    if (!option) return this._input.removeAttribute('aria-activedescendant');
    option.setAttribute('aria-selected', true);
    this._input.setAttribute('aria-activedescendant', option.id);
  }

  _empty() {
    this._input.value = '';
    this._input.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    this._input.focus();
  }

  _submit() {
    const { form } = this._internals, url = this._results(this._query);
    if (!this.value.trim()) return;
    this.close();
    if (form) form.requestSubmit();
    else location.assign(url);
  }

  _onClick(event) {
    const option = event.target.closest('a'), { ctrlKey, metaKey, shiftKey, altKey } = event;
    if (!option) return;
    const plain = !(ctrlKey || metaKey || shiftKey || altKey);
    if (plain && option.suggestion) {
      event.preventDefault();
      this._input.value = option.suggestion;
      this._onInput();
    } else if (!this._selects(option)) event.preventDefault();
    else if (plain && option.href) this.close();
  }

  _follow(option, apart) {
    if (!apart) option.click();
    else if (option.href && this._selects(option)) window.open(option.href, '_blank', 'noopener');
  }

  _onShortcut(event) {
    if (event.defaultPrevented || event.isComposing || this._input.disabled ||
      !this.checkVisibility({ visibilityProperty: true }) ||
      !this._shortcuts().some((shortcut) => presses(event, shortcut))) return;
    event.preventDefault();
    this._input.focus();
    this._input.select();
    if (this._known) this.open();
  }

  _selects({ href: url, hit = null, suggestion }) {
    return !url || suggestion || this._emit('select', { url, hit, query: this._result.query });
  }

  _emit(type, detail) {
    return this.dispatchEvent(new CustomEvent(`signpost-${type}`, { detail, bubbles: true, composed: true, cancelable: true }));
  }
}

if (!customElements.get('signpost-search')) customElements.define('signpost-search', SignpostSearch);
}
