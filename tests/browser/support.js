// SPDX-License-Identifier: GPL-2.0-or-later
// Shared by all browser tests: an index, a real searchd, a web site around it, and one browser. A page
// that logs an error, violates its Content-Security-Policy, leaves a promise rejected or opens a dialog
// fails its test unless the test expects the message (`allow`).
//
// tests/browser/run.sh runs the tests; $SIGNPOST_INDEXER, $SIGNPOST_SEARCHD and $SIGNPOST_CHROMIUM name
// the programs, and $SIGNPOST_NODE_MODULES the folder of npm packages.

import assert from 'node:assert/strict';
import {execFileSync, spawn} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import http from 'node:http';
import {createRequire} from 'node:module';
import {tmpdir} from 'node:os';
import {basename, dirname, join, resolve} from 'node:path';
import {after, test} from 'node:test';
import {setTimeout as sleep} from 'node:timers/promises';

export const require = createRequire(join(resolve(process.env.SIGNPOST_NODE_MODULES), 'x.js'));
const {chromium} = require('playwright-core');

export const SOURCE = resolve(dirname(new URL(import.meta.url).pathname), '../..');
export const CHROMIUM = process.env.SIGNPOST_CHROMIUM ?? 'chromium';
// The browser can reach only the servers of the tests, and needs no desktop.
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-dev-shm-usage',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
];

export const ground = mkdtempSync(join(tmpdir(), 'signpost-browser.'));
const started = new Set();
let browser;

after(async () => {
  await browser?.close();
  for (const server of started) await server.stop();
  rmSync(ground, {recursive: true, force: true});
});

// Writes a site of these files, {path: text}, and returns its folder.
export function writeSite(files) {
  const folder = mkdtempSync(join(ground, 'site.'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), {recursive: true});
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

// Builds an index of a site, or of the corpus, and returns its path.
export function makeIndex(site = join(SOURCE, 'corpus')) {
  const index = join(mkdtempSync(join(ground, 'index.')), 'index');
  execFileSync(process.env.SIGNPOST_INDEXER, ['-q', '-o', index, site]);
  return index;
}

// Waits until what() returns a true value, and returns the value.
export async function eventually(what, within = 10000) {
  for (const deadline = Date.now() + within; ; ) {
    const found = await what();
    if (found) return found;
    assert.ok(Date.now() < deadline, `not true within ${within} ms: ${what}`);
    await sleep(20);
  }
}

// A searchd that can be stopped and started again at the same address.
export class Searchd {
  constructor(index, options) {
    Object.assign(this, {index, options, port: 0});
  }

  static async start(index, ...options) {
    const daemon = new Searchd(index, options);
    started.add(daemon);
    await daemon.listen();
    return daemon;
  }

  async listen() {
    this.log = '';
    this.process = spawn(
      process.env.SIGNPOST_SEARCHD,
      ['-i', this.index, '-l', `127.0.0.1:${this.port}`, '--rate', '0', ...this.options],
      {stdio: ['ignore', 'ignore', 'pipe']},
    );
    this.process.stderr.on('data', (data) => {
      this.log += data;
    });
    const listening = /listening on (http:\/\/\S+:(\d+))\//;
    await eventually(() => {
      assert.equal(this.process.exitCode, null, this.log);
      return listening.test(this.log);
    });
    [, this.url, this.port] = listening.exec(this.log);
  }

  // The answer of the API to these parameters. Tests take from it what a page must show, so that they
  // do not depend on the ranking.
  async search(parameters) {
    return (await fetch(`${this.url}/api/v1/search?${parameters}`)).json();
  }

  async stop(signal = 'SIGKILL') {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = new Promise((done) => {
      this.process.once('exit', done);
    });
    this.process.kill(signal);
    await ended;
  }
}

// A web site: `pages` is {path: HTML or {type, body, headers, status}}, and may change at any time.
// Requests for other paths are passed on to `searchd`, as by a proxy that serves both.
export class Site {
  static async start(pages, searchd) {
    const site = new Site();
    Object.assign(site, {pages, searchd, asked: []});
    site.server = http.createServer((request, answer) => site.answer(request, answer));
    await new Promise((done) => {
      site.server.listen(0, '127.0.0.1', done);
    });
    site.url = `http://127.0.0.1:${site.server.address().port}`;
    started.add(site);
    return site;
  }

  answer(request, answer) {
    this.asked.push(request.url);
    const path = request.url.split('?')[0];
    const page = this.pages[path] ?? (path === '/favicon.ico' ? {status: 204} : undefined);
    if (page === undefined && this.searchd) return this.pass(request, answer);
    const {
      type = 'text/html; charset=utf-8',
      body = '',
      headers = {},
      status = 200,
    } = page === undefined ? {status: 404} : typeof page === 'string' ? {body: page} : page;
    answer.writeHead(status, {'Content-Type': type, ...headers});
    answer.end(body);
  }

  pass(request, answer) {
    const on = http.request(
      this.searchd.url + request.url,
      {method: request.method, headers: {...request.headers, connection: 'close'}},
      (from) => {
        answer.writeHead(from.statusCode, from.headers);
        from.pipe(answer);
      },
    );
    on.on('error', () => answer.writeHead(502).end());
    request.pipe(on);
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((done) => {
      this.server.close(done);
    });
  }
}

// The HTML of a page with this body.
export function html(body, {head = '', lang = 'en', dir = 'ltr'} = {}) {
  return `<!DOCTYPE html><html lang="${lang}" dir="${dir}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>A site</title>
${head}</head><body>${body}</body></html>`;
}

export const SCRIPT = '<script src="/search-box.js" defer></script>';

export async function launch() {
  browser ??= await chromium.launch({executablePath: CHROMIUM, args: CHROMIUM_ARGS});
  return browser;
}

// Runs in each page before the page's own scripts.
function watch() {
  addEventListener(
    'securitypolicyviolation',
    (event) => {
      console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    },
    true,
  );
}

function complain(page, complaints, allow) {
  const say = (what) => {
    if (!allow.some((known) => known.test(what))) complaints.push(what);
  };
  page.on('console', (message) => {
    if (message.type() === 'error') say(`${message.text()} at ${message.location().url}`);
  });
  page.on('pageerror', (error) => say(`uncaught: ${error.stack ?? error}`));
  page.on('dialog', (dialog) => {
    say(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on('crash', () => say('the page crashed'));
}

// Serves the styles from a folder instead of those in searchd, to try changes without a build.
async function useStyles(visit, folder) {
  await visit.route(/\/search-[a-z]+\.css(\?|$)/, (route) => {
    const file = basename(new URL(route.request().url()).pathname);
    return route.fulfill({path: join(folder, file)});
  });
}

// A test with its own page. `allow`: regular expressions for complaints that do not fail the test; other
// options are those of the browser context (colorScheme, viewport, javaScriptEnabled ...).
export function pageTest(name, options, body) {
  if (typeof options === 'function') return pageTest(name, {}, options);
  const {allow = [], timeout = 60000, skip = false, todo = false, ...context} = options;
  return test(name, {timeout, skip, todo}, async (t) => {
    const complaints = [];
    const visit = await (await launch()).newContext(context);
    visit.setDefaultTimeout(10000);
    visit.on('page', (page) => complain(page, complaints, allow));
    await visit.addInitScript(watch);
    if (process.env.SIGNPOST_WEB) await useStyles(visit, process.env.SIGNPOST_WEB);
    try {
      await body(await visit.newPage(), t, complaints);
    } finally {
      await visit.close();
    }
    assert.deepEqual(complaints, [], 'the pages complained');
  });
}
