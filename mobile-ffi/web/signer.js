// A worker of its own that signs with a key it cannot read. It waits in shared memory, so it serves nothing else.

import { person } from './keys.js';
import { ASKED, ANSWERED, FAILED, read, state, turn, write } from './mailbox.js';

const HOW = { name: 'ECDSA', hash: 'SHA-256' };

self.onmessage = async ({ data: { name, shared } }) => {
  let signing;
  try {
    ({ signing } = await person(name));
  } catch (error) {
    self.postMessage({ failed: error.message });
    return;
  }
  self.postMessage({});
  for (;;) {
    // Any state but a question is the other side's turn.
    for (let now; (now = Atomics.load(state(shared), 0)) !== ASKED;) Atomics.wait(state(shared), 0, now);
    try {
      write(shared, new Uint8Array(await crypto.subtle.sign(HOW, signing, read(shared))));
      turn(shared, ANSWERED);
    } catch (error) {
      write(shared, new TextEncoder().encode(error.message.slice(0, 200)));
      turn(shared, FAILED);
    }
  }
};
