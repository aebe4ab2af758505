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
    "auf Deutsch",
    "Dieses Lied",
    "unsere Seite",
    "ist online",
    "cette chanson",
    ("en fran\xC3\xA7"
     "ais"),
    "esta canci\xC3\xB3n",
    "nuestro sitio",
    "announced plans",
    "a full report",
    "the slides for the talk",
    "recently",
    "isn't software",
    "it looks like",
    "Unser Blog",
    "wurde gestartet",
    "f\xC3\xBCr unsere Nutzer",
    "a \xC3\xA9t\xC3\xA9 lanc\xC3\xA9",
    "l'article",
    "\xC3\x80 propos",
    "seg\xC3\xBAn ellos",
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
    "1984",
    "10x",
    "401(k)",
    "rule of three",
    "cattle, not pets",
    "browser that supports HSTS",
    "sign up for an API key",
    "Map",
};

/* Also fails if the list of vague words is not sorted, because the list is searched by
   bisection. */
static void
test_link_texts_that_name_nothing_are_vague(void **state)
{
    (void)state;
    sp_mention mention = {.canonical = SP_LITERAL("https://a.org/b")};
    for (size_t i = 0; i < sizeof vague / sizeof *vague; i++) {
        if (!sp_is_vague_name(sp_bytes_of(vague[i]), &mention))
            fail_msg("\"%s\" should be vague", vague[i]);
    }
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        if (sp_is_vague_name(sp_bytes_of(named[i]), &mention))
            fail_msg("\"%s\" should not be vague", named[i]);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_link_texts_that_name_nothing_are_vague),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
