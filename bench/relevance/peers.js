// SPDX-License-Identifier: GPL-2.0-or-later
// lunr and MiniSearch: node peers.js ENGINE DOCUMENTS <QUERIES >RANKINGS
//
// DOCUMENTS is a JSON array of {id, title, body}, QUERIES an object id -> text, RANKINGS an object
// id -> ids of documents, best first. A document matches if it contains any of the words. The npm
// packages are loaded from the working directory. README.md explains the set-up.
'use strict';
const fs = require('node:fs');
const { createRequire } = require('node:module');

const [engine, path] = process.argv.slice(2);
const need = createRequire(process.cwd() + '/');
const documents = JSON.parse(fs.readFileSync(path, 'utf8'));
const queries = JSON.parse(fs.readFileSync(0, 'utf8'));

// lunr stems, and removes its own stop words from documents and queries. It ranks worse if titles have
// more weight.
function makeLunr() {
  const lunr = need('lunr');
  const index = lunr(function () {
    this.ref('id');
    this.field('title');
    this.field('body');
    documents.forEach((one) => this.add(one));
  });
  return (text) => index.query((query) => query.term(lunr.tokenizer(text))).map((hit) => hit.ref);
}

function makeMiniSearch(fuzzy) {
  const MiniSearch = need('minisearch');
  const index = new MiniSearch({ fields: ['title', 'body'] });
  index.addAll(documents);
  const options = { boost: { title: 2 }, combineWith: 'OR', prefix: false, fuzzy };
  return (text) => index.search(text, options).map((hit) => hit.id);
}

const makers = {
  lunr: makeLunr,
  minisearch: () => makeMiniSearch(false),
  'minisearch-fuzzy': () => makeMiniSearch(0.2),
};
const rank = makers[engine]();
const rankings = {};
for (const [id, text] of Object.entries(queries)) rankings[id] = rank(text).slice(0, 1000);
process.stdout.write(JSON.stringify(rankings));
