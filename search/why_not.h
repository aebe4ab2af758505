// SPDX-License-Identifier: GPL-2.0-or-later
/* `search --why-not`, in words. */
#ifndef SIGNPOST_SEARCH_WHY_NOT_H
#define SIGNPOST_SEARCH_WHY_NOT_H

#include <signpost/why_not.h>

/* Appends what was told, in whole lines. Control characters of what was typed are replaced. */
void sp_why_not_print(const sp_why_not *told, sp_str *out);

#endif
