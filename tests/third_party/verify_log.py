#!/usr/bin/env python3
"""Reads a transparency log as a stranger would, knowing C2SP's specifications and nothing of this project.

    verify_log.py PREFIX VKEY [PROOF]

Fetches `PREFIX/checkpoint`, every entry bundle and every tile; checks the checkpoint's signature (c2sp.org/signed-note,
c2sp.org/tlog-checkpoint), hashes the entries, compares every tile (c2sp.org/tlog-tiles), recomputes the root, and checks a
c2sp.org/tlog-proof against the entry it is about. Prints `ok` and exits 0, or says what is wrong and exits 1. Only the
standard library; Ed25519 is the plain reckoning of RFC 8032.
"""
import base64
import hashlib
import sys
import urllib.error
import urllib.request

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
I = pow(2, (P - 1) // 4, P)


class Wrong(Exception):
    pass


def must(holds, what):
    if not holds:
        raise Wrong(what)


def recover_x(y, sign):
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * I % P
    must((x * x - square) % P == 0, "not a point")
    return P - x if x & 1 != sign else x


def point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    x = recover_x(y, sign)
    return (x, y, 1, x * y % P)


def add(a, b):
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    w, x, y, z = f - e, h - g, h + g, f + e
    return (w * x % P, y * z % P, x * y % P, w * z % P)


def times(number, base):
    result = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = add(result, base)
        base, number = add(base, base), number >> 1
    return result


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (recover_x(BASE_Y, 0), BASE_Y, 1, recover_x(BASE_Y, 0) * BASE_Y % P)


def ed25519(key, signature, message):
    r, s = point(signature[:32]), int.from_bytes(signature[32:], "little")
    must(s < L, "signature out of range")
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = times(s, BASE), add(r, times(k, point(key)))
    same = (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0
    must(same, "the signature does not verify")


def leaf_hash(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root_of(hashes):
    if len(hashes) == 1:
        return hashes[0]
    cut = 1 << (len(hashes) - 1).bit_length() - 1
    return node(root_of(hashes[:cut]), root_of(hashes[cut:]))


def open_checkpoint(note, vkey):
    text, _, lines = note.rpartition("\n\n")
    text += "\n"
    name, key_id, material = vkey.split("+", 2)
    material = base64.b64decode(material)
    must(material[0] == 1, "not an Ed25519 log key")
    must(hashlib.sha256(name.encode() + b"\n" + material).digest()[:4].hex() == key_id, "the key's id is another")
    for line in lines.splitlines():
        dash, signer, data = line.split(" ")
        data = base64.b64decode(data)
        if dash == "\u2014" and signer == name and data[:4].hex() == key_id:
            ed25519(material[1:], data[4:], text.encode())
            break
    else:
        raise Wrong("the log did not sign")
    origin, size, root = text.split("\n")[:3]
    must(origin == name, "another origin")
    return int(size), base64.b64decode(root)


def path_of(number, width):
    parts = [f"{number % 1000:03}"]
    while number >= 1000:
        number //= 1000
        parts.insert(0, f"x{number % 1000:03}")
    return "/".join(parts) + ("" if width == 256 else f".p/{width}")


def fetch(url):
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.read()


def entries_of(prefix, size):
    entries = []
    for first in range(0, size, 256):
        width = min(256, size - first)
        bundle = fetch(f"{prefix}/tile/entries/{path_of(first // 256, width)}")
        while bundle:
            length = int.from_bytes(bundle[:2], "big")
            entries.append(bundle[2:2 + length])
            bundle = bundle[2 + length:]
    must(len(entries) == size, "entries are missing")
    return entries


def check_tiles(prefix, hashes):
    level = 0
    while hashes:
        for first in range(0, len(hashes), 256):
            part = hashes[first:first + 256]
            tile = fetch(f"{prefix}/tile/{level}/{path_of(first // 256, len(part))}")
            must(tile == b"".join(part), f"tile {level}/{first // 256} is not what its entries make")
        hashes = [root_of(hashes[at:at + 256]) for at in range(0, len(hashes) - 255, 256)]
        level += 1


def check_proof(proof, entries, vkey):
    head, _, note = proof.partition("\n\n")
    lines = head.split("\n")
    must(lines.pop(0) == "c2sp.org/tlog-proof@v1", "not a proof")
    if lines[0].startswith("extra "):
        lines.pop(0)
    must(lines[0].startswith("index "), "no index")
    index, hashes = int(lines[0][6:]), [base64.b64decode(line, validate=True) for line in lines[1:]]
    size, root = open_checkpoint(note, vkey)
    must(index < size, "no such entry")
    at, last, made = index, size - 1, leaf_hash(entries[index])
    for sibling in hashes:
        must(last > 0, "the proof is too long")
        if at & 1 or at == last:
            made = node(sibling, made)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            made = node(made, sibling)
        at, last = at >> 1, last >> 1
    must(last == 0 and made == root, "the proof does not prove it")


def main():
    prefix, vkey = sys.argv[1].rstrip("/"), sys.argv[2]
    try:
        size, root = open_checkpoint(fetch(f"{prefix}/checkpoint").decode(), vkey)
        entries = entries_of(prefix, size)
        hashes = [leaf_hash(entry) for entry in entries]
        must(root_of(hashes) == root, "the entries do not make the root")
        check_tiles(prefix, hashes)
        for file in sys.argv[3:]:
            with open(file, encoding="utf-8") as proof:
                check_proof(proof.read(), entries, vkey)
    except (Wrong, ValueError, IndexError, urllib.error.URLError) as error:
        print(f"refused: {error}")
        return 1
    print(f"ok {size}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
