/*
 * <signpost-search>: a search box with results while you type, for any page.
 *
 *     <script src="https://search.example/search-box.js" defer></script>
 *     <form action="https://search.example/search">
 *         <signpost-search><input type="search" name="q" aria-label="Search"></signpost-search>
 *     </form>
 *
 * What stands inside the element is for readers without JavaScript. Once the script runs, the box
 * takes over its value, caret, placeholder and label, and disables it.
 *
 * Attributes, none of them required:
 *
 *     server       address of searchd (the folder that this script came from)
 *     results      address of the results page (the form's action, else {server}/search)
 *     site         put before hit URLs that begin with a slash (nothing)
 *     name value placeholder disabled autofocus   as for an input (name: q, placeholder: Search)
 *     label        the input's accessible name (its <label>, else "Search the guides")
 *     limit        hits shown per group (5)
 *     params       more parameters for searches and the results page: lang=en&tag=funding
 *     shortcut     keys that lead to the box: "/ Ctrl+K"; Ctrl also means Cmd (none)
 *     theme        light or dark (as the reader's system is)
 *     text-KEY     any string of TEXTS below, translated. A KEY that counts takes plural forms as
 *                  KEY-one, KEY-few ...: the categories of Intl.PluralRules for the element's lang
 *
 * Properties and methods: value, answer (the last one shown), open(), close(), focus(),
 * search(text).
 *
 * Events, which bubble and leave shadow roots:
 *
 *     signpost-open, signpost-close
 *     signpost-answer   detail {query, answer}
 *     signpost-select   detail {url, hit, query}; preventDefault() keeps the reader on the page;
 *                       hit is null for "all results"
 *     signpost-error    detail {status} or {message}
 *
 * Parts: input clear hint popup group heading option title trail passage meta mark message all
 *
 * Custom properties, each --signpost-*: font text muted background border accent mark mark-text
 * active radius width height shadow z
 *
 * A strict policy is enough for it: default-src 'self'; require-trusted-types-for 'script'.
 */
'use strict';
{
    const TEXTS = {
        label: 'Search the guides',
        placeholder: 'Search',
        clear: 'Clear',
        results: 'Search results',
        guides: 'Guides',
        resources: 'Resources',
        suggestions: 'Suggestions',
        all: 'All results for “{q}”',
        count: '{n} results',
        'count-one': '{n} result',
        'count-guides': '{n} guides',
        'count-guides-one': '{n} guide',
        'count-resources': '{n} resources',
        'count-resources-one': '{n} resource',
        mentions: 'in {n} guides',
        'mentions-one': 'in {n} guide',
        missing: 'without {words}',
        corrected: 'Showing results for “{q}”',
        relaxed: 'Nothing has all of these words',
        none: 'Nothing found for “{q}”',
        loading: 'Searching …',
        error: 'The search cannot be reached. Trying again …',
    };
    const GROUPS = { post: 'guides', resource: 'resources' };
    const DEBOUNCE = 120;
    const PATIENCE = 300; /* before we admit to be waiting */
    const CACHED = 20;
    const SUGGESTED = 3;
    const SLOWEST_RETRY = 30;
    const EDGE = 8; /* between the popup and the window's, in CSS pixels */
    const UNFINISHED = /[\p{L}\p{N}]$/u;

    /* currentScript is null in a module, and import.meta no syntax outside of one. */
    const script = document.currentScript || document.querySelector('script[src*="search-box.js"]');
    const HOME = new URL('.', (script && script.src) || document.baseURI);

    const boxes = new Set();
    let count = 0;

    /* ---- Making elements ---- */

    /* Attributes that are null or undefined are left out, and so are such children. */
    function make(tag, attributes, ...children) {
        const element = document.createElement(tag);
        for (const [name, value] of Object.entries(attributes))
            if (value !== null && value !== undefined) element.setAttribute(name, value);
        element.append(...children.filter((child) => child));
        return element;
    }

    const ENTITIES = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };

    function unescape(html) {
        return html.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity]);
    }

    /* The API marks words with <mark> and escapes all else, so there is nothing here to parse,
       and whatever an answer may hold, it can only become text. */
    function highlighted(html) {
        const pieces = String(html || '').split(/<mark>([^]*?)<\/mark>/);
        return pieces.map((piece, i) =>
            i % 2 ? make('mark', { part: 'mark' }, unescape(piece)) : unescape(piece));
    }

    /* A line of the site's own text, which may run either way; none if it would be empty. */
    function line(part, ...children) {
        return children.some((child) => child)
            ? make('span', { part, class: part, dir: 'auto' }, ...children)
            : null;
    }

    /* ---- Addresses ---- */

    /* Only http and https may be followed: a link list can hold anything. */
    function webUrl(address) {
        try {
            const url = new URL(address, document.baseURI);
            return /^https?:$/.test(url.protocol) ? url : null;
        } catch {
            return null;
        }
    }

    function withParams(address, params, own) {
        const url = new URL(address, document.baseURI);
        for (const [name, value] of params) url.searchParams.append(name, value);
        for (const [name, value] of Object.entries(own)) url.searchParams.set(name, value);
        return url;
    }

    /* ---- Keys ---- */

    function matches(event, shortcut) {
        const keys = shortcut.toLowerCase().split('+');
        const has = (name) => keys.includes(name);
        const command = event.ctrlKey || event.metaKey;
        if (event.key.toLowerCase() !== keys[keys.length - 1]) return false;
        if (command !== has('ctrl') || event.altKey !== has('alt')) return false;
        /* Some keyboards need Shift for a plain sign such as the slash. */
        return keys.length === 1 ? !inField(event) : event.shiftKey === has('shift');
    }

    function inField(event) {
        const target = event.composedPath()[0];
        return target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName);
    }

    function isVisible(element) {
        return element.getClientRects().length > 0 &&
            getComputedStyle(element).visibility === 'visible';
    }

    function onShortcut(event) {
        if (event.defaultPrevented || event.isComposing || !event.key) return;
        const box = [...boxes]
            .sort((a, b) => (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1))
            .find((one) => isVisible(one) && one._shortcuts().some((keys) => matches(event, keys)));
        if (!box) return;
        event.preventDefault();
        box._enter();
    }

    document.addEventListener('keydown', onShortcut);

    /* ---- The element ---- */

    class SignpostSearch extends HTMLElement {
        static get formAssociated() {
            return true;
        }

        static get observedAttributes() {
            return ['value', 'name', 'params', 'server', 'label', 'placeholder', 'shortcut',
                'text-clear', 'text-results'];
        }

        constructor() {
            super();
            this._id = `signpost-${++count}`;
            this._internals = this.attachInternals();
            this._cache = new Map();
            this._options = [];
            this._turn = 0;
            this._build();
            this._listen();
        }

        _build() {
            const root = this.attachShadow({ mode: 'open', delegatesFocus: true });
            const list = `${this._id}-list`;
            this._style = make('link', { rel: 'stylesheet', href: new URL('search-box.css', HOME) });
            this._input = make('input', {
                part: 'input', type: 'search', role: 'combobox', autocomplete: 'off',
                autocapitalize: 'none', spellcheck: 'false', enterkeyhint: 'search',
                'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list,
            });
            this._hint = make('kbd', { part: 'hint', 'aria-hidden': 'true', hidden: '' });
            this._clear = make('button', { part: 'clear', type: 'button', hidden: '' });
            this._notes = make('div', { class: 'notes' });
            this._list = make('div', { id: list, role: 'listbox', hidden: '' });
            this._popup = make('div', { part: 'popup', class: 'popup', hidden: '' },
                this._notes, this._list);
            this._status = make('div', { role: 'status', class: 'status' });
            this._field = make('div', { class: 'field' },
                make('span', { class: 'lens', 'aria-hidden': 'true' }),
                this._input, this._hint, this._clear);
            root.append(this._style, this._field, this._popup, this._status);
            this._makeRoom(root);
        }

        /* Where the popup goes is known by measuring only. A rule of a sheet of our own may say it
           where the page's policy refuses style attributes. */
        _makeRoom(root) {
            const sheet = new CSSStyleSheet();
            sheet.insertRule(':host {}');
            root.adoptedStyleSheets = [sheet];
            this._room = sheet.cssRules[0].style;
        }

        _listen() {
            this._input.addEventListener('input', () => this._onInput());
            this._input.addEventListener('keydown', (event) => this._onKey(event));
            this._input.addEventListener('click', () => this.open());
            this._clear.addEventListener('click', () => this._onClear());
            /* Pressing an option must leave the focus, and so the caret, where it is. */
            this._popup.addEventListener('mousedown', (event) => event.preventDefault());
            this._list.addEventListener('click', (event) => this._onClick(event));
            this._list.addEventListener('auxclick', (event) => this._onClick(event));
            this._style.addEventListener('load', () => this._onStyled());
            this.shadowRoot.addEventListener('focusout', (event) => {
                if (!this.shadowRoot.contains(event.relatedTarget)) this.close();
            });
            this._onOutside = (event) => {
                if (!event.composedPath().includes(this)) this.close();
            };
            this._onResize = () => this._place();
        }

        connectedCallback() {
            boxes.add(this);
            document.addEventListener('pointerdown', this._onOutside);
            addEventListener('resize', this._onResize);
            if (window.visualViewport) visualViewport.addEventListener('resize', this._onResize);
            this._upgradeValue();
            this._adopt();
            /* A script that ran early meets the element before its children are parsed. */
            if (document.readyState === 'loading')
                document.addEventListener('DOMContentLoaded', () => this._adopt(), { once: true });
            this._apply();
            if (this.hasAttribute('autofocus') && document.activeElement === document.body)
                this.focus();
        }

        disconnectedCallback() {
            this.close();
            boxes.delete(this);
            document.removeEventListener('pointerdown', this._onOutside);
            removeEventListener('resize', this._onResize);
            if (window.visualViewport) visualViewport.removeEventListener('resize', this._onResize);
        }

        attributeChangedCallback(name, before, now) {
            if (before === now) return;
            if (name === 'value' && !this._dirty) this._setText(now || '');
            if (name === 'params' || name === 'server') this._forget();
            this._apply();
        }

        formDisabledCallback(disabled) {
            this._input.disabled = disabled;
            if (disabled) this.close();
            this._apply();
        }

        formResetCallback() {
            this._dirty = false;
            this.close();
            this._setText(this.getAttribute('value') || this._initial || '');
        }

        formStateRestoreCallback(state) {
            if (typeof state === 'string') this.value = state;
        }

        /* ---- For the page ---- */

        get value() {
            return this._input.value;
        }

        set value(text) {
            this._dirty = true;
            this.close();
            this._setText(text === null ? '' : String(text));
        }

        get answer() {
            return (this._result && this._result.answer) || null;
        }

        /* Shows what is known for the text, and asks where nothing is. */
        open() {
            if (this._isOpen || !this.value.trim() || this._input.disabled) return;
            if (this._result && this._result.text === this.value) this._reveal();
            else this._ask();
        }

        close() {
            this._cancel();
            if (!this._wanted) return;
            this._wanted = false;
            this._activate(null);
            this._say('');
            this._sync();
        }

        search(text) {
            this.value = text;
            return this.value.trim() ? this._ask() : Promise.resolve();
        }

        /* ---- The fallback inside, and attributes ---- */

        /* A value set before the script came hides the accessor of the same name. */
        _upgradeValue() {
            if (!Object.prototype.hasOwnProperty.call(this, 'value')) return;
            const value = this.value;
            delete this.value;
            this.value = value;
        }

        _adopt() {
            const old = this.querySelector('input:not([type=hidden], [type=submit])');
            if (!old || this._fallback) return;
            this._fallback = old;
            const focused = this.getRootNode().activeElement === old;
            const typed = old.value !== old.defaultValue;
            const [start, end] = [old.selectionStart, old.selectionEnd];
            this._initial = old.defaultValue;
            this._adoptLabel(old);
            if (!this._dirty && (typed || focused || !this.hasAttribute('value')))
                this._setText(old.value);
            this._dirty = this._dirty || typed;
            for (const control of this.querySelectorAll('input, button, select, textarea'))
                control.disabled = true;
            if (focused) this._adoptFocus(start, end, typed);
            this._apply();
        }

        _adoptLabel(old) {
            const [label] = old.labels || [];
            this._name = old.getAttribute('aria-label') || (label && label.textContent.trim());
            this._placeholder = old.getAttribute('placeholder');
            if (label) label.addEventListener('click', () => this.focus());
        }

        _adoptFocus(start, end, typed) {
            this._input.focus();
            this._input.setSelectionRange(start, end);
            if (typed) this._onInput();
        }

        _apply() {
            const [label] = this._internals.labels || [];
            const first = (...names) => names.find((name) => typeof name === 'string');
            const shortcut = this._shortcuts()[0];
            this._input.setAttribute('aria-label', this.getAttribute('label') ||
                (label && label.textContent.trim()) || this._name || this._text('label'));
            this._input.placeholder =
                first(this.getAttribute('placeholder'), this._placeholder, this._text('placeholder'));
            this._clear.setAttribute('aria-label', this._text('clear'));
            this._list.setAttribute('aria-label', this._text('results'));
            this._hint.textContent = /Mac|iP/.test(navigator.platform)
                ? (shortcut || '').replace(/^ctrl\+/i, '⌘') : shortcut || '';
            this._store();
        }

        _attribute(name, otherwise) {
            const value = this.getAttribute(name);
            return value === null ? otherwise : value;
        }

        _shortcuts() {
            return this._input.disabled ? [] : this._attribute('shortcut', '').split(/\s+/).filter(Boolean);
        }

        _forget() {
            this._cache.clear();
            this._result = null;
            this.close();
        }

        /* ---- Texts ---- */

        get _locale() {
            const near = this.closest('[lang]');
            try {
                return Intl.getCanonicalLocales(near ? near.lang : [])[0];
            } catch {
                return undefined; /* lang="" or nonsense: the browser's own */
            }
        }

        _text(key, values = {}) {
            return this._attribute(`text-${key}`, TEXTS[key])
                .replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));
        }

        /* The page's own words win over ours, even its general form over our plural form. */
        _plural(key, n) {
            const form = `${key}-${new Intl.PluralRules(this._locale).select(n)}`;
            const ours = !this.hasAttribute(`text-${key}`) && form in TEXTS;
            const use = ours || this.hasAttribute(`text-${form}`) ? form : key;
            return this._text(use, { n: new Intl.NumberFormat(this._locale).format(n) });
        }

        _enumerate(words) {
            return new Intl.ListFormat(this._locale, { type: 'unit' }).format(words);
        }

        /* ---- The text and its form ---- */

        _setText(text) {
            this._input.value = text;
            this._store();
        }

        /* What a form sends finds what was shown, so it may be a prefix search; what the browser
           restores is as it was typed. */
        _store() {
            const data = new FormData();
            data.append(this._attribute('name', '') || 'q', this._query);
            for (const [name, value] of this._params) data.append(name, value);
            this._internals.setFormValue(data, this.value);
            this._clear.hidden = !this.value || this._input.disabled;
            this._hint.hidden = Boolean(this.value) || !this._hint.textContent;
        }

        get _query() {
            const shown = this._result;
            return shown && shown.text === this.value ? shown.query : this.value;
        }

        get _params() {
            return new URLSearchParams(this._attribute('params', ''));
        }

        get _server() {
            return new URL(this._attribute('server', HOME.href).replace(/\/*$/, '/'), document.baseURI);
        }

        _resultsUrl(query) {
            const form = this._internals.form || this.querySelector('form');
            const action = form ? form.getAttribute('action') || document.URL
                : new URL('search', this._server);
            return withParams(this._attribute('results', action), this._params,
                { [this._attribute('name', '') || 'q']: query.trim() });
        }

        /* ---- Asking ---- */

        _onInput() {
            this._dirty = true;
            this._cancel();
            this._activate(null);
            this._store();
            if (!this.value.trim()) return this.close();
            const known = this._cache.get(this.value);
            if (known) this._show(known);
            else this._timer = setTimeout(() => this._ask(), DEBOUNCE);
        }

        /* Ends whatever is under way; an answer to an earlier turn is not looked at. */
        _cancel() {
            this._turn++;
            clearTimeout(this._timer);
            clearTimeout(this._speech);
            if (this._request) this._request.abort();
            this._busy(false);
        }

        async _ask(failures = 0) {
            this._cancel();
            const turn = this._turn;
            const text = this.value;
            this._request = new AbortController();
            this._busy(true);
            try {
                const suggesting = this._suggest(text);
                const found = await this._find(text);
                if (turn !== this._turn) return;
                this._show(found);
                found.suggestions = await suggesting;
                if (turn === this._turn && found.suggestions.length) this._render();
            } catch (error) {
                if (turn === this._turn) this._fail(error, failures);
            }
        }

        /* The last word is perhaps not typed to its end: where nothing has all the words as they
           stand, we look for what begins like it. */
        async _find(text) {
            const query = text.trim();
            const plain = await this._search(query);
            const found = { text, query, answer: plain, suggestions: [] };
            if ((plain.total && !plain.query.relaxed) || !UNFINISHED.test(text)) return found;
            const longer = await this._search(`${query}*`).catch(() => plain);
            const better = longer.total && !longer.query.relaxed && longer.hits.length;
            return better ? { ...found, query: `${query}*`, answer: longer } : found;
        }

        async _search(query) {
            const answer = await this._get('search', this._params, { q: query, limit: 20 });
            if (!Array.isArray(answer.hits) || !answer.query) throw new Error('not an answer');
            return answer;
        }

        /* The box is as good without these, so no failure of theirs is shown. The address knows no
           other parameters than these two. */
        async _suggest(text) {
            try {
                const { suggestions } = await this._get('suggest', [], { q: text.trim(), limit: 4 });
                return suggestions
                    .filter(({ kind, text: other }) => kind === 'query' && other !== text.trim())
                    .slice(0, SUGGESTED);
            } catch {
                return [];
            }
        }

        async _get(name, params, own) {
            const url = withParams(new URL(`api/v1/${name}`, this._server), params, own);
            const response = await fetch(url, { signal: this._request.signal });
            if (response.ok) return response.json();
            const error = new Error(response.statusText);
            error.status = response.status;
            error.wait = Number(response.headers.get('Retry-After'));
            throw error;
        }

        _fail(error, failures) {
            const { status, message } = error;
            const text = this.value;
            /* The query itself was refused, so that asking again would not help. */
            if ([400, 413, 414, 431].includes(status))
                return this._show({ text, query: text, suggestions: [],
                    answer: { query: {}, total: 0, hits: [] } });
            this._busy(false);
            this._result = null;
            this._failed = true;
            this._reveal();
            this._emit('error', status ? { status } : { message });
            const wait = error.wait || Math.min(2 ** failures, SLOWEST_RETRY);
            this._timer = setTimeout(() => this._ask(failures + 1), wait * 1000);
        }

        _busy(busy) {
            clearTimeout(this._waiting);
            this._list.setAttribute('aria-busy', busy);
            this._field.classList.remove('busy');
            if (busy) this._waiting = setTimeout(() => this._wait(), PATIENCE);
        }

        _wait() {
            this._field.classList.add('busy');
            if (this._wanted) return;
            this._result = null;
            this._reveal();
        }

        /* ---- Showing ---- */

        _show(found) {
            this._busy(false);
            this._failed = false;
            this._result = found;
            this._remember(found);
            this._store();
            this._reveal();
            this._emit('answer', { query: found.query, answer: found.answer });
        }

        _remember(found) {
            this._cache.delete(found.text);
            this._cache.set(found.text, found);
            if (this._cache.size > CACHED) this._cache.delete(this._cache.keys().next().value);
        }

        _reveal() {
            this._wanted = true;
            this._render();
            if (this._result || this._failed) this._say(this._summary());
        }

        /* Keeps the active option through a late change of the list. */
        _render() {
            const active = this._active && this._active.id;
            this._hits = new Map();
            const groups = this._result ? this._groups() : [];
            this._notes.replaceChildren(...this._messages().map((text) =>
                make('p', { part: 'message', class: 'message', dir: 'auto' }, text)));
            this._list.replaceChildren(...groups);
            this._options = [...this._list.querySelectorAll('[role=option]')];
            this._list.hidden = !this._options.length;
            this._activate(this._options.find(({ id }) => id === active) || null);
            this._sync();
        }

        _sync() {
            const show = Boolean(this._wanted && this._styled);
            const changed = show === this._popup.hidden;
            this._popup.hidden = !show;
            this._input.setAttribute('aria-expanded', show && this._options.length > 0);
            if (show) this._place();
            if (changed) this._emit(show ? 'open' : 'close');
        }

        get _isOpen() {
            return !this._popup.hidden;
        }

        /* A popup without its style would push the page about. */
        _onStyled() {
            this._styled = true;
            this._sync();
        }

        /* Under the box, but never beyond an edge of the window or its keyboard. */
        _place() {
            if (!this._isOpen) return;
            const width = document.documentElement.clientWidth;
            const height = window.visualViewport ? visualViewport.height : innerHeight;
            const set = (name, pixels) => this._room.setProperty(name, `${pixels}px`);
            set('--_room', width - 2 * EDGE);
            set('--_tall', height - this.getBoundingClientRect().bottom - 2 * EDGE);
            set('--_shift', 0);
            const { left, right } = this._popup.getBoundingClientRect();
            set('--_shift', Math.max(EDGE - left, Math.min(0, width - EDGE - right)));
        }

        _messages() {
            const q = this.value.trim();
            if (this._failed) return [this._text('error')];
            if (!this._result) return [this._text('loading')];
            const { hits, query } = this._result.answer;
            if (!hits.length) return [this._text('none', { q })];
            return [
                query.corrected && this._text('corrected', { q: query.corrected }),
                query.relaxed && this._text('relaxed'),
            ].filter(Boolean);
        }

        _summary() {
            const shown = this._result ? this._kinds() : [];
            const counts = shown.map(([kind, hits]) =>
                this._plural(`count-${GROUPS[kind]}`, hits.length));
            const total = shown.reduce((sum, [, hits]) => sum + hits.length, 0);
            const results = total
                ? [`${this._plural('count', total)}: ${this._enumerate(counts)}`] : [];
            return [...this._messages(), ...results].join('. ');
        }

        /* [[kind, hits] ...] as they are shown, the best hit's kind first. */
        _kinds() {
            const kinds = new Map();
            const limit = Number(this._attribute('limit', '')) || 5;
            for (const hit of this._result.answer.hits) {
                const hits = kinds.get(hit.kind) || [];
                if (hit.kind in GROUPS && hits.length < limit) kinds.set(hit.kind, [...hits, hit]);
            }
            return [...kinds];
        }

        _groups() {
            const groups = this._kinds().map(([kind, hits]) =>
                this._group(GROUPS[kind], hits.map((hit, i) => this._hit(hit, `${kind}-${i}`))));
            const { suggestions } = this._result;
            if (groups.length) groups.push(this._all());
            if (suggestions.length)
                groups.splice(groups.length - 1, 0, this._group('suggestions',
                    suggestions.map(({ text }, i) => this._suggestion(text, i))));
            return groups;
        }

        _group(key, options) {
            const id = `${this._id}-${key}`;
            const heading = make('div', { part: 'heading', class: 'heading', role: 'presentation', id },
                this._text(key));
            return make('div', { part: 'group', class: 'group', role: 'group', 'aria-labelledby': id },
                heading, ...options);
        }

        _option(id, url, attributes, ...children) {
            return make('a', {
                part: 'option', class: 'option', role: 'option', tabindex: -1,
                id: `${this._id}-${id}`, href: url, ...attributes,
            }, ...children);
        }

        _hit(hit, id) {
            const url = this._urlOf(hit);
            const lines = hit.kind === 'post' ? this._guideLines(hit) : this._resourceLines(hit, url);
            const title = hit.title_html ? highlighted(hit.title_html) : [hit.title];
            const option = this._option(id, url, { lang: hit.lang || null },
                line('title', ...title), ...lines);
            this._hits.set(option.id, hit);
            return option;
        }

        _urlOf({ kind, url, passages }) {
            const [best] = kind === 'post' && passages ? passages : [];
            const address = (best && best.url) || url || '';
            const site = this._attribute('site', '').replace(/\/+$/, '');
            return webUrl(address.startsWith('/') ? site + address : address);
        }

        _guideLines({ passages, missing }) {
            const [best] = passages || [];
            return [
                line('trail', best && best.heading && best.heading.join(' › ')),
                line('passage', ...highlighted(best && best.html)),
                line('meta', this._missing(missing)),
            ];
        }

        /* A passage may be there for what stands around the resource; then its own description
           says more. */
        _resourceLines({ passages, description, mentions, missing }, url) {
            const html = passages && passages[0] ? passages[0].html : '';
            const own = description && !html.includes('<mark>');
            const guides = new Set((mentions || []).map((mention) => mention.url.split('#')[0])).size;
            const meta = [url && url.host, guides && this._plural('mentions', guides),
                this._missing(missing)];
            return [
                line('meta', meta.filter(Boolean).join(' · ')),
                line('passage', ...(own ? [description] : highlighted(html))),
            ];
        }

        _missing(words) {
            return words && words.length
                ? this._text('missing', { words: this._enumerate(words) }) : '';
        }

        _suggestion(text, i) {
            return this._option(`suggestion-${i}`, this._resultsUrl(text), { 'data-text': text },
                line('title', text));
        }

        _all() {
            const { query, answer } = this._result;
            const more = answer.total_exact === false ? '+' : '';
            return this._option('all', this._resultsUrl(query), { part: 'option all', class: 'option all' },
                line('title', this._text('all', { q: this._result.text.trim() })),
                line('meta', this._plural('count', answer.total).replace(/\d+(?=\D*$)/, `$&${more}`)));
        }

        /* Speech waits as a question does, so that not each letter is answered aloud. */
        _say(text) {
            clearTimeout(this._speech);
            const say = () => {
                if (this._status.textContent !== text) this._status.textContent = text;
            };
            if (text) this._speech = setTimeout(say, DEBOUNCE);
            else say();
        }

        /* ---- Moving and choosing ---- */

        _onKey(event) {
            /* Safari ends a composition before the Enter that ended it; 229 still tells. */
            if (event.isComposing || event.keyCode === 229) return;
            const act = this[`_on${event.key}`];
            const modified = event.shiftKey || ((event.ctrlKey || event.metaKey) && event.key !== 'Enter');
            if (act && !modified) act.call(this, event);
            else if (/^(Home|End|ArrowLeft|ArrowRight)$/.test(event.key)) this._activate(null);
        }

        _onArrowDown(event) {
            event.preventDefault();
            if (event.altKey) this.open();
            else this._move(1);
        }

        _onArrowUp(event) {
            event.preventDefault();
            if (event.altKey) this.close();
            else this._move(-1);
        }

        _onEnter(event) {
            event.preventDefault();
            if (this._active) this._follow(this._active, event.ctrlKey || event.metaKey);
            else if (this.value.trim()) this._submit();
        }

        _onEscape(event) {
            if (!this._isOpen && !this.value) return; /* of use to a dialog around us */
            event.preventDefault();
            if (this._isOpen) this.close();
            else this._empty();
        }

        _onTab() {
            this.close();
        }

        _onClear() {
            this._empty();
            this._input.focus();
        }

        /* As if the reader had deleted it: the page hears of it too. */
        _empty() {
            this._input.value = '';
            this._input.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
        }

        /* From no option, one step down is the first and one step up the last. */
        _move(step) {
            if (!this._isOpen) this.open();
            const { length } = this._options;
            if (!this._isOpen || !length) return;
            const at = this._options.indexOf(this._active);
            const next = at < 0 && step < 0 ? length - 1 : (at + step + length) % length;
            this._activate(this._options[next]);
            this._active.scrollIntoView({ block: 'nearest' });
        }

        _activate(option) {
            if (this._active) this._active.removeAttribute('aria-selected');
            this._active = option;
            if (!option) return this._input.removeAttribute('aria-activedescendant');
            option.setAttribute('aria-selected', 'true');
            this._input.setAttribute('aria-activedescendant', option.id);
        }

        /* A click with a modifier, or of another button, is the browser's to carry out. */
        _onClick(event) {
            const option = event.target.closest('[role=option]');
            if (!option || event.button > 1) return;
            const plain = !event.button && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
            if (plain && option.dataset.text) {
                event.preventDefault();
                this._complete(option.dataset.text);
            } else if (!this._selects(option)) event.preventDefault();
            else if (plain && option.href) this.close();
        }

        _follow(option, inNewTab) {
            if (!inNewTab) option.click();
            else if (option.href && this._selects(option)) open(option.href, '_blank', 'noopener');
        }

        /* Tells the page, which may have other plans. */
        _selects(option) {
            if (!option.href || option.dataset.text) return true;
            const hit = this._hits.get(option.id) || null;
            return this._emit('select', { url: option.href, hit, query: this._result.query });
        }

        _complete(text) {
            this._dirty = true;
            this._cancel();
            this._activate(null);
            this._setText(text);
            this._input.focus();
            this._ask();
        }

        _submit() {
            const { form } = this._internals;
            const address = this._resultsUrl(this._query);
            this.close();
            if (form) form.requestSubmit();
            else location.assign(address);
        }

        _enter() {
            this.focus();
            this._input.select();
            if (this._result) this.open();
        }

        _emit(name, detail) {
            return this.dispatchEvent(new CustomEvent(`signpost-${name}`,
                { detail, bubbles: true, composed: true, cancelable: name === 'select' }));
        }
    }

    if (!customElements.get('signpost-search')) customElements.define('signpost-search', SignpostSearch);
}
