// SPDX-License-Identifier: GPL-2.0-or-later
/* Includes only the headers; compiled as C17 and, copied to header.cc by the build, as C++17. */
#include "xapian-c-remote.h"
#include "xapian-c-scores.h"
#include "xapian-c-written.h"

int header_is_self_contained(void);

int
header_is_self_contained(void)
{
    xc_bytes bytes = XC_BYTES("x");
    return (int)bytes.len;
}
