// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * SQLite FTS5, to compare with a full build: bench_index_fts5 DATABASE TEXTS writes the texts
 * from texts.py into a database in one transaction, tokenized by porter over unicode61. The
 * texts are plain, so it does not parse Markdown.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

struct text {
    char *bytes;
    size_t capacity;
};

static void
fail(const char *what)
{
    fprintf(stderr, "bench_index_fts5: %s\n", what);
    exit(3);
}

static void
run(sqlite3 *database, const char *sql)
{
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail(sqlite3_errmsg(database));
}

static sqlite3 *
create(const char *path)
{
    sqlite3 *database;
    remove(path);
    if (sqlite3_open(path, &database) != SQLITE_OK)
        fail("cannot create the database");
    run(database, "PRAGMA journal_mode = OFF; PRAGMA synchronous = NORMAL; BEGIN;"
                  "CREATE VIRTUAL TABLE pages USING fts5(url UNINDEXED, title, body,"
                  " tokenize = 'porter unicode61')");
    return database;
}

static void
read_text(FILE *from, struct text *into, size_t len)
{
    if (len + 1 > into->capacity) {
        into->capacity = (len + 1) * 2;
        into->bytes = realloc(into->bytes, into->capacity);
    }
    if (!into->bytes || fread(into->bytes, 1, len, from) != len)
        fail("a text is cut short");
}

/* Reads the file of texts. For each text the file contains a line with the lengths of url, title
   and body, followed by the url, the title and the body. */
static void
insert_texts(sqlite3 *database, FILE *from)
{
    sqlite3_stmt *insert;
    struct text texts[3] = {{0}};
    size_t sizes[3];
    if (sqlite3_prepare_v2(database, "INSERT INTO pages VALUES (?, ?, ?)", -1, &insert, NULL) !=
        SQLITE_OK)
        fail(sqlite3_errmsg(database));
    while (fscanf(from, "%zu %zu %zu%*c", &sizes[0], &sizes[1], &sizes[2]) == 3) {
        for (int i = 0; i < 3; i++) {
            read_text(from, &texts[i], sizes[i]);
            sqlite3_bind_text(insert, i + 1, texts[i].bytes, (int)sizes[i], SQLITE_STATIC);
        }
        if (sqlite3_step(insert) != SQLITE_DONE)
            fail(sqlite3_errmsg(database));
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    for (int i = 0; i < 3; i++)
        free(texts[i].bytes);
}

int
main(int argc, char **argv)
{
    if (argc != 3)
        fail("usage: bench_index_fts5 DATABASE TEXTS");
    FILE *from = fopen(argv[2], "rb");
    if (!from)
        fail("cannot open the texts");
    sqlite3 *database = create(argv[1]);
    insert_texts(database, from);
    run(database, "COMMIT");
    sqlite3_close(database);
    fclose(from);
    return 0;
}
