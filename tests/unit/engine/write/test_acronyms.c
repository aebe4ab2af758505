// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/write/acronyms.h"
#include "harness.h"

#include <signpost/schema.h>

#include <stdio.h>
#include <string.h>

/* Returns the pairs found in a text: "ats=applicant tracking system;", each from its acronym. */
static const char *
pairs(const char *text, size_t len)
{
    static char all[4096];
    sp_analyzer *analyzer;
    sp_postings postings = {0};
    xc_terms *terms;
    all[0] = '\0';
    assert_int_equal(sp_analyzer_new(SP_LITERAL("en"), &analyzer, NULL), SP_OK);
    assert_int_equal(sp_postings_init(&postings, NULL), SP_OK);
    sp_acronyms_add(&postings, analyzer, (sp_bytes){text, len});
    assert_int_equal(sp_postings_check(&postings, NULL), SP_OK);
    assert_int_equal(xc_doc_terms(postings.doc, XC_BYTES(SP_PREFIX_ACRONYM), &terms, NULL), XC_OK);
    assert_int_equal(terms->count % 2, 0);
    for (size_t i = 0; i < terms->count; i++) {
        const xc_bytes term = terms->items[i].term;
        const char *tab = memchr(term.data, '\t', term.len);
        assert_non_null(tab);
        size_t key = (size_t)(tab - term.data) - 2, rest = term.len - key - 3;
        if (key < rest)
            snprintf(all + strlen(all), sizeof all - strlen(all), "%.*s=%.*s;", (int)key,
                     term.data + 2, (int)rest, tab + 1);
    }
    xc_terms_free(terms);
    sp_postings_done(&postings);
    sp_analyzer_free(analyzer);
    return all;
}

static void
check(const char *text, const char *expected)
{
    assert_string_equal(pairs(text, strlen(text)), expected);
}

static void
test_an_acronym_after_its_long_form_is_found(void **state)
{
    (void)state;
    check("Use an applicant tracking system (ATS) for it.", "ats=applicant tracking system;");
    check("Some Applicant Tracking Systems (ATSs) fail.", "ats=applicant tracking systems;");
    check("The Bureau of Land Management (BLM)", "blm=bureau of land management;");
    check("the authority to operate (ATO)", "ato=authority to operate;");
    check("our long-term support (LTS) release", "lts=long term support;");
    check("the Co-operation and Development Office (CDO)",
          "cdo=co operation and development office;");
    check("L'Organisation des \xc3\x89tats Unis (OEU)", "");
    check("Organisation mondiale \xc3\xa9"
          "conomique (OME)",
          "ome=organisation mondiale economique;");
    check("research & development (R&D)", "r&d=research development;");
}

static void
test_marks_around_an_acronym_and_what_follows_it_do_not_count(void **state)
{
    (void)state;
    check("an applicant tracking system (\"ATS\")", "ats=applicant tracking system;");
    check("an applicant tracking system (\xe2\x80\x9c"
          "ATS\xe2\x80\x9d)",
          "ats=applicant tracking system;");
    check("an applicant tracking system ( ATS )", "ats=applicant tracking system;");
    check("an applicant tracking system (ATS, mostly)", "ats=applicant tracking system;");
    check("an applicant tracking system (\"ATS\"; of old)", "ats=applicant tracking system;");
    check("an applicant tracking system \xef\xbc\x88"
          "ATS\xef\xbc\x89",
          "ats=applicant tracking system;");
    check("An ATS (\"applicant tracking system\") reads.", "ats=applicant tracking system;");
}

static void
test_initials_with_dots_are_words(void **state)
{
    (void)state;
    check("the U.S. Digital Service (USDS)", "usds=us digital service;");
    check("the J. Paul Getty Trust (JPGT)", "jpgt=j paul getty trust;");
    check("end of it. Digital Service (IDS)", "");
}

static void
test_stop_words_may_have_a_letter(void **state)
{
    (void)state;
    check("the office of the inspector general (OIG)", "oig=office of the inspector general;");
    check("the Internet of Things (IoT)", "iot=internet of things;");
    check("software as a service (SaaS)", "saas=software as a service;");
    check("Department of Defense (DoD) and DoJ (Department of Justice)",
          "dod=department of defense;doj=department of justice;");
    check("of the inspector general (OIG)", "");
}

static void
test_a_short_word_before_an_apostrophe_has_no_letter(void **state)
{
    (void)state;
    check("agence d'information publique (AIP)", "aip=agence d information publique;");
    check("l'Agence publique (AP)", "ap=agence publique;");
    check("agence d\xe2\x80\x99information publique (AIP)", "aip=agence d information publique;");
}

static void
test_a_long_form_cut_inside_a_word_is_not_taken(void **state)
{
    char text[400] = "Applicant ";
    (void)state;
    /* The 120 bytes that are compared begin inside "xtracking...". */
    memset(text + 10, 'x', 4);
    memset(text + 14, 't', 114);
    memcpy(text + 128, " system (TS)", 13);
    check(text, "");
    check("xtracking system (TS)", "");
}

static void
test_a_long_form_after_its_acronym_is_found(void **state)
{
    (void)state;
    check("An ATS (applicant tracking system) reads it.", "ats=applicant tracking system;");
    check("An ATS (an applicant tracking system) reads it.", "");
    check("An ats (applicant tracking system) reads it.", "");
}

static void
test_other_parentheses_explain_nothing(void **state)
{
    (void)state;
    check("the tracking system (ATS)", "");
    check("an applicant. Tracking system (ATS)", "");
    check("an applicant\ntracking system (ATS)", "");
    check("applicant tracking system\n(ATS)", "");
    check("applicant tracking system (ats)", "");
    check("applicant (A)", "");
    check("costs, and integrated marketing (AIM)", "");
    check("applicant tracking system (ATS", "");
    check("(ATS) (", "");
    check("", "");
}

static void
test_many_parentheses_take_linear_time(void **state)
{
    static char text[1 << 20];
    static const char *const parts[] = {"(", "(A", "A (AB)", "()", "AB (a b) "};
    (void)state;
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
        size_t len = strlen(parts[k]);
        for (size_t i = 0; i < sizeof text; i++)
            text[i] = parts[k][i % len];
        pairs(text, sizeof text);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_acronym_after_its_long_form_is_found),
        cmocka_unit_test(test_marks_around_an_acronym_and_what_follows_it_do_not_count),
        cmocka_unit_test(test_initials_with_dots_are_words),
        cmocka_unit_test(test_stop_words_may_have_a_letter),
        cmocka_unit_test(test_a_short_word_before_an_apostrophe_has_no_letter),
        cmocka_unit_test(test_a_long_form_cut_inside_a_word_is_not_taken),
        cmocka_unit_test(test_a_long_form_after_its_acronym_is_found),
        cmocka_unit_test(test_other_parentheses_explain_nothing),
        cmocka_unit_test(test_many_parentheses_take_linear_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
