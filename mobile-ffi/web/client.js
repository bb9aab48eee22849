// The page's side of the core: every method of Courier as a promise. The page never waits for disk, key or network itself.

export async function openCourier(name) {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  const waiting = new Map();
  let next = 0;

  worker.onmessage = ({ data: { id, value, error } }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error) reject(Object.assign(new Error(error.message), error));
    else resolve(value);
  };
  worker.onerror = (event) => {
    for (const { reject } of waiting.values()) reject(Object.assign(new Error(event.message), { kind: 'Host', why: event.message }));
    waiting.clear();
  };

  const call = (method, ...args) => new Promise((resolve, reject) => {
    const id = next++;
    waiting.set(id, { resolve, reject });
    worker.postMessage({ id, method, args });
  });

  const deviceId = await call('open', { name }).catch((error) => {
    worker.terminate();
    throw error;
  });
  return {
    deviceId,
    call,
    // Without this the browser may throw the store away when the disk fills up. It may refuse; the app shows that.
    async enrol(code) {
      const persisted = await navigator.storage.persist();
      return { ...(await call('enrol', code)), persisted };
    },
    close: () => worker.terminate(),
  };
}
