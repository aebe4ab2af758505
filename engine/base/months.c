// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/months.h>

const char *const sp_month_names[12] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
