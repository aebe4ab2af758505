// SPDX-License-Identifier: GPL-2.0-or-later
/* The links that filter, sort and page the hits. Each link leads to a variation of the current
   search. */

#include "results_page.h"

#include <signpost/analyzer.h>
#include <signpost/search.h>

/* Values of a facet that are always shown; the reader can unfold the others. */
#define FACET_SHOWN 8

#define PAGES_AROUND 2 /* page numbers before and after the current one */

static const char *const kind_keys[2] = {"guides", "resources"};

bool
sp_page_same_name(sp_bytes a, sp_bytes b)
{
    SP_AUTO(sp_str_done) sp_str left = {0};
    SP_AUTO(sp_str_done) sp_str right = {0};
    sp_fold_append(&left, a);
    sp_fold_append(&right, b);
    return sp_bytes_equal(sp_str_bytes(&left), sp_str_bytes(&right));
}

/* The first page of the search. */
static sp_request
first_page(const sp_request *asked)
{
    sp_request changed = *asked;
    changed.offset = 0;
    return changed;
}

static bool
is_filter(const sp_request_filter *filter, enum sp_field field, sp_bytes value)
{
    return filter->field == field && (value.len == 0 || sp_page_same_name(filter->value, value));
}

/* Whether the search has a filter by the field with this value or, if the value is empty, with any
   value. */
static bool
has_filter(const sp_request *asked, enum sp_field field, sp_bytes value)
{
    for (size_t i = 0; i < asked->filter_count; i++) {
        if (is_filter(&asked->filters[i], field, value))
            return true;
    }
    return false;
}

/* The search without the filter for the value `removed`, and with a filter for the value `added`.
   If `removed` is empty, all filters of the field are removed; if `added` is empty, none is
   added. */
static sp_request
with_filter(const sp_page *page, enum sp_field field, sp_bytes removed, sp_bytes added)
{
    sp_request changed = first_page(page->asked);
    sp_request_filter *filters =
        sp_arena_array(page->arena, page->asked->filter_count + 1, sizeof *filters);
    size_t count = 0;
    for (size_t i = 0; filters && i < page->asked->filter_count; i++) {
        if (!is_filter(&page->asked->filters[i], field, removed))
            filters[count++] = page->asked->filters[i];
    }
    if (filters && added.len > 0)
        filters[count++] = (sp_request_filter){field, added};
    changed.filters = filters;
    changed.filter_count = count;
    return changed;
}

sp_request
sp_page_unfiltered(const sp_request *asked)
{
    sp_request changed = first_page(asked);
    changed.filter_count = 0;
    changed.after = changed.before = (sp_bytes){0};
    return changed;
}

bool
sp_page_without_facet(const sp_page *page, enum sp_facet_kind kind, sp_request *out)
{
    static const enum sp_field fields[SP_FACET_COUNT] = {[SP_FACET_KIND] = SP_FIELD_KIND,
                                                         [SP_FACET_TAG] = SP_FIELD_TAG,
                                                         [SP_FACET_CATEGORY] = SP_FIELD_CATEGORY,
                                                         [SP_FACET_LANG] = SP_FIELD_LANG,
                                                         [SP_FACET_YEAR] = SP_FIELD_YEAR};
    const sp_request *asked = page->asked;
    bool dates = kind == SP_FACET_YEAR && (asked->after.len > 0 || asked->before.len > 0);
    if (!dates && !has_filter(asked, fields[kind], (sp_bytes){0}))
        return false;
    *out = with_filter(page, fields[kind], (sp_bytes){0}, (sp_bytes){0});
    if (dates)
        out->after = out->before = (sp_bytes){0};
    return true;
}

bool
sp_page_is_filtered(const sp_request *asked)
{
    return asked->filter_count > 0 || asked->after.len > 0 || asked->before.len > 0;
}

void
sp_page_open_link(const sp_page *page, const sp_request *to, const char *attributes)
{
    sp_str_append_text(page->out, "<a href=\"");
    sp_search_params_link(to, page->out);
    sp_str_append_format(page->out, "\"%s>", attributes);
}

void
sp_page_text_link(const sp_page *page, const sp_request *to, sp_bytes text)
{
    sp_page_open_link(page, to, "");
    SP_HTML(page->out, "{}</a>", text);
}

void
sp_page_filter_link(const sp_page *page, enum sp_field field, sp_bytes value)
{
    sp_request_filter filter = {field, value};
    sp_request to = {.filters = &filter, .filter_count = 1, .limit = SP_SEARCH_LIMIT};
    sp_page_open_link(page, &to, "");
    SP_HTML(page->out, "{}</a>", value);
}

/* The facet with all values that the reader can choose. */
static const sp_facet *
facet_of(const sp_page *page, enum sp_facet_kind kind)
{
    const sp_answer *answer = page->facet_answers[kind] ? page->facet_answers[kind] : page->answer;
    return &answer->facets[kind];
}

static uint32_t
count_of(const sp_facet *facet, const char *value)
{
    for (uint32_t i = 0; i < facet->value_count; i++) {
        if (sp_bytes_equal(facet->values[i].value, sp_bytes_of(value)))
            return facet->values[i].count;
    }
    return 0;
}

static void
put_kind(const sp_page *page, const sp_request *to, const char *key, uint32_t count, bool current)
{
    sp_page_open_link(page, to, current ? " aria-current=\"true\"" : "");
    sp_words_print(page->out, page->words, key);
    if (count > 0) /* 0 if no hit has all the words, because partial matches are not counted */
        SP_HTML(page->out, " <span class=\"count\">{}</span>",
                sp_html_number(page->arena, page->words, count));
    sp_str_append_text(page->out, "</a>\n");
}

void
sp_page_kinds(const sp_page *page)
{
    const sp_facet *facet = facet_of(page, SP_FACET_KIND);
    uint32_t counts[2] = {count_of(facet, sp_kind_names[SP_KIND_POST]),
                          count_of(facet, sp_kind_names[SP_KIND_RESOURCE])};
    const sp_request all = with_filter(page, SP_FIELD_KIND, (sp_bytes){0}, (sp_bytes){0});
    SP_HTML(page->out, "<nav class=\"kinds\" aria-label=\"{}\">\n",
            sp_words_text(page->words, "kind"));
    put_kind(page, &all, "kind-all", counts[0] + counts[1],
             !has_filter(page->asked, SP_FIELD_KIND, (sp_bytes){0}));
    for (int i = 0; i < 2; i++) {
        const sp_request to =
            with_filter(page, SP_FIELD_KIND, (sp_bytes){0}, sp_bytes_of(sp_kind_names[i]));
        put_kind(page, &to, kind_keys[i], counts[i],
                 has_filter(page->asked, SP_FIELD_KIND, sp_bytes_of(sp_kind_names[i])));
    }
    sp_str_append_text(page->out, "</nav>\n");
}

/* Appends a link that removes a filter. `key` is the text that names the filter. */
static void
put_removal(const sp_page *page, const sp_request *to, const char *key, sp_bytes value)
{
    SP_AUTO(sp_str_done) sp_str shown = {0};
    SP_HTML(&shown, "<bdi>{}</bdi>", value);
    sp_str_append_text(page->out, "<li>");
    sp_page_open_link(page, to, "");
    SP_HTML(page->out, "<span class=\"unseen\">{} </span>", sp_words_text(page->words, "remove"));
    SP_WORDS(page->out, page->words, key, SP_FILL_HTML("value", sp_str_bytes(&shown)));
    sp_str_append_text(page->out,
                       " <span class=\"remove\" aria-hidden=\"true\">×</span></a></li>\n");
}

static void
put_date_removals(const sp_page *page)
{
    const sp_request *asked = page->asked;
    sp_request to = first_page(asked);
    if (asked->after.len > 0 && sp_bytes_equal(asked->after, asked->before)) {
        to.after = to.before = (sp_bytes){0};
        put_removal(page, &to, "filter-in", asked->after);
        return;
    }
    to.after = (sp_bytes){0};
    if (asked->after.len > 0)
        put_removal(page, &to, "filter-from", asked->after);
    to = first_page(asked);
    to.before = (sp_bytes){0};
    if (asked->before.len > 0)
        put_removal(page, &to, "filter-until", asked->before);
}

/* The texts that name the filters of a search. */
static const char *const filter_keys[SP_FIELD_PARAMS] = {[SP_FIELD_KIND] = "filter-kind",
                                                         [SP_FIELD_TAG] = "filter-tag",
                                                         [SP_FIELD_CATEGORY] = "filter-category",
                                                         [SP_FIELD_LANG] = "filter-language",
                                                         [SP_FIELD_YEAR] = "filter-in"};

void
sp_page_active_filters(const sp_page *page)
{
    const sp_request *asked = page->asked;
    if (!sp_page_is_filtered(asked) && !asked->exact)
        return;
    SP_HTML(page->out, "<nav class=\"active\" aria-label=\"{}\">\n<ul>\n",
            sp_words_text(page->words, "filters"));
    for (size_t i = 0; i < asked->filter_count; i++) {
        const sp_request_filter *filter = &asked->filters[i];
        sp_bytes value = filter->value;
        const sp_request to = with_filter(page, filter->field, value, (sp_bytes){0});
        if (filter->field == SP_FIELD_KIND)
            value = sp_words_text(page->words, sp_bytes_equal(value, SP_LITERAL(SP_POST_NAME))
                                                   ? "filter-guides"
                                                   : "filter-resources");
        put_removal(page, &to, filter_keys[filter->field], value);
    }
    put_date_removals(page);
    sp_request to = first_page(asked);
    to.exact = false;
    if (asked->exact)
        put_removal(page, &to, "filter-exact", sp_words_text(page->words, "exactly"));
    sp_str_append_text(page->out, "</ul></nav>\n");
}

void
sp_page_sorts(const sp_page *page)
{
    static const char *const keys[] = {"order-relevance", "order-newest", "order-oldest"};
    sp_bytes order = sp_words_text(page->words, "order");
    SP_HTML(page->out, "<nav class=\"sorts\" aria-label=\"{}\"><span>{}:</span>\n", order, order);
    for (int sort = 0; sort < SP_SORT_COUNT; sort++) {
        sp_request to = first_page(page->asked);
        to.sort = (enum sp_sort)sort;
        sp_page_open_link(page, &to, to.sort == page->asked->sort ? " aria-current=\"true\"" : "");
        SP_HTML(page->out, "{}</a>\n", sp_words_text(page->words, keys[sort]));
    }
    SP_HTML(page->out, "<a class=\"to-filters\" href=\"#filters\">{}</a>\n</nav>\n",
            sp_words_text(page->words, "narrow"));
}

/* A facet in the margin of the page. */
struct choice {
    enum sp_facet_kind kind;
    enum sp_field field;
    const char *key; /* of its name */
};

static void
put_value(const sp_page *page, const struct choice *choice, const sp_facet_value *value)
{
    bool chosen = has_filter(page->asked, choice->field, value->value);
    sp_bytes wanted = value->value;
    if (chosen)
        wanted = (sp_bytes){0};
    const sp_request to = with_filter(page, choice->field, value->value, wanted);
    sp_str_append_text(page->out, "<li>");
    sp_page_open_link(page, &to, chosen ? " aria-current=\"true\"" : "");
    SP_HTML(page->out, "<bdi>{}</bdi> <span class=\"count\">{}</span></a></li>\n", value->value,
            sp_html_number(page->arena, page->words, value->count));
}

/* Whether a tag has the name of a category that the reader can choose as well. Most such names come
   from the same posts, and a name that is listed twice puzzles readers. A chosen tag is shown. */
static bool
is_repeated(const sp_page *page, const struct choice *choice, const sp_facet_value *value)
{
    const sp_facet *categories = facet_of(page, SP_FACET_CATEGORY);
    bool repeated = false;
    if (choice->kind != SP_FACET_TAG || has_filter(page->asked, choice->field, value->value))
        return false;
    for (uint32_t i = 0; i < categories->value_count && !repeated; i++)
        repeated = sp_page_same_name(categories->values[i].value, value->value);
    return repeated;
}

/* The values that are listed. */
static sp_facet
listed_values(const sp_page *page, const struct choice *choice)
{
    const sp_facet *facet = facet_of(page, choice->kind);
    sp_facet listed = {.values =
                           sp_arena_array(page->arena, facet->value_count, sizeof *listed.values)};
    for (uint32_t i = 0; listed.values && i < facet->value_count; i++) {
        if (!is_repeated(page, choice, &facet->values[i]))
            listed.values[listed.value_count++] = facet->values[i];
    }
    return listed;
}

/* Appends the values that are always shown: the chosen values, then the most frequent others, up to
   FACET_SHOWN in all. With `hidden`, appends the remaining values instead. Returns the number of
   remaining values. */
static uint32_t
put_values(const sp_page *page, const struct choice *choice, const sp_facet *facet, bool hidden)
{
    uint32_t shown = 0, left = 0;
    for (int chosen = 1; chosen >= 0; chosen--) {
        for (uint32_t i = 0; i < facet->value_count; i++) {
            const sp_facet_value *value = &facet->values[i];
            if (has_filter(page->asked, choice->field, value->value) != (chosen == 1))
                continue;
            bool fits = chosen == 1 || shown < FACET_SHOWN;
            if (fits != hidden)
                put_value(page, choice, value);
            shown += fits;
            left += !fits;
        }
    }
    return left;
}

static void
put_facet(const sp_page *page, const struct choice *choice)
{
    const sp_facet listed = listed_values(page, choice);
    if (listed.value_count == 0)
        return;
    SP_HTML(page->out, "<section class=\"facet\"><h3>{}</h3>\n<ul>\n",
            sp_words_text(page->words, choice->key));
    uint32_t left = put_values(page, choice, &listed, false);
    sp_str_append_text(page->out, "</ul>\n");
    if (left > 0) {
        SP_HTML(page->out, "<details><summary>{}</summary>\n<ul>\n",
                sp_html_count(page->arena, page->words, "more", left));
        put_values(page, choice, &listed, true);
        sp_str_append_text(page->out, "</ul></details>\n");
    }
    sp_str_append_text(page->out, "</section>\n");
}

void
sp_page_facets(const sp_page *page)
{
    static const struct choice choices[] = {{SP_FACET_CATEGORY, SP_FIELD_CATEGORY, "category"},
                                            {SP_FACET_TAG, SP_FIELD_TAG, "tag"},
                                            {SP_FACET_YEAR, SP_FIELD_YEAR, "year"},
                                            {SP_FACET_LANG, SP_FIELD_LANG, "language"}};
    SP_HTML(page->out,
            "<nav class=\"facets\" id=\"filters\" aria-labelledby=\"narrow\">\n"
            "<h2 id=\"narrow\">{}</h2>\n",
            sp_words_text(page->words, "narrow"));
    for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
        bool one_language =
            choices[i].kind == SP_FACET_LANG && facet_of(page, SP_FACET_LANG)->value_count < 2;
        if (!one_language)
            put_facet(page, &choices[i]);
    }
    sp_str_append_text(page->out, "</nav>\n");
}

static void
put_page_link(const sp_page *page, uint32_t number, const char *attributes, sp_bytes text)
{
    sp_request to = *page->asked;
    to.offset = (number - 1) * page->asked->limit;
    sp_page_open_link(page, &to, attributes);
    SP_HTML(page->out, "{}</a>\n", text);
}

/* Appends a link whose text is the number alone, for readers who see that it is in a row of page
   numbers; screen readers say more. */
static void
put_page_number(const sp_page *page, uint32_t number, const char *current)
{
    SP_AUTO(sp_str_done) sp_str attributes = {0};
    sp_bytes name = sp_html_count(page->arena, page->words, "page", number);
    SP_HTML(&attributes, " aria-label=\"{}\"", name);
    sp_str_append_text(&attributes, current);
    if (sp_str_check(&attributes, NULL) == SP_OK)
        put_page_link(page, number, attributes.data,
                      sp_html_number(page->arena, page->words, number));
}

static void
put_page_numbers(const sp_page *page, uint32_t current, uint32_t last)
{
    uint32_t from = current > PAGES_AROUND ? current - PAGES_AROUND : 1;
    for (uint32_t number = from; number <= last && number <= current + PAGES_AROUND; number++)
        put_page_number(page, number, number == current ? " aria-current=\"page\"" : "");
}

void
sp_page_pager(const sp_page *page)
{
    uint32_t limit = page->asked->limit;
    uint32_t current = page->asked->offset / limit + 1;
    const sp_answer *answer = page->answer;
    bool partial = answer->relaxed || answer->mixed || answer->total_partial_exact;
    uint32_t found = partial ? sp_answer_found(answer) : answer->total;
    uint32_t last = (found + limit - 1) / limit;
    uint32_t furthest = SP_SEARCH_OFFSET_MAX / limit + 1;
    if (last < current + page->more)
        last = current + page->more;
    if (last > furthest)
        last = furthest;
    if (last < 2)
        return;
    SP_HTML(page->out, "<nav class=\"pager\" aria-label=\"{}\">\n",
            sp_words_text(page->words, "pages"));
    if (current > 1)
        put_page_link(page, current - 1, " rel=\"prev\"", sp_words_text(page->words, "previous"));
    put_page_numbers(page, current, last);
    if (page->more && current < furthest)
        put_page_link(page, current + 1, " rel=\"next\"", sp_words_text(page->words, "next"));
    sp_str_append_text(page->out, "</nav>\n");
}
