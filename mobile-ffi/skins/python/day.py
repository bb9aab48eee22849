"""Plays skins/day.txt through the Python skin: day.py BASE FOLDER SCRIPT CODE_AN CODE_BINH CODE_CHI

Keys, clocks and randomness are reckoned from the names alone, so that every skin makes the same events, byte for byte.
The Kotlin twin is skins/kotlin/src/Day.kt: what is changed here is changed there.
"""

import hashlib
import os
import sys
import urllib.error
import urllib.request

import mobile_ffi as ffi

NAMES = ("an", "binh", "chi")
MORNING = 1_795_401_000_000
MINUTE = 60_000
SYNCS = 200
MANNER = ffi.Manner(hat=ffi.Hat.CARRIER)
AUTHORISED = ffi.Manner(hat=ffi.Hat.CARRIER, details={"authorisation": "UQ-7"})


def digest(text):
    return hashlib.sha256(text.encode()).digest()


class Host(ffi.HostPlatform):
    """A phone of nothing but its name. What the morning's sync drew is forgotten at the restart that begins the day."""

    def __init__(self, name):
        self.name, self.key = name, ffi.SoftKey.from_secret(digest("key " + name))
        self.wall_ms, self.mono_ms, self.boots, self.draws, self.broken = MORNING, 0, 0, 0, False

    def restart(self):
        self.boots, self.mono_ms, self.draws = self.boots + 1, 0, 0

    def pass_ms(self, ms):
        self.wall_ms, self.mono_ms = self.wall_ms + ms, self.mono_ms + ms

    def now_ms(self):
        return self.wall_ms

    def mono(self):
        return ffi.MonoReading(boot_id=digest(f"boot {self.name} {self.boots}")[:16], ms=self.mono_ms)

    def public_key(self):
        return self.key.public_key()

    def sign(self, message):
        if self.broken:
            raise RuntimeError("the key store threw")
        return self.key.sign(message)

    def store_key(self):
        return digest("store " + self.name)

    def free_bytes(self):
        return None

    def random(self, len):  # noqa: A002 - the name is the interface's
        self.draws += 1
        return digest(f"random {self.name} {self.boots} {self.draws}")[:len]


class Network(ffi.HostTransport):
    def __init__(self, base):
        self.base = base

    def send(self, method, path, headers, body):
        request = urllib.request.Request(self.base + path, body or None, {one.name: one.value for one in headers}, method=method)
        try:
            answer = urllib.request.urlopen(request, timeout=30)
        except urllib.error.HTTPError as refused:
            answer = refused
        with answer:
            kept = [ffi.HttpHeader(name=name, value=value) for name, value in answer.headers.items()]
            return ffi.HttpReply(status=answer.status, headers=kept, body=answer.read())


def label(number):
    serial = f"{97_000_000 + number:08d}"
    check = 11 - sum(int(digit) * weight for digit, weight in zip(serial, (8, 6, 4, 2, 3, 5, 9, 7))) % 11
    return f"EE{serial}{ {10: 0, 11: 5}.get(check, check) }VN"


def labels(text):
    numbers = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        numbers += range(int(first), int(last or first) + 1)
    return [label(number) for number in numbers]


class Day:
    """Three people and two phones: an and chi share one."""

    def __init__(self, folder):
        self.folder = folder
        self.shared = ffi.SharedPhone.open(folder, 3_600_000)
        self.hosts = {name: Host(name) for name in NAMES}
        self.cores = {name: self.open(name) for name in NAMES}

    def open(self, name):
        if name == "binh":
            return ffi.Courier.open(os.path.join(self.folder, "binh.db"), self.hosts[name])
        return self.shared.switch_to(name, self.hosts[name])

    def play(self, line):
        for host in self.hosts.values():
            host.pass_ms(MINUTE)
        who, act, *rest = line.split()
        core = self.cores[who]
        if act == "comes":
            self.cores[who] = self.open(who)
        elif act == "restarts":
            self.hosts[who].restart()
            self.cores[who] = self.open(who)
        elif act == "breaks":
            self.hosts[who].broken = True
            try:
                core.take_in(label(int(rest[1])), "RESULT_TO_APPLICANT", "", 1, MANNER)
                raise AssertionError("an act without a signature was recorded")
            except ffi.CourierError.Host:
                self.hosts[who].broken = False
        elif act == "gives":
            self.hand_over(core, self.cores[rest[2]], labels(rest[0]))
        elif act == "takes_back":
            core.offer(self.cores[rest[2]].hello(ffi.Hat.CARRIER), labels(rest[0]), MANNER)
            for waiting in core.open_handovers():
                core.revoke_offer(waiting.handover_id)
        elif act == "paper_fallback":
            core.paper_fallback(labels(rest[0]), rest[1], MANNER)
        elif act == "ends_shift":
            self.end_shift(core, self.cores[rest[4]], [int(sum) for sum in rest[:3]])
        else:
            for item in labels(rest[0]):
                self.one(core, act, item, rest[1:])

    @staticmethod
    def one(core, act, item, rest):
        if act == "take_in":
            core.take_in(item, "RESULT_TO_APPLICANT", rest[0], int(rest[1]), MANNER)
        elif act == "attempt_failed":
            core.attempt_failed(item, rest[0], MANNER)
        elif act == "deliver":
            manner = AUTHORISED if rest[0] == "representative" else MANNER
            if rest[2:]:
                seen = core.keep_photograph(digest("picture " + rest[2]) * 100)
                assert seen == hashlib.sha256(digest("picture " + rest[2]) * 100).digest()
                manner = ffi.Manner(hat=ffi.Hat.CARRIER, evidence=[seen])
            core.deliver(item, ffi.Recipient[rest[0].upper()], int(rest[1]), manner)
        elif act == "hold":
            core.hold(item, MANNER)
        elif act == "return":
            core.return_item(item, MANNER)
        elif act == "refuse":
            core.refuse(item, rest[0], MANNER)
        elif act == "collects":
            collected = core.collect(item, ffi.Ledger[rest[0].upper()], int(rest[1]), ffi.Tender.CASH, MANNER)
            assert (collected.receipt is not None) == (rest[0] == "state_fee"), f"receipt {collected.receipt}"
        else:
            raise AssertionError(f"no such act: {act}")

    @staticmethod
    def end_shift(keeper, checker, sums):
        counted = ffi.Sums(postage=sums[0], state_fee=sums[1], other=sums[2])
        count = keeper.count_till(ffi.Hat.CARRIER, counted, None)
        signature = checker.sign_count(ffi.Hat.CARRIER, count.envelope, counted)
        keeper.settled(signature.envelope)
        assert not keeper.till(ffi.Hat.CARRIER).lines, "the till is not empty"

    @staticmethod
    def hand_over(giver, receiver, items):
        offer = giver.offer(receiver.hello(ffi.Hat.CARRIER), items, MANNER)
        accept = receiver.accept(offer.picture, [ffi.Seen(item_code=item, intact=True) for item in items], [])
        release = giver.release(accept.envelope)
        receiver.finish(release.envelope)


def bring_photographs(core, network):
    """The server takes a photograph once it has folded the event that names it, which may be a sync later."""
    for _ in range(SYNCS):
        if core.photographs_waiting() == 0:
            return
        core.sync(network)
    raise AssertionError("the photograph was not taken")


def main(base, folder, script, *codes):
    day, network = Day(folder), Network(base)
    for name, code in zip(NAMES, codes):
        day.cores[name].enrol(code, network)
        day.cores[name].sync(network)
        day.hosts[name].restart()
    day.cores["binh"] = day.open("binh")
    with open(script, encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                day.play(line)
    waiting = sum(day.cores[name].photographs_waiting() for name in NAMES)
    assert waiting == 1, f"{waiting} photographs wait"
    sent = sum(day.cores[name].sync(network).sent for name in NAMES)
    bring_photographs(day.cores["an"], network)
    assert all(day.cores[name].status().unsent == 0 for name in NAMES), "something was not sent"
    print(f"python: {sent} envelopes sent")


if __name__ == "__main__":
    main(*sys.argv[1:])
