// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Serving: accepts connections, hands them to libmicrohttpd's threads, cuts off who is too slow,
 * and ends in good order.
 *
 * The thread that calls sp_serve accepts, reaps and takes signals; libmicrohttpd
 * daemons of one thread each, with an epoll of its own, do all else.
 */
#ifndef SIGNPOST_SEARCHD_SERVE_H
#define SIGNPOST_SEARCHD_SERVE_H

#include "listen.h"
#include "server.h"

/* Serves until SIGTERM or SIGINT, then finishes what is in flight. Signals that it takes must be
   blocked in all threads (sp_serve_block_signals). */
enum sp_status sp_serve(sp_server *server, sp_listeners *listeners, sp_error *err) SP_MUST_CHECK;

void sp_serve_block_signals(void);

#endif
