// SPDX-License-Identifier: GPL-2.0-or-later
/* Records as an index stores them. The first byte of the input chooses: packed bytes, or bytes that
   the target packs, because zstd would refuse nearly all others. A record that is accepted gives
   the same record after another packing, and its mentions are restored or refused. */
#include "fuzz.h"

#include <signpost/record.h>
#include <signpost/stored_mentions.h>

#include <stdlib.h>
#include <zstd.h>

#define INPUT_MAX 65536

static sp_packer *packer;
static sp_unpacker *unpacker;

static bool
is_inside(const sp_record *record, sp_range range)
{
    return range.start <= range.end && range.end <= record->text.len;
}

static void
check_ranges(const sp_record *record)
{
    PROMISE(is_inside(record, record->title) && is_inside(record, record->description));
    for (uint32_t i = 0; i < record->section_count; i++) {
        const sp_record_section *section = &record->sections[i];
        PROMISE(is_inside(record, section->heading) && is_inside(record, section->body));
        PROMISE(section->parent == SP_NO_SECTION || section->parent < i);
    }
    for (uint32_t i = 0; i < record->mention_count; i++)
        PROMISE(record->mentions[i].section < record->section_count);
    for (uint32_t i = 0; i < record->view_count; i++) {
        PROMISE(is_inside(record, record->views[i].title));
        PROMISE(is_inside(record, record->views[i].description));
        PROMISE(record->views[i].first < record->section_count);
    }
    PROMISE(record->hashes.len == (size_t)3 * record->token_count);
    PROMISE(sp_record_size(record) >= record->text.len);
}

static void
check_again(const sp_record *record)
{
    SP_AUTO(sp_str_done) sp_str packed = {0}, twice = {0};
    sp_record *again;
    MUST(sp_record_pack(packer, record, SP_LITERAL("m"), &packed, NULL));
    uint64_t digest = sp_packer_digest(packer);
    MUST(sp_record_unpack(unpacker, sp_str_bytes(&packed), &again, NULL));
    PROMISE(sp_bytes_equal(again->text, record->text) && sp_bytes_equal(again->url, record->url));
    PROMISE(again->section_count == record->section_count);
    MUST(sp_record_pack(packer, again, SP_LITERAL("m"), &twice, NULL));
    PROMISE(digest == sp_packer_digest(packer));
    sp_record_free(again);
    MUST(sp_record_mentions(unpacker, sp_str_bytes(&packed), &twice, NULL));
    PROMISE(sp_bytes_equal(sp_str_bytes(&twice), SP_LITERAL("m")));
}

static void
check_mentions(const sp_record *record, sp_bytes bytes)
{
    SP_AUTO(sp_arena_done) sp_arena arena = {0};
    sp_post post = {0};
    if (sp_stored_mentions_restore(record, bytes, &arena, &post, NULL) != SP_OK)
        return;
    PROMISE(post.section_count == record->section_count);
    for (size_t i = 0; i < post.mention_count; i++) {
        PROMISE(is_inside(record, post.mentions[i].name));
        PROMISE(is_inside(record, post.mentions[i].description));
        PROMISE(post.mentions[i].section < post.section_count);
    }
}

static void
check(sp_bytes packed, sp_bytes mentions)
{
    SP_AUTO(sp_str_done) sp_str stored = {0};
    sp_record *record;
    sp_error err = {0};
    if (sp_record_mentions(unpacker, packed, &stored, &err) != SP_OK)
        PROMISE(err.status == SP_DAMAGED);
    if (sp_record_unpack(unpacker, packed, &record, &err) != SP_OK) {
        PROMISE(err.status == SP_DAMAGED);
        return;
    }
    check_ranges(record);
    check_again(record);
    check_mentions(record, mentions);
    sp_record_free(record);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char packed[2 * INPUT_MAX];
    sp_bytes rest = {(const char *)data, size};
    if (!packer) {
        MUST(sp_packer_new(&packer, NULL));
        MUST(sp_unpacker_new(&unpacker, NULL));
    }
    unsigned kind = fuzz_byte(&rest);
    if (kind == 'z') {
        check(rest, SP_LITERAL(""));
        return 0;
    }
    size_t cut = kind * 2 < rest.len ? rest.len - kind * 2 : rest.len; /* before the mentions */
    if (size > INPUT_MAX)
        return 0;
    size_t len = ZSTD_compress(packed, sizeof packed, rest.data, cut, 1);
    PROMISE(!ZSTD_isError(len));
    check((sp_bytes){packed, len}, sp_bytes_slice(rest, cut, rest.len));
    return 0;
}
