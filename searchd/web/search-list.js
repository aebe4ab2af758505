// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the list of a search box shows of an answer: messages, and groups of options. search-box.js asks for
 * the answer, opens the list and moves through it.
 */
const GROUPS = { post: 'guides', resource: 'resources' };

const line = (part, ...children) =>
  children.some(Boolean) && make('span', { part, dir: 'auto' }, ...children);

// Only two lines of a passage are visible, so the words far before its first mark are left out.
const FAR = /^(?=[^]{37})[^]+?(?:\s|(?=(?!\p{M})[\u0e00-\u1cff\u2e80-\uffff])|$)(?=[^]{0,28}$)/u;
const nearMark = ([lead, ...rest]) => [rest.length ? lead.replace(FAR, '…') : lead, ...rest];

// The headings of the section by which a resource matches.
const headings = ({ passages: [best] = [], mentions = [], section } = {}) =>
  (best ?? mentions.find(({ url }) => url === section))?.heading?.join(' › ');

// The part of the box that makes its list. The box has `_id`, `_result` and `_results()`.
class SearchList extends SignpostElement {
  // Groups the hits: returns [[kind, hits] ...], with the kind of the best hit first.
  _kinds() {
    const hits = this.answer?.hits.filter(({ kind }) => GROUPS[kind]) ?? [];
    return [...new Set(hits.map(({ kind }) => kind))].map((kind) =>
      [kind, hits.filter((hit) => hit.kind === kind).slice(0, this._get('limit', 5))]);
  }

  _messages() {
    const { answer, failed, text } = this._result;
    if (!answer) return [this._text(failed ? 'error' : 'loading')];
    const { hits, query: { corrected, relaxed, did_you_mean: meant } } = answer;
    return [!hits.length && this._text('none', { q: text.trim() }),
      corrected && this._text('corrected', { q: corrected }), meant && this._text('meant', { q: meant }),
      relaxed && this._text('relaxed')];
  }

  _group(key, options) {
    const id = `${this._id}-${key}`;
    return make('div', { part: 'group', role: 'group', 'aria-labelledby': id },
      make('div', { id, part: 'heading', role: 'presentation' }, this._text(key)), ...options);
  }

  _option(id, href, attributes, ...lines) {
    const own = { part: 'option', role: 'option', tabindex: -1, id: `${this._id}-${id}`, href };
    return make('a', { ...own, ...attributes }, ...lines);
  }

  _hit(hit, i, hits) {
    const { kind, passages: [best = {}] = [], description, mentions = [], missing = [], elsewhere = [] } = hit;
    const guide = kind === 'post', url = this._resolve((guide && best.url) || hit.url);
    const guides = new Set(mentions.map((mention) => mention.url.split('#')[0])).size;
    const meta = [!guide && url?.host.replace(/^www\./, ''), guides && this._plural('mentions', guides),
      missing.length && this._text('missing', { words: missing.join(', ') })];
    // Neighbours that match by one section have its headings above the first of them.
    const [before, trail, after] = [i - 1, i, i + 1].map((n) => headings(hits[n]));
    const heads = guide || (trail === after && trail !== before);
    const says = description && !best.html && !this._shows(description, hit);
    const option = this._option(kind + i, url, { lang: hit.lang },
      line('title', ...highlighted(hit.title_html)),
      line('trail', heads && trail),
      line('meta', meta.filter(Boolean).join(' · ')),
      line('meta', ...elsewhere.flatMap(({ html }, k) => [k ? ' · ' : '', ...highlighted(html)])),
      line('passage', ...(says ? [description] : nearMark(highlighted(best.html)))));
    option.hit = hit;
    return option;
  }

  // Whether a hit before this one shows the text.
  _shows(text, hit) {
    const { hits } = this.answer;
    return hits.slice(0, hits.indexOf(hit)).some(({ description, passages = [] }) =>
      [description, ...passages.map((passage) => passage.text)].some((shown) => shown?.includes(text)));
  }

  _suggestion({ text }, i) {
    const option = this._option(i, this._results(text), {}, line('title', text));
    option.suggestion = text;
    return option;
  }

  // The total counts only the results with all words.
  _all({ total, total_exact: exact, total_partial: some }) {
    const { query, text } = this._result;
    return this._option('all', this._results(query), { part: 'option all' },
      line('title', this._text('all', { q: text.trim() })),
      line('meta', exact && total && !some && this._plural('count', total)));
  }
}
