// SPDX-License-Identifier: GPL-2.0-or-later
// The box has room for two lines of a passage: the first mark of a passage must be within them.

import assert from 'node:assert/strict';
import {Box} from './box.js';
import {SCRIPT, Searchd, Site, html, makeIndex, pageTest, writeSite} from './support.js';

const before = {
  latin: 'Everybody who wants to change jobs within the next year should, before anything else, ask for a ',
  han: '求职者应当提前准备面试材料并了解公司情况求职者应当提前准备面试材料并了解公司情况',
  thai: 'ผู้สมัครงานควรเตรียมเอกสารให้พร้อมก่อนการนัดพบผู้สมัครงานควรเตรียมเอกสารให้พร้อมก่อนการนัดพบ',
  address: `See https://example.org/${'long-address-'.repeat(12)}end `,
  solid: `${'x'.repeat(200)} `,
};
const pages = Object.entries(before).map(([name, text]) =>
  [`${name}.md`, `---\ntitle: ${name}\n---\n\n${text} zebra ${text}\n`]);
const own = await Site.start({'/': html('<signpost-search limit="9"></signpost-search>', {head: SCRIPT})},
  await Searchd.start(makeIndex(writeSite({...Object.fromEntries(pages), 'short.md': 'A short zebra & more.'}))));
const corpus = await Site.start({'/': html('<signpost-search></signpost-search>', {head: SCRIPT})},
  await Searchd.start(makeIndex()));

const shown = (list) => list.locator('[part~=passage]').evaluateAll((passages) => passages.map((passage) => {
  const {top, bottom, left, right} = passage.getBoundingClientRect();
  const mark = passage.querySelector('mark');
  const whole = mark && [...mark.getClientRects()].every((rect) =>
    rect.top >= top - 1 && rect.bottom <= bottom + 1 && rect.left >= left - 1 && rect.right <= right + 1);
  return {text: passage.textContent, marked: Boolean(mark), whole};
}));

const places = await Site.start({'/': html('<signpost-search></signpost-search>', {head: SCRIPT})},
  await Searchd.start(makeIndex(writeSite({'a.md': '# Links\n\n- [Careers](https://www.amazon.example/?a&b)\n'}))));
pageTest('a hit without a mark shows where it matched', async (page) => {
  const box = await Box.at(page, places.url);
  await box.ask('amazon');
  const text = await box.options.first().textContent();
  assert.ok(text.includes('amazon.example/?a&b'), text);
  assert.equal(await box.options.first().locator('mark').textContent(), 'amazon');
});

for (const width of [320, 360, 1280]) {
  const viewport = {width, height: 800};
  pageTest(`the first mark of every passage is visible at ${width} px`, {viewport}, async (page) => {
    for (const query of ['residency', 'salary negotiation', 'research experience', 'remote jobs', 'cover letter']) {
      const box = await Box.at(page, corpus.url);
      await box.ask(query);
      const marked = (await shown(box.host)).filter((passage) => passage.marked);
      assert.ok(marked.length > 2, query);
      for (const passage of marked) assert.ok(passage.whole, `${query}: ${passage.text}`);
    }
  });

  pageTest(`text before the first mark is left out by words at ${width} px`, {viewport}, async (page) => {
    const box = await Box.at(page, own.url);
    await box.ask('zebra');
    const passages = await shown(box.host.getByRole('group', {name: 'Guides'}));
    assert.equal(passages.length, pages.length + 1);
    for (const passage of passages) assert.ok(passage.whole, passage.text);
    const texts = passages.map(({text}) => text);
    assert.ok(texts.includes('A short zebra & more.'));
    assert.ok(texts.some((text) => text.startsWith('…anything else, ask for a zebra ')), texts.join('\n'));
    for (const text of texts.filter((each) => each !== 'A short zebra & more.')) {
      assert.match(text, /^….{0,34}zebra/u);
      assert.doesNotMatch(text, /^…[\p{M}\s,]/u);
    }
  });
}
