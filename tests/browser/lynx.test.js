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

// Checks that the text contains these parts in this order.
function inOrder(text, ...parts) {
  let at = 0;
  for (const part of parts) {
    const found = text.slice(at).search(part);
    assert.ok(found >= 0, `no ${part} in the rest:\n${text.slice(at)}`);
    at += found + 1;
  }
}

test('a text browser shows titles, dates, headings, passages, and then paging and filters', () => {
  const text = dump('/search?q=residency', '-nolist');
  inOrder(
    text,
    /Results for “residency”/,
    /20 results/,
    /1\. .*AI residencies: a year of research before/,
    /2 May 2018/,
    /Residencies at the large labs/,
    /Google AI Residency ·/,
    /2\. .*Google AI Residency/,
    /g\.co/,
    /Mentioned in/,
    /10\. /,
    /Next/,
    /Narrow down/,
    /Category/,
    /Year/,
  );
});

test('links to hits and passages are in the order of the hits', () => {
  const links = dump('/search?q=residency', '-listonly', '-nonumbers')
    .split('\n')
    .map((line) => line.trim());
  inOrder(
    links.join('\n'),
    /\/research\/ai-residencies\/$/m,
    /\/research\/ai-residencies\/#residencies-at-the-large-labs$/m,
    /^https:\/\/g\.co\/airesidency$/m,
    /offset=10$/m,
  );
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
  inOrder(dump('/search?q=residency&kind=post', '-nolist'), /5 results/, /1\. /, /5\. /);
});
