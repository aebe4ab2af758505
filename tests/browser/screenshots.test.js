// SPDX-License-Identifier: GPL-2.0-or-later
// Screenshots of the page and the box at the widths of a telephone, a tablet and a desktop, light and
// dark. They are written to the folder $SIGNPOST_SCREENSHOTS for people to look at, and the README's
// picture to the file $SIGNPOST_PICTURE.

import assert from 'node:assert/strict';
import {mkdirSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {Box} from './box.js';
import {Searchd, ground, makeIndex, pageTest, writeSite} from './support.js';

const folder = process.env.SIGNPOST_SCREENSHOTS ?? join(ground, 'screenshots');
mkdirSync(folder, {recursive: true});

const daemon = await Searchd.start(makeIndex());
const mixed = await Searchd.start(
  makeIndex(
    writeSite({
      '_config.yml': 'title: دليل 🧭\nlang: ar\n',
      '_posts/2024-01-10-a.md':
        '---\ntitle: "كيف تبدأ مسيرة مهنية 🎉 beacon"\ntags: [عمل, "🧭"]\nlang: ar\n---\n\n## الخطوة الأولى\n\nهذا دليل beacon للعمل في مجال التقنية مع [مورد](https://example.org/).\n',
      '_posts/2024-01-11-b.md':
        '---\ntitle: "איך מתחילים קריירה beacon"\nlang: he\n---\n\nמדריך beacon לעבודה 👩‍💻 בתחום.\n',
      '_posts/2024-01-12-c.md': `---\ntitle: "${'Rechtsschutzversicherungsgesellschaften'.repeat(3)} beacon"\nlang: de\n---\n\nA beacon.\n`,
    }),
  ),
);

const PAGES = {
  start: '/',
  results: '/search?q=residency',
  nothing: '/search?q=xyzzyqq',
  refusal: '/nonsuch',
  filtered: '/search?q=data&kind=post&tag=beginners&after=2015&sort=newest',
};

async function keep(page, name) {
  await page.screenshot({path: join(folder, `${name}.png`), animations: 'disabled'});
  const over = await page.evaluate(() => {
    const {scrollWidth, clientWidth} = document.scrollingElement;
    return scrollWidth - clientWidth;
  });
  assert.equal(over, 0, `${name} scrolls sideways`);
}

for (const colorScheme of ['light', 'dark']) {
  for (const [width, height] of [
    [320, 640],
    [768, 1024],
    [1440, 900],
  ]) {
    const options = {colorScheme, viewport: {width, height}, allow: [/Failed to load resource/]};
    pageTest(`at ${width} px, ${colorScheme}, no page scrolls sideways`, options, async (page) => {
      const name = (what) => `${what}-${width}-${colorScheme}`;
      for (const [what, address] of Object.entries(PAGES)) {
        await page.goto(daemon.url + address);
        await keep(page, name(what));
      }
      await page.goto(`${mixed.url}/search?q=beacon`);
      await keep(page, name('scripts'));
      for (const [what, server, text] of [
        ['box', daemon, 'residency research'],
        ['box-relaxed', daemon, 'machine learning zebra'],
        ['box-scripts', mixed, 'beacon'],
      ]) {
        const box = await Box.at(page, `${server.url}/`);
        await box.ask(text);
        await page.waitForTimeout(300); // until suggestions are shown
        await box.press('ArrowDown');
        await keep(page, name(what));
      }
      const box = await Box.at(page, `${daemon.url}/`);
      await box.type('xyzzyqq');
      await box.announces(/Nothing found/);
      await keep(page, name('box-nothing'));
    });
  }
}

pageTest(
  'the picture for the README is smaller than 200,000 bytes',
  {viewport: {width: 1240, height: 775}, colorScheme: 'light'},
  async (page) => {
    const path = process.env.SIGNPOST_PICTURE ?? join(folder, 'search.png');
    const box = await Box.at(page, `${daemon.url}/search?q=residency`);
    await box.input.fill('');
    await box.ask('research without a phd');
    await page.waitForTimeout(300);
    await box.press('ArrowDown');
    await page.screenshot({path, animations: 'disabled', caret: 'initial'});
    assert.ok(statSync(path).size < 200000, `${statSync(path).size} bytes`);
  },
);
