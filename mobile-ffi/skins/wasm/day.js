// Plays skins/day.txt through the wasm skin, in a dedicated worker over files of the browser's private file system.
//
// Keys, clocks and randomness are reckoned from the names alone, so that every skin makes the same events, byte for byte.
// The twins are skins/python/day.py and skins/kotlin/src/Day.kt: what is changed here is changed there. Two things are
// its own: a store is freed before it is opened anew, since a page opens it once, and `breaks` also tries what only a
// browser's host can get wrong.

import init, { Courier, SharedPhone, SoftKey, openStorage } from '/wasm/mobile_ffi.js';
import { request } from '/wasm/transport.js';
import { digest, sha256 } from './digest.js';

const NAMES = ['an', 'binh', 'chi'];
const MORNING = 1_795_401_000_000;
const MINUTE = 60_000;
const SYNCS = 200;
const MANNER = { hat: 'carrier' };
const AUTHORISED = { hat: 'carrier', details: { authorisation: 'UQ-7' } };
const FOLDER = 'phones';

// A phone of nothing but its name. What the morning's sync drew is forgotten at the restart that begins the day.
class Host {
  constructor(name) {
    this.name = name;
    this.key = SoftKey.fromSecret(digest(`key ${name}`));
    this.wall = MORNING;
    this.ms = this.boots = this.draws = 0;
    this.broken = null;
  }

  restart() {
    this.boots += 1;
    this.ms = this.draws = 0;
  }

  pass(ms) {
    this.wall += ms;
    this.ms += ms;
  }

  nowMs() { return this.wall; }
  mono() { return { bootId: digest(`boot ${this.name} ${this.boots}`).slice(0, 16), ms: this.ms }; }
  publicKey() { return this.key.publicKey(); }
  sign(message) { return this.broken ? this.broken() : this.key.sign(message); }
  storeKey() { return digest(`store ${this.name}`); }
  freeBytes() { return undefined; }

  random(len) {
    this.draws += 1;
    return digest(`random ${this.name} ${this.boots} ${this.draws}`).slice(0, len);
  }
}

const network = { send: request };

// A killed browser cannot show whether bytes had reached the disk, so each act is seen to end in a flush of a file.
let flushes = 0;
const { flush } = FileSystemSyncAccessHandle.prototype;
FileSystemSyncAccessHandle.prototype.flush = function counted() {
  flushes += 1;
  return flush.call(this);
};

function label(number) {
  const serial = String(97_000_000 + number).padStart(8, '0');
  const weights = [8, 6, 4, 2, 3, 5, 9, 7];
  const check = 11 - ([...serial].reduce((sum, digit, i) => sum + digit * weights[i], 0) % 11);
  return `EE${serial}${{ 10: 0, 11: 5 }[check] ?? check}VN`;
}

function labels(text) {
  return text.split(',').flatMap((part) => {
    const [first, last] = part.split('-');
    return Array.from({ length: Number(last ?? first) - first + 1 }, (_, i) => label(Number(first) + i));
  });
}

function check(fits, why) {
  if (!fits) throw new Error(why);
}

// Three people and two phones: an and chi share one.
class Day {
  constructor() {
    this.shared = SharedPhone.open(FOLDER, 3_600_000);
    this.hosts = Object.fromEntries(NAMES.map((name) => [name, new Host(name)]));
    this.cores = {};
    for (const name of NAMES) this.open(name);
  }

  open(name) {
    this.cores[name]?.free();
    this.cores[name] = name === 'binh'
      ? Courier.open(`${FOLDER}-binh/binh.db`, this.hosts[name])
      : this.shared.switchTo(name, this.hosts[name]);
  }

  play(line) {
    for (const host of Object.values(this.hosts)) host.pass(MINUTE);
    const [who, act, ...rest] = line.trim().split(/\s+/);
    const core = this.cores[who];
    if (act === 'comes') this.open(who);
    else if (act === 'restarts') {
      this.hosts[who].restart();
      this.open(who);
    } else if (act === 'breaks') this.breaks(core, this.hosts[who], label(Number(rest[1])));
    else if (act === 'gives') this.handOver(core, this.cores[rest[2]], labels(rest[0]));
    else if (act === 'takes_back') {
      core.offer(this.cores[rest[2]].hello('carrier'), labels(rest[0]), MANNER);
      for (const waiting of core.openHandovers()) core.revokeOffer(waiting.handoverId);
    } else if (act === 'paper_fallback') core.paperFallback(labels(rest[0]), rest[1], MANNER);
    else if (act === 'ends_shift') this.endShift(core, this.cores[rest[4]], rest.slice(0, 3).map(Number));
    else for (const item of labels(rest[0])) this.one(core, act, item, rest.slice(1));
  }

  one(core, act, item, rest) {
    const before = flushes;
    this.act(core, act, item, rest);
    check(flushes > before, `${act} returned without a flush`);
  }

  act(core, act, item, rest) {
    if (act === 'take_in') core.takeIn(item, 'RESULT_TO_APPLICANT', rest[0], Number(rest[1]), MANNER);
    else if (act === 'attempt_failed') core.attemptFailed(item, rest[0], MANNER);
    else if (act === 'deliver') core.deliver(item, rest[0], Number(rest[1]), this.manner(core, rest));
    else if (act === 'hold') core.hold(item, MANNER);
    else if (act === 'return') core.returnItem(item, MANNER);
    else if (act === 'refuse') core.refuse(item, rest[0], MANNER);
    else if (act === 'collects') {
      const { receipt } = core.collect(item, rest[0], Number(rest[1]), 'cash', MANNER);
      check((receipt != null) === (rest[0] === 'state_fee'), `receipt ${receipt}`);
    }
    else throw new Error(`no such act: ${act}`);
  }

  manner(core, [recipient, , picture]) {
    if (picture) return { hat: 'carrier', evidence: [this.photograph(core, picture)] };
    return recipient === 'representative' ? AUTHORISED : MANNER;
  }

  photograph(core, name) {
    const line = digest(`picture ${name}`);
    const picture = Uint8Array.from({ length: line.length * 100 }, (_, i) => line[i % line.length]);
    const seen = core.keepPhotograph(picture);
    check(String(seen) === String(sha256(picture)), 'another hash');
    return seen;
  }

  endShift(keeper, checker, [postage, stateFee, other]) {
    const counted = { postage, stateFee, other };
    const before = flushes;
    const count = keeper.countTill('carrier', counted, undefined);
    const signature = checker.signCount('carrier', count.envelope, counted);
    keeper.settled(signature.envelope);
    check(flushes >= before + 3, 'an act of the shift returned without a flush');
    check(keeper.till('carrier').lines.length === 0, 'the till is not empty');
  }

  // A key store that fails in every way a script can: nothing is recorded, and the next act works.
  breaks(core, host, item) {
    let inner;
    const ways = {
      'throws an error': () => { throw new Error('the key store threw'); },
      'throws what is no error': () => { throw null; },
      'answers a promise': () => Promise.resolve(new Uint8Array(64)),
      'answers nothing': () => undefined,
      'answers too little': () => new Uint8Array(63),
      'signs with another key': () => SoftKey.generate().sign(new Uint8Array(1)),
      'calls back into the core': () => {
        try { core.items(); } catch (error) { inner = error.kind; }
        throw new Error('the key store called back');
      },
    };
    const before = core.events().length;
    // What the twins draw is drawn by the last of these, so that every skin draws the same.
    const draws = host.draws;
    for (const [way, broken] of Object.entries(ways)) {
      host.draws = draws;
      host.broken = broken;
      let kind;
      try { core.takeIn(item, 'RESULT_TO_APPLICANT', '', 1, MANNER); } catch (error) { kind = error.kind; }
      host.broken = null;
      check(kind === 'Host', `a key store that ${way}: ${kind}`);
    }
    check(inner === 'Store', `a call into the core from a callback: ${inner}`);
    check(core.events().length === before, 'an act without a signature was recorded');
  }

  handOver(giver, receiver, items) {
    const offer = giver.offer(receiver.hello('carrier'), items, MANNER);
    const accept = receiver.accept(offer.picture, items.map((itemCode) => ({ itemCode, intact: true })), []);
    const release = giver.release(accept.envelope);
    receiver.finish(release.envelope);
  }
}

function refusesASecondOpening(day) {
  let why;
  try { Courier.open(`${FOLDER}-binh/binh.db`, day.hosts.binh); } catch (error) { why = error.why; }
  check(/open already/.test(why), `the same store twice in one page: ${why}`);
}

// The server takes a photograph once it has folded the event that names it, which may be a sync later.
function bringPhotographs(core) {
  for (let n = 0; n < SYNCS; n++) {
    if (core.photographsWaiting() === 0) return;
    core.sync(network);
  }
  throw new Error('the photograph was not taken');
}

export async function play({ codes, script }) {
  await init({ module_or_path: '/wasm/mobile_ffi_bg.wasm' });
  await openStorage('traotay');
  const day = new Day();
  NAMES.forEach((name, i) => {
    day.cores[name].enrol(codes[i], network);
    day.cores[name].sync(network);
    day.hosts[name].restart();
  });
  day.open('binh');
  refusesASecondOpening(day);
  for (const line of script.split('\n')) if (line.trim() && !line.startsWith('#')) day.play(line);
  const slots = day.shared.slots();
  check(slots.map((slot) => slot.name).join() === 'an,chi' && slots.every((slot) => slot.unsent > 0), JSON.stringify(slots));
  const waiting = () => NAMES.reduce((sum, name) => sum + day.cores[name].photographsWaiting(), 0);
  check(waiting() === 1, `${waiting()} photographs wait`);
  const sent = NAMES.reduce((sum, name) => sum + day.cores[name].sync(network).sent, 0);
  bringPhotographs(day.cores.an);
  check(NAMES.every((name) => day.cores[name].status().unsent === 0), 'something was not sent');
  return `${sent} envelopes sent`;
}
