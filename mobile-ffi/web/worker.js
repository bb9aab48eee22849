// The core's worker: one person's store, one question after the other. Pages talk to it through client.js.
//
// It holds no state of its own and shows nothing. Everything is refused until the host, the files and the store are there, and
// what it cannot have it says at the start: it never goes on with something weaker.

import init, { Courier, openStorage } from './mobile_ffi.js';
import { Host } from './host.js';
import { request } from './transport.js';

const FOLDER = 'traotay';
const LOCK = 'traotay-store';
// A page that is loaded again meets its predecessor's worker for a moment. After so long it is another tab.
const OTHER_TAB_MS = 3_000;
const NETWORK = { send: request };
const ONLINE = new Set(['enrol', 'sync']);

let courier;
let host;

function refuse(kind, message) {
  throw Object.assign(new Error(message), { kind, why: message });
}

// Held until this worker ends, however it ends.
function onlyTab() {
  const signal = AbortSignal.timeout(OTHER_TAB_MS);
  return new Promise((resolve, reject) => {
    const held = navigator.locks.request(LOCK, { signal }, () => (resolve(), new Promise(() => {})));
    held.catch(reject);
  });
}

async function open({ name }) {
  if (!self.crossOriginIsolated) {
    refuse('Host', 'Trang chưa được cách ly (cần COOP và COEP), khoá ký không dùng được. / The page is not isolated (COOP, COEP): no signing key.');
  }
  await onlyTab().catch(() => refuse('Store', 'Trao Tay đang mở ở thẻ khác. / Trao Tay is open in another tab.'));
  await init({ module_or_path: new URL('./mobile_ffi_bg.wasm', import.meta.url) });
  await openStorage(FOLDER);
  host = await Host.of(name);
  courier = Courier.open(`${FOLDER}/${name}.db`, host);
  return courier.deviceId();
}

async function answer({ method, args }) {
  if (method === 'open') return open(...args);
  if (!courier) refuse('Store', 'the store is not open');
  if (!Object.hasOwn(Courier.prototype, method) || ['constructor', 'free'].includes(method)) refuse('Unreadable', `no such method: ${method}`);
  return courier[method](...args, ...(ONLINE.has(method) ? [NETWORK] : []));
}

// In order: an act begins when the one before has ended.
let last = Promise.resolve();
self.onmessage = ({ data }) => {
  last = last.then(async () => {
    try {
      self.postMessage({ id: data.id, value: await answer(data) });
    } catch (error) {
      const { message, ...fields } = { ...error, message: error.message };
      self.postMessage({ id: data.id, error: { kind: 'Host', ...fields, message } });
      // The core ended itself. What it recorded is on disk; a new worker reads it from there.
      if (error instanceof WebAssembly.RuntimeError) self.close();
    }
    await host?.look().catch(() => {});
  });
};
