// SPDX-License-Identifier: GPL-2.0-or-later
// Measures on loopback how long readers wait after the first byte of an answer. On the results page this
// is the time from the navigation's responseStart to the largest contentful paint; in the box, from the
// request's responseStart to the options in the document, and to the next painted frame. For comparison it also
// measures a page with one word. All runs use one browser, the first round does not count, and each run
// sends another query. run.sh starts this program.

import {test} from 'node:test';
import {Searchd, Site, eventually, html, launch, makeIndex} from '../../tests/browser/support.js';

const QUERIES = [
  'residency',
  'data',
  'research without a phd',
  'career change',
  'machine learning',
  'open source',
  'interview',
  'portfolio',
  'funding',
  'mentoring',
  'no degree',
  'scholarships',
  'bootcamp',
  'security',
  'web development',
  'writing',
  'books',
  'conference',
  'salary',
  'internship',
];
const runs = Number(process.env.SIGNPOST_RUNS ?? 30);

function pageTimes(what) {
  return new Promise((done) => {
    new PerformanceObserver((list) => {
      const {responseStart} = performance.getEntriesByType('navigation')[0];
      done({[`${what}: painted`]: list.getEntries().at(-1).startTime - responseStart});
    }).observe({type: 'largest-contentful-paint', buffered: true});
  });
}

// Runs in the page before the text is typed, and records when options appear.
function watchOptions(host) {
  new MutationObserver((changes, observer) => {
    if (!host.shadowRoot.querySelector('[role=option]')) return;
    observer.disconnect();
    const made = performance.now();
    requestAnimationFrame(() => {
      const {port1, port2} = new MessageChannel(); // runs once the frame is painted
      port1.onmessage = () => {
        window.times = {made, painted: performance.now()};
      };
      port2.postMessage(0);
    });
  }).observe(host.shadowRoot, {childList: true, subtree: true});
}

function boxTimes() {
  if (!window.times) return null;
  const asked = performance.getEntriesByType('resource').find(({name}) => name.includes('/api/v1/search'));
  const {made, painted} = window.times;
  return {
    'box: options made': made - asked.responseStart,
    'box: options painted': painted - asked.responseStart,
    'box: from request to paint': painted - asked.requestStart,
  };
}

async function measure(page, empty, url, run, note) {
  const query = QUERIES[run % QUERIES.length];
  await page.goto(empty);
  note(await page.evaluate(pageTimes, 'a page with one word'));
  await page.goto(`${url}/search?q=${encodeURIComponent(query)}`);
  note(await page.evaluate(pageTimes, 'results page'));
  await page.goto(`${url}/`);
  const box = page.locator('signpost-search');
  await box.getByRole('combobox').waitFor();
  await box.evaluate(watchOptions);
  await box.getByRole('combobox').fill(query);
  note(await eventually(() => page.evaluate(boxTimes)));
}

test('from the first byte to results on the screen', async () => {
  const times = new Map();
  const note = (found) => {
    for (const [name, time] of Object.entries(found)) times.set(name, [...(times.get(name) ?? []), time]);
  };
  const {url} = await Searchd.start(makeIndex(process.env.SIGNPOST_SITE));
  const empty = (await Site.start({'/': html('<p>Results</p>')})).url;
  const context = await (await launch()).newContext({viewport: {width: 1280, height: 800}});
  const page = await context.newPage();
  await measure(page, empty, url, 0, () => {});
  for (let run = 0; run < runs; run++) await measure(page, empty, url, run, note);
  console.log(`| ms, ${runs} runs | median | max |\n| --- | --- | --- |`);
  for (const [name, all] of times) {
    all.sort((a, b) => a - b);
    console.log(`| ${name} | ${all[Math.floor(all.length / 2)].toFixed(1)} | ${all.at(-1).toFixed(1)} |`);
  }
});
