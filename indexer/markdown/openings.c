// SPDX-License-Identifier: GPL-2.0-or-later
/* Recognises link texts that are a piece of a sentence, such as "our MVP" or "has launched", by the
   word they open with. Languages are not told apart, because a word that opens such a piece in one
   language rarely opens a name in another. */
#include "compose.h"

#include <signpost/ascii.h>

#include <stdlib.h>

enum class {
    NONE,
    OTHER,  /* says nothing itself, but names begin with it */
    THIS,   /* points at something */
    DIESE,  /* likewise, in German, where every noun has a capital */
    OUR,    /* says whose it is */
    CLAUSE, /* subject of a sentence */
    VERB,   /* auxiliary verb */
    IN      /* preposition */
};

/* How many other words may follow an opening of the class. With more words, even a piece of a
   sentence says what the link is about: "our guide to accessibility audits". */
static const unsigned words_max[] = {
    [OTHER] = 0, [THIS] = 2, [DIESE] = 2, [OUR] = 1, [CLAUSE] = 3, [VERB] = 3, [IN] = 2};

struct small_word {
    const char *text; /* in lower case */
    enum class class;
};

/* Sorted by text. */
static const struct small_word small_words[] = {
    {"a", OTHER},
    {"after", IN},
    {"al", IN},
    {"als", IN},
    {"also", OTHER},
    {"am", VERB},
    {"among", IN},
    {"an", OTHER},
    {"and", OTHER},
    {"aqu\xC3\xAD", OTHER},
    {"are", VERB},
    {"as", IN},
    {"at", IN},
    {"au", IN},
    {"auf", IN},
    {"aus", IN},
    {"aux", IN},
    {"avec", IN},
    {"be", VERB},
    {"been", VERB},
    {"before", IN},
    {"bei", IN},
    {"beim", IN},
    {"being", VERB},
    {"between", IN},
    {"by", IN},
    {"c'est", CLAUSE},
    {"can", VERB},
    {"ce", THIS},
    {"ces", THIS},
    {"cet", THIS},
    {"cette", THIS},
    {"chez", IN},
    {"con", IN},
    {"could", VERB},
    {"dans", IN},
    {"das", OTHER},
    {"de", IN},
    {"del", IN},
    {"der", OTHER},
    {"des", IN},
    {"desde", IN},
    {"did", VERB},
    {"die", OTHER},
    {"diese", DIESE},
    {"diesem", DIESE},
    {"diesen", DIESE},
    {"dieser", DIESE},
    {"dieses", DIESE},
    {"do", VERB},
    {"does", VERB},
    {"doing", VERB},
    {"du", IN},
    {"during", IN},
    {"earlier", OTHER},
    {"ein", OTHER},
    {"eine", OTHER},
    {"einem", OTHER},
    {"einen", OTHER},
    {"el", OTHER},
    {"elles", CLAUSE},
    {"en", IN},
    {"es", VERB},
    {"esa", THIS},
    {"esas", THIS},
    {"ese", THIS},
    {"esos", THIS},
    {"est", VERB},
    {"esta", THIS},
    {"estas", THIS},
    {"este", THIS},
    {"estos", THIS},
    {"est\xC3\xA1", VERB},
    {"est\xC3\xA1n", VERB},
    {"et", OTHER},
    {"for", IN},
    {"from", IN},
    {"full", OTHER},
    {"f\xC3\xBCr", IN},
    {"ha", VERB},
    {"haben", VERB},
    {"had", VERB},
    {"han", VERB},
    {"has", VERB},
    {"hat", VERB},
    {"have", VERB},
    {"having", VERB},
    {"he", CLAUSE},
    {"her", OUR},
    {"here", OTHER},
    {"here's", CLAUSE},
    {"hier", OTHER},
    {"his", OUR},
    {"i", CLAUSE},
    {"i'd", CLAUSE},
    {"i'll", CLAUSE},
    {"i'm", CLAUSE},
    {"i've", CLAUSE},
    {"ich", CLAUSE},
    {"ici", OTHER},
    {"ihr", OUR},
    {"ihre", OUR},
    {"ihrem", OUR},
    {"ihren", OUR},
    {"ils", CLAUSE},
    {"im", IN},
    {"in", IN},
    {"into", IN},
    {"is", VERB},
    {"ist", VERB},
    {"it", OTHER},
    {"it's", CLAUSE},
    {"its", OUR},
    {"je", CLAUSE},
    {"just", OTHER},
    {"kann", VERB},
    {"la", OTHER},
    {"las", OTHER},
    {"last", OTHER},
    {"latest", OTHER},
    {"le", OTHER},
    {"les", OTHER},
    {"let's", CLAUSE},
    {"leur", OUR},
    {"leurs", OUR},
    {"los", OTHER},
    {"may", VERB},
    {"mein", OUR},
    {"meine", OUR},
    {"meinem", OUR},
    {"meinen", OUR},
    {"mes", OUR},
    {"mi", OUR},
    {"might", VERB},
    {"mis", OUR},
    {"mit", IN},
    {"mon", OUR},
    {"more", OTHER},
    {"must", VERB},
    {"my", OUR},
    {"nach", IN},
    {"neu", OTHER},
    {"new", OTHER},
    {"next", OTHER},
    {"nos", OUR},
    {"nosotros", CLAUSE},
    {"not", OTHER},
    {"notre", OUR},
    {"nous", CLAUSE},
    {"now", OTHER},
    {"nuestra", OUR},
    {"nuestras", OUR},
    {"nuestro", OUR},
    {"nuestros", OUR},
    {"o", OTHER},
    {"oder", OTHER},
    {"of", IN},
    {"old", OTHER},
    {"on", IN},
    {"ont", VERB},
    {"onto", IN},
    {"or", OTHER},
    {"ou", OTHER},
    {"our", OUR},
    {"over", IN},
    {"own", OTHER},
    {"par", IN},
    {"para", IN},
    {"peut", VERB},
    {"por", IN},
    {"pour", IN},
    {"previous", OTHER},
    {"puede", VERB},
    {"recent", OTHER},
    {"same", OTHER},
    {"seine", OUR},
    {"seinem", OUR},
    {"seinen", OUR},
    {"sera", VERB},
    {"ses", OUR},
    {"she", CLAUSE},
    {"should", VERB},
    {"since", IN},
    {"sind", VERB},
    {"so", OTHER},
    {"sobre", IN},
    {"son", VERB},
    {"sont", VERB},
    {"su", OUR},
    {"sur", IN},
    {"sus", OUR},
    {"that", THIS},
    {"that's", CLAUSE},
    {"the", OTHER},
    {"their", OUR},
    {"them", OTHER},
    {"there", OTHER},
    {"there's", CLAUSE},
    {"these", THIS},
    {"they", CLAUSE},
    {"they're", CLAUSE},
    {"they've", CLAUSE},
    {"this", THIS},
    {"those", THIS},
    {"through", IN},
    {"to", IN},
    {"un", OTHER},
    {"una", OTHER},
    {"und", OTHER},
    {"under", IN},
    {"une", OTHER},
    {"unser", OUR},
    {"unsere", OUR},
    {"unserem", OUR},
    {"unseren", OUR},
    {"unserer", OUR},
    {"unter", IN},
    {"us", OTHER},
    {"very", OTHER},
    {"via", IN},
    {"voici", CLAUSE},
    {"voil\xC3\xA0", CLAUSE},
    {"vom", IN},
    {"von", IN},
    {"vos", OUR},
    {"votre", OUR},
    {"vous", CLAUSE},
    {"was", VERB},
    {"we", CLAUSE},
    {"we'll", CLAUSE},
    {"we're", CLAUSE},
    {"we've", CLAUSE},
    {"werden", VERB},
    {"were", VERB},
    {"will", VERB},
    {"wir", CLAUSE},
    {"wird", VERB},
    {"with", IN},
    {"within", IN},
    {"without", IN},
    {"would", VERB},
    {"wurde", VERB},
    {"wurden", VERB},
    {"y", OTHER},
    {"you", CLAUSE},
    {"your", OUR},
    {"zu", IN},
    {"zum", IN},
    {"zur", IN},
    {"\xC3\xA0", IN},
    {"\xC3\xBC"
     "ber",
     IN},
};

#define WORD_MAX 16

struct name_word {
    char text[WORD_MAX]; /* in lower case, "'" for every apostrophe; "" if too long */
    bool upper;          /* begins with a capital */
    bool acronym;        /* has no small letter */
};

static bool
is_upper(const char *text, size_t len)
{
    unsigned char first = (unsigned char)text[0];
    bool latin = len > 1 && first == 0xC3 && (unsigned char)text[1] >= 0x80 &&
                 (unsigned char)text[1] <= 0x9E;
    return (first >= 'A' && first <= 'Z') || latin;
}

/* Reads the next word of *rest, which is moved behind it. False at the end. */
static bool
next_word(sp_bytes *rest, struct name_word *word)
{
    size_t start = 0, end, len = 0;
    while (start < rest->len && rest->data[start] == ' ')
        start++;
    for (end = start; end < rest->len && rest->data[end] != ' ';)
        end++;
    sp_bytes text = sp_bytes_slice(*rest, start, end);
    *rest = sp_bytes_slice(*rest, end, rest->len);
    while (text.len > 0 && strchr(".,:;!?\"'()", text.data[text.len - 1]))
        text.len--;
    *word = (struct name_word){.acronym = true};
    if (start == end)
        return false;
    word->upper = text.len > 0 && is_upper(text.data, text.len);
    for (size_t i = 0; i < text.len; i++) {
        bool curly = text.len - i >= 3 && memcmp(text.data + i, "\xE2\x80\x99", 3) == 0;
        char c = curly ? '\'' : sp_ascii_lower(text.data[i]);
        word->acronym &= text.data[i] < 'a' || text.data[i] > 'z';
        i += curly ? 2 : 0;
        if (len + 1 < WORD_MAX)
            word->text[len] = c;
        len++;
    }
    if (len + 1 > WORD_MAX)
        word->text[0] = '\0';
    return true;
}

static int
compare(const void *key, const void *item)
{
    return strcmp(key, ((const struct small_word *)item)->text);
}

static enum class class_of(const struct name_word *word) {
    const struct small_word *found = bsearch(word->text, small_words,
                                             sizeof small_words / sizeof *small_words,
                                             sizeof *small_words, compare);
    return found ? found->class : NONE;
}

/* Names are written with capitals: "This American Life" and "Can I use" are names, "this song" and
   "That's agile" are not. */
static bool
is_written_as_name(enum class class, bool first_upper, bool later_upper)
{
    if (class == DIESE)
        return false;
    return first_upper && (later_upper || (class != THIS && class != CLAUSE && class != OUR));
}

bool
sp_is_part_of_sentence(sp_bytes name)
{
    struct name_word word;
    bool later_upper = false;
    unsigned others = 0, small = 1;
    if (!next_word(&name, &word))
        return false;
    enum class class = class_of(&word);
    bool first_upper = word.upper && strcmp(word.text, "i") != 0;
    bool acronym = word.acronym && word.upper && strlen(word.text) > 1;
    if (class == NONE || acronym)
        return false;
    while (next_word(&name, &word)) {
        bool is_small = class_of(&word) != NONE && !(word.acronym && strlen(word.text) > 1);
        small += is_small;
        others += !is_small;
        later_upper |= word.upper && !word.acronym;
    }
    if (others == 0)
        return small == 1 ? class != OTHER : !later_upper;
    return class != OTHER && others <= words_max[class] &&
           !is_written_as_name(class, first_upper, later_upper);
}
