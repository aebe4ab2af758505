// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The main loop: accepts connections, passes them to libmicrohttpd's threads, cuts off slow
 * clients, and shuts down gracefully.
 *
 * The thread that calls sp_serve accepts, reaps and handles signals. Everything else happens in
 * libmicrohttpd daemons, each with one thread and its own epoll.
 */
#ifndef SIGNPOST_SEARCHD_SERVE_H
#define SIGNPOST_SEARCHD_SERVE_H

#include "listen.h"
#include "server.h"

/* Serves until SIGTERM or SIGINT, then finishes the requests in flight. Before, call
   sp_serve_block_signals, so that all threads block the signals that sp_serve handles. */
enum sp_status sp_serve(sp_server *server, sp_listeners *listeners, sp_error *err) SP_MUST_CHECK;

/* Call this first. SIGHUP, for which no log is open yet, must not end the daemon; SIGTERM and
   SIGINT may end it while it starts. */
void sp_serve_prepare_signals(void);

/* Blocks the signals that sp_serve handles. Call this when nothing more can make the start wait,
   and before other threads start. */
void sp_serve_block_signals(void);

#endif
