// SPDX-License-Identifier: GPL-2.0-or-later
/* The handlers of the routes (see route.h), by the file that defines them. */
#ifndef SIGNPOST_SEARCHD_HANDLERS_H
#define SIGNPOST_SEARCHD_HANDLERS_H

#include "route.h"

/* api_search.c */
sp_response sp_handle_search(sp_worker *worker, sp_exchange *exchange, const char *origin);

/* api_suggest.c */
sp_response sp_handle_suggest(sp_worker *worker, sp_exchange *exchange, const char *origin);

/* api_similar.c */
sp_response sp_handle_similar(sp_worker *worker, sp_exchange *exchange, const char *origin);

/* assets.c */
sp_response sp_handle_openapi(sp_worker *worker, sp_exchange *exchange, const char *origin);
sp_response sp_handle_opensearch(sp_worker *worker, sp_exchange *exchange, const char *origin);
sp_response sp_handle_asset(sp_worker *worker, sp_exchange *exchange, const char *origin);

/* web/results_page.c */
sp_response sp_handle_page(sp_worker *worker, sp_exchange *exchange, const char *origin);

/* web/words_file.c */
sp_response sp_handle_words(sp_worker *worker, sp_exchange *exchange, const char *origin);

/* monitoring.c */
sp_response sp_handle_healthz(sp_worker *worker, sp_exchange *exchange, const char *origin);
sp_response sp_handle_readyz(sp_worker *worker, sp_exchange *exchange, const char *origin);
sp_response sp_handle_metrics(sp_worker *worker, sp_exchange *exchange, const char *origin);

#endif
