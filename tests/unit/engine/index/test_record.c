// SPDX-License-Identifier: GPL-2.0-or-later
/* Records: unpacking restores what was packed, and damaged bytes never cause invalid reads. */

#include "analysis.h"

#include "engine/index/token_table.h"

#include <signpost/record.h>

#include <stdlib.h>

#define WORDS 4000

struct made {
    sp_record record;
    sp_str text, hashes, spans;
    sp_record_section sections[3];
    sp_line lines[3];
    sp_record_mention mentions[2];
    sp_record_view views[2];
    sp_bytes categories[1], tags[2];
};

static sp_range
range_of(const struct made *made, const char *what)
{
    size_t start = sp_bytes_find(sp_str_bytes(&made->text), sp_bytes_of(what), 0);
    return (sp_range){(uint32_t)start, (uint32_t)(start + strlen(what))};
}

static void
make_tokens(struct made *made)
{
    sp_analyzer *analyzer = analyzer_of(SP_LITERAL("en"));
    sp_tokens tokens = tokens_of(analyzer, sp_str_bytes(&made->text));
    sp_token_table_append(&made->hashes, &made->spans, &tokens);
    made->record.token_count = (uint32_t)tokens.count;
    made->record.hashes = sp_str_bytes(&made->hashes);
    made->record.spans = sp_str_bytes(&made->spans);
    sp_analyzer_free(analyzer);
}

static void
make(struct made *made, const char *body)
{
    *made = (struct made){0};
    sp_str_append_text(&made->text, "AI residencies\nPart one\nfull-time C++ at 履歴書 R&D\n");
    sp_str_append_text(&made->text, body);
    make_tokens(made);
    sp_range heading = range_of(made, "Part one");
    made->sections[0] = (sp_record_section){.parent = SP_NO_SECTION, .link = SP_LITERAL("")};
    made->sections[1] = (sp_record_section){heading,
                                            {heading.end + 1, (uint32_t)made->text.len},
                                            SP_NO_SECTION,
                                            7,
                                            SP_LITERAL("part-one")};
    made->sections[2] = (sp_record_section){.parent = 1, .line = 9, .link = SP_LITERAL("x")};
    made->lines[0] = (sp_line){0, 5};
    made->lines[1] = (sp_line){15, 900};
    made->lines[2] = (sp_line){24, 8};
    made->mentions[0] = (sp_record_mention){SP_LITERAL("A post"), 1, 12};
    made->mentions[1] = (sp_record_mention){SP_LITERAL(""), 0, 0};
    made->categories[0] = SP_LITERAL("journal");
    made->tags[0] = SP_LITERAL("machine learning");
    made->tags[1] = (sp_bytes){"a\0b", 3};
    sp_record *record = &made->record;
    record->kind = SP_KIND_RESOURCE;
    record->url = SP_LITERAL("https://a.example/");
    record->date = SP_LITERAL("2018-04-10");
    record->lang = SP_LITERAL("en");
    record->path = SP_LITERAL("a.md");
    record->categories = made->categories;
    record->category_count = 1;
    record->tags = made->tags;
    record->tag_count = 2;
    record->text = sp_str_bytes(&made->text);
    record->title = (sp_range){0, 14};
    record->description = heading;
    record->quoted = true;
    record->sections = made->sections;
    record->section_count = 3;
    record->lines = made->lines;
    record->line_count = 3;
    record->mentions = made->mentions;
    record->mention_count = 2;
    made->views[0] = (sp_record_view){SP_LITERAL("ja"), heading, {0, 14}, true, 1};
    made->views[1] = (sp_record_view){SP_LITERAL("zh-Hant"), {0, 14}, heading, false, 2};
    record->views = made->views;
    record->view_count = 2;
}

static void
done(struct made *made)
{
    sp_str_done(&made->text);
    sp_str_done(&made->hashes);
    sp_str_done(&made->spans);
}

static sp_str
pack_with(const sp_record *record, sp_bytes mentions, uint64_t *digest)
{
    sp_str packed = {0};
    sp_packer *packer;
    assert_int_equal(sp_packer_new(&packer, NULL), SP_OK);
    assert_int_equal(sp_record_pack(packer, record, mentions, &packed, NULL), SP_OK);
    *digest = sp_packer_digest(packer);
    sp_packer_free(packer);
    return packed;
}

static sp_str
pack(const sp_record *record)
{
    uint64_t digest;
    return pack_with(record, SP_LITERAL(""), &digest);
}

static void
assert_same_bytes(sp_bytes a, sp_bytes b)
{
    assert_int_equal(a.len, b.len);
    assert_true(sp_bytes_equal(a, b));
}

static void
assert_same_range(sp_range a, sp_range b)
{
    assert_int_equal(a.start, b.start);
    assert_int_equal(a.end, b.end);
}

static void
assert_same_sections(const sp_record *a, const sp_record *b)
{
    assert_int_equal(a->section_count, b->section_count);
    for (uint32_t i = 0; i < a->section_count; i++) {
        assert_same_range(a->sections[i].heading, b->sections[i].heading);
        assert_same_range(a->sections[i].body, b->sections[i].body);
        assert_int_equal(a->sections[i].parent, b->sections[i].parent);
        assert_int_equal(a->sections[i].line, b->sections[i].line);
        assert_same_bytes(a->sections[i].link, b->sections[i].link);
    }
}

static void
assert_same(const sp_record *a, const sp_record *b)
{
    assert_int_equal(a->kind, b->kind);
    assert_same_bytes(a->url, b->url);
    assert_same_bytes(a->date, b->date);
    assert_same_bytes(a->lang, b->lang);
    assert_same_bytes(a->path, b->path);
    assert_int_equal(a->category_count, b->category_count);
    assert_int_equal(a->tag_count, b->tag_count);
    assert_same_bytes(a->categories[0], b->categories[0]);
    assert_same_bytes(a->tags[0], b->tags[0]);
    assert_same_bytes(a->tags[1], b->tags[1]);
    assert_same_bytes(a->text, b->text);
    assert_same_range(a->title, b->title);
    assert_same_range(a->description, b->description);
    assert_int_equal(a->quoted, b->quoted);
    assert_same_sections(a, b);
    assert_int_equal(a->line_count, b->line_count);
    for (uint32_t i = 0; i < a->line_count; i++)
        assert_memory_equal(&a->lines[i], &b->lines[i], sizeof a->lines[i]);
    assert_int_equal(a->mention_count, b->mention_count);
    for (uint32_t i = 0; i < a->mention_count; i++) {
        assert_same_bytes(a->mentions[i].title, b->mentions[i].title);
        assert_int_equal(a->mentions[i].section, b->mentions[i].section);
        assert_int_equal(a->mentions[i].line, b->mentions[i].line);
    }
    assert_int_equal(a->view_count, b->view_count);
    for (uint32_t i = 0; i < a->view_count; i++) {
        assert_same_bytes(a->views[i].lang, b->views[i].lang);
        assert_memory_equal(&a->views[i].title, &b->views[i].title, sizeof(sp_range));
        assert_memory_equal(&a->views[i].description, &b->views[i].description, sizeof(sp_range));
        assert_int_equal(a->views[i].quoted, b->views[i].quoted);
        assert_int_equal(a->views[i].first, b->views[i].first);
    }
    assert_int_equal(a->token_count, b->token_count);
    assert_same_bytes(a->hashes, b->hashes);
    assert_same_bytes(a->spans, b->spans);
}

static void
test_an_unpacked_record_equals_the_packed_one(void **state)
{
    struct made made;
    sp_unpacker *unpacker;
    sp_record *record;
    (void)state;
    make(&made, "Some words.\n");
    sp_str packed = pack(&made.record);
    assert_int_equal(sp_unpacker_new(&unpacker, NULL), SP_OK);
    assert_int_equal(sp_record_unpack(unpacker, sp_str_bytes(&packed), &record, NULL), SP_OK);
    assert_same(&made.record, record);
    assert_int_equal(sp_line_at(record->lines, record->line_count, 14), 5);
    assert_int_equal(sp_line_at(record->lines, record->line_count, 15), 900);
    assert_int_equal(sp_line_at(record->lines, record->line_count, 1000), 8);
    assert_true(sp_record_size(record) >= made.text.len);
    sp_record_free(record);
    sp_record_free(NULL);
    sp_unpacker_free(unpacker);
    sp_str_done(&packed);
    done(&made);
}

/* The text contains words, forms, and words that are pairs of characters. */
static void
test_the_token_table_gives_back_every_token(void **state)
{
    const char *text = "A full-time thing,                        far away "
                       "averylongwordofmorethanfifteenbytes 機械学習の本 C++ o'clock, end";
    sp_analyzer *analyzer = analyzer_of(SP_LITERAL("en"));
    sp_tokens tokens = tokens_of(analyzer, sp_bytes_of(text));
    SP_AUTO(sp_str_done) sp_str hashes = {0}, spans = {0};
    sp_span_walk walk = {0};
    size_t forms = 0;
    (void)state;
    sp_token_table_append(&hashes, &spans, &tokens);
    for (size_t i = 0; i < tokens.count; i++) {
        const unsigned char *hash = (const unsigned char *)hashes.data + i * 3;
        assert_true(sp_span_next(sp_str_bytes(&spans), &walk));
        assert_int_equal(walk.start, tokens.items[i].start);
        assert_int_equal(walk.end, tokens.items[i].end);
        assert_int_equal(walk.form, tokens.items[i].form);
        assert_int_equal(hash[0] | hash[1] << 8 | hash[2] << 16, tokens.items[i].hash);
        forms += walk.form;
    }
    assert_true(forms > 0);
    assert_false(sp_span_next(sp_str_bytes(&spans), &walk));
    sp_analyzer_free(analyzer);
}

static void
test_a_word_takes_four_bytes(void **state)
{
    struct made made;
    SP_AUTO(sp_str_done) sp_str body = {0};
    (void)state;
    for (int i = 0; i < WORDS; i++)
        sp_str_append_format(&body, "%s ", i % 3 ? "research" : i % 5 ? "residencies" : "a");
    make(&made, body.data);
    double bytes = (double)(made.hashes.len + made.spans.len) / made.record.token_count;
    assert_true(bytes < 4.1);
    assert_true(bytes >= 4);
    done(&made);
}

/* Reads all parts of an unpacked record, so that ASan detects invalid ranges. */
static size_t
use(const sp_record *record)
{
    sp_span_walk walk = {0};
    size_t sum = 0;
    for (uint32_t token = 0; sp_span_next(record->spans, &walk); token++)
        sum += (size_t)record->text.data[walk.start] + (size_t)record->text.data[walk.end - 1] +
               (size_t)record->hashes.data[token * 3 + 2];
    for (uint32_t i = 0; i < record->section_count; i++) {
        sp_range body = record->sections[i].body;
        sum += record->sections[i].link.len;
        for (uint32_t at = body.start; at < body.end; at++)
            sum += (size_t)record->text.data[at];
        if (record->sections[i].parent != SP_NO_SECTION)
            assert_true(record->sections[i].parent < i);
    }
    for (uint32_t i = 0; i < record->mention_count; i++)
        assert_true(record->mentions[i].section < record->section_count);
    for (uint32_t i = 0; i < record->tag_count; i++)
        sum += record->tags[i].len;
    return sum;
}

static bool
unpacks(sp_unpacker *unpacker, const char *data, size_t len)
{
    /* A copy of exactly this size, so that ASan detects reads past its end. */
    char *copy = malloc(len ? len : 1);
    sp_record *record = NULL;
    sp_error err = {0};
    memcpy(copy, data, len);
    enum sp_status status = sp_record_unpack(unpacker, (sp_bytes){copy, len}, &record, &err);
    free(copy);
    if (status != SP_OK) {
        assert_int_equal(status, SP_DAMAGED);
        assert_true(err.text[0] != '\0');
        return false;
    }
    assert_true(use(record) < SIZE_MAX);
    sp_record_free(record);
    return true;
}

static void
test_a_damaged_record_is_refused_or_valid(void **state)
{
    struct made made;
    sp_unpacker *unpacker;
    (void)state;
    make(&made, "Some more words of a residency in research, and research residencies.\n");
    sp_str packed = pack(&made.record);
    assert_int_equal(sp_unpacker_new(&unpacker, NULL), SP_OK);
    for (size_t len = 0; len < packed.len; len++)
        assert_false(unpacks(unpacker, packed.data, len));
    for (size_t at = 0; at < packed.len; at++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            packed.data[at] = (char)(packed.data[at] ^ (1 << bit));
            unpacks(unpacker, packed.data, packed.len);
            packed.data[at] = (char)(packed.data[at] ^ (1 << bit));
        }
    }
    assert_true(unpacks(unpacker, packed.data, packed.len));
    sp_unpacker_free(unpacker);
    sp_str_done(&packed);
    done(&made);
}

/* Unpacking a record for a search leaves the mentions out; sp_record_mentions unpacks them. */
static void
test_packed_mentions_are_unpacked_unchanged_and_change_the_digest(void **state)
{
    struct made made;
    sp_unpacker *unpacker;
    sp_str mentions = {0};
    uint64_t without, with;
    (void)state;
    make(&made, "Words.\n");
    sp_str bare = pack_with(&made.record, SP_LITERAL(""), &without);
    sp_str packed = pack_with(&made.record, (sp_bytes){"x\0yz", 4}, &with);
    assert_true(without != with);
    assert_int_equal(sp_unpacker_new(&unpacker, NULL), SP_OK);
    assert_true(unpacks(unpacker, packed.data, packed.len));
    assert_int_equal(sp_record_mentions(unpacker, sp_str_bytes(&packed), &mentions, NULL), SP_OK);
    assert_same_bytes(sp_str_bytes(&mentions), (sp_bytes){"x\0yz", 4});
    assert_int_equal(sp_record_mentions(unpacker, sp_str_bytes(&bare), &mentions, NULL), SP_OK);
    assert_int_equal(mentions.len, 0);
    for (size_t len = bare.len + 1; len < packed.len; len++)
        assert_int_equal(
            sp_record_mentions(unpacker, (sp_bytes){packed.data, len}, &mentions, NULL),
            SP_DAMAGED);
    sp_unpacker_free(unpacker);
    sp_str_done(&mentions);
    sp_str_done(&bare);
    sp_str_done(&packed);
    done(&made);
}

/* The records are invalid before they are packed. The indexer never makes such records. */
static void
test_a_record_with_invalid_ranges_is_refused(void **state)
{
    (void)state;
    for (int what = 0; what < 11; what++) {
        struct made made;
        sp_unpacker *unpacker;
        make(&made, "words\n");
        sp_record *record = &made.record;
        if (what == 0)
            record->title.end = (uint32_t)made.text.len + 1;
        else if (what == 1)
            made.sections[1].body.end = (uint32_t)made.text.len + 1;
        else if (what == 2)
            made.sections[1].parent = 1;
        else if (what == 3)
            made.mentions[1].section = 3;
        else if (what == 4)
            record->token_count--;
        else if (what == 5)
            record->text.len = 10;
        else if (what == 6)
            record->description = (sp_range){5, 4};
        else if (what == 7)
            made.views[1].first = 3;
        else if (what == 8)
            made.views[0].first = 2;
        else if (what == 9)
            made.views[0].title.end = (uint32_t)made.text.len + 1;
        else
            record->spans.len--;
        sp_str packed = pack(record);
        assert_int_equal(sp_unpacker_new(&unpacker, NULL), SP_OK);
        assert_false(unpacks(unpacker, packed.data, packed.len));
        sp_unpacker_free(unpacker);
        sp_str_done(&packed);
        done(&made);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_unpacked_record_equals_the_packed_one),
        cmocka_unit_test(test_the_token_table_gives_back_every_token),
        cmocka_unit_test(test_a_word_takes_four_bytes),
        cmocka_unit_test(test_a_damaged_record_is_refused_or_valid),
        cmocka_unit_test(test_packed_mentions_are_unpacked_unchanged_and_change_the_digest),
        cmocka_unit_test(test_a_record_with_invalid_ranges_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
