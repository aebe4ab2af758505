#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Every test has a time limit of its own, so that a test that hangs fails soon and says which it is.

usage: time_limits.py CTEST BUILD_FOLDER
"""

import json
import subprocess
import sys

ctest, folder = sys.argv[1:]
listed = subprocess.run([ctest, "--test-dir", folder, "--show-only=json-v1"], stdout=subprocess.PIPE, check=True)
tests = json.loads(listed.stdout)["tests"]
unlimited = [test["name"] for test in tests
             if all(each["name"] != "TIMEOUT" for each in test["properties"])]
for name in unlimited:
    print(f"{name}: has no TIMEOUT")
sys.exit(bool(unlimited) or not tests)
