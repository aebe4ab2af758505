// SPDX-License-Identifier: GPL-2.0-or-later
#include "generations.h"

#include "engine/write/document.h"
#include <signpost/index_directory.h>
#include <signpost/index_settings.h>
#include <signpost/ranking.h>
#include <signpost/writer.h>
#include <xapian-c.h>

#include <stdio.h>
#include <stdlib.h>

#define MUST(what) must((what) == 0, #what)

static void
must(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "generations: %s failed\n", what);
    abort();
}

/* A post, and the memory that the post refers to. */
struct made {
    char path[32], text[200];
    sp_section section;
    sp_post post;
};

static const sp_post *
make_post(struct made *made, int generation, int number)
{
    snprintf(made->path, sizeof made->path, "%d.md", number);
    int len = snprintf(made->text, sizeof made->text,
                       "Guide %d\nA residency of generation%d with research in it.\n", number,
                       generation);
    uint32_t title = (uint32_t)strcspn(made->text, "\n");
    made->section = (sp_section){.parent = SP_NO_SECTION,
                                 .heading = {title + 1, title + 1},
                                 .body = {title + 1, (uint32_t)len},
                                 .anchor = SP_LITERAL("")};
    made->post = (sp_post){.path = sp_bytes_of(made->path),
                           .url = SP_LITERAL("/x/"),
                           .lang = SP_LITERAL("en"),
                           .date = SP_LITERAL("2018-04-10"),
                           .text = {made->text, (size_t)len},
                           .title = {0, title},
                           .sections = &made->section,
                           .section_count = 1};
    return &made->post;
}

static int
posts_of(int generation)
{
    int posts = GENERATION_POSTS + generation;
    return posts < GENERATION_POSTS_MAX ? posts : GENERATION_POSTS_MAX;
}

void
generation_swap(sp_store *store, int generation)
{
    char shard_path[4096], database[4096], revision[16];
    const char *workspace;
    sp_shard *shard;
    struct made made;
    uint64_t digest;
    MUST(sp_store_workspace(store, &workspace, NULL));
    snprintf(shard_path, sizeof shard_path, "%s/p0", workspace);
    snprintf(database, sizeof database, "%s/database", workspace);
    snprintf(revision, sizeof revision, "%d", generation);
    MUST(sp_shard_open(shard_path, SP_LITERAL("en"), &shard, NULL));
    for (int i = 0; i < posts_of(generation); i++)
        MUST(sp_shard_add_post(shard, make_post(&made, generation, i), &digest, NULL));
    MUST(sp_shard_commit(shard, NULL));
    sp_shard_close(shard);
    const sp_index_settings settings = {.language = SP_LITERAL("en"),
                                        .revision = sp_bytes_of(revision),
                                        .ranking = SP_RANKING_DEFAULT};
    const char *shards[] = {shard_path};
    MUST(sp_index_merge(shards, 1, database, &settings, NULL, NULL));
    const struct sp_new_database candidate = {.path = database};
    MUST(sp_store_publish(store, &candidate, NULL));
}

/* Writes the path of the current database, "DIRECTORY/gN", to `out`. The stub file names the
   database: "auto gN". */
static void
find_database(const char *directory, char *out, size_t size)
{
    char stub[4096], name[64] = "";
    snprintf(stub, sizeof stub, "%s/" SP_STUB_FILE, directory);
    FILE *file = fopen(stub, "r");
    must(file && fscanf(file, "auto %63s", name) == 1, "reading the stub file");
    fclose(file);
    snprintf(out, size, "%s/%s", directory, name);
}

void
generation_commit(const char *directory, int generation)
{
    char database[4200], revision[16], unique[64];
    xc_writer *writer;
    sp_builder *builder;
    struct made made;
    const xc_doc *doc;
    uint64_t digest;
    find_database(directory, database, sizeof database);
    snprintf(revision, sizeof revision, "%d", generation);
    MUST(xc_writer_open(database, NULL, &writer, NULL));
    MUST(sp_builder_new(SP_LITERAL("en"), &builder, NULL));
    for (int i = 0; i < posts_of(generation); i++) {
        MUST(sp_builder_post(builder, make_post(&made, generation, i), &doc, &digest, NULL));
        snprintf(unique, sizeof unique, SP_PREFIX_POST "%s", made.path);
        MUST(xc_writer_replace(writer, (xc_bytes){unique, strlen(unique)}, doc, NULL, NULL));
    }
    MUST(xc_writer_set_metadata(writer, XC_BYTES(SP_META_REVISION),
                                (xc_bytes){revision, strlen(revision)}, NULL));
    MUST(xc_writer_commit(writer, NULL));
    sp_builder_free(builder);
    xc_writer_close(writer);
}
