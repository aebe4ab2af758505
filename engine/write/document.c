// SPDX-License-Identifier: GPL-2.0-or-later
#include "document.h"

#include "acronyms.h"
#include "engine/base/language.h"
#include "engine/index/completion.h"
#include "engine/index/facet_slot.h"
#include "engine/index/token_table.h"
#include "document_dates.h"
#include "document_post.h"
#include "document_resource.h"
#include "hosts.h"
#include "path_words.h"
#include "resource_name.h"
#include "postings.h"
#include "term_counts.h"
#include "title.h"

#include <signpost/ranking.h>
#include <signpost/schema.h>
#include <signpost/stored_mentions.h>
#include <signpost/url.h>

#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

/* The most analyzers that are kept; most sites have one language or a few. */
#define ANALYZERS_MAX 8
/* The most mentions that contribute the title and topics of their post. */
#define TITLES_MAX 50

struct sp_builder {
    sp_postings postings;
    sp_packer *packer;
    sp_weights weights;
    uint64_t extra_digest; /* of what the document has besides its record and field weights */
    sp_arena arena;
    sp_str packed, hashes, spans, site_hashes, mentions;
    sp_term_counts stems; /* of the current text */
    struct {
        sp_bytes lang; /* in `langs` */
        sp_analyzer *analyzer;
    } analyzers[ANALYZERS_MAX];
    size_t analyzer_count, evicted;
    sp_arena langs;
};

enum sp_status
sp_builder_new(sp_bytes language, sp_builder **out, sp_error *err)
{
    sp_builder *made = calloc(1, sizeof *made);
    if (!made)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    made->weights = SP_WEIGHTS_DEFAULT;
    enum sp_status status = sp_postings_init(&made->postings, err);
    if (status == SP_OK)
        status = sp_packer_new(&made->packer, err);
    if (status == SP_OK)
        status = sp_analyzer_new(language, &made->analyzers[0].analyzer, err);
    if (status != SP_OK) {
        sp_builder_free(made);
        return status;
    }
    made->analyzers[0].lang = sp_arena_copy(&made->langs, language);
    made->analyzer_count = 1;
    *out = made;
    return SP_OK;
}

void
sp_builder_free(sp_builder *builder)
{
    if (!builder)
        return;
    for (size_t i = 0; i < ANALYZERS_MAX; i++)
        sp_analyzer_free(builder->analyzers[i].analyzer);
    sp_postings_done(&builder->postings);
    sp_packer_free(builder->packer);
    sp_arena_done(&builder->arena);
    sp_arena_done(&builder->langs);
    sp_str_done(&builder->packed);
    sp_str_done(&builder->hashes);
    sp_str_done(&builder->spans);
    sp_str_done(&builder->site_hashes);
    sp_str_done(&builder->mentions);
    sp_term_counts_done(&builder->stems);
    free(builder);
}

void
sp_builder_set_weights(sp_builder *builder, const sp_weights *weights)
{
    builder->weights = *weights;
}

static uint32_t
wdf_of(const sp_builder *builder, enum sp_weight weight)
{
    return builder->weights.wdf[weight];
}

/* The first analyzer is that of the site's language and stays. When all places are taken, a new one
   replaces one of the others. */
static enum sp_status
analyzer_of(sp_builder *builder, sp_bytes lang, sp_analyzer **out, sp_error *err)
{
    *out = builder->analyzers[0].analyzer;
    for (size_t i = 0; i < builder->analyzer_count; i++) {
        if (lang.len == 0 || sp_language_equal(builder->analyzers[i].lang, lang)) {
            *out = builder->analyzers[i].analyzer;
            return SP_OK;
        }
    }
    bool full = builder->analyzer_count == ANALYZERS_MAX;
    size_t place = full ? 1 + builder->evicted++ % (ANALYZERS_MAX - 1) : builder->analyzer_count;
    enum sp_status status = sp_analyzer_new(lang, out, err);
    if (status != SP_OK)
        return status;
    sp_analyzer_free(builder->analyzers[place].analyzer);
    builder->analyzers[place].analyzer = *out;
    builder->analyzers[place].lang = sp_arena_copy(&builder->langs, lang);
    builder->analyzer_count += !full;
    return sp_arena_check(&builder->langs, err);
}

static void
add_title_token(sp_builder *builder, const sp_token *token)
{
    sp_postings_add_word(&builder->postings, SP_PREFIX_TITLE, token->word, token->position, 0);
    sp_postings_add_term(&builder->postings, SP_PREFIX_TITLE_STEM, token->stem, 0);
}

static void
add_heading_token(sp_builder *builder, const sp_token *token)
{
    sp_postings_add_word(&builder->postings, SP_PREFIX_UNDER, token->word, token->position, 0);
    sp_postings_add_term(&builder->postings, SP_PREFIX_UNDER_STEM, token->stem, 0);
}

/* Adds the words of headings as terms of their own, which `under:` in a query searches for. */
static void
add_headings(sp_builder *builder, const sp_record *record, const sp_tokens *tokens)
{
    size_t next = 0;
    for (uint32_t i = 0; i < record->section_count; i++) {
        sp_range heading = record->sections[i].heading;
        if (next > 0 && next <= tokens->count && tokens->items[next - 1].start > heading.start)
            next = 0;
        while (next < tokens->count && tokens->items[next].start < heading.start)
            next++;
        for (; next < tokens->count && tokens->items[next].start < heading.end; next++)
            add_heading_token(builder, &tokens->items[next]);
    }
}

static void
add_stem_terms(sp_builder *builder, const sp_term_counts *stems)
{
    for (size_t i = 0; i < stems->count; i++)
        sp_postings_add_term(&builder->postings, SP_PREFIX_STEM, stems->entries[i].text,
                             stems->entries[i].wdf);
}

/* The weight of the word at `start`. Callers must pass words in order: *field is the place where
   the last search ended. */
static uint32_t
weight_at(const sp_weighted_spans *fields, uint32_t start, size_t *field)
{
    while (*field + 1 < fields->count && fields->items[*field + 1].start <= start)
        ++*field;
    return fields->items[*field].wdf;
}

static enum sp_status
add_tokens(sp_builder *builder, const sp_tokens *tokens, const sp_weighted_spans *fields,
           sp_range title, sp_error *err)
{
    size_t field = 0;
    enum sp_status status = sp_term_counts_begin(&builder->stems, tokens->count, err);
    for (size_t i = 0; status == SP_OK && i < tokens->count; i++) {
        const sp_token *token = &tokens->items[i];
        uint32_t wdf = weight_at(fields, token->start, &field);
        if (fields->items[field].positions)
            sp_postings_add_word(&builder->postings, "", token->word, token->position, wdf);
        sp_term_counts_add(&builder->stems, token->stem, wdf);
        if (token->end <= title.end)
            add_title_token(builder, token);
    }
    add_stem_terms(builder, &builder->stems);
    return status;
}

static int
compare_hashes(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The sorted hashes of the stems of a document. */
static uint32_t *
sorted_hashes(sp_builder *builder, const sp_tokens *tokens)
{
    uint32_t *hashes = sp_arena_array(&builder->arena, tokens->count, sizeof *hashes);
    for (size_t i = 0; hashes && i < tokens->count; i++)
        hashes[i] = tokens->items[i].hash;
    if (hashes && tokens->count > 0)
        qsort(hashes, tokens->count, sizeof *hashes, compare_hashes);
    return hashes;
}

/* A filter by a longer tag is exact, and one by a primary tag takes every document of it. */
static void
add_language(sp_builder *builder, sp_bytes lang)
{
    SP_AUTO(sp_str_done) sp_str folded = {0};
    sp_language_append_folded(&folded, lang);
    sp_bytes whole = sp_str_bytes(&folded), primary = sp_language_primary(whole);
    sp_postings_add_boolean(&builder->postings, SP_PREFIX_LANG, whole);
    if (primary.len < whole.len)
        sp_postings_add_boolean(&builder->postings, SP_PREFIX_LANG, primary);
    builder->arena.failed |= folded.failed;
}

static bool
is_in_site_language(const sp_builder *builder, sp_bytes lang)
{
    return lang.len == 0 || sp_language_equal(lang, builder->analyzers[0].lang);
}

/* The stems that a document has, by the analyzer of its language, and the weights of its words. */
struct known_stems {
    const uint32_t *hashes; /* sorted */
    size_t count;
    const sp_weighted_spans *fields;
};

/* Adds the stems of a part of the text in another language than the record's, except those that the
   document already has. The tokens are relative to the part. */
static enum sp_status
add_stems(sp_builder *builder, sp_bytes lang, const sp_record *record, sp_range part,
          const struct known_stems *known, sp_tokens *tokens, sp_error *err)
{
    sp_analyzer *analyzer;
    size_t field = 0;
    sp_bytes text = sp_bytes_slice(record->text, part.start, part.end);
    enum sp_status status = analyzer_of(builder, lang, &analyzer, err);
    if (status == SP_OK)
        status = sp_analyze(analyzer, text, tokens, err);
    if (status == SP_OK)
        status = sp_term_counts_begin(&builder->stems, tokens->count, err);
    for (size_t i = 0; status == SP_OK && i < tokens->count; i++) {
        const sp_token *token = &tokens->items[i];
        uint32_t wdf = weight_at(known->fields, part.start + token->start, &field);
        if (!bsearch(&token->hash, known->hashes, known->count, sizeof *known->hashes,
                     compare_hashes))
            sp_term_counts_add(&builder->stems, token->stem, wdf);
        if (part.start + token->end <= sp_record_name(record).end)
            sp_postings_add_term(&builder->postings, SP_PREFIX_TITLE_STEM, token->stem, 0);
    }
    if (status == SP_OK)
        add_stem_terms(builder, &builder->stems);
    return status;
}

/* Adds stems in the site's language to a document of another language, because queries are stemmed
   in the site's language. The views of a document in the site's language replace its hashes. */
static enum sp_status
add_site_stems(sp_builder *builder, sp_record *record, const struct known_stems *known,
               sp_error *err)
{
    sp_tokens tokens;
    const sp_range whole = {0, (uint32_t)record->text.len};
    record->site_lang = builder->analyzers[0].lang;
    if (is_in_site_language(builder, record->lang)) {
        sp_str_append(&builder->site_hashes, record->hashes);
    } else {
        enum sp_status status =
            add_stems(builder, record->site_lang, record, whole, known, &tokens, err);
        if (status != SP_OK)
            return status;
        add_headings(builder, record, &tokens);
        sp_token_hashes_append(&builder->site_hashes, &tokens);
    }
    record->site_hashes = sp_str_bytes(&builder->site_hashes);
    return sp_str_check(&builder->site_hashes, err);
}

/* Adds the stems of the sections in other languages, because queries with a filter by language are
   stemmed in that language. */
static enum sp_status
add_view_stems(sp_builder *builder, const sp_record *record, const struct known_stems *known,
               sp_error *err)
{
    sp_tokens tokens;
    enum sp_status status = SP_OK;
    for (uint32_t i = 0; status == SP_OK && i < record->view_count; i++) {
        const sp_record_view *view = &record->views[i];
        uint32_t last = i + 1 < record->view_count ? view[1].first : record->section_count;
        const sp_record_section *first = &record->sections[view->first + 1];
        sp_range start = first->heading.end > 0 ? first->heading : first->body;
        sp_range part = {start.start, record->sections[last - 1].body.end};
        if (part.start < part.end)
            status = add_stems(builder, view->lang, record, part, known, &tokens, err);
        if (status == SP_OK && part.start < part.end)
            sp_token_hashes_replace(&builder->hashes, record->spans, part.start, &tokens);
    }
    return status;
}

static enum sp_status
add_other_stems(sp_builder *builder, sp_record *record, const sp_tokens *own,
                const sp_weighted_spans *fields, sp_error *err)
{
    if (is_in_site_language(builder, record->lang) && record->view_count == 0)
        return SP_OK;
    const struct known_stems known = {sorted_hashes(builder, own), own->count, fields};
    enum sp_status status = sp_arena_check(&builder->arena, err);
    if (status == SP_OK)
        status = add_site_stems(builder, record, &known, err);
    return status == SP_OK ? add_view_stems(builder, record, &known, err) : status;
}

/* Adds words that are not in the text: tags, categories, host, titles of posts. */
static enum sp_status
add_loose_words(sp_builder *builder, sp_analyzer *analyzer, sp_bytes text, uint32_t wdf,
                sp_error *err)
{
    sp_tokens tokens = {0};
    enum sp_status status = sp_analyze(analyzer, text, &tokens, err);
    for (size_t i = 0; status == SP_OK && i < tokens.count; i++) {
        sp_postings_add_term(&builder->postings, "", tokens.items[i].word, wdf);
        sp_postings_add_term(&builder->postings, SP_PREFIX_STEM, tokens.items[i].stem, wdf);
    }
    sp_tokens own = tokens; /* valid until its own analyzer is used again */
    sp_analyzer *site = builder->analyzers[0].analyzer;
    if (status == SP_OK && analyzer != site)
        status = sp_analyze(site, text, &tokens, err);
    for (size_t i = 0; analyzer != site && status == SP_OK && i < tokens.count; i++) {
        if (!sp_bytes_equal(tokens.items[i].stem, own.items[i].stem))
            sp_postings_add_term(&builder->postings, SP_PREFIX_STEM, tokens.items[i].stem, wdf);
    }
    return status;
}

static void
add_facets(sp_builder *builder, const sp_record *record)
{
    sp_facet_slot_append(record, &builder->packed);
    builder->postings.no_memory |= builder->packed.failed;
    sp_postings_set(&builder->postings, SP_SLOT_FACETS, sp_str_bytes(&builder->packed));
}

static void
add_completions(sp_builder *builder, const sp_analyzer *analyzer, const sp_record *record,
                const sp_tokens *tokens)
{
    sp_completions completions = {0};
    sp_completions_list(analyzer, record, tokens, &builder->arena, &completions);
    builder->postings.no_memory |= builder->arena.failed;
    for (size_t i = 0; completions.items && i < completions.count; i++)
        sp_postings_add_boolean(&builder->postings, SP_PREFIX_COMPLETION, completions.items[i]);
}

/* Builds what posts and resources have in common: token table, postings of the text, filters. */
static enum sp_status
build_shared_parts(sp_builder *builder, sp_record *record, const sp_weighted_spans *fields,
                   sp_bytes unique, sp_error *err)
{
    sp_analyzer *analyzer;
    sp_tokens tokens;
    enum sp_status status = analyzer_of(builder, record->lang, &analyzer, err);
    if (status == SP_OK)
        status = sp_analyze(analyzer, record->text, &tokens, err);
    if (status != SP_OK)
        return status;
    sp_token_table_append(&builder->hashes, &builder->spans, &tokens);
    if (builder->hashes.failed || builder->spans.failed)
        return sp_fail(err, SP_NO_MEMORY, "out of memory");
    record->token_count = (uint32_t)tokens.count;
    record->hashes = sp_str_bytes(&builder->hashes);
    record->spans = sp_str_bytes(&builder->spans);
    bool is_post = record->kind == SP_KIND_POST;
    status = add_tokens(builder, &tokens, fields, sp_record_name(record), err);
    sp_title_add_length(&builder->postings, analyzer, record, &tokens);
    add_headings(builder, record, &tokens);
    add_completions(builder, analyzer, record, &tokens);
    if (status == SP_OK)
        status = add_other_stems(builder, record, &tokens, fields, err);
    if (status != SP_OK)
        return status;
    sp_postings_add_boolean(&builder->postings, is_post ? SP_PREFIX_POST : SP_PREFIX_RESOURCE,
                            unique);
    sp_postings_add_boolean(&builder->postings, SP_PREFIX_URL, sp_target_of(record->url));
    sp_postings_add_folded(&builder->postings, SP_PREFIX_WHOLE_TITLE, sp_record_name_text(record));
    sp_postings_add_boolean(&builder->postings, SP_PREFIX_KIND,
                            sp_bytes_of(sp_kind_names[record->kind]));
    add_language(builder, record->lang);
    for (uint32_t i = 0; i < record->view_count; i++)
        add_language(builder, record->views[i].lang);
    for (uint32_t i = 0; i < record->tag_count; i++)
        sp_postings_add_folded(&builder->postings, SP_PREFIX_TAG, record->tags[i]);
    for (uint32_t i = 0; i < record->category_count; i++)
        sp_postings_add_folded(&builder->postings, SP_PREFIX_CATEGORY, record->categories[i]);
    sp_document_add_dates(&builder->postings, record, unique);
    add_facets(builder, record);
    return sp_record_pack(builder->packer, record, sp_str_bytes(&builder->mentions),
                          &builder->packed, err);
}

/* The digest also covers what is not in the record: the weights of the parts of the text and of
   words outside it, topics, and the data for bonuses (extra_digest). */
static uint64_t
digest_of(const sp_builder *builder, const sp_weighted_spans *fields, bool is_post)
{
    uint64_t digest = XXH64(&builder->extra_digest, sizeof builder->extra_digest,
                            sp_packer_digest(builder->packer));
    size_t first = is_post ? 0 : SP_WEIGHT_NAME, end = is_post ? SP_WEIGHT_NAME : SP_WEIGHT_COUNT;
    digest = XXH64(builder->weights.wdf + first, (end - first) * sizeof(uint32_t), digest);
    for (size_t i = 0; i < fields->count; i++) {
        const sp_weighted_span *field = &fields->items[i];
        const uint32_t numbers[] = {field->start, field->wdf, field->positions};
        digest = XXH64(numbers, sizeof numbers, digest);
    }
    return digest;
}

static enum sp_status
finish_document(sp_builder *builder, const sp_weighted_spans *fields, bool is_post,
                const xc_doc **doc, uint64_t *digest, sp_error *err)
{
    XXH64_canonical_t bytes;
    *digest = digest_of(builder, fields, is_post);
    XXH64_canonicalFromHash(&bytes, *digest);
    sp_postings_set(&builder->postings, SP_SLOT_DIGEST,
                    (sp_bytes){(const char *)bytes.digest, sizeof bytes.digest});
    sp_postings_set(&builder->postings, SP_SLOT_RECORD, sp_str_bytes(&builder->packed));
    *doc = builder->postings.doc;
    return sp_postings_check(&builder->postings, err);
}

static void
begin_document(sp_builder *builder)
{
    sp_postings_clear(&builder->postings);
    sp_arena_clear(&builder->arena);
    sp_str_restart(&builder->mentions);
    sp_str_restart(&builder->packed);
    sp_str_restart(&builder->hashes);
    sp_str_restart(&builder->spans);
    sp_str_restart(&builder->site_hashes);
    builder->extra_digest = 0;
}

enum sp_status
sp_builder_post(sp_builder *builder, const sp_post *post, const xc_doc **doc, uint64_t *digest,
                sp_error *err)
{
    sp_record record;
    sp_weighted_spans fields = {0};
    sp_analyzer *analyzer;
    begin_document(builder);
    sp_compose_post(post, &builder->weights, &builder->arena, &record, &fields);
    sp_mentions_pack(post, &builder->mentions);
    enum sp_status status = sp_arena_check(&builder->arena, err);
    if (status == SP_OK)
        status = sp_str_check(&builder->mentions, err);
    if (status == SP_OK)
        status = build_shared_parts(builder, &record, &fields, post->path, err);
    if (status == SP_OK)
        status = analyzer_of(builder, record.lang, &analyzer, err);
    if (status == SP_OK)
        status = sp_path_add_words(&builder->postings, analyzer, &record, err);
    for (size_t i = 0; status == SP_OK && i < post->tag_count; i++)
        status =
            add_loose_words(builder, analyzer, post->tags[i], wdf_of(builder, SP_WEIGHT_TAG), err);
    for (size_t i = 0; status == SP_OK && i < post->category_count; i++)
        status = add_loose_words(builder, analyzer, post->categories[i],
                                 wdf_of(builder, SP_WEIGHT_TAG), err);
    if (status == SP_OK)
        sp_acronyms_add(&builder->postings, analyzer, record.text);
    for (size_t i = 0; i < post->mention_count; i++)
        sp_postings_add_boolean(&builder->postings, SP_PREFIX_MENTION, post->mentions[i].canonical);
    return status == SP_OK ? finish_document(builder, &fields, true, doc, digest, err) : status;
}

/* Adds the host as it is in the canonical URL and, if IDNA encodes it, as people write it. */
static enum sp_status
add_host(sp_builder *builder, sp_analyzer *analyzer, sp_bytes host, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str readable = {0};
    sp_host_append_unicode(&readable, host);
    enum sp_status status = sp_str_check(&readable, err);
    if (status == SP_OK)
        status = add_loose_words(builder, analyzer, sp_host_without_top(sp_str_bytes(&readable)),
                                 wdf_of(builder, SP_WEIGHT_CONTEXT), err);
    sp_hosts_add(&builder->postings, host);
    if (!sp_bytes_equal(sp_str_bytes(&readable), host))
        sp_hosts_add(&builder->postings, sp_str_bytes(&readable));
    return status;
}

/* Adds the words of the titles of the posts that mention the resource, each title once. */
static enum sp_status
add_titles(sp_builder *builder, sp_analyzer *analyzer, const sp_resource *resource, sp_error *err)
{
    const sp_resource_mention *mentions = resource->mentions;
    uint32_t count = resource->mention_count < TITLES_MAX ? resource->mention_count : TITLES_MAX;
    enum sp_status status = SP_OK;
    for (uint32_t i = 0; status == SP_OK && i < count; i++) {
        uint32_t earlier = 0;
        while (!sp_bytes_equal(mentions[earlier].context->title, mentions[i].context->title))
            earlier++;
        if (earlier == i)
            status = add_loose_words(builder, analyzer, mentions[i].context->title,
                                     wdf_of(builder, SP_WEIGHT_CONTEXT), err);
    }
    return status;
}

/* Adds the words of the tags and categories of the posts that mention the resource, each word
   once. */
static enum sp_status
add_topics(sp_builder *builder, sp_analyzer *analyzer, const sp_resource *resource, sp_error *err)
{
    const sp_resource_mention *mentions = resource->mentions;
    uint32_t count = resource->mention_count < TITLES_MAX ? resource->mention_count : TITLES_MAX;
    SP_AUTO(sp_str_done) sp_str text = {0};
    sp_tokens tokens;
    for (uint32_t i = 0; i < count; i++) {
        const sp_context *here = mentions[i].context;
        const sp_context *last = mentions[i > 0 ? i - 1 : 0].context;
        if (i == 0 || !sp_bytes_equal(here->tags, last->tags))
            sp_str_append(&text, here->tags);
        if (i == 0 || !sp_bytes_equal(here->categories, last->categories))
            sp_str_append(&text, here->categories);
    }
    builder->extra_digest = XXH64(text.data, text.len, builder->extra_digest);
    enum sp_status status = sp_str_check(&text, err);
    if (status == SP_OK)
        status = sp_analyze(analyzer, sp_str_bytes(&text), &tokens, err);
    if (status == SP_OK)
        status = sp_term_counts_begin(&builder->stems, tokens.count, err);
    for (size_t i = 0; status == SP_OK && i < tokens.count; i++)
        sp_term_counts_add(&builder->stems, tokens.items[i].stem, 1);
    for (size_t i = 0; status == SP_OK && i < builder->stems.count; i++)
        sp_postings_add_term(&builder->postings, SP_PREFIX_STEM, builder->stems.entries[i].text,
                             wdf_of(builder, SP_WEIGHT_INHERITED));
    return status;
}

/* Adds the terms for the bonuses of resources: being in a list, and the number of posts that
   mention it. */
static void
add_priors(sp_builder *builder, const sp_resource *resource)
{
    bool listed = false;
    for (uint32_t i = 0; i < resource->mention_count && !listed; i++)
        listed = resource->mentions[i].form == SP_MENTION_LISTED;
    if (listed)
        sp_postings_add_boolean(&builder->postings, SP_PREFIX_PRIOR, SP_LITERAL("listed"));
    unsigned doublings = 0;
    uint32_t posts = sp_resource_posts(resource);
    while (doublings < SP_DOUBLINGS_MAX && posts >> (doublings + 1) > 0) {
        char text[8];
        int len = snprintf(text, sizeof text, "%u", 1U << ++doublings);
        sp_postings_add_boolean(&builder->postings, SP_PREFIX_PRIOR, (sp_bytes){text, (size_t)len});
    }
    uint64_t priors = 1 + listed + 2 * doublings;
    builder->extra_digest = XXH64(&priors, sizeof priors, builder->extra_digest);
}

enum sp_status
sp_builder_resource(sp_builder *builder, const sp_resource *resource, const xc_doc **doc,
                    uint64_t *digest, sp_error *err)
{
    sp_record record;
    sp_weighted_spans fields = {0};
    sp_analyzer *analyzer;
    begin_document(builder);
    enum sp_status status =
        sp_compose_resource(resource, builder->analyzers[0].lang, &builder->weights,
                            &builder->arena, &record, &fields, err);
    if (status == SP_OK)
        status = build_shared_parts(builder, &record, &fields, resource->canonical, err);
    if (status == SP_OK)
        status = analyzer_of(builder, record.lang, &analyzer, err);
    if (status == SP_OK)
        status = add_host(builder, analyzer, sp_url_host(resource->canonical), err);
    if (status == SP_OK && sp_record_is_unnamed(&record))
        status = sp_path_add_words(&builder->postings, analyzer, &record, err);
    if (status == SP_OK)
        status = add_titles(builder, analyzer, resource, err);
    if (status == SP_OK)
        status = add_topics(builder, analyzer, resource, err);
    add_priors(builder, resource);
    sp_postings_add_term(&builder->postings, SP_TERM_FILLER, (sp_bytes){0}, SP_LENGTH_RESOURCE);
    return status == SP_OK ? finish_document(builder, &fields, false, doc, digest, err) : status;
}
