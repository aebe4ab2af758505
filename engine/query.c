#include <signpost/query.h>

struct reading {
    sp_analyzer *analyzer;
    sp_arena *arena;
    sp_query *query;
    sp_bytes text;
    size_t at;
    size_t clause_capacity;
    size_t words;
    sp_error *err;
    enum sp_status status;
};

static const char *const field_names[SP_FIELD_COUNT] = {"tag", "category", "kind", "lang"};

const char *
sp_field_name(enum sp_field field)
{
    return field_names[field];
}

static bool
is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static size_t
word_end(const struct reading *from, size_t at)
{
    while (at < from->text.len && !is_blank(from->text.data[at]))
        at++;
    return at;
}

/* The text of a quotation that begins at from->at, which steps behind it; an open one runs to the
 * end. */
static sp_bytes
take_quotation(struct reading *from)
{
    size_t start = from->at + 1;
    size_t end = sp_bytes_find(from->text, SP_LITERAL("\""), start);
    from->at = end == SIZE_MAX ? from->text.len : end + 1;
    return sp_bytes_slice(from->text, start, end == SIZE_MAX ? from->text.len : end);
}

static sp_bytes
take_word(struct reading *from)
{
    size_t start = from->at;
    from->at = word_end(from, start);
    return sp_bytes_slice(from->text, start, from->at);
}

/* token: of text, which is a part of from->text. */
static sp_query_word
copy_word(struct reading *from, sp_bytes text, const sp_token *token)
{
    uint32_t offset = (uint32_t)(text.data - from->text.data);
    return (sp_query_word){.word = sp_arena_copy(from->arena, token->word),
                           .stem = sp_arena_copy(from->arena, token->stem),
                           .start = offset + token->start,
                           .end = offset + token->end};
}

/* The next clause to fill, or NULL when the query has all the words that are read. */
static sp_clause *
add_clause(struct reading *from)
{
    sp_query *query = from->query;
    if (from->words >= SP_QUERY_WORDS_MAX) {
        query->truncated = true;
        return NULL;
    }
    query->clauses = sp_arena_grow(from->arena, query->clauses, &from->clause_capacity,
                                   query->clause_count + 1, sizeof *query->clauses);
    return query->clauses ? &query->clauses[query->clause_count++] : NULL;
}

/* tokens[first, last) as one clause; NULL when there is no room for it. */
static sp_clause *
read_clause(struct reading *from, sp_bytes text, const sp_token *first, const sp_token *last,
            bool phrase, bool excluded)
{
    sp_clause *clause = add_clause(from);
    if (!clause)
        return NULL;
    uint32_t start = first->start, end = first->end, plain = 0;
    clause->words = sp_arena_array(from->arena, (size_t)(last - first), sizeof *clause->words);
    if (!clause->words)
        return NULL;
    for (const sp_token *token = first; token < last; token++) {
        if (token->end > end)
            end = token->end;
        if (!token->form && from->words < SP_QUERY_WORDS_MAX) {
            clause->words[clause->word_count++] = copy_word(from, text, token);
            from->words++;
        }
        plain += !token->form;
    }
    for (const sp_token *token = first; token < last; token++) {
        if (token->form && token->span == plain)
            clause->form = copy_word(from, text, token);
    }
    from->query->truncated |= clause->word_count < plain;
    clause->typed = sp_arena_copy(from->arena, sp_bytes_slice(text, start, end));
    clause->phrase = phrase;
    clause->excluded = excluded;
    clause->stop =
        plain == 1 && !phrase && sp_analyzer_is_stop_word(from->analyzer, clause->words[0].word);
    return clause;
}

/* Where the clause that begins at `first` ends: behind the last form that joins its words. */
static const sp_token *
clause_end(const sp_token *first, const sp_token *end)
{
    const sp_token *last = first + 1;
    for (const sp_token *token = last; token < end; token++) {
        if (token->form && token->position < last[-1].position + last[-1].span)
            last = token + 1;
        else if (!token->form && token->position > first->position + SP_QUERY_WORDS_MAX)
            break;
    }
    return last;
}

static void
read_text(struct reading *from, sp_bytes text, bool phrase, bool excluded)
{
    sp_tokens tokens;
    from->status = sp_analyze(from->analyzer, text, &tokens, from->err);
    if (from->status != SP_OK)
        return;
    const sp_token *at = tokens.items, *end = tokens.items + tokens.count;
    while (at < end) {
        const sp_token *last = phrase ? end : clause_end(at, end);
        read_clause(from, text, at, last, phrase, excluded);
        at = last;
    }
}

/* Whether the item is one word with an asterisk behind it, which then is read. */
static bool
read_prefix(struct reading *from, sp_bytes item, bool excluded)
{
    sp_tokens tokens;
    if (item.len < 2 || item.data[item.len - 1] != '*')
        return false;
    sp_bytes word = sp_bytes_slice(item, 0, item.len - 1);
    from->status = sp_analyze(from->analyzer, word, &tokens, from->err);
    if (from->status != SP_OK || tokens.count != 1 || tokens.items[0].start > 0 ||
        tokens.items[0].end < word.len)
        return false;
    sp_clause *clause = read_clause(from, word, tokens.items, tokens.items + 1, false, excluded);
    if (clause) {
        clause->typed = sp_arena_copy(from->arena, item);
        clause->prefix = true;
        clause->stop = false;
    }
    return true;
}

static void
read_words(struct reading *from, sp_bytes item, bool excluded)
{
    if (!read_prefix(from, item, excluded) && from->status == SP_OK)
        read_text(from, item, false, excluded);
}

/* Whether a field name and its colon stand at from->at, with a value behind them. */
static bool
take_field(struct reading *from, enum sp_field *field)
{
    for (int i = 0; i < SP_FIELD_COUNT; i++) {
        sp_bytes name = sp_bytes_of(field_names[i]);
        size_t value = from->at + name.len + 1;
        if (value >= from->text.len || is_blank(from->text.data[value]) ||
            from->text.data[value - 1] != ':' ||
            !sp_bytes_equal_ascii_case(sp_bytes_slice(from->text, from->at, value - 1), name))
            continue;
        *field = (enum sp_field)i;
        from->at = value;
        return true;
    }
    return false;
}

static void
read_field(struct reading *from, size_t start, enum sp_field field, bool excluded)
{
    bool quoted = from->text.data[from->at] == '"';
    sp_bytes value = quoted ? take_quotation(from) : take_word(from);
    enum sp_status status =
        sp_query_add_filter(from->query, from->arena, field, value, excluded, NULL);
    if (status == SP_BAD_ARGUMENT) /* `kind:x` for no kind, `tag:-` for no word: text */
        read_text(from, sp_bytes_slice(from->text, start, from->at), false, excluded);
    else if (status != SP_OK)
        from->status = sp_fail(from->err, status, "out of memory");
}

static void
read_item(struct reading *from)
{
    enum sp_field field;
    bool excluded = from->text.data[from->at] == '-' && from->at + 1 < from->text.len &&
                    !is_blank(from->text.data[from->at + 1]);
    if (excluded)
        from->at++;
    size_t start = from->at;
    if (from->text.data[from->at] == '"')
        read_text(from, take_quotation(from), true, excluded);
    else if (take_field(from, &field))
        read_field(from, start, field, excluded);
    else
        read_words(from, take_word(from), excluded);
}

static void
describe_clause(sp_str *out, const sp_clause *clause)
{
    if (clause->excluded)
        sp_str_append_char(out, '-');
    if (clause->phrase)
        sp_str_append_char(out, '"');
    for (uint32_t i = 0; i < clause->word_count; i++) {
        if (i > 0)
            sp_str_append_char(out, clause->phrase ? ' ' : '-');
        sp_str_append(out, clause->words[i].word);
    }
    if (clause->phrase)
        sp_str_append_char(out, '"');
    if (clause->prefix)
        sp_str_append_char(out, '*');
}

/* The query in its own language, written the plainest way: reading it again gives the same. */
static void
describe(const sp_query *query, sp_str *out)
{
    for (size_t i = 0; i < query->clause_count; i++) {
        sp_str_append_text(out, out->len > 0 ? " " : "");
        describe_clause(out, &query->clauses[i]);
    }
    for (size_t i = 0; i < query->filter_count; i++) {
        const sp_filter *filter = &query->filters[i];
        bool quote = sp_bytes_find(filter->value, SP_LITERAL(" "), 0) != SIZE_MAX;
        sp_str_append_text(out, out->len > 0 ? " " : "");
        sp_str_append_format(out, "%s%s:%s", filter->excluded ? "-" : "",
                             field_names[filter->field], quote ? "\"" : "");
        sp_str_append(out, filter->value);
        sp_str_append_text(out, quote ? "\"" : "");
    }
}

/* What is read of the text: valid UTF-8, at most SP_QUERY_BYTES_MAX bytes, whole characters. */
static sp_bytes
readable(sp_bytes text, sp_arena *arena, bool *truncated)
{
    SP_AUTO(sp_str_done) sp_str repaired = {0};
    *truncated = text.len > SP_QUERY_BYTES_MAX;
    if (*truncated) {
        text.len = SP_QUERY_BYTES_MAX;
        while (text.len > 0 && ((unsigned char)text.data[text.len] & 0xC0) == 0x80)
            text.len--;
    }
    sp_utf8_append_repaired(&repaired, text);
    return sp_arena_copy_str(arena, &repaired);
}

enum sp_status
sp_query_read(sp_analyzer *analyzer, sp_bytes text, sp_arena *arena, sp_query *out, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str parsed = {0};
    struct reading from = {.analyzer = analyzer, .arena = arena, .query = out, .err = err};
    *out = (sp_query){0};
    from.text = out->text = readable(text, arena, &out->truncated);
    while (from.status == SP_OK && from.at < from.text.len) {
        if (is_blank(from.text.data[from.at]))
            from.at++;
        else
            read_item(&from);
    }
    if (from.status == SP_OK)
        from.status = sp_arena_check(arena, err);
    if (from.status != SP_OK)
        return from.status;
    describe(out, &parsed);
    out->parsed = sp_arena_copy_str(arena, &parsed);
    return sp_arena_check(arena, err);
}

static bool
is_kind(sp_bytes value)
{
    return sp_bytes_equal(value, SP_LITERAL("post")) ||
           sp_bytes_equal(value, SP_LITERAL("resource"));
}

/* "en" of "en-US": what the index holds. */
static sp_bytes
primary_tag(sp_bytes lang)
{
    size_t end = 0;
    while (end < lang.len && lang.data[end] != '-' && lang.data[end] != '_')
        end++;
    return sp_bytes_slice(lang, 0, end);
}

enum sp_status
sp_query_add_filter(sp_query *query, sp_arena *arena, enum sp_field field, sp_bytes value,
                    bool excluded, sp_error *err)
{
    SP_AUTO(sp_str_done) sp_str folded = {0};
    sp_fold_append(&folded, field == SP_FIELD_LANG ? primary_tag(value) : value);
    sp_bytes copy = sp_arena_copy_str(arena, &folded);
    if (copy.len == 0)
        return sp_fail(err, SP_BAD_ARGUMENT, "%s has no word: '%.*s'", field_names[field],
                       (int)(value.len < 100 ? value.len : 100), value.data ? value.data : "");
    if (field == SP_FIELD_KIND && !is_kind(copy))
        return sp_fail(err, SP_BAD_ARGUMENT, "kind is post or resource, not '%.*s'",
                       (int)(value.len < 100 ? value.len : 100), value.data);
    query->filters = sp_arena_grow(arena, query->filters, &query->filter_capacity,
                                   query->filter_count + 1, sizeof *query->filters);
    if (query->filters)
        query->filters[query->filter_count++] = (sp_filter){field, copy, excluded};
    return sp_arena_check(arena, err);
}
