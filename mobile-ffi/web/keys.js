// One person's keys, kept by the browser: a signing key no script can read, and the store's key sealed under another such key.
//
// Both live in IndexedDB as CryptoKey objects made with `extractable: false`, so not even this file can copy them out. They
// are as safe as the browser profile, not as a phone's key store: the server gives such devices shorter credentials.

const DATABASE = 'traotay-keys';
const TABLE = 'person';

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

async function open() {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
  return done(request);
}

// On disk when it returns: a store whose key is lost opens nowhere, and the browser may be killed the moment after.
async function save(database, name, record) {
  const transaction = database.transaction(TABLE, 'readwrite', { durability: 'strict' });
  // `add` and not `put`: a key that is there is never replaced.
  transaction.objectStore(TABLE).add(record, name);
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
}

async function make() {
  const signing = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  const wrapping = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const secret = crypto.getRandomValues(new Uint8Array(32));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, wrapping, secret);
  return { signing: signing.privateKey, public: signing.publicKey, wrapping, iv, sealed };
}

const find = (database, name) => done(database.transaction(TABLE).objectStore(TABLE).get(name));

// The record of this person, made if there is none.
export async function person(name) {
  const database = await open();
  try {
    const found = await find(database, name);
    if (found) return found;
    await save(database, name, await make());
    return await find(database, name);
  } finally {
    database.close();
  }
}

// The 32 bytes that open the person's store.
export async function storeKey({ wrapping, iv, sealed }) {
  return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, wrapping, sealed));
}

// Compressed, 33 bytes, as the core wants it.
export async function publicKey(record) {
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', record.public));
  return Uint8Array.of(2 + (point[64] & 1), ...point.slice(1, 33));
}
