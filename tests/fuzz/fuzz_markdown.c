// SPDX-License-Identifier: GPL-2.0-or-later
/* The body of a post to its record. The first byte of the input chooses whether the front matter
   has a title. The post keeps the promises of post.h; it can be indexed; and its record and
   mentions, packed and unpacked, give the same post. */
#include "post_check.h"
#include "fuzz.h"

#include "engine/write/document.h"
#include "indexer/markdown/markdown.h"
#include <signpost/stored_mentions.h>

#include <stdlib.h>

#define INPUT_MAX 65536

static sp_builder *builder;
static sp_packer *packer;
static sp_unpacker *unpacker;

static void
set_up(void)
{
    setenv("CMOCKA_TEST_ABORT", "1", 1); /* a failed assertion of post_check.h ends the process */
    MUST(sp_builder_new(SP_LITERAL("en"), &builder, NULL));
    MUST(sp_packer_new(&packer, NULL));
    MUST(sp_unpacker_new(&unpacker, NULL));
}

static sp_record
make_record(const sp_post *post, sp_arena *arena)
{
    sp_record record = {.kind = SP_KIND_POST,
                        .url = post->url,
                        .lang = post->lang,
                        .path = post->path,
                        .text = post->text,
                        .title = post->title,
                        .section_count = (uint32_t)post->section_count,
                        .lines = post->lines,
                        .line_count = (uint32_t)post->line_count};
    record.sections = sp_arena_array(arena, post->section_count, sizeof *record.sections);
    PROMISE(record.sections != NULL);
    for (size_t i = 0; i < post->section_count; i++)
        record.sections[i] = (sp_record_section){post->sections[i].heading, post->sections[i].body,
                                                 post->sections[i].parent, post->sections[i].line,
                                                 post->sections[i].anchor};
    return record;
}

static void
check_same(const sp_post *a, const sp_post *b)
{
    PROMISE(sp_bytes_equal(a->text, b->text));
    PROMISE(a->section_count == b->section_count && a->mention_count == b->mention_count);
    for (size_t i = 0; i < a->section_count; i++) {
        PROMISE(sp_bytes_equal(a->sections[i].anchor, b->sections[i].anchor));
        PROMISE(a->sections[i].body.end == b->sections[i].body.end);
        PROMISE((a->sections[i].kind == SP_SECTION_LABEL) ==
                (b->sections[i].kind == SP_SECTION_LABEL));
    }
    for (size_t i = 0; i < a->mention_count; i++) {
        const sp_mention *x = &a->mentions[i], *y = &b->mentions[i];
        PROMISE(sp_bytes_equal(x->url, y->url) && sp_bytes_equal(x->canonical, y->canonical));
        PROMISE(x->name.start == y->name.start && x->description.end == y->description.end);
        PROMISE(x->section == y->section && x->line == y->line && x->vague == y->vague);
    }
}

static void
check_stored(const sp_post *post, sp_arena *arena)
{
    SP_AUTO(sp_str_done) sp_str packed = {0}, mentions = {0}, back = {0};
    sp_record record = make_record(post, arena), *again;
    sp_post restored = {0};
    sp_mentions_pack(post, &mentions);
    MUST(sp_record_pack(packer, &record, sp_str_bytes(&mentions), &packed, NULL));
    MUST(sp_record_unpack(unpacker, sp_str_bytes(&packed), &again, NULL));
    MUST(sp_record_mentions(unpacker, sp_str_bytes(&packed), &back, NULL));
    PROMISE(sp_bytes_equal(sp_str_bytes(&back), sp_str_bytes(&mentions)));
    MUST(sp_stored_mentions_restore(again, sp_str_bytes(&back), arena, &restored, NULL));
    check_same(post, &restored);
    sp_record_free(again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    sp_bytes body = {(const char *)data, size};
    sp_notes notes;
    uint64_t digest;
    const xc_doc *doc;
    sp_post post = {.path = SP_LITERAL("x.md"), .url = SP_LITERAL("/x/"), .lang = SP_LITERAL("en")};
    if (!builder)
        set_up();
    if (size > INPUT_MAX)
        return 0;
    bool titled = fuzz_byte(&body) % 2;
    sp_markdown_input input = {.path = post.path,
                               .body = body,
                               .first_line = 3,
                               .title = titled ? SP_LITERAL("A title") : SP_LITERAL(""),
                               .fallback_title = SP_LITERAL("X"),
                               .site_host = SP_LITERAL("site.example"),
                               .notes = &notes};
    MUST(sp_markdown_read(&input, &arena, &post, NULL));
    check_post(&post, 3, 2 + count_lines(body));
    check_stored(&post, &arena);
    MUST(sp_builder_post(builder, &post, &doc, &digest, NULL));
    return 0;
}
