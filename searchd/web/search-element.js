// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What <signpost-search> and <signpost-results> have in common: attributes, words, requests and events.
 *
 * searchd serves this file, search-list.js and search-box.js as one script, /search-box.js, in a block, so
 * that pages do not see its names. It removes comments and inserts the English words of web/words/en.json
 * (cmake/embed.cmake); words of other languages are loaded.
 */
const ENGLISH = {
  /* English words */
};
const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

// currentScript is null in a module, and import.meta is a syntax error outside of a module.
const script = document.currentScript || document.querySelector('script[src*="search-box.js"]');
const home = new URL('.', script?.src ?? document.baseURI);
const languages = {};

// The words of a language, by a promise; searchd gives English words for a language that it does not
// have. Without an answer the words are English.
const wordsOf = (lang) => languages[lang] ??=
  fetch(address(new URL('search-words.json', home), [['lang', lang]]))
    .then((response) => response.json()).then(({ words }) => words)
    .catch(() => { languages[lang] = null; });

// Omits attributes without a value and falsy children.
const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value || value === '') element.setAttribute(name, value);
  element.append(...children.filter(Boolean));
  return element;
};

// The API escapes everything except <mark>, so no parser is needed. Any other markup becomes text.
const highlighted = (html) => String(html || '').split(/<mark>([^]*?)<\/mark>/).map((piece, i) => {
  const text = piece.replace(/&(amp|lt|gt|quot|#39);/g, (all, name) => ENTITIES[name]);
  return i % 2 ? make('mark', { part: 'mark' }, text) : text;
});

const address = (base, params) => {
  const url = new URL(base, document.baseURI);
  for (const [name, value] of params) url.searchParams.append(name, value);
  return url;
};

// An index can contain any URL; the box links only HTTP URLs.
const webUrl = (text) => {
  try {
    const url = new URL(text, document.baseURI);
    if (/^https?:$/.test(url.protocol)) return url;
  } catch {}
};

class SignpostElement extends HTMLElement {
  _words = ENGLISH;

  // Takes the words of the page's language. English words of the box are in this script.
  async _learn(always) {
    const lang = this._lang;
    const words = !always && /^(en\b|$)/i.test(lang) ? ENGLISH : await wordsOf(lang);
    if (lang !== this._lang || !words || words === this._words) return;
    this._words = words;
    this._spoken();
  }

  get _lang() { return this.closest('[lang]')?.lang ?? ''; }

  _get(name, otherwise = '') { return this.getAttribute(name) ?? otherwise; }

  // The page's text for this plural form, else the page's text for the key, else the language's.
  _raw(key, form = key) {
    const { _words: words } = this;
    return this._get(`text-${form}`, this._get(`text-${key}`, words[form] || words[key]));
  }

  _text(key, values, form) {
    return this._raw(key, form).replace(/\{(\w+)\}/g, (all, name) => values[name]);
  }

  // Calls format(lang). The lang attribute may be invalid.
  _format(format, otherwise) {
    try {
      return format(this._lang || undefined);
    } catch {
      return otherwise;
    }
  }

  _number(n) { return this._format((lang) => n.toLocaleString(lang), `${n}`); }

  _plural(key, n) {
    const form = this._format((lang) => new Intl.PluralRules(lang).select(n));
    return this._text(key, { n: this._number(n) }, `${key}-${form}`);
  }

  // A site-relative address begins with a slash.
  _resolve(link) {
    return webUrl(link[0] === '/' ? this._get('site').replace(/\/*$/, '') + link : link);
  }

  get _params() { return new URLSearchParams(this._get('params')); }

  _server(path) {
    return address(this._get('server', home.href).replace(/\/*$/, '/') + path, []);
  }

  async _fetch(path, params, signal) {
    const url = address(this._server(`api/v1/${path}`), params), find = async () => {
      const response = await fetch(url, { signal });
      if (response.ok) return response.json();
      throw { status: response.status, wait: +response.headers.get('Retry-After') };
    };
    let timer;
    const late = new Promise((done, fail) => timer = setTimeout(fail, 10000, { message: 'timeout' }));
    return Promise.race([find(), late]).finally(() => clearTimeout(timer));
  }

  _emit(type, detail) {
    const how = { detail, bubbles: true, composed: true, cancelable: true };
    return this.dispatchEvent(new CustomEvent(`signpost-${type}`, how));
  }
}

// A page may load the script twice.
const define = (name, element) => customElements.get(name) || customElements.define(name, element);

// Only pages with <signpost-results> load search-results.js, which makes its content.
class SignpostResults extends SignpostElement {
  static observedAttributes = ['lang'];

  async connectedCallback() {
    try {
      const { default: results } = await import(new URL('search-results.js', home));
      this._view ??= results(this, { make, highlighted, address, home });
      if (this.isConnected) this._view.connect();
    } catch ({ message }) {
      this._emit('error', { message });
    }
  }

  disconnectedCallback() { this._view?.disconnect(); }
  attributeChangedCallback() { if (this.isConnected) this._learn(true); }
  _spoken() { this._view?.spoken(); }
}

define('signpost-results', SignpostResults);
