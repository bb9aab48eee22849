// Checks a receipt in the browser: no network once this page is loaded, no library, only the browser's own cryptography.
// The same checks as `traotay verify`, in the same order. What it cannot check it does not call checked.
"use strict";

const enc = new TextEncoder();
const same = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);
const join = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
class Red extends Error {}
const must = (holds, reason) => { if (!holds) throw new Red(reason); };

// --- forms ------------------------------------------------------------------------------------------------------------------

function base64(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  must(btoa(String.fromCharCode(...bytes)) === text, "not_a_receipt");
  return bytes;
}

function base32(text) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bytes = [];
  let bits = 0, held = 0;
  for (const letter of text) {
    const value = letters.indexOf(letter);
    must(value >= 0, "not_a_receipt");
    held = ((held << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) { bits -= 8; bytes.push((held >> bits) & 0xff); }
  }
  must(bits < 5 && (held & ((1 << bits) - 1)) === 0 && bytes.length > 0, "not_a_receipt");
  return Uint8Array.from(bytes);
}

// Reads one item of deterministic CBOR (RFC 8949 §4.2.1) and nothing else.
function cbor(bytes, reason) {
  let at = 0;
  const byte = () => { must(at < bytes.length, reason); return bytes[at++]; };
  const take = (count) => { must(at + count <= bytes.length, reason); at += count; return bytes.slice(at - count, at); };
  const count = (low) => {
    if (low < 24) return low;
    must(low <= 27, reason);
    const wide = take(1 << (low - 24));
    const number = wide.reduce((all, one) => all * 256n + BigInt(one), 0n);
    const least = [24n, 256n, 65536n, 4294967296n][low - 24];
    must(number >= least, reason);
    return number <= 9007199254740991n ? Number(number) : number;
  };
  const item = (depth) => {
    must(depth < 16, reason);
    const head = byte(), major = head >> 5;
    if (major === 7) { must(head === 0xf4 || head === 0xf5 || head === 0xf6, reason); return head === 0xf6 ? null : head === 0xf5; }
    const n = count(head & 31);
    if (major === 0) return n;
    if (major === 1) return typeof n === "bigint" ? -1n - n : -1 - n;
    if (major === 2) return take(n);
    if (major === 3) {
      try { return new TextDecoder("utf-8", { fatal: true }).decode(take(n)); } catch { throw new Red(reason); }
    }
    if (major === 4) return Array.from({ length: n }, () => item(depth + 1));
    if (major === 6) return { tag: n, value: item(depth + 1) };
    const map = new Map();
    let last = null;
    for (let entry = 0; entry < n; entry += 1) {
      const from = at, key = item(depth + 1), raw = bytes.slice(from, at);
      must(last === null || before(last, raw), reason);
      last = raw;
      map.set(key, item(depth + 1));
    }
    return map;
  };
  const read = item(0);
  must(at === bytes.length, reason);
  return read;
}

function before(a, b) {
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) if (a[at] !== b[at]) return a[at] < b[at];
  return a.length < b.length;
}

function head(major, n) {
  if (n < 24) return [(major << 5) | n];
  if (n < 256) return [(major << 5) | 24, n];
  return [(major << 5) | 25, n >> 8, n & 255];
}

// --- a receipt --------------------------------------------------------------------------------------------------------------

const isBytes = (value, length) => value instanceof Uint8Array && (length === undefined || value.length === length);

function readReceipt(text) {
  if (text.startsWith("c2sp.org/tlog-proof@v1\n")) {
    const cut = text.indexOf("\n\n");
    must(cut > 0, "not_a_receipt");
    const lines = text.slice(0, cut).split("\n"), note = text.slice(cut + 2);
    must(lines.length >= 3 && lines[1].startsWith("extra ") && /^index (0|[1-9]\d{0,15})$/.test(lines[2]), "not_a_receipt");
    const extra = cbor(base64(lines[1].slice(6)), "not_a_receipt");
    const hashes = lines.slice(3).map(base64);
    must(extra instanceof Map && extra.size === 3 && hashes.every((hash) => hash.length === 32), "not_a_receipt");
    return { salt: extra.get(1), signed: extra.get(2), signer: extra.get(3), index: Number(lines[2].slice(6)), hashes, note };
  }
  const fields = cbor(base32(text.split("#").pop().trim()), "not_a_receipt");
  must(fields instanceof Map && isBytes(fields.get(2)) && isBytes(fields.get(3)), "not_a_receipt");
  if (!fields.has(1)) {
    must(fields.size === 2, "not_a_receipt");
    return { signed: fields.get(2), signer: fields.get(3), note: null };
  }
  const all = fields.get(5);
  must(fields.size === 6 && isBytes(all) && all.length % 32 === 0 && typeof fields.get(4) === "number", "not_a_receipt");
  const hashes = Array.from({ length: all.length / 32 }, (_, at) => all.slice(at * 32, at * 32 + 32));
  return { salt: fields.get(1), signed: fields.get(2), signer: fields.get(3), index: fields.get(4), hashes, note: fields.get(6) };
}

// --- what was signed --------------------------------------------------------------------------------------------------------

// A compressed point of P-256 (SEC 1 §2.3.4) written out; browsers read no other form. A wrong one does not verify.
function uncompressed(key) {
  const p = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
  const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;
  const x = key.slice(1).reduce((all, one) => all * 256n + BigInt(one), 0n);
  const square = (((x * x * x - 3n * x + b) % p) + p) % p;
  let y = 1n;
  for (let power = (p + 1n) / 4n, base = square; power > 0n; power /= 2n, base = (base * base) % p) {
    if (power % 2n === 1n) y = (y * base) % p;
  }
  if (y % 2n !== BigInt(key[0] & 1)) y = p - y;
  const wide = y.toString(16).padStart(64, "0").match(/../g).map((pair) => parseInt(pair, 16));
  return join([4], key.slice(1), wide);
}

async function ed25519(key, signature, message) {
  let imported;
  try {
    imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  } catch {
    throw new Red("old_browser");
  }
  return crypto.subtle.verify({ name: "Ed25519" }, imported, signature, message);
}

async function readFact({ signed, signer }) {
  const sign1 = cbor(signed, "not_a_fact");
  must(sign1 && sign1.tag === 18 && Array.isArray(sign1.value) && sign1.value.length === 4, "not_a_fact");
  const [header, loose, payload, signature] = sign1.value;
  must(isBytes(header) && loose instanceof Map && loose.size === 0 && isBytes(payload) && isBytes(signature, 64), "not_a_fact");
  const named = cbor(header, "not_a_fact"), fact = cbor(payload, "not_a_fact");
  must(named instanceof Map && named.size === 2 && isBytes(named.get(4), 16) && fact instanceof Map, "not_a_fact");
  const isAct = typeof fact.get(2) === "string";
  must(named.get(1) === (isAct ? -8 : -7) && (isAct || typeof fact.get(2) === "number"), "not_a_fact");
  const kind = isAct ? fact.get(2) : KINDS[fact.get(2)] || `kind-${fact.get(2)}`;
  const context = enc.encode(isAct ? `dossier/${kind}/v1` : `custody/${kind}/v${fact.get(1)}`);
  const part = (bytes) => join(head(2, bytes.length), bytes);
  const message = join([0x84], head(3, 10), enc.encode("Signature1"), part(header), part(context), part(payload));
  must(isBytes(signer, isAct ? 32 : 33) && same((await sha256(signer)).slice(0, 16), named.get(4)), "bad_signature");
  let holds;
  if (isAct) {
    holds = await ed25519(signer, signature, message);
  } else {
    must(isBytes(fact.get(4)) && same(fact.get(4), named.get(4)), "bad_signature");
    const algorithm = { name: "ECDSA", namedCurve: "P-256" };
    try {
      const key = await crypto.subtle.importKey("raw", uncompressed(signer), algorithm, false, ["verify"]);
      holds = await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, message);
    } catch {
      holds = false;
    }
  }
  must(holds, "bad_signature");
  const id = [...await sha256(message)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return { id, kind, isAct, atMs: fact.get(11) };
}

// --- the log ----------------------------------------------------------------------------------------------------------------

function readKey(text) {
  const [name, id, material] = text.split("+", 2).concat(text.split("+").slice(2).join("+"));
  const bytes = base64(material);
  return { name, id, algorithm: bytes[0], key: bytes.slice(1), material: bytes };
}

function readPolicy(text) {
  const policy = { logs: [], members: new Map(), quorum: null };
  for (const line of text.split("\n")) {
    const words = line.split("#")[0].trim().split(/\s+/);
    if (words[0] === "log") policy.logs.push(readKey(words[1]));
    if (words[0] === "witness") policy.members.set(words[1], { key: readKey(words[2]) });
    if (words[0] === "group") {
      const of = words.slice(3), needed = { all: of.length, any: 1 }[words[2]] || Number(words[2]);
      policy.members.set(words[1], { of, needed });
    }
    if (words[0] === "quorum" && words[1] !== "none") policy.quorum = words[1];
  }
  return policy;
}

const isMet = (policy, name, signed) => {
  const member = policy.members.get(name);
  if (member.key) return signed.has(member.key.name);
  return member.of.filter((one) => isMet(policy, one, signed)).length >= member.needed;
};

async function keyId(name, material) {
  return (await sha256(join(enc.encode(name), [10], material))).slice(0, 4);
}

async function openNote(note, policy) {
  const cut = typeof note === "string" ? note.indexOf("\n\n") : -1;
  must(cut > 0 && note.endsWith("\n"), "bad_checkpoint");
  const text = note.slice(0, cut + 1), lines = text.split("\n");
  must(lines.length === 4 && /^(0|[1-9]\d{0,15})$/.test(lines[1]), "bad_checkpoint");
  let root;
  try { root = base64(lines[2]); } catch { throw new Red("bad_checkpoint"); }
  must(root.length === 32, "bad_checkpoint");
  const origin = lines[0];
  const log = policy.logs.find((key) => origin === key.name || origin.startsWith(`${key.name}/`));
  must(log, "unknown_log");
  const known = [{ ...log, name: origin }, ...[...policy.members.values()].filter((one) => one.key).map((one) => one.key)];
  const signed = new Set();
  for (const line of note.slice(cut + 2).split("\n").slice(0, -1)) {
    const words = line.split(" ");
    must(words.length === 3 && words[0] === "\u2014", "bad_checkpoint");
    let bytes;
    try { bytes = base64(words[2]); } catch { throw new Red("bad_checkpoint"); }
    for (const key of known.filter((one) => one.name === words[1])) {
      if (!same(await keyId(key.name, key.material), bytes.slice(0, 4))) continue;
      const rest = bytes.slice(4);
      if (key.algorithm === 1) {
        must(rest.length === 64 && await ed25519(key.key, rest, enc.encode(text)), "unknown_log");
      } else {
        const time = rest.slice(0, 8).reduce((all, one) => all * 256n + BigInt(one), 0n);
        const message = enc.encode(`cosignature/v1\ntime ${time}\n${text}`);
        must(rest.length === 72 && await ed25519(key.key, rest.slice(8), message), "unknown_log");
      }
      signed.add(key.name);
    }
  }
  must(signed.has(origin), "unknown_log");
  return { origin, size: Number(lines[1]), root, signed };
}

// RFC 9162 §2.1.3.2.
async function isIncluded(leaf, { index, hashes }, { size, root }) {
  if (!(index < size)) return false;
  let node = index, last = size - 1, made = leaf;
  for (const hash of hashes) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      made = await sha256(join([1], hash, made));
      while (node % 2 === 0 && node > 0) { node = Math.floor(node / 2); last = Math.floor(last / 2); }
    } else {
      made = await sha256(join([1], made, hash));
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && same(made, root);
}

async function check(text, policyText, signersText) {
  const receipt = readReceipt(text);
  const fact = await readFact(receipt);
  if (receipt.note === null) {
    // What is in no log can be made by anybody with a key of their own.
    const signer = [...receipt.signer].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    must(!fact.isAct || signersText.split("\n").includes(`server ${signer}`), "unknown_signer");
    return { colour: "amber", fact };
  }
  const policy = readPolicy(policyText);
  const opened = await openNote(receipt.note, policy);
  must(isBytes(receipt.salt, 32), "not_in_log");
  const key = await crypto.subtle.importKey("raw", receipt.salt, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const commitment = new Uint8Array(await crypto.subtle.sign("HMAC", key, receipt.signed));
  const leaf = await sha256(join([0, 1], commitment));
  must(await isIncluded(leaf, receipt, opened), "not_in_log");
  must(policy.quorum === null || isMet(policy, policy.quorum, opened.signed), "too_few_witnesses");
  return { colour: "green", fact, index: receipt.index, ...opened };
}

// --- the page ---------------------------------------------------------------------------------------------------------------

const KINDS = ["", "offer", "accept", "release", "revoke_offer", "observe", "aggregate", "disaggregate", "exception", "correction",
  "paper_fallback", "key", "note", "take_in", "deliver", "attempt_failed", "hold", "refused", "return", "redirect", "withdraw", "cash"];
const words = JSON.parse(document.getElementById("words").textContent);
const policy = document.getElementById("policy").textContent;
const signers = document.getElementById("signers").textContent;
const answer = document.getElementById("answer");

function show(colour, title, lines) {
  answer.dataset.colour = colour;
  answer.replaceChildren();
  const add = (tag, text) => { const made = document.createElement(tag); made.textContent = text; answer.append(made); };
  add("h2", title);
  lines.forEach((line) => add("p", line));
}

async function look(text) {
  if (!text.trim()) return;
  try {
    const proved = await check(text, policy, signers);
    const lines = [words.kinds[proved.fact.kind] || `${words.act} ${proved.fact.kind}`];
    if (typeof proved.fact.atMs === "number") {
      const at = new Date(proved.fact.atMs + 7 * 3600 * 1000).toISOString();
      lines.push(`${words.clock} ${at.slice(11, 16)} ${at.slice(8, 10)}/${at.slice(5, 7)}/${at.slice(0, 4)}`);
    }
    if (proved.colour === "green") {
      lines.push(`${words.place} ${proved.index + 1} / ${proved.size} · ${proved.origin}`);
      const seen = [...proved.signed].filter((name) => name !== proved.origin);
      lines.push(`${words.witnesses} ${seen.join(", ") || words.none}`);
    }
    if (proved.colour === "amber" && !proved.fact.isAct) lines.push(words.device);
    lines.push(`${words.id} ${proved.fact.id.slice(0, 12)}`);
    show(proved.colour, words[proved.colour], lines);
  } catch (error) {
    const reason = error instanceof Red ? error.message : "not_a_receipt";
    const colour = reason === "old_browser" ? "amber" : "red";
    show(colour, words[colour === "red" ? "red" : "unchecked"], [words.reasons[reason]]);
  }
}

document.getElementById("form").addEventListener("submit", (event) => {
  event.preventDefault();
  look(document.getElementById("receipt").value);
});
document.getElementById("file").addEventListener("change", async (event) => {
  const file = event.target.files[0];
  if (file) look(await file.text());
});
const fromLink = () => look(decodeURIComponent(location.hash.slice(1)));
window.addEventListener("hashchange", fromLink);
fromLink();

// --- for the road -----------------------------------------------------------------------------------------------------------

function tellKept(state) {
  const kept = document.getElementById("kept");
  kept.dataset.state = state;
  kept.textContent = words.kept[state];
}

// A worker becomes active only after everything it keeps was fetched; what is said to be kept was looked for all the same, since a
// browser may throw away what it kept.
async function keep() {
  if (!window.isSecureContext) return "insecure";
  if (!("serviceWorker" in navigator)) return "unsupported";
  await navigator.serviceWorker.register("/verify-offline.js", { scope: "/verify" });
  await navigator.serviceWorker.ready;
  const needed = [location.pathname + location.search, "/verify.js"];
  const found = await Promise.all(needed.map((path) => caches.match(path)));
  return found.every(Boolean) ? "kept" : "lost";
}
tellKept("waiting");
keep().catch(() => "refused").then(tellKept);
