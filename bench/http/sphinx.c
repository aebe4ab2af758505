// SPDX-License-Identifier: GPL-2.0-or-later
/* Sphinx's searchd behind the HTTP front end: sphinx PORT SOCKET sends SphinxQL over its Unix
   socket. run.py fills the real-time index `pages` with the fields and attributes title and body. A
   query must match every word, or any word if nothing has every word; ten hits with SNIPPET() of
   title and body are returned. */

#include "front.h"

#include <mysql.h>
#include <signpost/json.h>
#include <stdio.h>
#include <stdlib.h>

#define WORDS_MAX 16

static void *
open_connection(void *context)
{
    MYSQL *connection = mysql_init(NULL);
    if (!connection || !mysql_real_connect(connection, NULL, NULL, NULL, NULL, 0, context, 0)) {
        fprintf(stderr, "sphinx: %s\n", connection ? mysql_error(connection) : "out of memory");
        exit(1);
    }
    return connection;
}

static int
put_rows(MYSQL_RES *rows, sp_str *out)
{
    static const char *const names[] = {"url", "title", "passage"};
    int hits = 0;
    for (MYSQL_ROW row; (row = mysql_fetch_row(rows)); hits++) {
        sp_json_open_object(out, NULL);
        for (int i = 0; i < 3; i++)
            sp_json_text(out, names[i], sp_bytes_of(row[i] ? row[i] : ""));
        sp_json_close_object(out);
    }
    return hits;
}

static int
run(MYSQL *connection, const sp_bytes *words, size_t count, const char *operator, sp_str * out)
{
    sp_str list = {0}, sql = {0};
    int hits = 0;
    for (size_t i = 0; i < count; i++)
        sp_str_append_format(&list, "%s%.*s", i > 0 ? operator: "", (int)words[i].len,
                             words[i].data);
    sp_str_append_format(&sql,
                         "SELECT url, SNIPPET(title, '%s', 'limit=0'), SNIPPET(body, '%s', "
                         "'limit=250') FROM pages WHERE MATCH('%s') LIMIT 10 "
                         "OPTION field_weights=(title=10, body=1), ranker=proximity_bm25",
                         list.data, list.data, list.data);
    if (mysql_real_query(connection, sql.data, sql.len) == 0) {
        MYSQL_RES *rows = mysql_store_result(connection);
        hits = rows ? put_rows(rows, out) : 0;
        mysql_free_result(rows);
    } else {
        fprintf(stderr, "sphinx: %s\n", mysql_error(connection));
    }
    sp_str_done(&list);
    sp_str_done(&sql);
    return hits;
}

static void
answer(void *own, const char *query, sp_str *out)
{
    sp_bytes words[WORDS_MAX];
    size_t count = front_words(query, words, WORDS_MAX);
    sp_str_append_text(out, "{\"hits\":[");
    if (count > 0 && run(own, words, count, " ", out) == 0)
        run(own, words, count, " | ", out);
    sp_str_append_text(out, "]}\n");
}

/* Runs the statements of a file, one per line. */
static int
feed(MYSQL *connection, const char *path)
{
    char *line = NULL;
    size_t size = 0;
    FILE *file = fopen(path, "r");
    if (!file)
        return 1;
    for (ssize_t len; (len = getline(&line, &size, file)) > 0;) {
        if (mysql_real_query(connection, line, (size_t)len) != 0)
            fprintf(stderr, "sphinx: %s\n", mysql_error(connection));
    }
    free(line);
    fclose(file);
    mysql_close(connection);
    return 0;
}

int
main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "--feed") == 0)
        return feed(open_connection(argv[2]), argv[3]);
    if (argc != 3) {
        fputs("usage: sphinx PORT SOCKET | --feed SOCKET FILE\n", stderr);
        return 2;
    }
    return front_serve(&(front){open_connection, answer, argv[2]}, atoi(argv[1]));
}
