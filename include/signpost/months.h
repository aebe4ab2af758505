// SPDX-License-Identifier: GPL-2.0-or-later
/* The English names of the months. Constant, for any thread. */
#ifndef SIGNPOST_MONTHS_H
#define SIGNPOST_MONTHS_H

/* In order: "January" is the first. */
extern const char *const sp_month_names[12];

#endif
