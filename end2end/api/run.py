"""Asks the portal's API everything its document allows, and what it does not: run.py PORTAL_URL.

One run for each kind of person, each with what they may do; what ends a session or locks an account comes last, with an account of its
own. The exit status is 0 when schemathesis has nothing to say.
"""

import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.request

PORTAL = sys.argv[1]
HERE = pathlib.Path(__file__).parent
ST = pathlib.Path(sys.executable).parent / "st"
# The invented people of demo mode have one password.
PASSWORD = "Demo@2026"
DESK = "^/officer/(inbox|colleagues|dossiers|feedback|surveys|statistics)"
OVERSIGHT = "^/officer/audit"
RULE = "^/(admin|officer/rights)"
ENDS = "^/(session|account/password)$"

# Who asks, and which addresses.
RUNS = [
    ("citizen", "062099000011", ["--exclude-path-regex", f"^/(officer|admin)|{ENDS}"]),
    ("leader", "lanhdao.chi", ["--include-path-regex", DESK]),
    ("auditor", "giamsat.hai", ["--include-path-regex", OVERSIGHT]),
    ("administrator", "quantri.giang", ["--include-path-regex", RULE]),
    ("leaver", "062199000022", ["--include-path-regex", ENDS]),
]


def session(user_name):
    body = json.dumps({"user_name": user_name, "password": PASSWORD}).encode()
    request = urllib.request.Request(f"{PORTAL}/api/v1/session", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.headers["set-cookie"].split(";")[0].split("=", 1)[1]


failed = []
for name, user_name, which in RUNS:
    began = time.monotonic()
    done = subprocess.run(
        [ST, "--config-file", HERE / "schemathesis.toml", "run", f"{PORTAL}/api/v1/openapi.json", *which],
        env={**os.environ, "SESSION": session(user_name)},
        # Its settings name hooks.py.
        cwd=HERE,
        check=False,
    )
    print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)
    if done.returncode != 0:
        failed.append(name)
sys.exit(f"schemathesis has something to say to: {', '.join(failed)}" if failed else 0)
