// SPDX-License-Identifier: GPL-2.0-or-later
// The results page in a text browser: its content and order.

import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {test} from 'node:test';
import {Searchd, makeIndex} from './support.js';

const daemon = await Searchd.start(makeIndex());

function dump(address, ...options) {
  return execFileSync(
    'lynx',
    ['-dump', '-width=100', '-display_charset=utf-8', ...options, daemon.url + address],
    {encoding: 'utf8', env: {...process.env, LC_ALL: 'C.UTF-8', TERM: 'dumb'}},
  );
}

const answer = await daemon.search('q=residency');
const guides = await daemon.search('q=residency&kind=post');

// Matches a text at any line breaks.
function words(text, end = '') {
  const escaped = text.split(/\s+/).map((word) => word.replace(/[^\w\s]/g, '\\$&'));
  return new RegExp(escaped.join('\\s+') + end, 'm');
}

function written(date) {
  return new Date(date).toLocaleDateString('en-GB', {dateStyle: 'long', timeZone: 'UTC'});
}

// Checks that the text contains these parts in this order.
function inOrder(text, ...parts) {
  let at = 0;
  for (const part of parts) {
    const found = text.slice(at).search(part);
    assert.ok(found >= 0, `no ${part} in the rest:\n${text.slice(at)}`);
    at += found + 1;
  }
}

test('a text browser shows the titles and hosts of results, and then paging and filters', () => {
  const hosts = ({kind, url}) => (kind === 'post' ? [] : [words(new URL(url).host.replace(/^www\./, ''))]);
  inOrder(
    dump('/search?q=residency', '-nolist'),
    /Results for “residency”/,
    words(`${answer.total} results`),
    ...answer.hits.flatMap((hit, i) => [words(`${i + 1}. ${hit.title}`), ...hosts(hit)]),
    /Next/,
    /Narrow down/,
    /Category/,
    /Year/,
  );
});

test('a text browser shows the dates, headings and passages of guides', () => {
  inOrder(
    dump('/search?q=residency&kind=post', '-nolist'),
    ...guides.hits.flatMap(({title, date, passages}) => [
      words(title),
      ...(date ? [words(written(date))] : []),
      ...passages.flatMap(({heading, text}) => [...heading, text].map((each) => words(each))),
    ]),
  );
});

test('links to hits and passages are in the order of the hits', () => {
  const links = (address) => dump(address, '-listonly', '-nonumbers').replace(/^ +| +$/gm, '');
  const ends = (all) => all.map(({url}) => words(url, '$'));
  inOrder(links('/search?q=residency'), ...ends(answer.hits), /offset=10$/m);
  const sections = ({passages}) => passages.filter(({heading}) => heading.length > 0);
  inOrder(links('/search?q=residency&kind=post'), ...ends(guides.hits.flatMap((hit) => [hit, ...sections(hit)])));
});

test('a text browser shows the start page, and recent guides if nothing is found', () => {
  inOrder(
    dump('/', '-nolist'),
    /Footpaths/,
    /60 guides/,
    /Newest guides/,
    /Changing careers at forty/,
    /Tags/,
  );
  inOrder(dump('/search?q=xyzzyqq', '-nolist'), /Nothing found for “xyzzyqq”/, /Newest guides/);
});

test('the form searches by q, and filters apply', () => {
  const {source} = {source: dump('/', '-source')};
  assert.match(source, /<input type="search" name="q"/);
  inOrder(dump('/search?q=residency&kind=post', '-nolist'), words(`${guides.total} results`), /1\. /, /2\. /);
});
