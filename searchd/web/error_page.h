// SPDX-License-Identifier: GPL-2.0-or-later
/* Error responses: a page for readers, problem+json for programs. */
#ifndef SIGNPOST_SEARCHD_WEB_ERROR_PAGE_H
#define SIGNPOST_SEARCHD_WEB_ERROR_PAGE_H

#include "../exchange.h"
#include "../response.h"

/* Responds with a page if the client accepts text/html and the route is for readers or does not
   exist, else like sp_response_problem. */
sp_response sp_response_error(const sp_exchange *exchange, const sp_problem *problem,
                              const char *origin);

#endif
