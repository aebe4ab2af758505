// SPDX-License-Identifier: GPL-2.0-or-later
#include "find_by_url.h"

#include "engine/index/xapian.h"

#include <xapian-c-remote.h>

#include <signpost/url.h>

#define BATCH 4096

struct find_state {
    sp_reader *reader;
    sp_arena *arena;
    sp_url_match *out;
    sp_error *err;
};

double
sp_likeness(sp_bytes a, sp_bytes b)
{
    size_t shorter = a.len < b.len ? a.len : b.len, longer = a.len < b.len ? b.len : a.len;
    size_t front = 0, back = 0;
    while (front < shorter && a.data[front] == b.data[front])
        front++;
    while (back < shorter - front && a.data[a.len - 1 - back] == b.data[b.len - 1 - back])
        back++;
    return longer > 0 ? (double)(front + back) / (double)longer : 0;
}

sp_bytes
sp_unique_term(const xc_record *document, sp_arena *arena)
{
    for (size_t i = 0; i < document->term_count; i++) {
        sp_bytes term = from_xc(document->terms[i].term);
        if (sp_bytes_starts_with(term, SP_LITERAL(SP_PREFIX_POST)) ||
            sp_bytes_starts_with(term, SP_LITERAL(SP_PREFIX_RESOURCE)))
            return sp_arena_copy(arena, term);
    }
    return (sp_bytes){0};
}

enum sp_status
sp_first_documents(sp_reader *reader, sp_bytes term, uint32_t most, uint32_t *docids, size_t *count,
                   sp_error *err)
{
    xc_error cause;
    xc_page *page;
    xc_query *query = xc_query_term(to_xc(term), 0);
    const xc_request request = {.query = query,
                                .limit = most,
                                .weighting = XC_WEIGHT_BOOLEAN,
                                .sort = XC_SORT_VALUE,
                                .sort_slot = SP_SLOT_ORDER,
                                .sort_ascending = true};
    xc_status searched = xc_search(reader->xapian, &request, &page, &cause);
    xc_query_free(query);
    if (searched != XC_OK)
        return sp_fail_xapian(err, searched, &cause, NULL);
    for (*count = 0; *count < page->hit_count; (*count)++)
        docids[*count] = page->hits[*count].docid;
    xc_page_free(page);
    return SP_OK;
}

/* The URL's path if it is on the site with the address `base`; else data is NULL. */
static sp_bytes
path_on(sp_bytes base, sp_bytes url)
{
    sp_bytes address = sp_url_without_www(sp_url_without_scheme(url));
    base = sp_target_of(base);
    if (base.len == 0 || url.len == 0 || url.data[0] == '/' || !sp_bytes_starts_with(address, base))
        return (sp_bytes){0};
    address = sp_bytes_slice(address, base.len, address.len);
    if (address.len == 0)
        return SP_LITERAL("/");
    return address.data[0] == '/' ? address : (sp_bytes){0};
}

static enum sp_status
take_document(struct find_state *state, uint32_t docid)
{
    xc_error cause;
    xc_record *document;
    xc_status got = xc_reader_get(state->reader->xapian, docid, XC_FETCH_TERMS, &document, &cause);
    if (got != XC_OK)
        return sp_fail_xapian(state->err, got, &cause, NULL);
    state->out->docid = docid;
    state->out->unique = sp_unique_term(document, state->arena);
    xc_record_free(document);
    return sp_arena_check(state->arena, state->err);
}

/* Finds the document whose target is `target` followed by `tail`. */
static enum sp_status
find_target(struct find_state *state, sp_bytes target, const char *tail)
{
    SP_AUTO(sp_str_done) sp_str term = {0};
    SP_AUTO(sp_str_done) sp_str url = {0};
    uint32_t docid;
    size_t count;
    sp_str_append(&url, target);
    sp_str_append_text(&url, tail);
    sp_term_make(&term, SP_PREFIX_URL, sp_str_bytes(&url));
    if (url.failed || term.failed)
        return sp_fail(state->err, SP_NO_MEMORY, "out of memory");
    if (url.len == 0 || term.len == 0)
        return SP_OK;
    enum sp_status status =
        sp_first_documents(state->reader, sp_str_bytes(&term), 1, &docid, &count, state->err);
    return status == SP_OK && count > 0 ? take_document(state, docid) : status;
}

/* Finds a page by its path: people write `/a`, `/a.html` and `/a/index.html` for `/a/`. */
static enum sp_status
find_page(struct find_state *state, sp_bytes path)
{
    static const char *const tails[] = {"", "/", ".html"};
    enum sp_status status = find_target(state, path, "");
    if (sp_bytes_ends_with(path, SP_LITERAL("/index.html")))
        path.len -= sizeof "index.html" - 1;
    // NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): path is not a literal
    while (path.len > 0 && path.data[path.len - 1] == '/')
        path.len--;
    if (sp_bytes_ends_with(path, SP_LITERAL(".html")))
        path.len -= sizeof ".html" - 1;
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        if (status == SP_OK && state->out->docid == 0)
            status = find_target(state, path, tails[i]);
    }
    return status;
}

/* The URL without a slash at its end, which is not significant but would make it less similar to
   others. */
static sp_bytes
without_slash(sp_bytes url)
{
    return sp_bytes_ends_with(url, SP_LITERAL("/")) ? sp_bytes_slice(url, 0, url.len - 1) : url;
}

/* Finds the most similar URL, unless a remote database would have to send all of its URLs. Terms
   that were shortened are skipped: they end in a hash, so they cannot be shown as URLs. */
static enum sp_status
find_nearest(struct find_state *state, sp_bytes url)
{
    SP_AUTO(sp_str_done) sp_str after = {0};
    SP_AUTO(sp_str_done) sp_str best = {0};
    double likeness = SP_LIKENESS_MIN;
    bool more = !xc_reader_is_remote(state->reader->xapian);
    for (size_t looked = 0; more && looked < SP_URLS_COMPARED_MAX; looked += BATCH) {
        xc_terms *terms;
        xc_error cause;
        xc_status listed = xc_reader_vocabulary(state->reader->xapian, XC_BYTES(SP_PREFIX_URL),
                                                str_to_xc(&after), BATCH, &terms, &cause);
        if (listed != XC_OK)
            return sp_fail_xapian(state->err, listed, &cause, NULL);
        for (size_t i = 0; i < terms->count; i++) {
            sp_bytes term = from_xc(terms->items[i].term);
            sp_bytes known = sp_bytes_slice(term, sizeof SP_PREFIX_URL - 1, term.len);
            double alike =
                term.len < SP_TERM_MAX ? sp_likeness(without_slash(url), without_slash(known)) : 0;
            if (alike <= likeness)
                continue;
            likeness = alike;
            sp_str_clear(&best);
            sp_str_append(&best, known);
        }
        more = terms->more && terms->count > 0;
        sp_str_clear(&after);
        if (more)
            sp_str_append(&after, from_xc(terms->items[terms->count - 1].term));
        xc_terms_free(terms);
    }
    state->out->nearest = sp_arena_copy_str(state->arena, &best);
    return sp_str_check(&after, state->err);
}

enum sp_status
sp_find_by_url(sp_reader *reader, sp_bytes url, sp_bytes base_url, sp_arena *arena,
               sp_url_match *out, sp_error *err)
{
    struct find_state state = {.reader = reader, .arena = arena, .out = out, .err = err};
    *out = (sp_url_match){.nearest = SP_LITERAL("")};
    size_t anchor = sp_bytes_find(url, SP_LITERAL("#"), 0);
    sp_bytes whole = url, path = path_on(sp_str_bytes(&reader->base_url), url);
    if (!path.data)
        path = path_on(base_url, url);
    if (!path.data)
        path = url;
    if (path.len > 0 && path.data[0] == '/') {
        for (size_t i = 0; i < path.len; i++) {
            if (path.data[i] == '#' || path.data[i] == '?')
                path.len = i;
        }
        whole = path;
    }
    enum sp_status status = url.len > 0 ? find_page(&state, path) : SP_OK;
    if (status == SP_OK && out->docid == 0)
        status = find_target(&state, sp_target_of(url), "");
    if (status == SP_OK && out->docid == 0 && anchor != SIZE_MAX)
        status = find_target(&state, sp_target_of(sp_bytes_slice(url, 0, anchor)), "");
    if (status == SP_OK && out->docid == 0)
        status = find_nearest(&state, sp_target_of(whole));
    return status == SP_OK ? sp_arena_check(arena, err) : status;
}
