// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The record: what is stored with each document of the index, made to be answered from.
 *
 * A record holds the document's words once (`text`, in the form that post.h describes) and a token
 * table: for each word the 24-bit hash of its stem and where it stands. A passage then needs no
 * scan, no stemming and no look-up in the index. Packed, a record is a zstd frame, so that
 * Xapian's Glass finds nothing to deflate (and to inflate again on each hit); 4 bytes a word before
 * compression.
 *
 * A post's sections are the post's. A resource's first section holds its description, the others
 * the places where posts mention it. An unpacked record points into its own buffer and is
 * immutable.
 */
#ifndef SIGNPOST_RECORD_H
#define SIGNPOST_RECORD_H

#include <signpost/post.h>
#include <signpost/values.h>

typedef struct sp_record_section {
    sp_range heading;
    sp_range body;
    uint32_t parent; /* index of the section it stands under, or SP_NO_SECTION; always smaller */
    uint32_t line;   /* of the heading in the source */
    sp_bytes link;   /* post: anchor of the section, or ""; resource: URL of the page with anchor */
} sp_record_section;

typedef struct sp_record_mention {
    sp_bytes title; /* of the post */
    uint32_t section;
    uint32_t line;
} sp_record_mention;

typedef struct sp_record {
    enum sp_kind kind;
    sp_bytes url;  /* post: site-relative; resource: absolute */
    sp_bytes date; /* "YYYY-MM-DD" or ""; resource: of its newest mention */
    sp_bytes lang;
    sp_bytes path; /* post: source file, relative to the site; resource: "" */
    sp_bytes *categories, *tags;
    uint32_t category_count, tag_count;

    sp_bytes text;
    sp_range title;       /* post: its title; resource: its name */
    sp_range description; /* resource only */
    sp_record_section *sections;
    uint32_t section_count;
    sp_line *lines;
    uint32_t line_count;
    sp_record_mention *mentions;
    uint32_t mention_count;

    uint32_t token_count;
    sp_bytes hashes; /* 3 bytes a token, little endian, in the order of the tokens */
    sp_bytes spans;  /* where each token stands; read with engine/index/token_table.h */
} sp_record;

/* One packer or unpacker a thread: they hold zstd's working memory. */
typedef struct sp_packer sp_packer;
typedef struct sp_unpacker sp_unpacker;

enum sp_status sp_packer_new(sp_packer **out, sp_error *err) SP_MUST_CHECK;
void sp_packer_free(sp_packer *packer);

/* Replaces what out holds by the packed record. Behind it, in a frame of their own that readers
   leave alone, go the post's `mentions` (stored_post.h), or nothing when they are empty. */
enum sp_status sp_record_pack(sp_packer *packer, const sp_record *record, sp_bytes mentions,
                              sp_str *out, sp_error *err) SP_MUST_CHECK;

/* A hash of the last packed record and its mentions as they were before compression (XXH64),
   whatever zstd makes of them. */
uint64_t sp_packer_digest(const sp_packer *packer);

enum sp_status sp_unpacker_new(sp_unpacker **out, sp_error *err) SP_MUST_CHECK;
void sp_unpacker_free(sp_unpacker *unpacker);

/* Largest unpacked record; what claims to be larger is damaged. */
#define SP_RECORD_MAX ((size_t)64 * 1024 * 1024)

/* A record in memory of its own. SP_DAMAGED for bytes that are no record; every range of a record
   that unpacks lies inside its text. */
enum sp_status sp_record_unpack(sp_unpacker *unpacker, sp_bytes packed, sp_record **out,
                                sp_error *err) SP_MUST_CHECK;
void sp_record_free(sp_record *record);

/* Replaces what out holds by the mentions that were packed with a record. Inflates the record too:
   for the indexer. */
enum sp_status sp_record_mentions(sp_unpacker *unpacker, sp_bytes packed, sp_str *out,
                                  sp_error *err) SP_MUST_CHECK;

/* Bytes of memory that an unpacked record takes. */
size_t sp_record_size(const sp_record *record);

#endif
