// SPDX-License-Identifier: GPL-2.0-or-later
/* Recognises vague link texts, which do not name their target. */
#include "compose.h"

#include <signpost/url.h>

#include <signpost/ascii.h>

#include <stdlib.h>

/* Vague texts, sorted, in lower case, without a leading article and without marks around the
   text. */
static const char *const vague[] = {
    "all of them",
    "an article",
    "and here",
    "apply",
    "apply here",
    "apply now",
    "applying",
    "aqui",
    "aqu\xC3\xAD",
    "article",
    "authorized",
    "available",
    "available publicly",
    "blog",
    "blog post",
    "book",
    "check it out",
    "checkout",
    "click",
    "click here",
    "click this link",
    "cliquez ici",
    "code",
    "demo",
    "details",
    "discussed here",
    "docs",
    "documentation",
    "download",
    "elsewhere",
    "en savoir plus",
    "enlace",
    "entry",
    "event",
    "everywhere",
    "example",
    "find out more",
    "follow this link",
    "forever",
    "form",
    "formally",
    "formally announced",
    "freely",
    "freely available",
    "full story",
    "guide",
    "haz clic",
    "haz clic aqu\xC3\xAD",
    "helping",
    "here",
    "here and here",
    "here's a link",
    "hier",
    "hier klicken",
    "homepage",
    "ici",
    "info",
    "instead",
    "interview",
    "klicken sie hier",
    "learn more",
    "leer m\xC3\xA1s",
    "lesen sie mehr",
    "lien",
    "link",
    "link here",
    "link to it",
    "links",
    "lire la suite",
    "mehr",
    "mehr erfahren",
    "more",
    "more about it",
    "more details",
    "more here",
    "more info",
    "more information",
    "my blog",
    "my post",
    "my talk",
    "m\xC3\xA1s",
    "m\xC3\xA1s informaci\xC3\xB3n",
    "ones",
    "original",
    "other",
    "others",
    "page",
    "paper",
    "pdf",
    "photo",
    "plus d'infos",
    "podcast",
    "post",
    "previous post",
    "public",
    "publicly",
    "publicly available",
    "publicly released",
    "quite",
    "read",
    "read here",
    "read it",
    "read more",
    "read more here",
    "read on",
    "read the rest",
    "recording",
    "register",
    "remain",
    "repo",
    "report",
    "see",
    "see here",
    "see more",
    "see this",
    "sign up",
    "site",
    "slides",
    "source",
    "source code",
    "sources",
    "story",
    "study",
    "subscribe",
    "such",
    "talk",
    "that",
    "that one",
    "there",
    "these",
    "thing",
    "this",
    "this article",
    "this blog",
    "this blog post",
    "this book",
    "this guide",
    "this link",
    "this list",
    "this one",
    "this page",
    "this paper",
    "this podcast",
    "this post",
    "this presentation",
    "this repo",
    "this report",
    "this site",
    "this study",
    "this talk",
    "this thread",
    "this tutorial",
    "this video",
    "this website",
    "those",
    "thread",
    "tutorial",
    "tweet",
    "uses",
    "ver m\xC3\xA1s",
    "video",
    "view",
    "visit",
    "watch",
    "watch here",
    "web",
    "web page",
    "web site",
    "webpage",
    "website",
    "weiter",
    "weitere informationen",
    "weiterlesen",
    "wiki",
    "work",
    "you can find it here",
};

static int
compare(const void *key, const void *item)
{
    return strcmp(key, *(const char *const *)item);
}

static bool
is_in_list(sp_bytes name)
{
    char key[32];
    if (name.len >= sizeof key)
        return false;
    for (size_t i = 0; i < name.len; i++)
        key[i] = sp_ascii_lower(name.data[i]);
    key[name.len] = '\0';
    const char *word = key;
    if (strncmp(word, "the ", 4) == 0)
        word += 4;
    else if (strncmp(word, "a ", 2) == 0)
        word += 2;
    return bsearch(word, vague, sizeof vague / sizeof *vague, sizeof *vague, compare) != NULL;
}

/* Whether the name is a URL, or the beginning of the link's URL, such as its host, without the
   scheme. */
static bool
is_address(sp_bytes name, sp_bytes url)
{
    SP_AUTO(sp_str_done) sp_str canonical = {0};
    if (!sp_link_text_append_canonical(&canonical, name))
        return false;
    return sp_url_is_absolute(name) || (sp_bytes_starts_with(url, sp_str_bytes(&canonical)) &&
                                        memchr(name.data, '.', name.len) != NULL);
}

/* Whether the name has no letter, as "13", "10:12" and "150%" have none. */
static bool
is_number(sp_bytes name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (sp_ascii_is_letter(name.data[i]) || (unsigned char)name.data[i] >= 0x80)
            return false;
    }
    return true;
}

/* Such a number can name an item of a list ("1984"). */
static bool
has_four_digits(sp_bytes name)
{
    size_t digits = 0;
    while (digits < name.len && sp_ascii_is_digit(name.data[digits]))
        digits++;
    return digits == 4 && name.len == 4;
}

bool
sp_is_vague_name(const sp_link_text *text)
{
    sp_bytes name = sp_link_text_trim(text->name);
    bool number = is_number(name) && !(text->leads && has_four_digits(name));
    return name.len == 0 || is_in_list(name) || number || sp_is_part_of_sentence(text) ||
           is_address(name, text->canonical);
}
