// The real host of mobile-ffi/web in four visits: a morning that enrols and records with the server cut off, a storm of
// acts in the middle of which the browser is killed, the evening on the same profile, and a page that tries to get at the keys. Runs in the page, as an app does.

import { openCourier } from '/wasm/client.js';

const NAME = 'an';
const MANNER = { hat: 'carrier' };

function check(fits, why) {
  if (!fits) throw new Error(why);
}

async function kindOf(promise) {
  return promise.then(() => 'nothing', (error) => error.kind ?? error.name);
}

const ids = (events) => events.map((event) => event.eventId).sort();

async function morning({ code, items }) {
  const courier = await openCourier(NAME);
  check(await kindOf(courier.call('takeIn', items[0], 'RESULT_TO_APPLICANT', 'S-01', 1, MANNER)) === 'NotEnrolled', 'acts before enrolment');
  await courier.enrol(code);
  await courier.call('sync');
  await fetch('/cut', { method: 'POST' });
  check(await kindOf(courier.call('sync')) === 'Unreachable', 'a sync without a server');
  for (const item of items) await courier.call('takeIn', item, 'RESULT_TO_APPLICANT', 'S-01', 1, MANNER);
  check(await kindOf(courier.call('deliver', items[0], 'nobody', 1, MANNER)) === 'Unreadable', 'a recipient who is none');
  return ids(await courier.call('events'));
}

// Goes on until the browser is killed, in the middle of whatever it does then; tells each act once it is recorded.
async function storm({ items }) {
  const courier = await openCourier(NAME);
  for (const item of items) {
    const { eventId } = await courier.call('takeIn', item, 'RESULT_TO_APPLICANT', 'S-02', 1, MANNER);
    fetch('/recorded', { method: 'POST', body: eventId });
  }
  throw new Error('nobody killed the browser');
}

async function evening() {
  const courier = await openCourier(NAME);
  const kept = ids(await courier.call('events'));
  check((await courier.call('status')).unsent === kept.length, 'all of it waits');
  const other = await kindOf(openCourier(NAME));
  check(other === 'Store', `a second tab: ${other}`);
  await courier.call('sync');
  check((await courier.call('status')).unsent === 0, 'something was not sent');
  return kept;
}

// What a script that got into the page could do: look for the keys where they lie.
async function thief() {
  const opened = indexedDB.open('traotay-keys', 1);
  await new Promise((resolve, reject) => Object.assign(opened, { onsuccess: resolve, onerror: reject }));
  const found = opened.result.transaction('person').objectStore('person').get(NAME);
  await new Promise((resolve, reject) => Object.assign(found, { onsuccess: resolve, onerror: reject }));
  const { signing, wrapping } = found.result;
  for (const [key, format] of [[signing, 'pkcs8'], [signing, 'jwk'], [wrapping, 'raw'], [wrapping, 'jwk']]) {
    const said = await kindOf(crypto.subtle.exportKey(format, key));
    check(said === 'InvalidAccessError', `a key came out as ${format}: ${said}`);
  }
  return 'nothing';
}

export const play = (told) => ({ morning, storm, evening, thief })[told.step](told);
