// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Cost of records: bench_record INDEX [--texts] prints the sizes of all packed records of an
 * index, the time to fetch and to unpack a record, and their sizes and times with other zstd
 * levels and with a dictionary trained on the records.
 *
 * With --texts it writes the texts of the records instead, for bench/snippet.py: for each a line
 * with kind and length in bytes, the text, and a line feed.
 */
#include "engine/index/xapian.h"
#include "tests/support/cpu_time.h"

#include <signpost/record.h>
#include <signpost/schema.h>

#include <stdio.h>
#include <stdlib.h>
#include <zdict.h>
#include <zstd.h>

#define ROUNDS 5
#define DICTIONARY_MAX ((size_t)110 * 1024)

struct records {
    uint32_t *docids;
    size_t count;
    sp_str packed, plain; /* all records, concatenated */
    size_t *packed_sizes, *plain_sizes;
};

static void
fail(const char *what)
{
    fprintf(stderr, "bench_record: %s\n", what);
    exit(3);
}

static xc_record *
fetch(xc_reader *reader, uint32_t docid)
{
    xc_record *stored;
    if (xc_reader_get(reader, docid, XC_FETCH_VALUE(SP_SLOT_RECORD), &stored, NULL) != XC_OK)
        fail("cannot fetch a document");
    return stored;
}

static void
append_plain(xc_bytes packed, sp_str *plain)
{
    size_t size = (size_t)ZSTD_getFrameContentSize(packed.data, packed.len);
    char *room = size <= SP_RECORD_MAX ? malloc(size) : NULL;
    if (!room || ZSTD_isError(ZSTD_decompress(room, size, packed.data, packed.len)))
        fail("a record is not a zstd frame");
    sp_str_append(plain, (sp_bytes){room, size});
    free(room);
}

static void
load(xc_reader *reader, struct records *all)
{
    xc_info info;
    if (xc_reader_info(reader, &info, NULL) != XC_OK || info.doc_count == 0)
        fail("no documents");
    all->docids = calloc(info.doc_count, sizeof *all->docids);
    all->packed_sizes = calloc(info.doc_count, sizeof *all->packed_sizes);
    all->plain_sizes = calloc(info.doc_count, sizeof *all->plain_sizes);
    if (!all->docids || !all->packed_sizes || !all->plain_sizes ||
        xc_reader_postings(reader, (xc_bytes){0}, 0, info.doc_count, all->docids, &all->count,
                           NULL) != XC_OK)
        fail("cannot list the documents");
    for (size_t i = 0; i < all->count; i++) {
        xc_record *stored = fetch(reader, all->docids[i]);
        size_t before = all->plain.len;
        xc_bytes packed = xc_record_value(stored, SP_SLOT_RECORD);
        size_t record = ZSTD_findFrameCompressedSize(packed.data, packed.len);
        if (!ZSTD_isError(record)) /* the data for incremental runs after the record is cut off */
            packed.len = record;
        append_plain(packed, &all->plain);
        sp_str_append(&all->packed, from_xc(packed));
        all->packed_sizes[i] = packed.len;
        all->plain_sizes[i] = all->plain.len - before;
        xc_record_free(stored);
    }
}

static void
report_sizes(const struct records *all, sp_unpacker *unpacker)
{
    size_t text = 0, hashes = 0, spans = 0, words = 0, at = 0;
    for (size_t i = 0; i < all->count; i++) {
        sp_record *record;
        sp_error err;
        sp_bytes packed = {all->packed.data + at, all->packed_sizes[i]};
        if (sp_record_unpack(unpacker, packed, &record, &err) != SP_OK)
            fail(err.text);
        text += record->text.len;
        hashes += record->hashes.len;
        spans += record->spans.len;
        words += record->token_count;
        at += all->packed_sizes[i];
        sp_record_free(record);
    }
    double each = (double)words;
    printf("%zu records, %zu words, %zu bytes of text\n", all->count, words, text);
    printf("bytes a word: token table %.2f (hashes %.2f, spans %.2f), all except the text %.2f, "
           "text %.2f, packed %.2f\n",
           (double)(hashes + spans) / each, (double)hashes / each, (double)spans / each,
           (double)(all->plain.len - text) / each, (double)text / each,
           (double)all->packed.len / each);
}

static void
report_times(xc_reader *reader, const struct records *all, sp_unpacker *unpacker)
{
    double fetched = 1e12, unpacked = 1e12;
    for (int round = 0; round < ROUNDS; round++) {
        double began = cpu_now();
        for (size_t i = 0; i < all->count; i++)
            xc_record_free(fetch(reader, all->docids[i]));
        double middle = cpu_now();
        for (size_t i = 0, at = 0; i < all->count; at += all->packed_sizes[i++]) {
            sp_record *record;
            sp_bytes packed = {all->packed.data + at, all->packed_sizes[i]};
            if (sp_record_unpack(unpacker, packed, &record, NULL) == SP_OK)
                sp_record_free(record);
        }
        double ended = cpu_now();
        fetched = middle - began < fetched ? middle - began : fetched;
        unpacked = ended - middle < unpacked ? ended - middle : unpacked;
    }
    printf("a record: fetch %.1f us, unpack %.1f us\n", fetched / (double)all->count,
           unpacked / (double)all->count);
}

/* Packs and unpacks all records at one level, with or without a dictionary. */
static void
try_level(const struct records *all, int level, const char *dictionary, size_t dictionary_size)
{
    ZSTD_CCtx *packer = ZSTD_createCCtx();
    ZSTD_DCtx *unpacker = ZSTD_createDCtx();
    ZSTD_CDict *to = ZSTD_createCDict(dictionary, dictionary_size, level);
    ZSTD_DDict *from = ZSTD_createDDict(dictionary, dictionary_size);
    size_t bound = ZSTD_compressBound(SP_RECORD_MAX), size = 0;
    char *packed = malloc(bound), *plain = malloc(SP_RECORD_MAX);
    double packing = 0, unpacking = 0;
    if (!packer || !unpacker || !packed || !plain || !to || !from)
        fail("out of memory");
    for (size_t i = 0, at = 0; i < all->count; at += all->plain_sizes[i++]) {
        const char *record = all->plain.data + at;
        double began = cpu_now();
        size_t len =
            dictionary_size > 0
                ? ZSTD_compress_usingCDict(packer, packed, bound, record, all->plain_sizes[i], to)
                : ZSTD_compressCCtx(packer, packed, bound, record, all->plain_sizes[i], level);
        double middle = cpu_now();
        size_t got = ZSTD_decompress_usingDDict(unpacker, plain, SP_RECORD_MAX, packed, len, from);
        unpacking += cpu_now() - middle;
        packing += middle - began;
        size += len;
        if (got != all->plain_sizes[i])
            fail("a record did not come back");
    }
    printf("level %2d, %s dictionary: %9zu bytes, pack %6.1f us, inflate %5.1f us a record\n",
           level, dictionary_size > 0 ? "with" : "  no", size + dictionary_size,
           packing / (double)all->count, unpacking / (double)all->count);
    ZSTD_freeCDict(to);
    ZSTD_freeDDict(from);
    ZSTD_freeCCtx(packer);
    ZSTD_freeDCtx(unpacker);
    free(packed);
    free(plain);
}

static void
report_levels(const struct records *all)
{
    static const int levels[] = {1, 3, 6, 9, 19};
    char *dictionary = malloc(DICTIONARY_MAX);
    double began = cpu_now();
    size_t size = dictionary ? ZDICT_trainFromBuffer(dictionary, DICTIONARY_MAX, all->plain.data,
                                                     all->plain_sizes, (unsigned)all->count)
                             : 0;
    if (size == 0 || ZDICT_isError(size))
        fail("cannot train a dictionary");
    printf("dictionary: %zu bytes, trained in %.0f ms\n", size, (cpu_now() - began) / 1e3);
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        try_level(all, levels[i], dictionary, 0);
        try_level(all, levels[i], dictionary, size);
    }
    free(dictionary);
}

static void
write_texts(const struct records *all, sp_unpacker *unpacker)
{
    for (size_t i = 0, at = 0; i < all->count; at += all->packed_sizes[i++]) {
        sp_record *record;
        sp_bytes packed = {all->packed.data + at, all->packed_sizes[i]};
        if (sp_record_unpack(unpacker, packed, &record, NULL) != SP_OK)
            fail("a record is damaged");
        printf("%s %zu\n", record->kind == SP_KIND_POST ? "post" : "resource", record->text.len);
        fwrite(record->text.data, 1, record->text.len, stdout);
        putchar('\n');
        sp_record_free(record);
    }
}

int
main(int argc, char **argv)
{
    struct records all = {0};
    xc_reader *reader = NULL;
    sp_unpacker *unpacker = NULL;
    if (argc < 2)
        fail("usage: bench_record INDEX [--texts]");
    if (xc_reader_open(argv[1], &reader, NULL) != XC_OK ||
        sp_unpacker_new(&unpacker, NULL) != SP_OK)
        fail("cannot open the index");
    load(reader, &all);
    if (argc > 2 && strcmp(argv[2], "--texts") == 0) {
        write_texts(&all, unpacker);
    } else {
        report_sizes(&all, unpacker);
        report_times(reader, &all, unpacker);
        report_levels(&all);
    }
    free(all.docids);
    free(all.packed_sizes);
    free(all.plain_sizes);
    sp_str_done(&all.packed);
    sp_str_done(&all.plain);
    sp_unpacker_free(unpacker);
    xc_reader_close(reader);
    return 0;
}
