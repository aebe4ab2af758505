// SPDX-License-Identifier: GPL-2.0-or-later
/* Vague link texts: those that do not name their resource. */
#include "harness.h"

#include "indexer/markdown/compose.h"

static const char *const vague[] = {
    "here",
    "Here.",
    "this talk",
    "click here",
    "(link)",
    "PDF",
    "the website",
    "a.org",
    "http://a.org/b",
    "www.a.org",
    "",
    "aqu\xC3\xAD",
    "hier klicken",
    "ici",
    "you can find it here",
    "all of them",
    "Read more\xE2\x80\xA6",
    "work",
    "video",
    "This",
    "source code",
    "this song",
    "This song",
    "our MVP",
    "Our PDF",
    "That\xE2\x80\x99s agile",
    "has launched",
    "do",
    "in PDF format",
    "we wrote about it",
    "I wrote about it",
    "their own blog",
    "cette chanson",
    "esta canci\xC3\xB3n",
    "announced plans",
    "a full report",
    "the slides for the talk",
    "recently",
    "isn't software",
    "it looks like",
    "l'article",
    "found that",
    "put it",
    "Has launched",
    "according to",
    "federal projects that have contributed to",
    "hosted a webinar",
    "open an issue",
    "downloaded a trip planner",
    "let us know",
    "sign up here",
    "many reasons",
    "freely",
    "publicly released",
    "13",
    "a new tool",
    "the list",
    "[4]",
    "1:29:29",
    "150%",
    "2019",
    "page 2",
    "part 1",
    "all",
    "several",
    "one",
    "two",
    "first",
    "second",
    "next",
    "previous",
    "new",
    "great",
    "pretty good",
    "last week",
    "launching soon",
    "checked out",
    "weitere Informationen",
    "dieser Artikel",
    "cet article",
};
static const char *const named[] = {
    "Google AI Residency",
    "a",
    "Here be dragons",
    "b.org",
    "R",
    "fast.ai's course",
    "This American Life",
    "Our World in Data",
    "Can I use",
    "On Writing Well",
    "A List Apart",
    "The Muse",
    "IT",
    "IS 425",
    "IT jobs",
    "us jobs",
    "our guide to accessibility audits",
    "Mein Grundeinkommen",
    "De Correspondent",
    "de Young Museum",
    "Will Larson",
    "May 2018 jobs report",
    "How to negotiate",
    "Can I negotiate my offer?",
    "our Code of Conduct",
    "Im Westen nichts Neues",
    "Die Zeit",
    "Des souris et des hommes",
    "Sin City",
    "Do Not Pay",
    "In Practice",
    "Have I Been Pwned",
    "Put This On",
    "More or Less",
    "What Color Is Your Parachute?",
    "What to Listen For",
    "10x",
    "401(k)",
    "rule of three",
    "cattle, not pets",
    "browser that supports HSTS",
    "sign up for an API key",
    "Map",
    "Sur la table",
    "Mit",
    "Section 508",
    "pair programming",
    "testing",
};

/* Openings are those of the post's language. */
static const struct {
    const char *lang, *name;
} vague_in[] = {
    {"de", "Dieses Lied"},
    {"de", "auf Deutsch"},
    {"de-AT", "unsere Seite"},
    {"de", "ist online"},
    {"de", "Unser Blog"},
    {"de", "wurde gestartet"},
    {"de", "f\xC3\xBCr unsere Nutzer"},
    {"de", "wie beschrieben"},
    {"de", "von der NASA"},
    {"fr", "en fran\xC3\xA7"
           "ais"},
    {"fr", "a \xC3\xA9t\xC3\xA9 lanc\xC3\xA9"},
    {"fr", "a lanc\xC3\xA9"},
    {"fr", "voir ici"},
    {"fr", "\xC3\x80 propos"},
    {"es", "nuestro sitio"},
    {"es", "seg\xC3\xBAn ellos"},
};

/* Names of list items and headings, although they look like a piece of a sentence. */
static const char *const leading_names[] = {
    "We work remotely", "can i use", "have i been pwned", "let's encrypt", "In the loop", "1984",
};
static const char *const leading_vague[] = {"here", "this talk", "in it", "13", "0:00", "all"};

static void
assert_vague(bool expected, const char *name, const char *lang, bool leads)
{
    sp_link_text text = {.name = sp_bytes_of(name),
                         .canonical = SP_LITERAL("https://a.org/b"),
                         .lang = sp_bytes_of(lang),
                         .leads = leads};
    if (sp_is_vague_name(&text) != expected)
        fail_msg("\"%s\" (%s) should%s be vague", name, lang, expected ? "" : " not");
}

/* Also fails if the list of vague words is not sorted, because the list is searched by
   bisection. */
static void
test_link_texts_that_name_nothing_are_vague(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vague / sizeof *vague; i++)
        assert_vague(true, vague[i], "en", false);
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        assert_vague(false, named[i], "en", false);
}

static void
test_openings_of_a_language_count_in_posts_of_that_language(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vague_in / sizeof *vague_in; i++)
        assert_vague(true, vague_in[i].name, vague_in[i].lang, false);
    assert_vague(false, "In the loop", "fr", false);
    assert_vague(false, "von der NASA", "en", false);
}

static void
test_a_link_that_leads_a_list_item_is_a_name_if_it_says_something(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof leading_names / sizeof *leading_names; i++) {
        assert_vague(false, leading_names[i], "en", true);
        assert_vague(true, leading_names[i], "en", false);
    }
    for (size_t i = 0; i < sizeof leading_vague / sizeof *leading_vague; i++)
        assert_vague(true, leading_vague[i], "en", true);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_link_texts_that_name_nothing_are_vague),
        cmocka_unit_test(test_openings_of_a_language_count_in_posts_of_that_language),
        cmocka_unit_test(test_a_link_that_leads_a_list_item_is_a_name_if_it_says_something),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
