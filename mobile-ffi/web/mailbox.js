// Shared memory between the core's worker, which must have its signature at once, and the signer's, which can only promise one.
//
// Layout: one Int32 of state, one of length, then bytes. One question at a time; whoever changes the state owns the bytes until
// it changes again.

export const IDLE = 0;
export const ASKED = 1;
export const ANSWERED = 2;
export const FAILED = 3;

// The largest event custody signs is 64 KiB (custody::envelope::MAX_BYTES), and a little around it.
export const ROOM = 65 * 1024;

export const make = () => new SharedArrayBuffer(8 + ROOM);
export const state = (shared) => new Int32Array(shared, 0, 2);

export function read(shared) {
  // Copied: neither WebCrypto nor the text decoder takes shared memory.
  return new Uint8Array(shared, 8, state(shared)[1]).slice();
}

export function write(shared, bytes) {
  if (bytes.length > ROOM) throw new Error('the message is too long to sign');
  new Uint8Array(shared, 8).set(bytes);
  state(shared)[1] = bytes.length;
}

export function turn(shared, next) {
  Atomics.store(state(shared), 0, next);
  Atomics.notify(state(shared), 0);
}
