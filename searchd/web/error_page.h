// SPDX-License-Identifier: GPL-2.0-or-later
/* Error responses: a page for readers, problem+json for programs. */
#ifndef SIGNPOST_SEARCHD_WEB_ERROR_PAGE_H
#define SIGNPOST_SEARCHD_WEB_ERROR_PAGE_H

#include "../exchange.h"
#include "../response.h"

/* Replies with a page if the client accepts text/html and the route is for readers or does not
   exist, else like sp_reply_problem. */
sp_reply sp_reply_error(const sp_exchange *exchange, const sp_problem *problem, const char *origin);

#endif
