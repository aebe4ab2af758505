// SPDX-License-Identifier: GPL-2.0-or-later
// The search box on other sites' pages: strict policies, other origins, hostile style sheets, several
// boxes, right-to-left text.

import assert from 'node:assert/strict';
import {setTimeout as sleep} from 'node:timers/promises';
import {Box} from './box.js';
import {SCRIPT, Searchd, Site, eventually, html, makeIndex, pageTest} from './support.js';

const index = makeIndex();
const home = await Site.start({}, await Searchd.start(index)); // a site with the origin of searchd
const away = await Site.start({}); // a site with another origin
const daemon = await Searchd.start(index, '--cors', away.url);
const AWAY_SCRIPT = `<script src="${daemon.url}/search-box.js" defer></script>`;
const BOX = '<signpost-search></signpost-search>';

let pages = 0;

function serve(site, body, {csp, ...options}) {
  const path = `/embed-${pages++}`;
  site.pages[path] = {body: html(body, options), headers: csp ? {'Content-Security-Policy': csp} : {}};
  return site.url + path;
}

function sideways(page) {
  return page.evaluate(() => {
    const {scrollWidth, clientWidth} = document.scrollingElement;
    return scrollWidth - clientWidth;
  });
}

// Checks that the box finds something, is styled, and can be used by keyboard.
async function works(box) {
  await box.ask('residency');
  assert.equal(await box.groups.count(), 2);
  await box.press('ArrowDown');
  await box.expectActive(0);
  const styled = await box.host
    .locator('[part~=popup]')
    .evaluate((popup) => getComputedStyle(popup).position);
  assert.notEqual(styled, 'static', 'the style sheet is missing');
}

pageTest("the box works with default-src 'self' and trusted types", async (page) => {
  const csp = "default-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";
  const box = await Box.at(page, serve(home, BOX, {csp, head: SCRIPT}));
  await works(box);
  assert.ok((await box.host.locator('mark').count()) > 0);
});

pageTest('the box works as a module, async, and loaded twice in one page', async (page) => {
  for (const head of [
    '<script type="module" src="/search-box.js"></script>',
    '<script async src="/search-box.js"></script>',
    SCRIPT + SCRIPT,
    '<script type="module" src="/search-box.js?2"></script><script defer src="/search-box.js"></script>',
  ]) {
    await works(await Box.at(page, serve(home, BOX, {head})));
  }
});

pageTest('the box works from another origin with a policy that names searchd', async (page) => {
  const csp = `default-src 'self'; script-src ${daemon.url}; style-src ${daemon.url}; connect-src ${daemon.url}`;
  const box = await Box.at(page, serve(away, BOX, {csp, head: AWAY_SCRIPT}));
  await works(box);
  assert.equal(await box.options.last().evaluate((link) => link.href), `${daemon.url}/search?q=residency`);
  assert.match(
    await box.guide.evaluate((link) => link.href),
    new RegExp(`^${away.url}/research/ai-residencies/`),
    "guides do not link to the page's own site",
  );
});

pageTest('with the attribute server the script can be served from anywhere', async (page) => {
  for (const [name, type] of [
    ['search-box.js', 'text/javascript'],
    ['search-box.css', 'text/css'],
  ]) {
    const file = await page.request.get(`${daemon.url}/${name}`);
    away.pages[`/js/${name}`] = {type, body: await file.text()};
  }
  await works(
    await Box.at(
      page,
      serve(away, `<signpost-search server="${daemon.url}"></signpost-search>`, {
        head: '<script src="/js/search-box.js" defer></script>',
      }),
    ),
  );
});

pageTest(
  'an origin that searchd does not allow is shown as an error',
  {allow: [/blocked by CORS/, /Failed to load resource/]},
  async (page) => {
    const other = await Site.start({'/': html(BOX, {head: AWAY_SCRIPT})});
    const box = await Box.at(page, other.url);
    await box.type('data');
    await box.announces(/cannot be reached/);
  },
);

pageTest("style sheets of the page do not affect the box, nor the box's the page", async (page) => {
  const hostile = `<style>li{margin:50px} input{width:1000px!important;display:none!important}
    a{display:none!important;font-size:90px!important} mark{background:#f00!important}
    div,span,button,svg,kbd,label,ul,section,header,p{display:none!important;margin:99px!important}
    [hidden]{display:block!important} [role=option],[role=group]{padding:80px!important}
    .popup,.option,.title,.active,#input,#popup{position:fixed!important;top:0!important}</style>`;
  const shapes = [];
  for (const head of [SCRIPT, hostile + SCRIPT]) {
    const box = await Box.at(page, serve(home, BOX, {head}));
    await works(box);
    await box.announces(/./);
    shapes.push(
      await box.host.evaluate((host) =>
        [...host.shadowRoot.querySelectorAll('*')]
          .filter((element) => element.checkVisibility())
          .map((element) => {
            const {x, y, width, height} = element.getBoundingClientRect();
            return `${element.localName} ${[x, y, width, height].map(Math.round)} ${getComputedStyle(element).color}`;
          }),
      ),
    );
  }
  assert.deepEqual(shapes[1], shapes[0]);
  assert.equal(await page.evaluate(() => document.styleSheets.length), 1);
});

pageTest('custom properties and parts style the box', async (page) => {
  const box = await Box.at(
    page,
    serve(home, BOX, {
      head: `${SCRIPT}<style>
    signpost-search{--signpost-background:rgb(1,2,3);--signpost-width:300px}
    signpost-search::part(title){letter-spacing:3px}</style>`,
    }),
  );
  await works(box);
  const [background, width] = await box.host
    .locator('[part~=popup]')
    .evaluate((popup) => [getComputedStyle(popup).backgroundColor, popup.getBoundingClientRect().width]);
  assert.equal(background, 'rgb(1, 2, 3)');
  assert.equal(width, 300);
  assert.equal(
    await box.host
      .locator('[part~=title]')
      .first()
      .evaluate((title) => getComputedStyle(title).letterSpacing),
    '3px',
  );
});

pageTest('nothing is shown before the style sheet is loaded', async (page) => {
  await page.route('**/search-box.css', async (route) => {
    await sleep(800);
    await route.fallback();
  });
  const box = await Box.at(page, serve(home, BOX, {head: SCRIPT}));
  assert.equal((await box.state()).popup, false);
  await works(box);
});

pageTest('two boxes in a page work independently', async (page) => {
  const url = serve(home, `<p id="p">x</p>${BOX}<div style="height:40em"></div>${BOX}`, {head: SCRIPT});
  const [first, second] = [await Box.at(page, url), new Box(page, 1)];
  await first.ask('residency');
  await second.ask('data');
  assert.equal((await first.state()).popup, false, 'the first box stays open without the focus');
  await second.press('ArrowDown');
  await second.expectActive(0, {value: 'data'});
  await page.locator('#p').click();
  await page.keyboard.press('/');
  assert.ok((await first.state()).focused, 'the shortcut does not go to the first box');
  await page.locator('#p').click();
  await first.host.evaluate((host) => {
    host.style.display = 'none';
  });
  await page.keyboard.press('/');
  assert.ok((await second.state()).focused, 'the shortcut does not go to the first visible box');
});

pageTest('shortcuts can be changed and turned off', async (page) => {
  const url = serve(home, '<p id="p">x</p><signpost-search shortcut="s"></signpost-search>', {head: SCRIPT});
  const box = await Box.at(page, url);
  await page.keyboard.press('/');
  assert.equal((await box.state()).focused, false);
  await page.keyboard.press('s');
  assert.deepEqual(await box.state().then(({focused, value}) => [focused, value]), [true, '']);
  await page.locator('#p').click();
  await box.host.evaluate((host) => host.setAttribute('shortcut', ''));
  for (const key of ['s', '/', 'Control+k']) await page.keyboard.press(key);
  assert.equal((await box.state()).focused, false);
});

pageTest('in right-to-left pages the box is mirrored', {viewport: {width: 700, height: 600}}, async (page) => {
  const box = await Box.at(page, serve(home, BOX, {head: SCRIPT, lang: 'ar', dir: 'rtl'}));
  await works(box);
  const sides = await box.host.evaluate((host) => {
    const box = (selector) => host.shadowRoot.querySelector(selector).getBoundingClientRect();
    return {input: box('[part~=input]'), clear: box('[part~=clear]'), popup: box('[part~=popup]')};
  });
  const middle = ({left, right}) => (left + right) / 2;
  assert.ok(middle(sides.clear) < middle(sides.input), 'the clear button is not at the end');
  assert.ok(sides.popup.left >= 0 && sides.popup.right <= 700, JSON.stringify(sides.popup));
  assert.equal(await sideways(page), 0);
});

for (const [place, style] of Object.entries({
  'at the right edge': 'margin-left:60%;width:38%',
  'in a narrow column': 'width:8em',
  'at the end of a flex line': 'display:flex;justify-content:flex-end',
})) {
  for (const width of [320, 500, 1000]) {
    pageTest(
      `${place} of ${width} px the popup stays on the page`,
      {viewport: {width, height: 600}},
      async (page) => {
        const box = await Box.at(page, serve(home, `<div style="${style}">${BOX}</div>`, {head: SCRIPT}));
        await works(box);
        assert.equal(await sideways(page), 0);
        const {left, right} = await box.host
          .locator('[part~=popup]')
          .evaluate((popup) => popup.getBoundingClientRect().toJSON());
        assert.ok(left >= 0 && right <= width, `${left} to ${right}`);
      },
    );
  }
}

pageTest('the active option is visible in forced colours', {forcedColors: 'active'}, async (page) => {
  const box = await Box.at(page, serve(home, BOX, {head: SCRIPT}));
  await works(box);
  const look = (i) =>
    box.options.nth(i).evaluate((option) => {
      const {backgroundColor, outlineStyle, outlineWidth, color} = getComputedStyle(option);
      return [backgroundColor, outlineStyle, outlineWidth, color].join();
    });
  assert.notEqual(await look(0), await look(1));
});
