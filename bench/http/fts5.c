// SPDX-License-Identifier: GPL-2.0-or-later
/* SQLite FTS5 behind the HTTP front end: fts5 PORT DATABASE. texts.py makes the database: a table
   `pages` with url, title and body, tokenized by porter over unicode61. A query must match every
   word, or any word if nothing has every word. Hits are ranked by bm25 with the title at ten times
   the weight of the body; ten hits with highlight() of the title and snippet() of the body are
   returned. */

#include "front.h"

#include <signpost/json.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#define WORDS_MAX 16

struct own {
    sqlite3 *database;
    sqlite3_stmt *search;
};

static const char sql[] =
    "SELECT url, highlight(pages, 1, '<mark>', '</mark>'), snippet(pages, 2, '<mark>', '</mark>', "
    "'...', 32) FROM pages WHERE pages MATCH ? ORDER BY bm25(pages, 0, 10, 1) LIMIT 10";

static void *
open_database(void *context)
{
    struct own *own = calloc(1, sizeof *own);
    if (!own || sqlite3_open_v2(context, &own->database, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(own->database, sql, -1, &own->search, NULL) != SQLITE_OK) {
        fputs("fts5: cannot open the database\n", stderr);
        exit(1);
    }
    return own;
}

static void
put_column(struct own *own, int column, const char *key, sp_str *out)
{
    const unsigned char *text = sqlite3_column_text(own->search, column);
    sp_json_text(out, key, sp_bytes_of((const char *)text));
}

static int
run(struct own *own, const sp_bytes *words, size_t count, const char *operator, sp_str * out)
{
    sp_str match = {0};
    int hits = 0;
    for (size_t i = 0; i < count; i++)
        sp_str_append_format(&match, "%s\"%.*s\"", i > 0 ? operator: "", (int)words[i].len,
                             words[i].data);
    sqlite3_bind_text(own->search, 1, sp_str_bytes(&match).data, -1, SQLITE_TRANSIENT);
    while (sqlite3_step(own->search) == SQLITE_ROW) {
        sp_json_open_object(out, NULL);
        put_column(own, 0, "url", out);
        put_column(own, 1, "title", out);
        put_column(own, 2, "passage", out);
        sp_json_close_object(out);
        hits++;
    }
    sqlite3_reset(own->search);
    sp_str_done(&match);
    return hits;
}

static void
answer(void *own, const char *query, sp_str *out)
{
    sp_bytes words[WORDS_MAX];
    size_t count = front_words(query, words, WORDS_MAX);
    sp_str_append_text(out, "{\"hits\":[");
    if (count > 0 && run(own, words, count, " AND ", out) == 0)
        run(own, words, count, " OR ", out);
    sp_str_append_text(out, "]}\n");
}

int
main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: fts5 PORT DATABASE\n", stderr);
        return 2;
    }
    return front_serve(&(front){open_database, answer, argv[2]}, atoi(argv[1]));
}
