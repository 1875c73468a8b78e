// Opens report pages in Chromium: every chart is drawn, nothing is said on the console, nothing is
// requested. With STRATBENCH_SCREENSHOTS=FOLDER it also leaves a picture of each page there.
'use strict';
const assert = require('assert');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { pathToFileURL } = require('url');
const { fromBuild, onPath, run, sample, skip } = require('./support.js');

const chromium = ['chromium', 'chromium-browser', 'google-chrome'].map(onPath).find(Boolean);
if (!chromium) {
  if (process.env.STRATBENCH_REQUIRE_BROWSER === '1') {
    console.log('FAILED: Chromium is required (STRATBENCH_REQUIRE_BROWSER=1) and not on PATH');
    process.exit(1);
  }
  skip('no Chromium on PATH');
}

/** What a page shows and what happened while it was shown. */
async function open(context, file, media = {}) {
  const page = await context.newPage();
  const heard = [];
  const requested = [];
  page.on('console', (message) => heard.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => heard.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    heard.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  const address = pathToFileURL(sample(file)).href;
  page.on('request', (request) => {
    if (request.url() !== address) requested.push(request.url());
  });
  await page.emulateMedia(media);
  await page.goto(address);
  await page.waitForSelector('body[data-charts]', { state: 'attached', timeout: 30000 });
  const charts = await page.$$eval('.chart', (holders) =>
    holders.map((holder) => ({
      id: holder.id,
      kind: holder.dataset.kind,
      marks: holder.querySelectorAll(
        'svg .role-mark path, svg .role-mark line, svg .role-mark rect').length,
      height: holder.querySelector('svg')?.getBoundingClientRect().height ?? 0,
      wide: holder.scrollWidth > holder.clientWidth,
      broken: /NaN|undefined|Infinity/.test(holder.innerHTML),
    })));
  return { page, heard, requested, charts };
}

function assertDrawn({ charts, heard, requested }) {
  for (const chart of charts) {
    assert.ok(chart.marks > 0, `${chart.id} has no marks`);
    assert.ok(chart.height > 30, `${chart.id} has no height`);
    assert.ok(!chart.broken, `${chart.id} shows a figure that is none`);
  }
  assert.deepStrictEqual(heard, []);
  assert.deepStrictEqual(requested, []);
}

const kindsOf = ({ charts }) => charts.map((chart) => chart.kind).join(' ');

async function picture(page, name) {
  const folder = process.env.STRATBENCH_SCREENSHOTS;
  if (folder) await page.screenshot({ path: path.join(folder, name), fullPage: true });
}

(async () => {
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'stratbench-browser-'));
  const context = await fromBuild('playwright-core').chromium.launchPersistentContext(profile, {
    executablePath: chromium,
    headless: true,
    viewport: { width: 1280, height: 900 },
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  try {
    await run({
      async 'a study shows its charts without a word or a request'() {
        const shown = await open(context, 'study.html');
        assertDrawn(shown);
        assert.strictEqual(
          kindsOf(shown),
          'throughput phases cpu throughput latency phases cpu '.repeat(2).trim());
        await picture(shown.page, 'study.png');
      },
      async 'a scenario shows the lag of its loop'() {
        const shown = await open(context, 'scenario.html');
        assertDrawn(shown);
        assert.ok(kindsOf(shown).includes('loop_lag'));
        await shown.page.$$eval('details.cell', (all) => all.forEach((d) => { d.open = true; }));
        await picture(shown.page, 'scenario.png');
      },
      async 'hostile names are text, in tables and in charts'() {
        const shown = await open(context, 'hostile.html');
        assertDrawn(shown);
        assert.strictEqual(await shown.page.locator('img').count(), 0);
        assert.ok((await shown.page.textContent('table')).includes('<script>alert(1)</script>'));
      },
      async 'the charts take the colours of a dark page'() {
        const shown = await open(context, 'study.html', { colorScheme: 'dark' });
        assertDrawn(shown);
        const label = await shown.page.$eval('.chart svg text', (text) => getComputedStyle(text).fill);
        const ground = await shown.page.$eval('body', (b) => getComputedStyle(b).backgroundColor);
        assert.strictEqual(label, 'rgb(227, 231, 237)');
        assert.strictEqual(ground, 'rgb(20, 24, 31)');
        await picture(shown.page, 'study-dark.png');
      },
      async 'nothing is wider than the page, also unfolded'() {
        const shown = await open(context, 'study.html');
        await shown.page.$$eval('details', (all) => all.forEach((d) => { d.open = true; }));
        await picture(shown.page, 'study-unfolded.png');
        const cut = await shown.page.$$eval(
          '.figures .scroll', (all) => all.filter((s) => s.scrollWidth > s.clientWidth).length);
        assert.strictEqual(cut, 0, 'tables of all figures have to be scrolled');
        const [wide, room] = await shown.page.$eval('html', (h) => [h.scrollWidth, h.clientWidth]);
        assert.ok(wide <= room, `${wide} px in ${room} px`);
        assert.deepStrictEqual(shown.charts.filter((c) => c.wide).map((c) => c.id), []);
      },
      async 'a comparison shows ratios, rounds and latencies without a word or a request'() {
        const shown = await open(context, 'compare-curves.html');
        assertDrawn(shown);
        assert.strictEqual(kindsOf(shown), 'forest pairs latency');
        // Vega labels the element around its drawing.
        const told = await shown.page.$$eval('#chart-forest, #chart-forest *', (all) =>
          all.map((e) => e.getAttribute('aria-label')).filter(Boolean));
        assert.match(told[0] ?? '', /1 regressed/);
        await picture(shown.page, 'comparison.png');
      },
      async 'the marks of a comparison differ in shape, not in colour alone'() {
        const { page } = await open(context, 'compare-comparison.html');
        const shapes = await page.$$eval('#chart-forest .mark-symbol.role-mark path', (marks) =>
          marks.map((mark) => [mark.getAttribute('fill'), mark.getAttribute('d')]));
        assert.strictEqual(new Set(shapes.map(([fill]) => fill)).size, 4);
        assert.strictEqual(new Set(shapes.map(([, shape]) => shape)).size, 4);
      },
      async 'a comparison of two days has no rounds to show'() {
        const shown = await open(context, 'compare-unpaired.html');
        assertDrawn(shown);
        assert.strictEqual(kindsOf(shown), 'forest');
        await picture(shown.page, 'comparison-unpaired.png');
      },
      async 'hostile names are text in a comparison, too'() {
        const shown = await open(context, 'compare-hostile.html');
        assertDrawn(shown);
        assert.strictEqual(await shown.page.locator('img').count(), 0);
        assert.ok((await shown.page.textContent('table')).includes('<img src=x onerror=alert(1)>'));
        const [wide, room] = await shown.page.$eval('html', (h) => [h.scrollWidth, h.clientWidth]);
        assert.ok(wide <= room, `${wide} px in ${room} px`);
      },
      async 'comparisons of 24 and of 200 cells fit the page, dark and unfolded'() {
        for (const cells of [24, 200]) {
          const shown = await open(context, `compare-${cells}.html`, { colorScheme: 'dark' });
          assertDrawn(shown);
          await shown.page.$$eval('details', (all) => all.forEach((d) => { d.open = true; }));
          const [wide, room] = await shown.page.$eval(
            'html', (h) => [h.scrollWidth, h.clientWidth]);
          assert.ok(wide <= room, `${wide} px in ${room} px`);
          assert.deepStrictEqual(shown.charts.filter((c) => c.wide).map((c) => c.id), []);
          const labels = await shown.page.$$eval('#chart-forest .role-axis-label text', (all) =>
            all.map((l) => l.getBoundingClientRect()).filter((b) => b.height > 0).length);
          assert.ok(labels >= cells, `${labels} labels`);
          await picture(shown.page, `comparison-${cells}.png`);
        }
      },
      async 'the policy forbids what an injected element would load'() {
        const { page } = await open(context, 'study.html');
        const blocked = await page.evaluate(() => new Promise((done) => {
          document.addEventListener('securitypolicyviolation', (e) => done(e.effectiveDirective));
          const image = document.createElement('img');
          image.src = 'http://127.0.0.1:9/x.png';
          document.body.append(image);
        }));
        assert.strictEqual(blocked, 'img-src');
      },
    });
  } finally {
    await context.close();
    fs.rmSync(profile, { recursive: true, force: true });
  }
})();
