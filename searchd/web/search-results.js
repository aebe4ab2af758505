// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * <signpost-results>: the results of a search inside a page of the site. search-element.js loads this
 * module for pages with the element, and lends it the element's words, requests and helpers.
 *
 * The results are ordinary elements of the page, in the site's own style; the attribute `part` names
 * each of them as in the box. The address contains the whole state: each control is a link, which
 * changes the address without loading the page. docs/embed.md is the manual.
 */
const FACETS = { category: 'category', tag: 'tag', year: 'year', lang: 'language' };
const FILTERS = { kind: 'filter-kind', tag: 'filter-tag', category: 'filter-category',
  lang: 'filter-language', year: 'filter-in', after: 'filter-from', before: 'filter-until' };
const ORDERS = ['relevance', 'newest', 'oldest'];
const KINDS = { post: 'guides', resource: 'resources' };
const SHOWN = 8, AROUND = 2, FURTHEST = 1000, MENTIONS = 20;
let make, highlighted, address;

const same = (a, b) => a.localeCompare(b, undefined, { sensitivity: 'base' }) === 0;
const page = (url) => url.split('#')[0];
const bdi = (text) => make('bdi', {}, text);

class Results {
  constructor(host, { home }) {
    this.host = host;
    this.cache = new Map();
    this.turn = 0;
    this.title = document.title;
    this.status = make('p', { part: 'status', role: 'status' });
    this.body = make('div', { part: 'results' });
    if (!host.hasAttribute('plain'))
      document.head.prepend(make('link', { rel: 'stylesheet', href: new URL('search-results.css', home) }));
    host.append(this.status, this.body);
  }

  connect() {
    this.life?.abort();
    const { signal } = this.life = new AbortController();
    const on = (target, type, act) => target.addEventListener(type, act, { signal });
    on(window, 'popstate', () => this.load());
    on(document, 'submit', (event) => this.onSubmit(event));
    on(document, 'signpost-select', (event) => this.onSelect(event));
    on(this.host, 'click', (event) => this.onClick(event));
    this.load();
  }

  disconnect() {
    this.life.abort();
    this.stop();
  }

  // The words have changed.
  spoken() { if (this.shown) this.show(this.shown); }

  get name() { return this.host._get('name') || 'q'; }
  get limit() { return Math.min(this.host._get('limit') || 10, 100); }
  get query() { return (this.params.get(this.name) ?? '').trim(); }
  get offset() { return Math.min(Math.max(+this.params.get('offset') || 0, 0), FURTHEST); }
  get number() { return Math.floor(this.offset / this.limit) + 1; }

  // The parameters of the API that filter, with their values in the address.
  filters() {
    return Object.keys(FILTERS).flatMap((name) => this.params.getAll(name).filter(Boolean)
      .map((value) => [name, value]));
  }

  find(changed, without = []) {
    const asked = [['q', this.query], ['facets', 1],
      ...this.filters().filter(([name]) => !without.includes(name)),
      ...['sort', 'exact'].flatMap((name) => this.params.get(name) ? [[name, this.params.get(name)]] : []),
      ...changed, ...this.host._params];
    return this.host._fetch('search', asked, this.request.signal);
  }

  // The counts of a facet's other values are those without the facet's own filter.
  async ask() {
    const names = new Set(this.filters().map(([name]) => name));
    const facet = (name, ...own) => own.some((each) => names.has(each)) &&
      this.find([['limit', 0]], own).then(({ facets }) => [name, facets[name]]);
    const [answer, ...others] = await Promise.all([
      this.find([['limit', this.limit], ['offset', this.offset]]),
      facet('kind', 'kind'), facet('tag', 'tag'), facet('category', 'category'),
      facet('lang', 'lang'), facet('year', 'year', 'after', 'before')]);
    const facets = { ...answer.facets, ...Object.fromEntries(others.filter(Boolean)) };
    const found = answer.total + answer.total_partial, end = this.offset + this.limit;
    const more = answer.hits.length >= this.limit &&
      (found > end || !answer.total_exact || !answer.total_partial_exact);
    const wider = !found && names.size && this.query && await this.find([['limit', 0]], Object.keys(FILTERS));
    return { ...answer, facets, found, more, wider: wider && wider.total + wider.total_partial };
  }

  stop() {
    this.turn++;
    clearTimeout(this.timer);
    clearTimeout(this.patience);
    this.request?.abort();
    this.body.ariaBusy = false;
  }

  // Shows what the address asks for. `focus`: the key of the link that the reader followed.
  async load(focus, failures = 0) {
    this.stop();
    const { turn } = this, { search } = location;
    this.request = new AbortController();
    this.params = new URLSearchParams(search);
    for (const box of document.querySelectorAll('signpost-search')) box.value = this.query;
    document.title = this.query ? `${this.query} – ${this.title}` : this.title;
    if (!this.query && !this.filters().length) return this.clear();
    const known = this.cache.get(search);
    if (known) return this.show(known, focus);
    this.body.ariaBusy = true;
    this.patience = setTimeout(() => this.say('loading'), 300);
    try {
      const [answer] = await Promise.all([this.ask(), this.host._learn(true)]);
      if (!this.host._raw('found')) throw { message: 'no words' };
      if (turn !== this.turn) return;
      if (this.cache.size > 20) this.cache.clear();
      this.cache.set(search, answer);
      this.stop();
      this.show(answer, focus);
      this.host._emit('answer', { query: this.query, answer });
    } catch (error) {
      if (turn === this.turn) this.fail(error, focus, failures);
    }
  }

  clear() {
    this.shown = null;
    this.body.replaceChildren();
    this.status.textContent = '';
  }

  say(key) {
    const text = this.text(key);
    this.status.textContent = text;
    if (key === 'error' || !this.shown) this.body.replaceChildren(make('p', { part: 'message' }, text));
  }

  fail({ status, message, wait }, focus, failures) {
    this.stop();
    // The request is invalid; a retry would fail again.
    if ([400, 414, 431].includes(status))
      return this.show({ query: {}, found: 0, hits: [], facets: {} }, focus);
    this.shown = null;
    this.say('error');
    this.host._emit('error', { status, message });
    const seconds = wait || Math.min(2 ** failures, 30);
    this.timer = setTimeout(() => this.load(focus, failures + 1), 1000 * seconds);
  }

  text(key, values) { return this.host._text(key, values); }
  count(key, n) { return this.host._plural(key, n); }

  // The children of an element: a text whose placeholders are elements.
  mixed(key, values) {
    return this.host._raw(key).split(/\{(\w+)\}/).map((piece, i) => i % 2 ? values[piece] : piece);
  }

  // A link to the same search with changed parameters, on its first page.
  link(change, attributes, ...children) {
    const params = new URLSearchParams(location.search);
    params.delete('offset');
    change(params);
    const link = make('a', { ...attributes, href: `${location.pathname}?${params}` }, ...children);
    link.inside = true;
    return link;
  }

  setting(name, value, attributes, ...children) {
    return this.link((params) => value ? params.set(name, value) : params.delete(name), attributes, ...children);
  }

  // A link that adds a filter or, if it is set, removes it.
  toggling(name, value, attributes, ...children) {
    return this.link((params) => {
      const all = params.getAll(name), kept = all.filter((each) => !same(each, value));
      params.delete(name);
      for (const each of kept.length < all.length ? kept : [...kept, value]) params.append(name, each);
    }, { 'data-key': `${name} ${value}`, ...attributes }, ...children);
  }

  chosen(name, value) { return this.params.getAll(name).some((each) => same(each, value)); }

  nav(part, label, ...children) {
    return children.some(Boolean) && make('nav', { part, 'aria-label': this.text(label) }, ...children);
  }

  list(part, items, tag = 'ul', attributes = {}) {
    const children = items.filter(Boolean);
    return children.length > 0 && make(tag, { part, ...attributes },
      ...children.map((item) => item.tagName === 'LI' ? item : make('li', {}, item)));
  }

  counted(n) { return make('span', { part: 'count' }, this.host._number(n)); }

  show(answer, focus) {
    const held = this.body.contains(document.activeElement);
    const { hits, related = [] } = answer;
    this.shown = answer;
    const heading = make('h2', { part: 'heading', tabindex: -1 }, ...this.heading(answer));
    this.body.replaceChildren(...[heading, this.active(),
      hits.length && this.kinds(answer.facets.kind ?? []),
      make('div', { part: 'columns' }, make('div', { part: 'column' }, ...[
        ...hits.length ? [this.orders(), this.total(answer), ...this.notices(answer), ...this.hits(answer)]
          : [this.advice(answer)],
        related.length && hits.length < this.limit && make('h2', { part: 'divider' }, this.text('related')),
        hits.length < this.limit && this.list('hits related', related.map((hit) => this.hit(hit)), 'ul'),
        hits.length && this.pager(answer)].filter(Boolean)),
      hits.length && this.facets(answer.facets))].filter(Boolean));
    this.status.textContent = hits.length ? this.total(answer).textContent : heading.textContent;
    const again = [...this.body.querySelectorAll('[data-key]')].findLast((link) => link.dataset.key === focus);
    if (focus !== undefined) (again ?? heading).focus();
    else if (held) heading.focus({ preventScroll: true });
  }

  heading({ found }) {
    const { query } = this;
    return query ? this.mixed(found ? 'found' : 'none', { q: bdi(query) })
      : [this.text(found ? 'everything' : 'nothing')];
  }

  total({ total, total_exact: all, total_partial: some, total_partial_exact: each, query: { relaxed, mixed } }) {
    const exact = relaxed ? each : all;
    const count = make('strong', {}, exact ? this.count('count', relaxed ? some : total)
      : this.count('count-over', relaxed ? 100 : 1000));
    let parts = [count];
    if (relaxed) parts = this.mixed('total-some', { count });
    else if (some) parts = this.mixed(mixed ? 'total-among' : 'total-first', { count });
    if (this.number > 1)
      parts = this.mixed('total-page', { total: make('span', {}, ...parts), n: this.host._number(this.number) });
    return make('p', { part: 'total' }, ...parts);
  }

  // The same search for another text.
  queryLink(text) {
    return make('strong', {}, this.setting(this.name, text, {}, bdi(text)));
  }

  notices({ query: { truncated, corrected, relaxed, did_you_mean: meant } }) {
    const exact = () => this.setting('exact', 1, {}, this.text('exact'));
    return [truncated && [this.text('truncated')],
      corrected && [...this.mixed('instead', { q: this.queryLink(corrected) }), ' ', exact()],
      meant && this.mixed('did-you-mean', { q: this.queryLink(meant) }),
      relaxed && [make('strong', {}, this.text('none-has-all')), ' ', this.text('each-lists'), ' ', exact()],
    ].filter(Boolean).map((parts) => make('p', { part: 'notice' }, ...parts));
  }

  advice({ found, wider }) {
    if (found)
      return make('p', { part: 'notice' }, make('strong', {}, this.text('no-such-page')), ' ',
        this.link(() => {}, {}, this.text('first-page')));
    const all = (params) => Object.keys(FILTERS).forEach((name) => params.delete(name));
    return this.list('advice', [
      wider && make('span', {}, ...this.mixed('unfiltered', { count: this.link(all, {}, this.count('count', wider)) })),
      this.params.get('exact') && this.setting('exact', '', {}, this.text('inexact')),
      make('span', {}, this.text(/\s/.test(this.query) ? 'advice' : 'advice-word'))]);
  }

  active() {
    const exact = this.params.get('exact'), removal = (name, value, key, shown) =>
      this.toggling(name, value, {}, make('span', { part: 'unseen' }, `${this.text('remove')} `),
        ...this.mixed(key, { value: bdi(shown) }), make('span', { 'aria-hidden': true }, ' ×'));
    return this.nav('active', 'filters', this.list('chips', [
      ...this.filters().map(([name, value]) => removal(name, value, FILTERS[name],
        name === 'kind' && KINDS[value] ? this.text(`filter-${KINDS[value]}`) : value)),
      exact && removal('exact', exact, 'filter-exact', this.text('exactly'))]));
  }

  kinds(values) {
    const counts = Object.fromEntries(values.map(({ value, count }) => [value, count]));
    const all = Object.values(counts).reduce((sum, n) => sum + n, 0), now = this.params.get('kind') ?? '';
    const item = (kind, key, n) => this.setting('kind', kind,
      { 'aria-current': now === kind && 'true', 'data-key': `kind ${kind}` },
      this.text(key), ' ', n ? this.counted(n) : '');
    return this.nav('kinds', 'kind', item('', 'kind-all', all),
      ...Object.entries(KINDS).map(([kind, key]) => item(kind, key, counts[kind])));
  }

  orders() {
    const now = this.params.get('sort') || ORDERS[0];
    return this.nav('orders', 'order', ...ORDERS.map((order) => this.setting('sort', order === ORDERS[0] ? '' : order,
      { 'aria-current': now === order && 'true', 'data-key': `sort ${order}` }, this.text(`order-${order}`))));
  }

  // A tag with the name of a category is listed once, unless it is chosen.
  facets(facets) {
    const repeated = ({ value }) => facets.category?.some((category) => same(category.value, value));
    return this.nav('facets', 'narrow', ...Object.entries(FACETS).map(([name, key]) => {
      const chosen = ({ value }) => this.chosen(name, value);
      const values = (facets[name] ?? []).filter((each) => name !== 'tag' || chosen(each) || !repeated(each));
      const sorted = [...values.filter(chosen), ...values.filter((value) => !chosen(value))];
      const items = sorted.map((each) => this.toggling(name, each.value,
        { 'aria-current': chosen(each) && 'true' }, bdi(each.value), ' ', this.counted(each.count)));
      const more = items.splice(Math.max(SHOWN, values.filter(chosen).length));
      return items.length > (name === 'lang') && make('section', { part: 'facet' },
        make('h3', {}, this.text(key)), this.list('values', items),
        more.length && make('details', {}, make('summary', {}, this.count('more', more.length)),
          this.list('values', more)));
    }));
  }

  hits({ hits, query: { relaxed, mixed } }) {
    let divide = relaxed || mixed ? -1 : hits.findIndex(({ missing = [], pinned }) => missing.length && !pinned);
    if (divide < 0) divide = hits.length;
    const list = (from, to) => this.list('hits', hits.slice(from, to).map((hit, i) => this.hit(hit, hits[from + i - 1])),
      'ol', { start: this.offset + from + 1 });
    const rest = list(divide);
    return [list(0, divide), rest && make('h2', { part: 'divider' }, this.text('partial')), rest];
  }

  // A hit after another one of the same section, whose passage that one shows, is grouped with it.
  hit(hit, before) {
    const grouped = hit.section && [before?.section, before?.passages?.[0]?.url].includes(hit.section);
    const { kind, title_html: title, lang, missing = [] } = hit, guide = kind === 'post';
    const link = make('a', { href: this.host._resolve(hit.url), lang, dir: 'auto' }, ...highlighted(title));
    link.hit = hit;
    return make('li', { part: `hit ${guide ? 'guide' : 'resource'}${grouped ? ' grouped' : ''}` },
      make('h3', { part: 'title' }, link), this.meta(hit, guide),
      ...guide ? [] : [this.description(hit)],
      ...(hit.passages ?? []).map((passage) => this.passage(passage, lang)),
      ...(hit.elsewhere ?? []).map(({ field, html }) => make('p', { part: 'elsewhere' },
        ...this.mixed(`in-${field}`, { text: make('bdi', {}, ...highlighted(html)) }))),
      guide ? '' : this.mentions(hit.mentions ?? []),
      missing.length && make('p', { part: 'missing' }, ...this.mixed('without',
        { words: make('del', {}, missing.join(', ')) })));
  }

  meta({ pinned, date, url, categories = [], tags = [] }, guide) {
    const own = tags.filter((tag) => !categories.some((category) => same(category, tag)));
    return this.list('meta', [make('strong', {}, this.text(guide ? 'guide' : 'resource')),
      pinned && make('strong', {}, this.text('pinned')),
      guide && date && make('time', { datetime: date }, this.date(date)),
      !guide && make('span', { dir: 'ltr' }, this.host._resolve(url)?.host.replace(/^www\./, '')),
      ...guide ? [...categories.map((value) => this.filtering('category', value)),
        ...own.map((value) => this.filtering('tag', value))] : []]);
  }

  date(text) {
    const how = { dateStyle: 'long', timeZone: 'UTC' };
    return this.host._format((lang) => new Date(text).toLocaleDateString(lang, how), text);
  }

  // A link to everything with a tag or category.
  filtering(name, value) {
    return this.link((params) => {
      for (const each of [this.name, 'exact', 'sort', ...Object.keys(FILTERS)]) params.delete(each);
      params.set(name, value);
    }, { dir: 'auto' }, value);
  }

  description({ description, passages = [], lang }) {
    return description && !passages.some(({ text = '' }) => text.includes(description)) &&
      make('p', { part: 'text', dir: 'auto', lang }, description);
  }

  trail(headings) { return headings.flatMap((heading, i) => i ? [' › ', bdi(heading)] : [bdi(heading)]); }

  passage({ heading = [], url, html }, lang) {
    return make('div', { part: 'passage' },
      heading.length && make('p', { part: 'trail' }, make('a', { href: this.host._resolve(url) }, ...this.trail(heading))),
      make('p', { part: 'text', dir: 'auto', lang }, ...highlighted(html)));
  }

  mention({ title, url, heading = [] }) {
    return make('span', {}, make('a', { href: this.host._resolve(url), dir: 'auto' }, title || url),
      ...heading.length ? [' › ', ...this.trail(heading)] : []);
  }

  mentions(all) {
    const guides = new Set(all.map(({ url }) => page(url))).size, left = all.length - MENTIONS;
    if (all.length < 2)
      return all.length && make('p', { part: 'mentions' }, ...this.mixed('mentioned', { guide: this.mention(all[0]) }));
    return make('details', { part: 'mentions' }, make('summary', {}, this.count('mentioned-in', guides)),
      this.list('', [...all.slice(0, MENTIONS).map((each) => this.mention(each)),
        left > 0 && make('span', {}, this.count('and-more', left))]));
  }

  pager({ found, total, total_partial_exact: exact, more, query: { relaxed, mixed } }) {
    const { limit, number } = this, all = relaxed || mixed || exact ? found : total;
    const last = Math.floor(Math.min(FURTHEST / limit + 1, Math.max(Math.ceil(all / limit), number + !!more)));
    if (last < 2) return '';
    const to = (n, attributes, text) => this.setting('offset', n > 1 && (n - 1) * limit, attributes, text);
    const numbers = [];
    for (let n = Math.max(1, number - AROUND); n <= Math.min(last, number + AROUND); n++)
      numbers.push(to(n, { 'aria-label': this.text('page', { n }), 'aria-current': n === number && 'page' },
        this.host._number(n)));
    return this.nav('pager', 'pages', number > 1 && to(number - 1, { rel: 'prev' }, this.text('previous')),
      ...numbers, more && number < last && to(number + 1, { rel: 'next' }, this.text('next')));
  }

  go(url, focus) {
    history[url === location.href ? 'replaceState' : 'pushState'](null, '', url);
    this.load(focus);
  }

  onClick(event) {
    const link = event.target.closest('a');
    const plain = !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || event.defaultPrevented) return;
    if (link.inside && plain) {
      event.preventDefault();
      this.go(link.href, link.dataset.key ?? '');
    } else if (link.hit &&
      !this.host._emit('select', { url: link.href, hit: link.hit, query: this.query })) event.preventDefault();
  }

  // A form with a search box, or a form inside the element, leads to another search on this page.
  onSubmit(event) {
    const { target: form, submitter } = event;
    const ours = this.host.contains(form) ||
      [...document.querySelectorAll('signpost-search')].some((box) => box._internals?.form === form);
    if (!ours || event.defaultPrevented || form.method !== 'get') return;
    event.preventDefault();
    this.go(address(location.pathname, new FormData(form, submitter)).href, '');
  }

  // "All results" of a search box.
  onSelect(event) {
    const { target: box, detail: { hit, query } } = event;
    if (hit || box === this.host || event.defaultPrevented) return;
    event.preventDefault();
    box.close();
    this.go(address(location.pathname, [[this.name, query], ...box._params]).href, '');
  }
}

export default (host, tools) => {
  ({ make, highlighted, address } = tools);
  return new Results(host, tools);
};
