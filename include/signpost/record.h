// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The record: stored with each document of the index, so that search results need only the record.
 *
 * A record holds the document's words once (`text`, in the form that post.h describes) and a token
 * table with, for each token, the 24-bit hash of its stem and its byte range. Thus a passage is
 * made without analyzing the text again and without a look-up in the index. A record with text in
 * another language than the site's has the hashes of stems of both languages. A packed record is a
 * zstd frame, so that Glass, Xapian's storage, finds nothing to deflate and has nothing to inflate
 * for each hit. Before compression the token table takes 4 bytes per word.
 *
 * The sections of a post are those of the file. The first section of a resource holds its
 * description; the others are the places where posts mention it. An unpacked record points into its
 * own buffer and is immutable, so any number of threads may read it.
 */
#ifndef SIGNPOST_RECORD_H
#define SIGNPOST_RECORD_H

#include <signpost/post.h>
#include <signpost/values.h>

typedef struct sp_record_section {
    sp_range heading;
    sp_range body;
    uint32_t parent; /* index of the section that contains it, always smaller, or SP_NO_SECTION */
    uint32_t line;   /* of the heading in the source */
    sp_bytes link;   /* post: the section's anchor, or ""; resource: URL of the post with anchor */
} sp_record_section;

/* How a resource is shown to readers of another language than the record's: by the mentions in that
   language. */
typedef struct sp_record_view {
    sp_bytes lang;
    sp_range title, description; /* as those of the record */
    bool quoted;                 /* as that of the record */
    uint32_t first; /* the section that holds the description; sections up to that of the next view
                       are in this language */
} sp_record_view;

typedef struct sp_record_mention {
    sp_bytes title; /* of the post */
    uint32_t section;
    uint32_t line;
} sp_record_mention;

typedef struct sp_record {
    enum sp_kind kind;
    sp_bytes url;  /* post: site-relative; resource: absolute */
    sp_bytes date; /* "YYYY-MM-DD" or ""; resource: that of its newest mention */
    sp_bytes lang;
    sp_bytes path; /* post: source file, relative to the site; resource: "" */
    sp_bytes *categories, *tags;
    uint32_t category_count, tag_count;

    sp_bytes text;
    sp_range title;       /* post: its title; resource: its name, or a part of its description */
    sp_range description; /* resource only */
    bool quoted; /* the description is the sentence around a link: words of a page, not its own */
    sp_record_section *sections;
    uint32_t section_count;
    sp_line *lines;
    uint32_t line_count;
    sp_record_mention *mentions;
    uint32_t mention_count;
    sp_record_view *views; /* ascending by `first`; empty if all mentions are in one language */
    uint32_t view_count;

    uint32_t token_count;
    sp_bytes hashes; /* 3 bytes a token, little endian, in the order of the tokens: of the stem in
                        the record's language, or in that of the view that it is in */
    sp_bytes spans;  /* the byte range of each token (engine/index/token_table.h) */
    sp_bytes site_lang; /* the site's language, if the record or a view is in another; else empty */
    sp_bytes site_hashes; /* those of the same tokens' stems in the site's language; else empty */
} sp_record;

/* Whether no link text names the resource, so that a part of its description is shown as its name.
   Such a part does not count as a name in searches. */
static inline bool
sp_record_is_unnamed(const sp_record *record)
{
    return record->title.start < record->description.end &&
           record->title.end > record->description.start;
}

/* The title or name as searches see it; empty if the record has no name. */
static inline sp_range
sp_record_name(const sp_record *record)
{
    return sp_record_is_unnamed(record) ? (sp_range){0, 0} : record->title;
}

static inline sp_bytes
sp_record_name_text(const sp_record *record)
{
    sp_range name = sp_record_name(record);
    return sp_bytes_slice(record->text, name.start, name.end);
}

/* Packers and unpackers hold the working memory of zstd. Each belongs to one thread. */
typedef struct sp_packer sp_packer;
typedef struct sp_unpacker sp_unpacker;

enum sp_status sp_packer_new(sp_packer **out, sp_error *err) SP_MUST_CHECK;
void sp_packer_free(sp_packer *packer);

/* Sets out to the packed record, followed by the post's `mentions` (stored_mentions.h) unless they
   are empty. Mentions are a separate frame, which searching does not inflate. SP_BAD_INPUT for more
   than SP_RECORD_MAX bytes. */
enum sp_status sp_record_pack(sp_packer *packer, const sp_record *record, sp_bytes mentions,
                              sp_str *out, sp_error *err) SP_MUST_CHECK;

/* Returns the XXH64 hash of the last packed record and its mentions before compression, so that the
   digest does not depend on zstd's version. */
uint64_t sp_packer_digest(const sp_packer *packer);

enum sp_status sp_unpacker_new(sp_unpacker **out, sp_error *err) SP_MUST_CHECK;
void sp_unpacker_free(sp_unpacker *unpacker);

/* The largest unpacked record, in bytes. */
#define SP_RECORD_MAX ((size_t)64 * 1024 * 1024)

/* Unpacks a record into *out, which the caller owns. SP_DAMAGED if the bytes are not a valid
   record; all ranges of an unpacked record are inside its text. */
enum sp_status sp_record_unpack(sp_unpacker *unpacker, sp_bytes packed, sp_record **out,
                                sp_error *err) SP_MUST_CHECK;
void sp_record_free(sp_record *record);

/* Sets out to the mentions that were packed with a record. The function inflates the record too, so
   only the indexer uses it. */
enum sp_status sp_record_mentions(sp_unpacker *unpacker, sp_bytes packed, sp_str *out,
                                  sp_error *err) SP_MUST_CHECK;

/* The memory that an unpacked record takes, in bytes. */
size_t sp_record_size(const sp_record *record);

#endif
