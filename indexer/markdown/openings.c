// SPDX-License-Identifier: GPL-2.0-or-later
/* Recognises link texts that are pieces of sentences, such as "our MVP" or "has launched", by the
   words they begin with and the number of other words. */
#include "compose.h"

#include "engine/base/language.h"

#include <signpost/ascii.h>

/* Longer texts say something, and a bound limits the work. */
#define TEXT_MAX 120

/* Articles, which may come before any other word. */
static const char articles[] =
    " the a an le la les un une el los las unos unas der die das den dem ein eine einer "
    "eines einem einen ";

/* Pronouns, prepositions, auxiliary verbs and the like: a text that begins with one is a piece of a
   sentence in its language. */
struct openings {
    const char *language;
    const char *any_case;
    const char *lower; /* only in lower case: names begin with the others ("Will", "Sin City") */
};

/* The first language stands for those that are not here. */
static const struct openings openings[] = {
    {"en",
     " this that these those our my your his her its their it they we you i he she ours "
     "mine yours theirs them him me let's here's that's there's it's it'll i'm i've i'd "
     "i'll we're we've we'd we'll you're you've you'd you'll they're they've who's in on "
     "at by for from with about to of into through via under after before between during "
     "within without as against like among upon towards is are was were be been being has "
     "have had having do does did doing can could would should might isn't aren't wasn't "
     "weren't don't doesn't didn't hasn't haven't hadn't can't couldn't won't wouldn't "
     "shouldn't and or but so also while if because just recently already still again now "
     "then says said told wrote writes written announced launched released published "
     "describes described explains explained argues argued mentioned created built made "
     "called shared posted see read some any each such another both either ",
     " here there may must will let please put came went gave got more many few whether whatever "
     "not according "},
    {"fr",
     " ce cet cette ces notre nos votre vos mon mes ton ta tes sa ses leur leurs dans sur pour "
     "avec "
     "chez sous par aux au du des c'est d'un d'une est sont ont \xC3\xA9t\xC3\xA9 \xC3\xA9tait "
     "peut peuvent il elle ils elles nous vous qu'il qu'elle selon depuis sans entre en \xC3\xA0 ",
     " a son ma voir ici comme "},
    {"es",
     " este esta estos estas ese esa eso esos esas esto aquel aquella nuestro nuestra nuestros "
     "nuestras mi mis tu tus su sus vuestro vuestra con por para sobre desde hasta han est\xC3\xA1 "
     "est\xC3\xA1n fue fueron puede pueden yo \xC3\xA9l ella nosotros ellos seg\xC3\xBAn en ",
     " ha son es sin como ver aqu\xC3\xAD "},
    {"de",
     " dieser diese dieses diesem diesen jener jene jenes unser unsere unserer unseres "
     "unserem unseren mein meine meiner meines meinem meinen dein deine deiner deinem "
     "deinen ihr ihre ihrer ihres ihrem ihren euer eure eurer eurem euren wir ich sie im "
     "beim bei f\xC3\xBCr auf aus \xC3\xBC"
     "ber unter zu zum zur nach vor durch ohne mit "
     "seit gegen w\xC3\xA4hrend ist sind wird werden wurde wurden haben habe hatte hatten "
     "kann k\xC3\xB6nnen konnte soll sollte muss m\xC3\xBCssen und oder aber auch dort da "
     "dazu dar\xC3\xBC"
     "ber davon in von vom ",
     " hat war am wie hier siehe "},
};
#define LANGUAGES (sizeof openings / sizeof *openings)
#define GERMAN (&openings[LANGUAGES - 1])

/* Words that a sentence goes on after: a link text that ends with one was cut out of it ("found
   that", "put it"). */
static const char dangling[] =
    " that to of with for from at by and or but the a an our your their its is are was were "
    "have has had as into than which who it them this these here if when because ";

/* Articles and pronouns that follow a verb, never a noun: "open an issue", "hosted a webinar". */
static const char after_verbs[] =
    " a an the our your my his her its their this these those any us you me them it ";

/* General nouns: a text of these alone names nothing. */
static const char general_words[] =
    " update article articles blog blogs post posts page pages link links site website video "
    "videos talk talks paper papers book books report reports song songs memo memos "
    "thread threads tweet tutorial guide story study podcast episode interview "
    "presentation slides document documents documentation docs file files form resource "
    "resources example examples repo repository code source details info information "
    "entry announcement recording transcript newsletter piece thing things series chart "
    "image photo picture graphic artikel buch seite beitrag vortrag bericht bild lied "
    "dokument anleitung quelle information informationen part chapter livre billet vid\xC3\xA9o "
    "chanson lien rapport "
    "pr\xC3\xA9sentation art\xC3\xAD"
    "culo libro p\xC3\xA1gina sitio v\xC3\xAD"
    "deo "
    "canci\xC3\xB3n entrada enlace informe charla documento ";

/* General nouns only in lower case: "Map" and "List" can be names. */
static const char lower_general_words[] =
    " app apps calendar chart introduction issue issues letter list listing map notes patch "
    "project projects proposal release script stats template templates tool tools today "
    "yesterday tomorrow day week month year ";

/* Words that say nothing more about general nouns, and nothing alone in lower case. */
static const char modifiers[] =
    " pretty very really all several two three four five six seven eight nine ten second third "
    "soon off away previous last first next latest recent new old same "
    "following above below early "
    "earlier later good great excellent full whole original short long quick brief entire "
    "more most other one ones up out letzten neuen neue neuer dernier derni\xC3\xA8re "
    "nouveau nouvelle anterior \xC3\xBAltimo \xC3\xBAltima nuevo nueva ";

struct reading {
    size_t words;    /* without articles at the start */
    size_t content;  /* words in none of the lists */
    size_t capitals; /* words after the first that begin with a capital, except acronyms */
    size_t general;
    bool opened; /* the first word after the articles is an opening */
    bool lower;  /* this word is in lower case */
    bool verb;   /* the first word is in lower case and ends in -ing or -ed */
    bool cut;    /* the last word is among the dangling ones */
    bool german; /* the first word is a German opening; German nouns begin with a capital */
    const struct openings *language;
};

/* A word between spaces, in lower case and with straight apostrophes, as in the lists. */
struct word {
    char key[TEXT_MAX + 3];
    size_t len;
    bool capital, acronym;
};

static bool
is_edge(char c)
{
    return c == '\0' || strchr(".,:;!?\"'()[]<>*-", c) != NULL;
}

/* Whether bytes are a capital: a letter of ASCII, or one with a diacritic of Latin-1. */
static bool
is_capital(sp_bytes text)
{
    if (text.len > 1 && text.data[0] == '\xC3')
        return (unsigned char)text.data[1] >= 0x80 && (unsigned char)text.data[1] < 0x9F;
    return text.len > 0 && sp_ascii_is_upper(text.data[0]);
}

static struct word
read_word(sp_bytes text)
{
    struct word word = {.key = " ", .len = 1};
    while (text.len > 0 && is_edge(text.data[0]))
        text = sp_bytes_slice(text, 1, text.len);
    while (text.len > 0 && is_edge(text.data[text.len - 1]))
        text.len--;
    if (sp_bytes_starts_with(text, SP_LITERAL("l'")))
        text = sp_bytes_slice(text, 2, text.len);
    word.capital = is_capital(text);
    word.acronym = text.len > 1 && word.capital && is_capital(sp_bytes_slice(text, 1, text.len));
    for (size_t i = 0; i < text.len; i++) {
        bool accented = i > 0 && text.data[i - 1] == '\xC3' &&
                        is_capital(sp_bytes_slice(text, i - 1, text.len));
        word.key[word.len++] =
            accented ? (char)(text.data[i] | 0x20) : sp_ascii_lower(text.data[i]);
    }
    word.key[word.len++] = ' ';
    return word;
}

static bool
is_among(const struct word *word, const char *list)
{
    return sp_bytes_find(sp_bytes_of(list), (sp_bytes){word->key, word->len}, 0) != SIZE_MAX;
}

static bool
opens(const struct openings *language, const struct word *word)
{
    return !word->acronym && (is_among(word, language->any_case) ||
                              (!word->capital && is_among(word, language->lower)));
}

static bool
opens_in_any_language(const struct word *word)
{
    bool opening = false;
    for (size_t i = 0; i < LANGUAGES; i++)
        opening |= opens(&openings[i], word);
    return opening;
}

/* Whether the word is a number of one or two digits, as in "page 2". */
static bool
is_small_number(const struct word *word)
{
    return word->len <= 4 && sp_ascii_is_digit(word->key[1]) &&
           sp_ascii_is_digit(word->key[word->len - 2]);
}

/* Whether the word has the ending of a verb, as in "launching soon" and "checked out". */
static bool
is_verb(const struct word *word)
{
    sp_bytes key = {word->key, word->len};
    return sp_bytes_ends_with(key, SP_LITERAL("ing ")) ||
           sp_bytes_ends_with(key, SP_LITERAL("ed "));
}

static void
count_word(struct reading *reading, const struct word *word)
{
    bool opening = opens(reading->language, word);
    bool article = !word->acronym && !opening && is_among(word, articles);
    bool general =
        is_among(word, general_words) || (!word->capital && is_among(word, lower_general_words));
    bool modifier = !word->acronym && (is_among(word, modifiers) || is_small_number(word));
    if (article && !reading->opened && reading->words == 0)
        return;
    if (reading->words++ == 0) {
        reading->opened = opening;
        reading->german = opens(GERMAN, word);
        reading->lower = !word->capital;
        reading->verb = reading->lower && !opening && is_verb(word);
    } else {
        reading->capitals += word->capital && !word->acronym;
        if (reading->words == 2 && reading->lower)
            reading->opened |= is_among(word, after_verbs);
    }
    reading->cut = is_among(word, dangling);
    reading->general += general;
    reading->content += !article && !general && !modifier && !opens_in_any_language(word);
}

/* Copies the text with straight apostrophes; false if the text is too long. */
static bool
copy_text(sp_bytes name, char out[TEXT_MAX], size_t *len)
{
    *len = 0;
    for (size_t i = 0; i < name.len && name.len <= TEXT_MAX; i++) {
        bool curly =
            sp_bytes_starts_with(sp_bytes_slice(name, i, name.len), SP_LITERAL("\xE2\x80\x99"));
        out[(*len)++] = curly ? '\'' : name.data[i];
        i += curly ? 2 : 0;
    }
    return name.len <= TEXT_MAX;
}

/* A text with capitals within it ("In Our Time") is a name. */
static bool
says_nothing(const struct reading *reading)
{
    bool nothing = reading->opened || reading->general > 0 || reading->lower;
    if (reading->verb && reading->content == 1 && reading->general == 0)
        return reading->words > 1;
    return reading->content == 0 && nothing && (reading->german || reading->capitals == 0);
}

/* Whether a text with content is cut out of a sentence. */
static bool
is_cut_out(const struct reading *reading, bool question)
{
    if (reading->lower && reading->cut && reading->content <= 3)
        return true;
    if (!reading->opened)
        return false;
    if (reading->language == GERMAN)
        return reading->lower && reading->content <= 2;
    if (reading->lower) /* "our guide to accessibility audits" says something */
        return reading->capitals < 2 &&
               (reading->content <= 1 || (reading->content <= 3 && reading->words <= 4));
    return reading->content <= 2 && reading->capitals == 0 && !question;
}

static const struct openings *
openings_of(sp_bytes lang)
{
    for (size_t i = 0; i < LANGUAGES; i++) {
        if (sp_bytes_equal(sp_language_primary(lang), sp_bytes_of(openings[i].language)))
            return &openings[i];
    }
    return &openings[0];
}

bool
sp_is_part_of_sentence(const sp_link_text *text)
{
    char copy[TEXT_MAX];
    size_t len;
    struct reading reading = {.language = openings_of(text->lang)};
    if (!copy_text(text->name, copy, &len))
        return false;
    for (size_t start = 0, end; start < len; start = end + 1) {
        for (end = start; end < len && copy[end] != ' ' && copy[end] != '\n';)
            end++;
        struct word word = read_word((sp_bytes){copy + start, end - start});
        if (word.len > 2)
            count_word(&reading, &word);
    }
    bool question = len > 0 && copy[len - 1] == '?';
    return reading.words > 0 &&
           (says_nothing(&reading) || (!text->leads && is_cut_out(&reading, question)));
}
