// Shoots a scene in Chromium with three.js, lit as its json says: the way the client shows it.
import { createServer } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { chromium } from 'playwright-core';
import { CHROMIUM, DRAWS } from '../../../tests/support/chromium.mjs';

const ROOT = new URL('..', import.meta.url).pathname;
const TYPES = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.glb': 'model/gltf-binary',
};
const LIMIT_MS = 180_000;

// shots: [{query, w, h}] -> PNG buffers. /assets/ is served from the given folder.
export async function shoot(assets, shots) {
  const server = createServer((req, res) => {
    const path = normalize(decodeURIComponent(req.url.split('?')[0]));
    const file = path.startsWith('/assets/') ? join(assets, path.slice(8)) : join(ROOT, path);
    if (path.includes('..') || !existsSync(file)) {
      res.writeHead(404).end();
      return;
    }
    res.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    res.end(readFileSync(file));
  });
  await new Promise((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: DRAWS,
    timeout: LIMIT_MS,
  });
  try {
    const out = [];
    for (const { query, w, h } of shots) {
      const page = await browser.newPage({ viewport: { width: w, height: h } });
      page.setDefaultTimeout(LIMIT_MS);
      page.on('console', (m) => {
        if (m.type() === 'error') console.error(m.text());
      });
      page.on('pageerror', (e) => console.error(String(e)));
      await page.goto(`http://127.0.0.1:${server.address().port}/src/preview.html?${query}`);
      await page.waitForFunction('window.DONE', null, { timeout: LIMIT_MS });
      out.push(await page.screenshot({ timeout: LIMIT_MS }));
      await page.close();
    }
    return out;
  } finally {
    await browser.close();
    server.close();
  }
}
