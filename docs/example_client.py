"""A whole life of a dossier through the HTTP API, with nothing but Python's standard library.

    python3 docs/example_client.py http://127.0.0.1:8080 COUNTER_LOGIN PASSWORD DESK_LOGIN PASSWORD

The counter signs in, takes a dossier in and gives the citizen a link; the desk records that it received it; the counter follows it; the
citizen reads the page. The act waits until a courier's phone has told of the handover, as every act does that was recorded before the one
that makes room for it. `make run` prints logins to try it with: one of a counter and one of a desk.
"""

import json
import sys
import time
import urllib.error
import urllib.request
import uuid


class Refused(Exception):
    """What the service says when it refuses (application/problem+json)."""

    def __init__(self, problem):
        fields = "; ".join(f"{error['pointer']}: {error['message']}" for error in problem.get("errors", []))
        super().__init__(f"{problem['code']}: {problem['detail']} {fields} (request {problem.get('request_id')})")
        self.problem = problem


class Client:
    """A caller with a session."""

    def __init__(self, base, login, password, role):
        self.base, self.token = base, None
        self.token = self.call("POST", "/api/v1/session", {"login": login, "password": password, "role": role})["access_token"]

    def call(self, method, path, body=None, key=None, tag=None):
        """Calls an operation; the JSON of the answer, or None when nothing changed since `tag`."""
        headers = {"Accept-Language": "vi", "Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if key:
            headers["Idempotency-Key"] = key
        if tag:
            headers["If-None-Match"] = tag
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data, headers, method=method)
        while True:
            try:
                with urllib.request.urlopen(request) as answer:
                    self.tag = answer.headers.get("ETag")
                    return json.loads(answer.read() or "null")
            except urllib.error.HTTPError as refusal:
                if refusal.code == 304:
                    return None
                problem = json.load(refusal)
                if refusal.code in (429, 503) and "retry_after_s" in problem:
                    time.sleep(problem["retry_after_s"])  # it says when to come back
                    continue
                raise Refused(problem) from None


def main(base, counter_login, counter_password, desk_login, desk_password):
    counter = Client(base, counter_login, counter_password, "post_agent")
    desk = Client(base, desk_login, desk_password, "desk_agent")

    # Which agency: that of a dossier the desk sees. A real program has it from its own records.
    agency = desk.call("GET", "/api/v1/dossiers?limit=1")["dossiers"][0]["agency_id"]
    intake = {
        "mode": "both",
        "agency_id": agency,
        "applicant": {"name": "Nguyễn Thị Mẫu", "phone": "0912 345 678", "address": "Số 1, phường Mẫu Trung"},
        "paper_count": 2,
    }
    # The key is made once and kept with the form: sent again after a broken line, it gives the same dossier.
    key = str(uuid.uuid4())
    made = counter.call("POST", "/api/v1/intakes", intake, key=key)
    assert made == counter.call("POST", "/api/v1/intakes", intake, key=key), "the same key, the same dossier"
    print("label", made["item_code"])

    path = f"/api/v1/dossiers/{made['dossier_id']}"
    code = f"H99.20-{time.strftime('%y%m%d')}-{uuid.uuid4().int % 10000:04}"
    received = desk.call("POST", f"{path}/acts", {"act": "received", "code": code}, key=str(uuid.uuid4()))
    print("recorded", received["event_id"][:16])

    # What is recorded is folded within moments; ask with the tag until there is something new.
    seen, tag = None, None
    for _ in range(100):
        now = counter.call("GET", path, tag=tag)
        seen, tag = now or seen, counter.tag or tag
        if seen["dossier"]["waiting"] or seen["dossier"]["code"]:
            break
        time.sleep(0.1)
    assert seen["dossier"]["waiting"] or seen["dossier"]["code"] == code, seen["dossier"]
    assert counter.call("GET", path, tag=tag) is None, "nothing changed since"
    print("stage", seen["dossier"]["stage"])

    with urllib.request.urlopen(made["tracking_url"]) as page:
        assert made["item_code"] in page.read().decode(), "the citizen's page shows the label"
    print("page", "read")

    try:
        counter.call("POST", "/api/v1/intakes", intake | {"mode": "fly"}, key=str(uuid.uuid4()))
    except Refused as refused:
        assert refused.problem["errors"][0]["pointer"] == "#/mode", refused.problem
        print("refused", refused.problem["code"])
    else:
        raise AssertionError("a mode that is none was taken")


if __name__ == "__main__":
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    main(*sys.argv[1:])
