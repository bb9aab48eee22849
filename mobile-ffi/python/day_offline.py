#!/usr/bin/env python3
"""A courier's day offline through the Python skin, with the process killed again and again.

A child process does the acts of a day on real stores: it takes in, hands over between two cores, delivers and fails,
and writes the id of every event to a pipe once the core returned. The parent kills it with SIGKILL at seeded random
points and starts it anew. At the end fresh cores open the stores: every id that was announced must be there, the
numbers of each device without gaps, each chain unbroken, nothing twice. Then both phones sync, through answers that
are cut, to a server in memory where every id must arrive exactly once.

Needs only the standard library, the openssl command and the generated module `mobile_ffi` (with its library beside it) on PYTHONPATH.
Exit code 0 and one line of summary when all of that held, 1 otherwise.
"""

import argparse
import base64
import hashlib
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import mobile_ffi as ffi

ZERO = "00" * 32
KINDS = ("offer accept release revoke_offer observe aggregate disaggregate exception correction paper_fallback key "
         "note take_in deliver attempt_failed hold refused return redirect withdraw cash").split()
CARRIER = ffi.Hat.CARRIER


class Failure(Exception):
    """A promise did not hold."""


def must(held, what):
    if not held:
        raise Failure(what)


# --- the host ---------------------------------------------------------------------------------------------------------

class Host(ffi.HostPlatform):
    """Clocks and key of one phone, kept in its folder so that a restart is the same phone."""

    def __init__(self, folder, name):
        self.key = ffi.SoftKey.from_secret(self._kept(folder, name + ".key"))
        self.stored = self._kept(folder, name + ".store-key")
        self.boot = self._kept(folder, "boot")[:16]

    @staticmethod
    def _kept(folder, name):
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            with open(path, "wb") as file:
                file.write(os.urandom(32))
        with open(path, "rb") as file:
            return file.read()

    def now_ms(self):
        return time.time_ns() // 1_000_000

    def mono(self):
        return ffi.MonoReading(boot_id=self.boot, ms=time.monotonic_ns() // 1_000_000)

    def public_key(self):
        return self.key.public_key()

    def sign(self, message):
        return self.key.sign(message)

    def store_key(self):
        return self.stored

    def free_bytes(self):
        return None

    def random(self, len):  # noqa: A002 - the name is the interface's
        return os.urandom(len)


class Network(ffi.HostTransport):
    """Plain HTTP. Whatever it throws must not hurt the core, so nothing is caught here."""

    def __init__(self, port):
        self.port = port

    def send(self, method, path, headers, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body=body, headers={one.name: one.value for one in headers})
            answer = connection.getresponse()
            kept = [ffi.HttpHeader(name=name, value=value) for name, value in answer.getheaders()]
            return ffi.HttpReply(status=answer.status, headers=kept, body=answer.read())
        finally:
            connection.close()


class ThrowingHost(Host):
    """A key store that throws what nobody expects."""

    def sign(self, message):
        raise RuntimeError("the key store threw")


class ThrowingNetwork(ffi.HostTransport):
    """A network stack that throws what nobody expects."""

    def send(self, method, path, headers, body):
        raise RuntimeError("the network threw")


def phone(folder, name, host=Host):
    return ffi.Courier.open(os.path.join(folder, name + ".db"), host(folder, name))


# --- the child: a day offline -----------------------------------------------------------------------------------------

def label(serial):
    digits = [int(digit) for digit in f"{serial:08d}"]
    check = 11 - sum(digit * weight for digit, weight in zip(digits, (8, 6, 4, 2, 3, 5, 9, 7))) % 11
    return f"EE{serial:08d}{ {10: 0, 11: 5}.get(check, check) }VN"


def announce(recorded):
    """Tells the parent, in one write: what was announced before the kill stays in the pipe."""
    os.write(1, (recorded.event_id + "\n").encode())


def hand_over(giver, receiver, codes, manner):
    offer = giver.offer(receiver.hello(CARRIER), codes, manner)
    announce(offer)
    accept = receiver.accept(offer.picture, [ffi.Seen(item_code=code, intact=True) for code in codes], [])
    announce(accept)
    release = giver.release(accept.envelope)
    announce(release)
    receiver.finish(release.envelope)


def resume(phones):
    """Finishes or takes back what the kill interrupted."""
    for giver, receiver in (phones, phones[::-1]):
        for waiting in receiver.open_handovers():
            if waiting.role == "receiver":
                release = giver.release(waiting.picture)
                announce(release)
                receiver.finish(release.envelope)
        for waiting in giver.open_handovers():
            if waiting.role == "giver":
                announce(giver.revoke_offer(waiting.handover_id))


def work_day(folder, seed):
    """Acts until it is killed."""
    dice = random.Random(seed)
    phones = (phone(folder, "courier"), phone(folder, "colleague"))
    manner = ffi.Manner(hat=CARRIER)
    reasons = ffi.attempt_reasons()
    resume(phones)
    serial = 1 + sum(1 for one in phones[0].items())
    while True:
        giver, receiver = phones if dice.random() < 0.7 else phones[::-1]
        mine = f"staff:{staff(0 if giver is phones[0] else 1)}"
        held = [item.item_code for item in giver.items() if item.holder == mine][-20:]
        dice_roll = dice.random()
        if dice_roll < 0.35 or not held:
            code = label(serial)
            serial += 1
            if phones[0].scan(code).item is None and phones[1].scan(code).item is None:
                announce(phones[0].take_in(code, "RESULT_TO_APPLICANT", f"S{serial:06d}", 3, manner))
        elif dice_roll < 0.55:
            announce(giver.attempt_failed(dice.choice(held), dice.choice(reasons), manner))
        elif dice_roll < 0.75:
            announce(giver.deliver(dice.choice(held), ffi.Recipient.HOUSEHOLD, 1, manner))
        else:
            hand_over(giver, receiver, dice.sample(held, min(len(held), dice.randint(1, 3))), manner)


def staff(number):
    return f"00000000-0000-0000-0000-{number + 1:012d}"


# --- the server in memory ---------------------------------------------------------------------------------------------

def cbor(data, at):
    """One CBOR item at `at`: its value and where it ends. Definite lengths only."""
    head, at = data[at], at + 1
    major, extra = head >> 5, head & 31
    if extra >= 24:
        size = 1 << (extra - 24)
        extra, at = int.from_bytes(data[at:at + size], "big"), at + size
    if major in (0, 1, 7):
        return (extra if major != 1 else -1 - extra), at
    if major in (2, 3):
        return bytes(data[at:at + extra]), at + extra
    if major == 6:
        return cbor(data, at)
    values = []
    for _ in range(extra * (2 if major == 5 else 1)):
        value, at = cbor(data, at)
        values.append(value)
    return (dict(zip(values[::2], values[1::2])) if major == 5 else values), at


def bstr(value):
    size = len(value)
    head = bytes([0x40 + size]) if size < 24 else b"\x58" + bytes([size]) if size < 256 else b"\x59" + size.to_bytes(2, "big")
    return head + value


def event_of(envelope):
    """Id, device and number of an envelope: the id is the hash of what was signed, not of the signature."""
    (protected, _, payload, _signature), _ = cbor(envelope, 0)
    event, _ = cbor(payload, 0)
    context = f"custody/{KINDS[event[2] - 1]}/v{event[1]}".encode()
    signed = b"\x84\x6aSignature1" + bstr(protected) + bstr(context) + bstr(payload)
    return hashlib.sha256(signed).hexdigest(), event[4].hex(), event[5]


def text(value):
    size = len(value.encode())
    return (bytes([0x60 + size]) if size < 24 else b"\x78" + bytes([size])) + value.encode()


class Issuer:
    """The key under which the office vouches for people. The standard library cannot sign, so OpenSSL does."""

    def __init__(self, folder):
        self.key = os.path.join(folder, "issuer.pem")
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", self.key], check=True)
        public = subprocess.run(["openssl", "pkey", "-in", self.key, "-pubout", "-outform", "DER"], check=True,
                                capture_output=True).stdout
        self.public = public[-32:]

    def credential(self, key, name, office, person, until_ms):
        """What `custody::credential` reads: a courier's credential for the device with this key."""
        hats = b"\x81\x83\x04\x01" + bstr(uuid.UUID(person).bytes)
        payload = (b"\xa7\x01\x01\x02" + bstr(key) + b"\x03" + text(name) + b"\x04" + text(office) + b"\x05" + hats
                   + b"\x06\x1b" + until_ms.to_bytes(8, "big") + b"\x07\xf4")
        protected = b"\xa2\x01\x27\x04\x50" + hashlib.sha256(self.public).digest()[:16]
        signed = b"\x84\x6aSignature1" + bstr(protected) + bstr(b"custody/credential/v1") + bstr(payload)
        with tempfile.NamedTemporaryFile() as file:
            file.write(signed)
            file.flush()
            signature = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", self.key, "-in", file.name],
                                       check=True, capture_output=True).stdout
        return b"\xd2\x84" + bstr(protected) + b"\xa0" + bstr(payload) + bstr(signature)


class Office:
    """What the server has on disk, and how often it hangs up before answering."""

    def __init__(self, seed, issuer):
        self.issuer = issuer
        self.lock = threading.Lock()
        self.dice = random.Random(seed)
        self.codes = {}
        self.stored = {}
        self.stored_answers = {}
        self.cuts = 0
        self.cut_share = 0.0

    def answer(self, method, path, headers, body):
        route = path.split("?")[0]
        if route == "/api/v1/devices/enrol":
            request = json.loads(body)
            key = decode64(request["public_key"])
            device = hashlib.sha256(key).digest()[:16].hex()
            person = self.codes.pop(request["code"])
            until_ms = time.time_ns() // 1_000_000 + 72 * 3_600_000
            credential = self.issuer.credential(key, "An", "Tịnh Biên", person, until_ms)
            return 200, {"device_id": device, "staff_id": person, "name": "An", "office_id": "o", "office_name": "Tịnh Biên",
                         "hats": [{"hat": "carrier", "holder": f"staff:{person}"}], "epoch": 1,
                         "credential_until_ms": until_ms, "credential": encode64(credential),
                         "issuers": [encode64(self.issuer.public)]}
        proof = headers.get("DPoP", "")
        claims = json.loads(decode64(proof.split(".")[1])) if proof.count(".") == 2 else {}
        if claims.get("nonce") != "n1":
            return 401, {"type": "/problems/use-nonce", "status": 401}
        must(claims["htm"] == method and claims["htu"] == route, "the proof names another request")
        if route == "/api/v1/sync/hello":
            return 200, {"protocol": 1, "epoch": 1, "nonce": "n1", "want": [],
                         "beacon": {"server_ms": time.time_ns() // 1_000_000, "tag": "AAECAwQFBgc"},
                         "limits": {"batch_events": 200, "batch_bytes": 1 << 20}}
        if route == "/api/v1/sync/events":
            return 200, {"results": self.deposit(body)}
        if route == "/api/v1/sync/changes":
            return 200, {"changes": [], "next": "", "more": False}
        return 404, {"type": "/problems/not-found", "status": 404}

    def deposit(self, body):
        results, at = [], 0
        while at < len(body):
            _, end = cbor(body, at)
            envelope, at = body[at:end], end
            event_id, device, seq = event_of(envelope)
            known = event_id in self.stored
            if not known:
                self.stored[event_id] = (device, seq)
                self.stored_answers[event_id] = self.stored_answers.get(event_id, 0) + 1
            results.append({"event_id": event_id, "result": "duplicate" if known else "stored"})
        must(len(results) <= 200, "a batch is larger than its limit")
        return results

    def hangs_up(self):
        cut = self.dice.random() < self.cut_share
        self.cuts += cut
        return cut


def encode64(value):
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def decode64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def serve(office):
    class Handler(BaseHTTPRequestHandler):
        def handle_any(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            with office.lock:
                status, answer = office.answer(self.command, self.path, self.headers, body)
                cut = office.hangs_up()
            if cut:
                self.close_connection = True
                return
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("DPoP-Nonce", "n1")
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = handle_any

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


# --- the parent -------------------------------------------------------------------------------------------------------

def kill_and_restart(folder, kills, seed):
    """Runs the day in a child that is killed `kills` times; returns every id that was announced."""
    dice = random.Random(seed)
    announced, points = [], []
    while len(points) < kills:
        child = subprocess.Popen([sys.executable, os.path.abspath(__file__), "--child", folder, "--seed",
                                  str(dice.randrange(1 << 30))], stdout=subprocess.PIPE)
        after_ids, then_ms = dice.randint(0, 25), dice.uniform(0, 12)
        lines = []
        while len(lines) < after_ids:
            line = child.stdout.readline()
            must(line, f"the child ended by itself after {len(lines)} events")
            lines.append(line)
        try:
            child.wait(then_ms / 1000)
            raise Failure("the child ended by itself")
        except subprocess.TimeoutExpired:
            os.kill(child.pid, signal.SIGKILL)
        rest, _ = child.communicate()
        lines += rest.splitlines(keepends=True)
        announced += [line.decode().strip() for line in lines if line.endswith(b"\n")]
        points.append(f"{after_ids}+{then_ms:.1f}ms")
    print(f"seed {seed}, killed after: {' '.join(points)}", file=sys.stderr)
    return announced


def check_store(courier):
    """Numbers without gaps, chain unbroken, nothing twice. Returns own ids."""
    events = courier.events()
    own = [event for event in events if event.own]
    must([event.seq for event in own] == list(range(1, len(own) + 1)), "the numbers have a gap or a repetition")
    must([event.prev for event in own] == [ZERO] + [event.event_id for event in own][:-1], "the chain is broken")
    must(len({event.event_id for event in events}) == len(events), "an event is there twice")
    for event in events:
        must(event_of(event.envelope) == (event.event_id, event.device, event.seq), "an envelope is not its event")
    return events


def check_throwing_host(folder):
    """A host that throws gets an error it can show; the store is as before and works again."""
    broken = phone(folder, "courier", ThrowingHost)
    before = len(broken.events())
    try:
        broken.take_in(label(99_999_999), "RESULT_TO_APPLICANT", "", 1, ffi.Manner(hat=CARRIER))
        raise Failure("an act without a signature was recorded")
    except ffi.CourierError.Host:
        must(len(broken.events()) == before, "a failed act left a trace")
    try:
        phone(folder, "courier").sync(ThrowingNetwork())
        raise Failure("a sync without a network succeeded")
    except ffi.CourierError.Unreachable:
        must(phone(folder, "courier").status().unsent == before, "a failed sync changed what is unsent")


def sync_all(couriers, port):
    tries = 0
    for courier in couriers:
        while True:
            tries += 1
            must(tries < 2000, "the phones never finish their sync")
            try:
                report = courier.sync(Network(port))
            except ffi.CourierError.Unreachable:
                continue
            if report.sent == 0 and courier.status().unsent == 0:
                break
    return tries


def run(kills, seed):
    with tempfile.TemporaryDirectory(prefix="day-offline-") as folder:
        office = Office(seed, Issuer(folder))
        server = serve(office)
        port = server.server_address[1]
        for number, name in enumerate(("courier", "colleague")):
            office.codes[f"code-{number}"] = staff(number)
            phone(folder, name).enrol(f"code-{number}", Network(port))

        announced = kill_and_restart(folder, kills, seed)
        check_throwing_host(folder)
        couriers = [phone(folder, name) for name in ("courier", "colleague")]
        stored = [check_store(courier) for courier in couriers]
        everything = {event.event_id for events in stored for event in events}
        lost = [event_id for event_id in announced if event_id not in everything]
        must(not lost, f"{len(lost)} announced events are not in the stores")

        office.cut_share = 0.3
        tries = sync_all(couriers, port)
        must(set(office.stored) == everything, "the server does not have exactly what the phones have")
        must(all(count == 1 for count in office.stored_answers.values()), "an event was stored twice")
        for courier in couriers:
            seqs = sorted(seq for device, seq in office.stored.values() if device == courier.device_id())
            must(seqs == list(range(1, len(seqs) + 1)), "the server has a gap")
        must(office.cuts > 0 or not everything, "no answer was cut: the test shows nothing")
    server.shutdown()
    print(f"day offline: {kills} kills, {len(announced)} events announced, {len(everything)} stored, 0 lost, "
          f"{tries} syncs with {office.cuts} cut answers, each event on the server once")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--child", metavar="FOLDER", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    seed = arguments.seed if arguments.seed is not None else int.from_bytes(os.urandom(4), "big")
    if arguments.child:
        work_day(arguments.child, seed)
        return 0
    try:
        run(arguments.kills, seed)
    except (Failure, ffi.CourierError) as failure:
        print(f"day offline FAILED (seed {seed}): {failure}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
