# SPDX-License-Identifier: GPL-2.0-or-later
"""Judged collections, sites and the seed post, which are not part of the tree.

The environment variable SIGNPOST_COLLECTIONS names the folder that contains them:

    relevance/NAME/   a judged collection: posts/, queries.tsv, queries_short3.tsv, qrels.tsv
    sites/NAME/       the Markdown of a site
    seed/             the post that the project began with

A test that needs one of them is skipped if the variable is not set. If the variable is set and the
folder does not contain what the test needs, the test fails, so that a misspelt path skips nothing.
"""

import os
import pathlib
import sys
import unittest

VARIABLE = "SIGNPOST_COLLECTIONS"
SKIPPED = 77  # the exit status by which ctest recognises a skipped test


class Missing(AssertionError):
    """SIGNPOST_COLLECTIONS is set, but its folder does not contain what was asked for."""


def find(name):
    """The path of `name`, such as "relevance/cisi"; raises SkipTest if the variable is not set."""
    folder = os.environ.get(VARIABLE)
    if folder is None:
        raise unittest.SkipTest(f"{VARIABLE} is not set; it names the folder that contains {name}")
    path = pathlib.Path(folder, name).absolute()
    if not folder or not path.exists():
        raise Missing(f"{VARIABLE} is set to '{folder}', but {path} does not exist")
    return path


def find_or_exit(name):
    """Like find, for a program that is itself a test: exits with status 77 (skipped) or 1 (missing)."""
    try:
        return find(name)
    except unittest.SkipTest as reason:
        print(f"skipped: {reason}", flush=True)
        sys.exit(SKIPPED)
    except Missing as reason:
        sys.exit(f"error: {reason}")
