# SPDX-License-Identifier: GPL-2.0-or-later
"""Long texts for tests."""


def fill(unit, size=1_000_000):
    """The unit, or what it returns for 0, 1, 2 and so on, repeated until the size in bytes is reached. The last one is
    not cut."""
    if isinstance(unit, str):
        return unit * (size // len(unit.encode("utf-8")) + 1)
    parts, done, number = [], 0, 0
    while done < size:
        parts.append(unit(number))
        done += len(parts[-1].encode("utf-8"))
        number += 1
    return "".join(parts)
