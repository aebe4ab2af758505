// SPDX-License-Identifier: GPL-2.0-or-later
#include <signpost/record.h>

#include "token_table.h"

#include <signpost/packing.h>

#include <stdlib.h>
#include <xxhash.h>
#include <zstd.h>
#include <zstd_errors.h>

/* Format 3, of numbers and strings as in packing.h: format, kind, url, date, lang, path,
   categories, tags, title, description, quoted, sections, lines, mentions, views, text, token
   count, hashes, spans, site's language, site's hashes. */
#define RECORD_FORMAT 3u
#define ZSTD_LEVEL 3

struct sp_packer {
    ZSTD_CCtx *zstd;
    sp_str plain;
    uint64_t digest;
};

struct sp_unpacker {
    ZSTD_DCtx *zstd;
    sp_arena scratch; /* a record is read here first, to find out how much memory it needs */
};

/* An unpacked record and the memory that it points into. */
struct unpacked {
    sp_record record; /* the first member, so that a pointer to it is a pointer to the whole */
    sp_arena arena;
    size_t size;
};

/* status: unless memory is out. */
static enum sp_status
fail_zstd(sp_error *err, enum sp_status status, const char *what, size_t code)
{
    if (ZSTD_getErrorCode(code) == ZSTD_error_memory_allocation)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    return sp_fail(err, status, "%s: %s", what, ZSTD_getErrorName(code));
}

/* Writing */

static void
put_range(sp_str *out, sp_range range)
{
    sp_pack_number(out, range.start);
    sp_pack_number(out, range.end - range.start);
}

static void
put_list(sp_str *out, const sp_bytes *items, uint32_t count)
{
    sp_pack_number(out, count);
    for (uint32_t i = 0; i < count; i++)
        sp_pack_bytes(out, items[i]);
}

static void
put_sections(sp_str *out, const sp_record *record)
{
    sp_pack_number(out, record->section_count);
    for (uint32_t i = 0; i < record->section_count; i++) {
        const sp_record_section *section = &record->sections[i];
        put_range(out, section->heading);
        put_range(out, section->body);
        sp_pack_number(out, section->parent == SP_NO_SECTION ? 0 : section->parent + 1);
        sp_pack_number(out, section->line);
        sp_pack_bytes(out, section->link);
    }
}

/* Line numbers may also decrease from one entry to the next, because a resource has lines of
   several files. Differences are therefore signed (zigzag). */
static void
put_lines(sp_str *out, const sp_record *record)
{
    sp_line last = {0};
    sp_pack_number(out, record->line_count);
    for (uint32_t i = 0; i < record->line_count; i++) {
        int32_t step = (int32_t)(record->lines[i].line - last.line);
        sp_pack_number(out, record->lines[i].offset - last.offset);
        sp_pack_number(out, (uint32_t)step << 1 ^ (uint32_t)(step >> 31));
        last = record->lines[i];
    }
}

static void
put_mentions(sp_str *out, const sp_record *record)
{
    sp_pack_number(out, record->mention_count);
    for (uint32_t i = 0; i < record->mention_count; i++) {
        sp_pack_bytes(out, record->mentions[i].title);
        sp_pack_number(out, record->mentions[i].section);
        sp_pack_number(out, record->mentions[i].line);
    }
}

static void
put_views(sp_str *out, const sp_record *record)
{
    sp_pack_number(out, record->view_count);
    for (uint32_t i = 0; i < record->view_count; i++) {
        sp_pack_bytes(out, record->views[i].lang);
        put_range(out, record->views[i].title);
        put_range(out, record->views[i].description);
        sp_pack_number(out, record->views[i].quoted);
        sp_pack_number(out, record->views[i].first);
    }
}

static void
put_record(sp_str *out, const sp_record *record)
{
    sp_pack_number(out, RECORD_FORMAT);
    sp_pack_number(out, record->kind);
    sp_pack_bytes(out, record->url);
    sp_pack_bytes(out, record->date);
    sp_pack_bytes(out, record->lang);
    sp_pack_bytes(out, record->path);
    put_list(out, record->categories, record->category_count);
    put_list(out, record->tags, record->tag_count);
    put_range(out, record->title);
    put_range(out, record->description);
    sp_pack_number(out, record->quoted);
    put_sections(out, record);
    put_lines(out, record);
    put_mentions(out, record);
    put_views(out, record);
    sp_pack_bytes(out, record->text);
    sp_pack_number(out, record->token_count);
    sp_pack_bytes(out, record->hashes);
    sp_pack_bytes(out, record->spans);
    sp_pack_bytes(out, record->site_lang);
    sp_pack_bytes(out, record->site_hashes);
}

enum sp_status
sp_packer_new(sp_packer **out, sp_error *err)
{
    sp_packer *packer = calloc(1, sizeof *packer);
    if (packer)
        packer->zstd = ZSTD_createCCtx();
    if (!packer || !packer->zstd) {
        sp_packer_free(packer);
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    }
    *out = packer;
    return SP_OK;
}

void
sp_packer_free(sp_packer *packer)
{
    if (!packer)
        return;
    ZSTD_freeCCtx(packer->zstd);
    sp_str_done(&packer->plain);
    free(packer);
}

static enum sp_status
compress(sp_packer *packer, sp_bytes plain, sp_str *out, sp_error *err)
{
    size_t bound = ZSTD_compressBound(plain.len);
    char *room = malloc(bound);
    if (!room)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    size_t size = ZSTD_compressCCtx(packer->zstd, room, bound, plain.data, plain.len, ZSTD_LEVEL);
    enum sp_status status = SP_OK;
    if (ZSTD_isError(size))
        status = fail_zstd(err, SP_INTERNAL, "zstd", size);
    else
        sp_str_append(out, (sp_bytes){room, size});
    free(room);
    return status != SP_OK ? status : sp_str_check(out, err);
}

enum sp_status
sp_record_pack(sp_packer *packer, const sp_record *record, sp_bytes mentions, sp_str *out,
               sp_error *err)
{
    sp_str_clear(out);
    sp_str_restart(&packer->plain);
    put_record(&packer->plain, record);
    if (packer->plain.failed)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    if (packer->plain.len > SP_RECORD_MAX || mentions.len > SP_RECORD_MAX)
        return sp_fail(err, SP_BAD_INPUT, "too large for a record: %zu bytes (at most %zu)",
                       packer->plain.len + mentions.len, SP_RECORD_MAX);
    packer->digest = XXH64(mentions.data, mentions.len, 0);
    packer->digest = XXH64(packer->plain.data, packer->plain.len, packer->digest);
    enum sp_status status = compress(packer, sp_str_bytes(&packer->plain), out, err);
    return status == SP_OK && mentions.len > 0 ? compress(packer, mentions, out, err) : status;
}

uint64_t
sp_packer_digest(const sp_packer *packer)
{
    return packer->digest;
}

/* Reading */

static sp_range
get_range(sp_cursor *from)
{
    uint32_t start = sp_unpack_number(from);
    uint32_t len = sp_unpack_number(from);
    return (sp_range){start, start + len};
}

static sp_bytes *
get_list(sp_cursor *from, sp_arena *arena, uint32_t *count)
{
    *count = sp_unpack_count(from, 1);
    sp_bytes *items = sp_arena_array(arena, *count, sizeof *items);
    for (uint32_t i = 0; items && i < *count; i++)
        items[i] = sp_unpack_bytes(from);
    return items;
}

static void
get_sections(sp_cursor *from, sp_arena *arena, sp_record *record)
{
    record->section_count = sp_unpack_count(from, 7);
    record->sections = sp_arena_array(arena, record->section_count, sizeof *record->sections);
    for (uint32_t i = 0; record->sections && i < record->section_count; i++) {
        sp_record_section *section = &record->sections[i];
        section->heading = get_range(from);
        section->body = get_range(from);
        section->parent = sp_unpack_number(from) - 1; /* 0 - 1 is SP_NO_SECTION */
        section->line = sp_unpack_number(from);
        section->link = sp_unpack_bytes(from);
    }
}

static void
get_lines(sp_cursor *from, sp_arena *arena, sp_record *record)
{
    sp_line last = {0};
    record->line_count = sp_unpack_count(from, 2);
    record->lines = sp_arena_array(arena, record->line_count, sizeof *record->lines);
    for (uint32_t i = 0; record->lines && i < record->line_count; i++) {
        last.offset += sp_unpack_number(from);
        uint32_t zigzag = sp_unpack_number(from);
        last.line += zigzag >> 1 ^ (0u - (zigzag & 1));
        record->lines[i] = last;
    }
}

static void
get_mentions(sp_cursor *from, sp_arena *arena, sp_record *record)
{
    record->mention_count = sp_unpack_count(from, 3);
    record->mentions = sp_arena_array(arena, record->mention_count, sizeof *record->mentions);
    for (uint32_t i = 0; record->mentions && i < record->mention_count; i++) {
        record->mentions[i].title = sp_unpack_bytes(from);
        record->mentions[i].section = sp_unpack_number(from);
        record->mentions[i].line = sp_unpack_number(from);
    }
}

static void
get_views(sp_cursor *from, sp_arena *arena, sp_record *record)
{
    record->view_count = sp_unpack_count(from, 7);
    record->views = sp_arena_array(arena, record->view_count, sizeof *record->views);
    for (uint32_t i = 0; record->views && i < record->view_count; i++) {
        record->views[i].lang = sp_unpack_bytes(from);
        record->views[i].title = get_range(from);
        record->views[i].description = get_range(from);
        record->views[i].quoted = sp_unpack_number(from) != 0;
        record->views[i].first = sp_unpack_number(from);
    }
}

static void
get_record(sp_cursor *from, sp_arena *arena, sp_record *record)
{
    from->failed = sp_unpack_number(from) != RECORD_FORMAT;
    record->kind = sp_unpack_number(from) == SP_KIND_POST ? SP_KIND_POST : SP_KIND_RESOURCE;
    record->url = sp_unpack_bytes(from);
    record->date = sp_unpack_bytes(from);
    record->lang = sp_unpack_bytes(from);
    record->path = sp_unpack_bytes(from);
    record->categories = get_list(from, arena, &record->category_count);
    record->tags = get_list(from, arena, &record->tag_count);
    record->title = get_range(from);
    record->description = get_range(from);
    record->quoted = sp_unpack_number(from) != 0;
    get_sections(from, arena, record);
    get_lines(from, arena, record);
    get_mentions(from, arena, record);
    get_views(from, arena, record);
    record->text = sp_unpack_bytes(from);
    record->token_count = sp_unpack_number(from);
    record->hashes = sp_unpack_bytes(from);
    record->spans = sp_unpack_bytes(from);
    record->site_lang = sp_unpack_bytes(from);
    record->site_hashes = sp_unpack_bytes(from);
}

static bool
range_is_inside(sp_range range, sp_bytes text)
{
    return range.start <= range.end && range.end <= text.len;
}

static bool
spans_are_sound(const sp_record *record)
{
    sp_span_walk walk = {0};
    uint32_t count = 0;
    while (sp_span_next(record->spans, &walk)) {
        if (walk.start >= walk.end || walk.end > record->text.len)
            return false;
        count++;
    }
    return count == record->token_count && walk.at == record->spans.len;
}

static bool
views_are_sound(const sp_record *record)
{
    for (uint32_t i = 0; i < record->view_count; i++) {
        const sp_record_view *view = &record->views[i];
        if (!range_is_inside(view->title, record->text) ||
            !range_is_inside(view->description, record->text) ||
            view->first >= record->section_count ||
            (i > 0 && view->first <= record->views[i - 1].first))
            return false;
    }
    return true;
}

/* Checks ranges and counts once, so that users of the record need not. */
static bool
record_is_sound(const sp_record *record)
{
    if (!range_is_inside(record->title, record->text) ||
        !range_is_inside(record->description, record->text) ||
        record->hashes.len != (size_t)record->token_count * 3 ||
        (record->site_hashes.len > 0 && record->site_hashes.len != record->hashes.len))
        return false;
    for (uint32_t i = 0; i < record->section_count; i++) {
        const sp_record_section *section = &record->sections[i];
        if (!range_is_inside(section->heading, record->text) ||
            !range_is_inside(section->body, record->text) ||
            (section->parent != SP_NO_SECTION && section->parent >= i))
            return false;
    }
    for (uint32_t i = 0; i < record->mention_count; i++) {
        if (record->mentions[i].section >= record->section_count)
            return false;
    }
    return views_are_sound(record) && spans_are_sound(record);
}

enum sp_status
sp_unpacker_new(sp_unpacker **out, sp_error *err)
{
    sp_unpacker *unpacker = calloc(1, sizeof *unpacker);
    if (unpacker)
        unpacker->zstd = ZSTD_createDCtx();
    if (!unpacker || !unpacker->zstd) {
        sp_unpacker_free(unpacker);
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    }
    *out = unpacker;
    return SP_OK;
}

void
sp_unpacker_free(sp_unpacker *unpacker)
{
    if (!unpacker)
        return;
    ZSTD_freeDCtx(unpacker->zstd);
    sp_arena_done(&unpacker->scratch);
    free(unpacker);
}

/* Decompresses the first frame and removes it from *frames. */
static enum sp_status
decompress(sp_unpacker *unpacker, sp_bytes *frames, sp_bytes *out, sp_error *err)
{
    unsigned long long size = ZSTD_getFrameContentSize(frames->data, frames->len);
    size_t len = ZSTD_findFrameCompressedSize(frames->data, frames->len);
    if (size > SP_RECORD_MAX || ZSTD_isError(len))
        return sp_fail(err, SP_DAMAGED, "damaged record in the index: unknown size");
    char *plain = sp_arena_alloc(&unpacker->scratch, (size_t)size);
    if (!plain)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    size_t got = ZSTD_decompressDCtx(unpacker->zstd, plain, (size_t)size, frames->data, len);
    if (ZSTD_isError(got))
        return fail_zstd(err, SP_DAMAGED, "damaged record in the index", got);
    *out = (sp_bytes){plain, got};
    *frames = sp_bytes_slice(*frames, len, frames->len);
    return SP_OK;
}

static enum sp_status
read_record(sp_bytes plain, sp_arena *arena, sp_record *out, sp_error *err)
{
    sp_cursor from = {.bytes = plain};
    get_record(&from, arena, out);
    if (arena->failed)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    if (from.failed || from.at != plain.len)
        return sp_fail(err, SP_DAMAGED, "damaged record in the index: not in format %u",
                       RECORD_FORMAT);
    return SP_OK;
}

/* Reads the record twice: first into the scratch arena, then into memory of exactly the size that
   it needs, because readers keep many records. */
static enum sp_status
unpack_into(sp_unpacker *unpacker, sp_bytes packed, struct unpacked *out, sp_error *err)
{
    sp_bytes plain;
    sp_arena_clear(&unpacker->scratch);
    enum sp_status status = decompress(unpacker, &packed, &plain, err);
    if (status == SP_OK)
        status = read_record(plain, &unpacker->scratch, &out->record, err);
    if (status != SP_OK)
        return status;
    if (!record_is_sound(&out->record))
        return sp_fail(err, SP_DAMAGED, "damaged record in the index: not in format %u",
                       RECORD_FORMAT);
    size_t used = sp_arena_used(&unpacker->scratch);
    out->record = (sp_record){0};
    out->size = sizeof *out + used;
    sp_arena_reserve(&out->arena, used);
    char *kept = sp_arena_alloc(&out->arena, plain.len);
    if (!kept)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    memcpy(kept, plain.data, plain.len);
    return read_record((sp_bytes){kept, plain.len}, &out->arena, &out->record, err);
}

enum sp_status
sp_record_unpack(sp_unpacker *unpacker, sp_bytes packed, sp_record **out, sp_error *err)
{
    struct unpacked *unpacked = calloc(1, sizeof *unpacked);
    if (!unpacked)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    enum sp_status status = unpack_into(unpacker, packed, unpacked, err);
    if (status != SP_OK) {
        sp_record_free(&unpacked->record);
        return status;
    }
    *out = &unpacked->record;
    return SP_OK;
}

enum sp_status
sp_record_mentions(sp_unpacker *unpacker, sp_bytes packed, sp_str *out, sp_error *err)
{
    sp_bytes plain;
    sp_str_restart(out);
    sp_arena_clear(&unpacker->scratch);
    enum sp_status status = decompress(unpacker, &packed, &plain, err);
    if (status != SP_OK || packed.len == 0)
        return status;
    status = decompress(unpacker, &packed, &plain, err);
    if (status == SP_OK)
        sp_str_append(out, plain);
    return status == SP_OK ? sp_str_check(out, err) : status;
}

void
sp_record_free(sp_record *record)
{
    struct unpacked *unpacked = (struct unpacked *)record;
    if (!unpacked)
        return;
    sp_arena_done(&unpacked->arena);
    free(unpacked);
}

size_t
sp_record_size(const sp_record *record)
{
    return ((const struct unpacked *)record)->size;
}
