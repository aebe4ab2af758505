// SPDX-License-Identifier: GPL-2.0-or-later
#define _GNU_SOURCE /* O_TMPFILE */
#include "spill.h"

#include "engine/base/bound.h"

#include <signpost/packing.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>
#include <xxhash.h>

/* The mentions of a batch that belong to one partition. */
struct segment {
    size_t batch, partition;
    uint64_t offset;
    size_t len;
    uint64_t hash; /* of its bytes */
};

struct sp_spill {
    int file;
    size_t partitions;
    pthread_mutex_t mutex; /* guards all below */
    uint64_t end;          /* length of the file */
    struct segment *segments;
    size_t count, capacity;
    bool sorted;
};

/* Not every file system supports O_TMPFILE. */
static int
open_nameless(const char *folder)
{
    SP_AUTO(sp_str_done) sp_str name = {0};
    int file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0)
        return file;
    sp_str_append_format(&name, "%s/mentions.XXXXXX", folder);
    file = name.failed ? -1 : mkostemp(name.data, O_CLOEXEC);
    if (file >= 0)
        unlink(name.data);
    return file;
}

enum sp_status
sp_spill_open(const char *folder, size_t partitions, sp_spill **out, sp_error *err)
{
    sp_spill *spill = calloc(1, sizeof *spill);
    if (!spill)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    spill->partitions = partitions;
    spill->file = open_nameless(folder);
    if (spill->file < 0) {
        free(spill);
        return sp_fail_errno(err, errno, folder, "cannot create a temporary file");
    }
    pthread_mutex_init(&spill->mutex, NULL);
    *out = spill;
    return SP_OK;
}

void
sp_spill_close(sp_spill *spill)
{
    if (!spill)
        return;
    close(spill->file);
    pthread_mutex_destroy(&spill->mutex);
    free(spill->segments);
    free(spill);
}

size_t
sp_spill_partitions(const sp_spill *spill)
{
    return spill->partitions;
}

/* Writing. A segment is a list of contexts and mentions: each context is followed by its
   mentions. */

enum { ITEM_CONTEXT = 1, ITEM_MENTION = 2, LISTED = 4, VAGUE = 8 };

static void
put_context(sp_str *out, const sp_context *context)
{
    sp_pack_number(out, ITEM_CONTEXT);
    sp_pack_bytes(out, context->title);
    sp_pack_bytes(out, context->tags);
    sp_pack_bytes(out, context->categories);
    sp_pack_bytes(out, context->link);
    sp_pack_bytes(out, context->date);
    sp_pack_bytes(out, context->lang);
    sp_pack_number(out, context->line);
    sp_pack_number(out, context->breadcrumb_count);
    for (uint32_t i = 0; i < context->breadcrumb_count; i++)
        sp_pack_bytes(out, context->breadcrumb[i]);
}

static void
put_mention(sp_str *out, const sp_batch_mention *from)
{
    const sp_resource_mention *mention = &from->mention;
    unsigned flags = ITEM_MENTION;
    flags |= mention->form == SP_MENTION_LISTED ? LISTED : 0u;
    flags |= mention->vague ? VAGUE : 0u;
    sp_pack_number(out, flags);
    sp_pack_bytes(out, from->canonical);
    sp_pack_bytes(out, from->url);
    sp_pack_bytes(out, mention->name);
    sp_pack_bytes(out, mention->description);
    sp_pack_number(out, mention->line);
    sp_pack_bytes(out, mention->prose);
    sp_pack_number(out, mention->line_count);
    uint32_t offset = 0;
    for (uint32_t i = 0; i < mention->line_count; i++) {
        sp_pack_number(out, mention->lines[i].offset - offset);
        sp_pack_number(out, mention->lines[i].line);
        offset = mention->lines[i].offset;
    }
}

static size_t
partition_of(const sp_spill *spill, sp_bytes canonical)
{
    return (size_t)(XXH64(canonical.data, canonical.len, 0) % spill->partitions);
}

static void
put_segment(const sp_spill *spill, const sp_batch *batch, size_t partition, sp_str *out)
{
    const sp_context *last = NULL;
    for (size_t i = 0; i < batch->count; i++) {
        const sp_batch_mention *mention = &batch->mentions[i];
        const sp_context *context = mention->mention.context;
        if (partition_of(spill, mention->canonical) != partition)
            continue;
        if (context != last)
            put_context(out, context);
        last = context;
        put_mention(out, mention);
    }
}

static bool
write_at(int file, sp_bytes bytes, uint64_t offset)
{
    while (bytes.len > 0) {
        ssize_t put = pwrite(file, bytes.data, bytes.len, (off_t)offset);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        offset += (uint64_t)put;
        bytes = sp_bytes_slice(bytes, (size_t)put, bytes.len);
    }
    return true;
}

/* Reserves room for a batch in the file and in the list of segments. *offset: where to write the
   batch. */
static enum sp_status
reserve(sp_spill *spill, const struct segment *segments, size_t count, size_t len, uint64_t *offset,
        sp_error *err)
{
    enum sp_status status = SP_OK;
    pthread_mutex_lock(&spill->mutex);
    if (spill->count + count > spill->capacity) {
        size_t capacity = spill->capacity * 2 + count + 64;
        struct segment *grown = realloc(spill->segments, capacity * sizeof *grown);
        if (grown) {
            spill->segments = grown;
            spill->capacity = capacity;
        } else {
            status = sp_fail(err, SP_NO_MEMORY, "out of memory");
        }
    }
    *offset = spill->end;
    for (size_t i = 0; status == SP_OK && i < count; i++) {
        spill->segments[spill->count] = segments[i];
        spill->segments[spill->count++].offset += spill->end;
    }
    spill->end += len;
    pthread_mutex_unlock(&spill->mutex);
    return status;
}

enum sp_status
sp_spill_add(sp_spill *spill, size_t number, const sp_batch *batch, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str text = {0};
    struct segment *segments = calloc(spill->partitions, sizeof *segments);
    size_t count = 0;
    uint64_t offset = 0;
    if (!segments)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    for (size_t i = 0; i < spill->partitions; i++) {
        size_t start = text.len;
        put_segment(spill, batch, i, &text);
        size_t len = text.len - start;
        if (len > 0)
            segments[count++] =
                (struct segment){number, i, start, len, XXH64(text.data + start, len, 0)};
    }
    enum sp_status status = sp_str_check(&text, err);
    if (status == SP_OK)
        status = reserve(spill, segments, count, text.len, &offset, err);
    if (status == SP_OK && !write_at(spill->file, sp_str_bytes(&text), offset))
        status = sp_fail_errno(err, errno, NULL, "cannot write to a temporary file");
    free(segments);
    return status;
}

/* Reading */

static sp_context *
get_context(sp_cursor *from, sp_arena *arena)
{
    sp_context *context = sp_arena_alloc(arena, sizeof *context);
    if (!context)
        return NULL;
    *context = (sp_context){.title = sp_unpack_bytes(from)};
    context->tags = sp_unpack_bytes(from);
    context->categories = sp_unpack_bytes(from);
    context->link = sp_unpack_bytes(from);
    context->date = sp_unpack_bytes(from);
    context->lang = sp_unpack_bytes(from);
    context->line = sp_unpack_number(from);
    context->breadcrumb_count = sp_unpack_count(from, 1);
    context->breadcrumb =
        sp_arena_array(arena, context->breadcrumb_count, sizeof *context->breadcrumb);
    for (uint32_t i = 0; context->breadcrumb && i < context->breadcrumb_count; i++)
        context->breadcrumb[i] = sp_unpack_bytes(from);
    return context;
}

static sp_batch_mention
get_mention(sp_cursor *from, unsigned flags, const sp_context *context, sp_arena *arena)
{
    sp_batch_mention mention = {.canonical = sp_unpack_bytes(from)};
    mention.url = sp_unpack_bytes(from);
    mention.mention.name = sp_unpack_bytes(from);
    mention.mention.description = sp_unpack_bytes(from);
    mention.mention.line = sp_unpack_number(from);
    mention.mention.form = flags & LISTED ? SP_MENTION_LISTED : SP_MENTION_INLINE;
    mention.mention.vague = (flags & VAGUE) != 0;
    mention.mention.context = context;
    mention.mention.prose = sp_unpack_bytes(from);
    mention.mention.line_count = sp_unpack_count(from, 2);
    sp_line *lines = sp_arena_array(arena, mention.mention.line_count, sizeof *lines);
    mention.mention.lines = lines;
    uint32_t offset = 0;
    for (uint32_t i = 0; lines && i < mention.mention.line_count; i++) {
        offset += sp_unpack_number(from);
        lines[i] = (sp_line){offset, sp_unpack_number(from)};
    }
    return mention;
}

static enum sp_status
fail_changed(sp_error *err)
{
    return sp_fail(err, SP_IO, "a temporary file does not hold what was written to it");
}

static enum sp_status
get_segment(sp_cursor from, sp_batch *out, sp_error *err)
{
    const sp_context *context = NULL;
    while (from.at < from.bytes.len && !from.failed && !out->arena.failed) {
        unsigned flags = sp_unpack_number(&from);
        if (flags & ITEM_CONTEXT) {
            context = get_context(&from, &out->arena);
        } else {
            out->mentions = sp_arena_grow(&out->arena, out->mentions, &out->capacity,
                                          out->count + 1, sizeof *out->mentions);
            if (out->mentions)
                out->mentions[out->count++] = get_mention(&from, flags, context, &out->arena);
        }
    }
    return from.failed ? fail_changed(err) : sp_arena_check(&out->arena, err);
}

static int
compare_segments(const void *left, const void *right)
{
    const struct segment *a = left, *b = right;
    if (a->partition != b->partition)
        return a->partition < b->partition ? -1 : 1;
    return (a->batch > b->batch) - (a->batch < b->batch);
}

static bool
read_at(int file, char *to, size_t len, uint64_t offset)
{
    while (len > 0) {
        ssize_t got = pread(file, to, len, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            errno = got == 0 ? EIO : errno;
            return false;
        }
        to += got;
        len -= (size_t)got;
        offset += (uint64_t)got;
    }
    return true;
}

static bool
is_partition_before(const void *items, size_t index, const void *key)
{
    return ((const struct segment *)items)[index].partition < *(const size_t *)key;
}

/* The number of segments of a partition; *first: the index of the first one. */
static size_t
segments_of(sp_spill *spill, size_t partition, size_t *first)
{
    size_t count = 0;
    pthread_mutex_lock(&spill->mutex);
    if (!spill->sorted && spill->count > 0)
        qsort(spill->segments, spill->count, sizeof *spill->segments, compare_segments);
    spill->sorted = true;
    *first = sp_lower_bound(spill->segments, spill->count, is_partition_before, &partition);
    while (*first + count < spill->count && spill->segments[*first + count].partition == partition)
        count++;
    pthread_mutex_unlock(&spill->mutex);
    return count;
}

enum sp_status
sp_spill_read(sp_spill *spill, size_t partition, sp_batch *out, sp_error *err)
{
    size_t first, count = segments_of(spill, partition, &first);
    enum sp_status status = SP_OK;
    for (size_t i = first; status == SP_OK && i < first + count; i++) {
        const struct segment *segment = &spill->segments[i];
        char *bytes = sp_arena_alloc(&out->arena, segment->len);
        if (!bytes)
            return sp_fail(err, SP_NO_MEMORY, "out of memory");
        if (!read_at(spill->file, bytes, segment->len, segment->offset))
            return sp_fail_errno(err, errno, NULL, "cannot read a temporary file");
        if (XXH64(bytes, segment->len, 0) != segment->hash)
            return fail_changed(err);
        status = get_segment((sp_cursor){.bytes = {bytes, segment->len}}, out, err);
    }
    return status;
}
