// Validates what the program writes: results against our schema, charts against Vega-Lite's.
'use strict';
const assert = require('assert');
const fs = require('fs');
const path = require('path');
const { fromBuild, run, sample } = require('./support.js');

const Ajv = fromBuild('ajv');
const Ajv2020 = fromBuild('ajv/dist/2020');
const addFormats = fromBuild('ajv-formats');
const root = path.join(__dirname, '..', '..');
const read = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));

function validator(schema) {
  const draft2020 = String(schema.$schema).includes('2020-12');
  // Vega-Lite's schema names formats of its own, which say nothing about validity.
  const ajv = new (draft2020 ? Ajv2020 : Ajv)({
    allErrors: true, strict: false, formats: { 'color-hex': true },
  });
  addFormats(ajv);
  const validate = ajv.compile(schema);
  return (value, name) => {
    if (!validate(value))
      assert.fail(`${name}: ${ajv.errorsText(validate.errors.slice(0, 8), { separator: '\n' })}`);
  };
}

/** The specifications in a report page. */
function specifications(page) {
  const found = [];
  const opening = /<script type="application\/json" class="spec" data-chart="([^"]*)">/g;
  for (let match; (match = opening.exec(page));) {
    const text = page.slice(opening.lastIndex, page.indexOf('</script>', opening.lastIndex));
    found.push([match[1], JSON.parse(text)]);
  }
  return found;
}

const vegaLite = validator(
  read(path.join(process.env.STRATBENCH_VEGA_LITE, 'build', 'vega-lite-schema.json')));
const results = validator(read(path.join(root, 'harness', 'results', 'results.schema.json')));

run({
  'each chart specification is valid Vega-Lite'() {
    const folder = path.join(root, 'reports', 'web', 'charts');
    const files = fs.readdirSync(folder);
    assert.ok(files.length >= 5);
    for (const file of files) vegaLite(read(path.join(folder, file)), file);
  },
  'with its data it still is'() {
    for (const file of ['study.html', 'scenario.html', 'hostile.html', 'compare-curves.html',
      'compare-unpaired.html', 'compare-hostile.html', 'compare-200.html']) {
      const found = specifications(fs.readFileSync(sample(file), 'utf8'));
      assert.ok(found.length > 0);
      for (const [name, spec] of found) vegaLite(spec, `${file} ${name}`);
    }
  },
  'results files are valid by the schema'() {
    for (const file of ['study.json', 'scenario.json']) results(read(sample(file)), file);
  },
  'the schema turns away what is not a result'() {
    const study = read(sample('study.json'));
    study.stratbench.cells[0].status = 'fine';
    assert.throws(() => results(study, 'study'));
    assert.throws(() => results({}, 'nothing'));
  },
});
