// SPDX-License-Identifier: GPL-2.0-or-later
/* How a request is refused: with a page for readers, with problem+json for programs. */
#ifndef SIGNPOST_SEARCHD_WEB_REFUSAL_H
#define SIGNPOST_SEARCHD_WEB_REFUSAL_H

#include "../exchange.h"
#include "../reply.h"

/* A page where a browser asks for one (it accepts text/html) or for what is not there, else
   sp_reply_problem. */
sp_reply sp_refuse(const sp_exchange *exchange, const sp_problem *problem, const char *origin);

#endif
