// A backend for Node, written from docs/backends.md: an event loop and a pool of worker_threads.
//
//     stratbench run --strategy "exec:cmd=node strategies/examples/node_workers.mjs"
//
// Node cannot map memory, so it reads and writes the board at positions.

import fs from 'node:fs';
import net from 'node:net';
import readline from 'node:readline';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';

const BOARD = 3, CONTROL = 4, NAP_NS = 20_000_000n;
const OK = 0, ERROR = 1, CANCELLED = 4;
const SCHEDULED = 0, CLOSED = 1;
const now = () => process.hrtime.bigint();

// --- What a task does ----------------------------------------------------------------------------

function mix64(x) {
  x = BigInt.asUintN(64, x + 0x9e3779b97f4a7c15n);
  x = BigInt.asUintN(64, (x ^ (x >> 30n)) * 0xbf58476d1ce4e5b9n);
  x = BigInt.asUintN(64, (x ^ (x >> 27n)) * 0x94d049bb133111ebn);
  return x ^ (x >> 31n);
}

function sqrtOfPayload(payload) {
  const values = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const sum = new Float64Array(1);
  for (let at = 0; at < payload.byteLength; at += 4) {
    sum[0] += Math.sqrt(values.getUint32(at, true));
  }
  return new BigUint64Array(sum.buffer)[0];
}

// The terms stay whole numbers of a double for n below 10 million and 200,000.
function sum(first, last, term) {
  let total = 0;
  for (let i = first; i <= last; ++i) {
    total += term(i);
  }
  if (total > Number.MAX_SAFE_INTEGER) {
    throw new Error('n is too large');
  }
  return BigInt(total);
}

const kernels = {
  noop: (task) => mix64(task.id ^ task.seed),
  sum_range: (task) => sum(1, task.n, (i) => i),
  sum_squares: (task) => sum(0, task.n - 1, (i) => i * i),
  sqrt_values: (task) => sqrtOfPayload(task.payload),
};

function serveAsWorker() {
  const still = new Int32Array(new SharedArrayBuffer(4));
  parentPort.on('message', (task) => {
    const result = { id: task.id, outcome: OK, value: 0n, started: now() };
    try {
      result.value = kernels[task.workload](task);
    } catch (error) {
      result.outcome = ERROR;
      console.error(`task ${task.id}: ${error.message}`);
    }
    if (task.waitUs > 0) {
      Atomics.wait(still, 0, 0, task.waitUs / 1000);
    }
    result.finished = now();
    parentPort.postMessage(result);
  });
}

// --- The front end -------------------------------------------------------------------------------

class FrontEnd {
  constructor(workers) {
    this.idle = Array.from({ length: workers }, () => {
      const worker = new Worker(new URL(import.meta.url));
      worker.on('message', (result) => this.take(worker, result));
      return worker;
    });
    const online = (worker) => new Promise((resolve) => worker.once('online', resolve));
    this.ready = Promise.all(this.idle.map(online));
  }

  read(at, length) {
    const bytes = Buffer.alloc(length);
    fs.readSync(BOARD, bytes, 0, length, at);
    return bytes;
  }

  readWindow() {
    const head = this.read(0, 128);
    const long = (at) => Number(head.readBigUInt64LE(at));
    Object.assign(this, {
      count: long(16), tasksAt: long(24), payloadAt: long(32), accountsAt: long(40),
      atOnce: long(56), every: head.readBigInt64LE(64), until: head.readBigInt64LE(72),
      arrivals: head.readUInt32LE(80),
      workload: head.toString('latin1', 88, 128).split('\0')[0],
      accepted: 0, ended: 0, freedInTime: 0, readyAt: 0n, acceptedAt: [], queue: [],
    });
    return this.workload in kernels;
  }

  /** Resolves when the window is over. */
  run() {
    this.opened = this.read(48, 8).readBigInt64LE();
    return new Promise((resolve) => {
      this.finish = resolve;
      this.accept();
    });
  }

  stop() {
    return this.read(12, 4).readUInt32LE();
  }

  dueOf(id) {
    return this.read(this.tasksAt + 64 * id, 8).readBigInt64LE();
  }

  /** When the next task can be accepted, from the opening; undefined if that is not known yet. */
  nextDue() {
    if (this.arrivals === SCHEDULED) {
      return this.dueOf(this.accepted);
    }
    if (this.arrivals === CLOSED) {
      return this.accepted < this.atOnce + this.freedInTime ? 0n : undefined;
    }
    const place = this.accepted - this.atOnce;
    const free = place < 0 ? 0n : this.acceptedAt[place] - this.opened;
    return this.readyAt > free ? this.readyAt : free;
  }

  /** Accepts what is due, and sees to it that this is asked again. */
  accept() {
    clearTimeout(this.timer);
    const stop = this.stop();
    let due;
    while (this.accepted < this.count && stop === 0) {
      due = this.nextDue();
      const at = now();
      if (due === undefined || this.opened + due > at) {
        break;
      }
      this.enqueue(this.accepted, at);
      this.readyAt = due + this.every;
      this.acceptedAt.push(at);
      ++this.accepted;
    }
    this.dispatch(stop);
    const late = now() - this.opened >= this.until;
    const ending = this.arrivals === CLOSED && due === undefined && late;
    const over = this.accepted === this.count || stop !== 0 || ending;
    if (over && this.ended === this.accepted) {
      this.finish();
      return;
    }
    let wait = NAP_NS;
    if (!over && due !== undefined) {
      const left = this.opened + due - now();
      wait = left < NAP_NS ? left : NAP_NS;
    }
    this.timer = setTimeout(() => this.accept(), Math.max(0, Number(wait) / 1e6));
  }

  enqueue(id, at) {
    const record = this.read(this.tasksAt + 64 * id, 64);
    const payloadAt = this.payloadAt + 64 * record.readUInt32LE(48);
    this.queue.push({
      id: BigInt(id), at, workload: this.workload, n: Number(record.readBigInt64LE(8)),
      seed: record.readBigUInt64LE(40), payload: this.read(payloadAt, record.readUInt32LE(52)),
      waitUs: record.readUInt32LE(56),
    });
    const accepted = Buffer.alloc(8);
    accepted.writeBigInt64LE(at);
    fs.writeSync(BOARD, accepted, 0, 8, this.accountsAt + 64 * id);
  }

  dispatch(stop) {
    while (stop === 2 && this.queue.length > 0) {
      const { id } = this.queue.shift();
      this.account({ id, outcome: CANCELLED, value: 0n, started: 0n, finished: 0n });
    }
    while (this.queue.length > 0 && this.idle.length > 0) {
      this.idle.pop().postMessage(this.queue.shift());
    }
  }

  take(worker, result) {
    this.idle.push(worker);
    this.account(result);
    this.accept();
  }

  account(result) {
    const completed = now();
    const record = Buffer.alloc(56);
    record.writeBigInt64LE(result.started, 0);
    record.writeBigInt64LE(result.finished, 8);
    record.writeBigInt64LE(completed, 16);
    record.writeBigUInt64LE(result.value, 24);
    record.writeUInt32LE(result.outcome, 32);
    record.writeUInt32LE(1, 52);
    fs.writeSync(BOARD, record, 0, 56, this.accountsAt + 64 * Number(result.id) + 8);
    ++this.ended;
    if (completed - this.opened < this.until) {
      ++this.freedInTime;
    }
  }
}

// --- The conversation ----------------------------------------------------------------------------

async function serve() {
  const control = new net.Socket({ fd: CONTROL, readable: true, writable: true });
  const say = (what, more = {}) => {
    const line = JSON.stringify({ say: what, ...more });
    control.write(`${line.slice(0, -1)},"now_ns":${now()}}\n`);  // a number of more than 53 bits
  };
  let frontEnd;
  say('hello', { protocol: 1, language: `Node ${process.version}` });
  for await (const line of readline.createInterface({ input: control })) {
    const told = JSON.parse(line);
    if (told.say === 'start') {
      frontEnd = new FrontEnd(told.workers);
      await frontEnd.ready;
      say('ready');
    } else if (told.say === 'window') {
      if (frontEnd.readWindow()) {
        say('ready');
      } else {
        say('cannot', { why: `this backend has no workload ${frontEnd.workload}` });
      }
    } else if (told.say === 'run') {
      await frontEnd.run();
      say('drained');
    } else {
      break;
    }
  }
  process.exit(0);
}

if (isMainThread) {
  serve();
} else {
  serveAsWorker();
}
