"""Who calls in a run of Schemathesis: the role the run is about, or the first role that may."""

import json
import os
import urllib.request

import schemathesis

BASE = os.environ["TRAOTAY_BASE"]
TOKENS = json.loads(os.environ["TRAOTAY_TOKENS"])
ROLE = os.environ.get("TRAOTAY_ROLE", "")
# Somebody nobody else works as: their sessions may end.
SPARE = json.loads(os.environ["TRAOTAY_SPARE"])
# Whom an operation is tried as when a run is about no role: whoever may do most with it comes first.
ORDER = (
    "post_agent",
    "desk_agent",
    "agency_receiver",
    "agency_manager",
    "post_supervisor",
    "ops_admin",
    "key_admin",
    "auditor",
    "courier",
    "lgsp_client",
)


def token(operation):
    """The token to send, or none for what anybody may ask."""
    raw = operation.definition.raw
    if not raw.get("security"):
        return None
    if ROLE:
        return TOKENS.get(ROLE)
    return next((TOKENS[role] for role in ORDER if role in raw.get("x-who-may", {}) and role in TOKENS), None)


def fresh():
    """A session of its own, for the operation that ends it."""
    body = json.dumps(SPARE).encode()
    asked = urllib.request.Request(f"{BASE}/api/v1/session", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked) as answer:
        return json.load(answer)["access_token"]


@schemathesis.auth(refresh_interval=None, cache_by_key=lambda case, context: case.operation.label)
class ByRole:
    """Sends the access token as the document says."""

    def get(self, case, context):
        return token(context.operation)

    def set(self, case, data, context):
        if not data:
            return
        if context.operation.definition.raw.get("operationId") == "signOut":
            data = fresh()
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"
