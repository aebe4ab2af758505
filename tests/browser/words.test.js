// SPDX-License-Identifier: GPL-2.0-or-later
// The languages of the search box and of the results page.

import assert from 'node:assert/strict';
import {Box, shares} from './box.js';
import {SCRIPT, Searchd, Site, eventually, html, makeIndex, pageTest} from './support.js';

const daemon = await Searchd.start(makeIndex());
const site = await Site.start({}, daemon);
let pages = 0;

function boxIn(page, body, options) {
  const path = `/words-${pages++}`;
  site.pages[path] = html(body, {head: SCRIPT, ...options});
  return Box.at(page, site.url + path);
}

const placeholder = (box) => box.input.getAttribute('placeholder');
const speaks = (box, word) => eventually(async () => (await placeholder(box)) === word);

// Answers name guides or resources first, whichever has the best hit.
const counts = Object.entries(shares(await daemon.search('q=residency&limit=20')));
const shown = counts.reduce((sum, [, n]) => sum + n, 0);
const LANGUAGES = {
  de: ['Suchen', 'Ergebnisse', {post: 'Ratgeber', resource: 'Angebote'}, /Alle Ergebnisse für „residency“/],
  'fr-CA': ['Rechercher', 'résultats', {post: 'Guides', resource: 'Ressources'},
    /Tous les résultats pour «\u00a0residency\u00a0»/],
  es: ['Buscar', 'resultados', {post: 'Guías', resource: 'Recursos'}, /Todos los resultados para «residency»/],
  en: ['Search', 'results', {post: 'Guides', resource: 'Resources'}, /All results for “residency”/],
};
for (const [lang, [word, results, kinds, all]] of Object.entries(LANGUAGES)) {
  const said = `${shown} ${results}: ${counts.map(([kind, n]) => `${kinds[kind]} ${n}`).join(', ')}`;
  pageTest(`the box speaks the language of the page: ${lang}`, async (page) => {
    const box = await boxIn(page, '<signpost-search></signpost-search>', {lang});
    await speaks(box, word);
    await box.ask('residency');
    await box.announces(new RegExp(said));
    assert.match(await box.all.textContent(), all);
  });
}

pageTest('the lang attribute of the box comes first, and may change at any time', async (page) => {
  const box = await boxIn(page, '<signpost-search lang="es"></signpost-search>', {lang: 'de'});
  await speaks(box, 'Buscar');
  await box.host.evaluate((host) => host.setAttribute('lang', 'fr'));
  await speaks(box, 'Rechercher');
  await box.host.evaluate((host) => host.removeAttribute('lang'));
  await speaks(box, 'Suchen');
  await box.host.evaluate((host) => host.setAttribute('lang', 'en-GB'));
  await speaks(box, 'Search');
});

pageTest('an attribute replaces a word of the language', async (page) => {
  const box = await boxIn(page, '<signpost-search text-guides="Kapitel"></signpost-search>', {lang: 'de'});
  await speaks(box, 'Suchen');
  await box.ask('residency');
  assert.equal(await box.host.getByRole('group', {name: 'Kapitel'}).count(), 1);
  assert.equal(await box.host.getByRole('group', {name: 'Angebote'}).count(), 1);
});

pageTest('in a language without words the box speaks English', async (page) => {
  const box = await boxIn(page, '<signpost-search></signpost-search>', {lang: 'tlh'});
  await box.ask('residency');
  await box.announces(new RegExp(`${shown} results`));
  assert.equal(await placeholder(box), 'Search');
});

pageTest('without an answer the box speaks English', {allow: [/Failed to load/]}, async (page) => {
  await page.route('**/search-words.json?*', (route) => route.abort());
  const box = await boxIn(page, '<signpost-search></signpost-search>', {lang: 'de'});
  await box.ask('residency');
  await box.announces(new RegExp(`${shown} results`));
});

pageTest('an English page asks for no words', async (page) => {
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const box = await boxIn(page, '<signpost-search></signpost-search>', {lang: 'en-US'});
  await box.ask('residency');
  assert.ok(!asked.includes('/search-words.json'), asked.join());
});

pageTest('words that arrive late replace those of an open list', async (page) => {
  let release;
  const held = new Promise((done) => {
    release = done;
  });
  await page.route('**/search-words.json?*', async (route) => {
    await held;
    await route.continue();
  });
  const box = await boxIn(page, '<signpost-search></signpost-search>', {lang: 'de'});
  await box.ask('residency');
  assert.match(await box.all.textContent(), /All results/);
  release();
  await eventually(async () => /Alle Ergebnisse/.test(await box.all.textContent()));
  assert.equal((await box.state()).count, shown + 1);
});

pageTest('page and box speak the same language', {locale: 'es-MX'}, async (page) => {
  const box = await Box.at(page, `${daemon.url}/search?q=beca`);
  assert.equal(await page.locator('html').getAttribute('lang'), 'es');
  assert.match(await page.getByRole('heading', {level: 1}).textContent(), /Resultados para «beca»/);
  await speaks(box, 'Buscar');
});
