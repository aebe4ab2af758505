// SPDX-License-Identifier: GPL-2.0-or-later
// MiniSearch on Node's http, one process per core: node minisearch.js PORT PAGES WORKERS.
//
// A query must match every word, or any word if nothing has every word; the title has twice the weight of
// the body. An answer has ten hits with the title and the part of the body around the first match. This
// program marks the matches, because MiniSearch does not.
'use strict';
const cluster = require('node:cluster');
const fs = require('node:fs');
const http = require('node:http');
const { createRequire } = require('node:module');

const [port, pages, workers] = process.argv.slice(2);
const need = createRequire(process.cwd() + '/');

const escapes = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text) => text.replace(/[&<>"]/g, (c) => escapes[c]);

function mark(text, terms) {
  if (terms.length === 0) return escape(text);
  const pattern = new RegExp(`\\b(${terms.map((t) => t.replace(/[^\p{L}\p{N}]/gu, '\\$&')).join('|')})\\b`, 'giu');
  let out = '', at = 0;
  for (const found of text.matchAll(pattern)) {
    out += escape(text.slice(at, found.index)) + '<mark>' + escape(found[0]) + '</mark>';
    at = found.index + found[0].length;
  }
  return out + escape(text.slice(at));
}

function passage(body, terms) {
  const low = body.toLowerCase();
  let at = -1;
  for (const term of terms) {
    at = low.indexOf(term);
    if (at >= 0) break;
  }
  const start = Math.max(0, low.lastIndexOf(' ', Math.max(0, at - 60)));
  return mark(body.slice(start, start + 250), terms);
}

function serve() {
  const Engine = need('minisearch');
  const documents = fs.readFileSync(pages, 'utf8').trim().split('\n').map((line, id) => ({ id, ...JSON.parse(line) }));
  const index = new Engine({ fields: ['title', 'body'] });
  index.addAll(documents);
  const options = { boost: { title: 2 }, combineWith: 'AND' };
  http.createServer((request, response) => {
    const query = new URL(request.url, 'http://localhost').searchParams.get('q') || '';
    let found = index.search(query, options);
    if (found.length === 0) found = index.search(query, { ...options, combineWith: 'OR' });
    const hits = found.slice(0, 10).map((hit) => {
      const page = documents[hit.id];
      return { url: page.url, title: mark(page.title, hit.terms), passage: passage(page.body, hit.terms) };
    });
    const body = JSON.stringify({ hits });
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
    response.end(body);
  }).listen(Number(port), '127.0.0.1');
}

if (cluster.isPrimary) {
  for (let i = 0; i < Number(workers); i++) cluster.fork();
  process.stdin.resume();
  process.stdin.on('end', () => process.exit());
} else {
  serve();
}
