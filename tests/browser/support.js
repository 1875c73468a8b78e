'use strict';
const fs = require('fs');
const path = require('path');
const { createRequire } = require('module');

/** A package from the build directory: nothing is installed beside the sources. */
exports.fromBuild = createRequire(path.join(process.env.STRATBENCH_NODE_MODULES, 'x.js'));

exports.sample = (name) => path.join(process.env.STRATBENCH_SAMPLES, name);

/** CTest takes this exit code for a skipped test. */
exports.skip = (reason) => {
  console.log(`skipped: ${reason}`);
  process.exit(77);
};

/** The executable of that name on PATH, or undefined. */
exports.onPath = (name) =>
  (process.env.PATH || '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .find((file) => {
      try {
        fs.accessSync(file, fs.constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });

/** Runs the named checks one after another; all of them, also after a failure. */
exports.run = async (checks) => {
  let failures = 0;
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check();
      console.log(`ok      ${name}`);
    } catch (problem) {
      ++failures;
      console.log(`FAILED  ${name}\n${problem.stack}`);
    }
  }
  process.exitCode = failures ? 1 : 0;
};
