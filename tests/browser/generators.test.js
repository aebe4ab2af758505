// SPDX-License-Identifier: GPL-2.0-or-later
// The snippets of docs/embed.md in real sites, built by their generators and opened in the browser.
// Jekyll and Hugo are Debian packages, Eleventy is an npm package.

import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {Box} from './box.js';
import {SOURCE, Searchd, Site, eventually, html, makeIndex, pageTest, writeSite} from './support.js';

const manual = readFileSync(join(SOURCE, 'docs/embed.md'), 'utf8');
const german = JSON.parse(readFileSync(join(SOURCE, 'searchd/web/words/de.json'), 'utf8')).box;
const searchd = await Searchd.start(makeIndex());

// The code block in the given language in docs/embed.md.
function snippet(language) {
  return manual.split(`\`\`\`${language}\n`)[1].split('```')[0];
}

// Builds a site of these files with a generator, and returns its start page.
function build(files, command, args, page) {
  const folder = writeSite(files);
  execFileSync(command, args, {cwd: folder, stdio: ['ignore', 'ignore', 'pipe']});
  return readFileSync(join(folder, page), 'utf8');
}

const layout = (include) => html(`${include}<h1>Guides</h1>`);

const GENERATORS = {
  jekyll: () =>
    build(
      {
        '_config.yml': 'lang: de\n',
        '_includes/search.html': snippet('liquid'),
        '_layouts/default.html': layout('{% include search.html %}'),
        'index.md': '---\nlayout: default\n---\n',
      },
      'jekyll',
      ['build', '--quiet'],
      '_site/index.html',
    ),
  hugo: () =>
    build(
      {
        'config.toml': 'baseURL = "https://example.org/"\nlanguageCode = "de"\ndefaultContentLanguage = "de"\n',
        'layouts/partials/search.html': snippet('go-html-template'),
        'layouts/index.html': layout('{{ partial "search.html" . }}'),
      },
      'hugo',
      [],
      'public/index.html',
    ),
  eleventy: () =>
    build(
      {
        '_includes/search.njk': snippet('njk'),
        'index.njk': `---\nlang: de\n---\n${layout('{% include "search.njk" %}')}`,
      },
      process.execPath,
      [join(process.env.SIGNPOST_NODE_MODULES, '@11ty/eleventy/cmd.cjs')],
      '_site/index.html',
    ),
};

for (const [name, make] of Object.entries(GENERATORS)) {
  const missing = name !== 'eleventy' && spawnSync(name, ['--version']).error;
  const skip = missing ? `${name} is not installed` : false;
  pageTest(`the snippet works in a ${name} site`, {skip}, async (page) => {
    const site = await Site.start({'/': make()}, searchd);
    const box = await Box.at(page, `${site.url}/`);
    assert.equal(await box.host.getAttribute('lang'), 'de');
    await box.ask('residency research');
    await box.press('Escape');
    await box.press('Enter');
    await page.waitForURL(`${site.url}/search?q=residency+research`);
  });
}

pageTest('the first snippet of the manual works in a plain page', async (page) => {
  const lines = manual.split('\n').filter((line) => /^ {4,}</.test(line)); // the first code block
  const first = lines.slice(0, lines.findIndex((line) => line.includes('</form>')) + 1).join('\n');
  const site = await Site.start({'/': html(first)}, searchd);
  const box = await Box.at(page, `${site.url}/`);
  await box.ask('residency research');
  await box.press('Escape');
  await box.press('Enter');
  await page.waitForURL(`${site.url}/search?q=residency+research`);
});

pageTest('the German snippet of the manual translates the box', async (page) => {
  const site = await Site.start({'/': html(`<script src="/search-box.js"></script>${snippet('html')}`)}, searchd);
  const box = await Box.at(page, `${site.url}/`);
  assert.equal(await box.host.getAttribute('lang'), 'de');
  assert.equal(await box.input.getAttribute('aria-label'), 'Handbuch durchsuchen');
  await box.ask('residency');
  const {total} = await searchd.search('q=residency');
  const all = new RegExp(`${german.all.replace('{q}', 'residency')}\\s*${german.count.replace('{n}', total)}`);
  await eventually(async () => all.test(await box.options.last().textContent()));
  assert.equal(await box.host.getByRole('group', {name: 'Kapitel'}).count(), 1);
  assert.equal(await box.host.getByRole('group', {name: german.resources}).count(), 1);
});
