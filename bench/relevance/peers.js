// SPDX-License-Identifier: GPL-2.0-or-later
// lunr and MiniSearch: node peers.js ENGINE DOCUMENTS <QUERIES >RANKINGS
//
// DOCUMENTS is a JSON array of {id, title, body}, QUERIES an object id -> text; RANKINGS is one of
// id -> ids of documents, the best first. Any of the words may match. The packages are those of the
// working directory. README.md says why the set-up is as it is.
'use strict';
const fs = require('node:fs');
const { createRequire } = require('node:module');

const [engine, path] = process.argv.slice(2);
const need = createRequire(process.cwd() + '/');
const documents = JSON.parse(fs.readFileSync(path, 'utf8'));
const queries = JSON.parse(fs.readFileSync(0, 'utf8'));

// lunr stems, and takes its own stop words out of documents and queries. A title that weighs more
// makes it worse.
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
