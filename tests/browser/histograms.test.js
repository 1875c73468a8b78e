// Lets hdr-histogram-js read the histograms of a results file: it must find the percentiles that
// stand beside them, and print the distributions that we print.
'use strict';
const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { fromBuild, run, sample } = require('./support.js');

const { decodeFromCompressedBase64 } = fromBuild('hdr-histogram-js');
const { cells } = JSON.parse(fs.readFileSync(sample('study.json'), 'utf8')).stratbench;
const decode = (text) => decodeFromCompressedBase64(text, 64, false);

/** Every distribution of a single trial. */
const distributions = cells.flatMap((cell) => cell.trials.flatMap((trial) =>
  ['latency_ns', 'service_ns']
    .filter((kind) => trial[kind] && trial[kind].histogram_v2)
    .map((kind) => [`${cell.name} round ${trial.round} ${kind}`, trial[kind]])));

run({
  'the percentiles, the maximum, the mean and the count are the same'() {
    assert.ok(distributions.length > 50);
    for (const [name, ours] of distributions) {
      const theirs = decode(ours.histogram_v2);
      const found = {
        count: theirs.totalCount,
        p50: theirs.getValueAtPercentile(50),
        p90: theirs.getValueAtPercentile(90),
        p99: theirs.getValueAtPercentile(99),
        p999: theirs.getValueAtPercentile(99.9),
        max: theirs.maxValue,
      };
      for (const [key, value] of Object.entries(found))
        assert.strictEqual(value, ours[key], `${name}: ${key}`);
      // Written with the digits of a double, so that only its last ones may differ.
      assert.ok(Math.abs(theirs.mean - ours.mean) <= 1e-9 * ours.mean, `${name}: mean`);
    }
  },
  'a cell has the tasks of all its trials'() {
    for (const cell of cells) {
      if (!cell.latency_ns.histogram_v2) continue;
      const counts = cell.trials.map((trial) => trial.latency_ns.count);
      assert.strictEqual(
        decode(cell.latency_ns.histogram_v2).totalCount, counts.reduce((a, b) => a + b));
    }
  },
  'a distribution is printed line for line as hdr-histogram-js prints it'() {
    const files = fs.readdirSync(sample('hgrm'));
    assert.ok(files.length > 20);
    for (const file of files) {
      const [, id, kind] = file.match(/^(\d+)-.*\.(latency|service)\.hgrm$/);
      const encoded = cells[Number(id)][`${kind}_ns`].histogram_v2;
      // Below the footer, which `#[` marks, stands our own comment on bounds.
      const printed = fs.readFileSync(path.join(sample('hgrm'), file), 'utf8')
        .split('\n').filter((line) => !line.startsWith('# '));
      assert.deepStrictEqual(
        printed, decode(encoded).outputPercentileDistribution(5, 1000).split('\n'), file);
    }
  },
});
