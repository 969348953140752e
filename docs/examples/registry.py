#!/usr/bin/env python3
"""A registry that pushes to Jiceng: sign, push, retry. Python 3.9 or newer, nothing to install.

    export JICENG_URL=https://jiceng.example.gov.cn JICENG_SOURCE=nansha-civil-affairs JICENG_SECRET=whsec_…
    python3 registry.py push < message.json              # the answer; exit 0 when it was taken
    python3 registry.py dry-run < message.json           # what would become of it; nothing is kept
    python3 registry.py sign ID TIMESTAMP < message.json # a signature, to compare with the vectors

JICENG_SCHEME=v1sm3 signs with HMAC-SM3 (needs an OpenSSL that has SM3) instead of HMAC-SHA256.
"""

import base64
import hmac
import os
import sys
import time
import urllib.error
import urllib.request
import uuid

HASHES = {"v1": "sha256", "v1sm3": "sm3"}
TRY_AGAIN = {408, 425, 429, 500, 502, 503, 504}
ATTEMPTS = 8


def sign(secret: str, message_id: str, timestamp: int, body: bytes, scheme: str = "v1") -> str:
    """Standard Webhooks 1.0: a MAC over `id.timestamp.body`, the body byte for byte as it is sent."""
    key = base64.b64decode(secret[len("whsec_") :])
    mac = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, HASHES[scheme])
    return f"{scheme},{base64.b64encode(mac.digest()).decode()}"


def push(body: bytes, message_id: str, *, dry_run: bool = False) -> str:
    """Send until there is an answer. The id stays, so a repetition has no effect; the time is new each time,
    so each attempt is signed anew: a signature older than 300 seconds is refused."""
    url = f"{os.environ['JICENG_URL']}/api/v1/webhooks/registries/{os.environ['JICENG_SOURCE']}"
    scheme = os.environ.get("JICENG_SCHEME", "v1")
    for attempt in range(1, ATTEMPTS + 1):
        now = int(time.time())
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(now),
            "webhook-signature": sign(os.environ["JICENG_SECRET"], message_id, now, body, scheme),
        }
        request = urllib.request.Request(url + ("?dry_run=true" if dry_run else ""), body, headers)
        pause = min(2.0**attempt, 300.0)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as refusal:
            problem = refusal.read().decode()
            if refusal.code not in TRY_AGAIN or attempt == ATTEMPTS:
                sys.exit(f"{refusal.code} {problem}")
            pause = float(refusal.headers.get("Retry-After", pause))
        except OSError as error:  # no answer: it may have been taken, the same id makes sure
            if attempt == ATTEMPTS:
                sys.exit(f"no answer: {error}")
        time.sleep(pause)
    raise AssertionError


def main(verb: str, *rest: str) -> None:
    body = sys.stdin.buffer.read()
    if verb == "sign":
        message_id, timestamp = rest
        scheme = os.environ.get("JICENG_SCHEME", "v1")
        print(sign(os.environ["JICENG_SECRET"], message_id, int(timestamp), body, scheme))
    else:  # keep the id with the message in your outbox, so that a later run repeats it and not a new one
        message_id = rest[0] if rest else f"msg_{uuid.uuid4().hex}"
        print(push(body, message_id, dry_run=verb == "dry-run"))


if __name__ == "__main__":
    main(*sys.argv[1:])
