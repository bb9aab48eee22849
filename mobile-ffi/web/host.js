// What a browser lends to the core: its clocks, its randomness, and a signature by a key that no script can read.

import { person, publicKey, storeKey } from './keys.js';
import { ANSWERED, ASKED, FAILED, IDLE, make, read, state, turn, write } from './mailbox.js';

// A signature takes milliseconds. One that takes so long never comes, and the act says so while the person still stands there.
const LONGEST_MS = 5_000;

const starts = (worker) => new Promise((resolve, reject) => {
  worker.onmessage = ({ data }) => (data.failed ? reject(new Error(data.failed)) : resolve());
  worker.onerror = (event) => reject(new Error(event.message ?? 'the signer did not start'));
});

export class Host {
  #signer;
  #shared = make();
  #public;
  #store;
  #free;
  // A worker cannot tell a restart of the machine from its own: each of its starts counts as a boot.
  #boot = crypto.getRandomValues(new Uint8Array(16));

  static async of(name) {
    const host = new Host();
    const record = await person(name);
    host.#public = await publicKey(record);
    host.#store = await storeKey(record);
    host.#signer = new Worker(new URL('./signer.js', import.meta.url), { type: 'module' });
    host.#signer.postMessage({ name, shared: host.#shared });
    await starts(host.#signer);
    await host.look();
    return host;
  }

  // How much room there was when the worker was last idle; asking cannot be waited for in the middle of an act.
  async look() {
    const { quota, usage } = await navigator.storage.estimate();
    this.#free = quota === undefined ? undefined : Math.max(0, quota - usage);
  }

  nowMs() { return Date.now(); }
  mono() { return { bootId: this.#boot, ms: Math.floor(performance.now()) }; }
  publicKey() { return this.#public; }
  storeKey() { return this.#store; }
  freeBytes() { return this.#free; }
  random(len) { return crypto.getRandomValues(new Uint8Array(len)); }

  sign(message) {
    if (!this.#signer) throw new Error('the signer stopped: load the page again');
    write(this.#shared, message);
    turn(this.#shared, ASKED);
    if (Atomics.wait(state(this.#shared), 0, ASKED, LONGEST_MS) === 'timed-out') {
      // Its late answer would pass for the answer to the next question.
      this.#signer.terminate();
      this.#signer = undefined;
      throw new Error('the signer did not answer');
    }
    const answer = Atomics.load(state(this.#shared), 0);
    const bytes = read(this.#shared);
    turn(this.#shared, IDLE);
    if (answer === FAILED) throw new Error(new TextDecoder().decode(bytes));
    if (answer !== ANSWERED) throw new Error('the signer is out of step');
    return bytes;
  }
}
