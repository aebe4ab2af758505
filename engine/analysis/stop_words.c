// SPDX-License-Identifier: GPL-2.0-or-later
#include "stop_words.h"

#include <stdlib.h>

/* Each list is sorted. Negations are not included, because they change the meaning of a query. Nor
   are words that, in lower case, are names in a career guide ("us", the United States). */

static const char *const german[] = {
    "aber",    "alle",   "allem",    "allen",     "aller",     "alles",   "als",     "also",
    "am",      "an",     "ander",    "andere",    "anderem",   "anderen", "anderer", "anderes",
    "auch",    "auf",    "aus",      "bei",       "bin",       "bis",     "bist",    "da",
    "damit",   "dann",   "das",      "dass",      "dasselbe",  "dazu",    "dein",    "deine",
    "deinem",  "deinen", "deiner",   "dem",       "demselben", "den",     "denn",    "der",
    "deren",   "derer",  "derselbe", "derselben", "des",       "dessen",  "dich",    "die",
    "dies",    "diese",  "dieselbe", "diesem",    "diesen",    "dieser",  "dieses",  "dir",
    "doch",    "dort",   "du",       "durch",     "ein",       "eine",    "einem",   "einen",
    "einer",   "eines",  "einige",   "einigem",   "einigen",   "einiger", "einiges", "einmal",
    "er",      "es",     "etwas",    "euch",      "euer",      "eure",    "eurem",   "euren",
    "eurer",   "fur",    "gegen",    "gewesen",   "hab",       "habe",    "haben",   "hat",
    "hatte",   "hatten", "hier",     "hin",       "hinter",    "ich",     "ihm",     "ihn",
    "ihnen",   "ihr",    "ihre",     "ihrem",     "ihren",     "ihrer",   "im",      "in",
    "indem",   "ins",    "ist",      "jede",      "jedem",     "jeden",   "jeder",   "jedes",
    "jene",    "jenem",  "jenen",    "jener",     "jenes",     "jetzt",   "kann",    "konnen",
    "konnte",  "machen", "man",      "manche",    "manchem",   "manchen", "mancher", "manches",
    "mein",    "meine",  "meinem",   "meinen",    "meiner",    "mich",    "mir",     "mit",
    "muss",    "musste", "nach",     "noch",      "nun",       "nur",     "ob",      "oder",
    "sehr",    "sein",   "seine",    "seinem",    "seinen",    "seiner",  "seit",    "selbst",
    "sich",    "sie",    "sind",     "so",        "solche",    "solchem", "solchen", "solcher",
    "solches", "soll",   "sollte",   "sondern",   "sonst",     "uber",    "um",      "und",
    "uns",     "unser",  "unsere",   "unserem",   "unseren",   "unter",   "versus",  "viel",
    "vom",     "von",    "vor",      "vs",        "wahrend",   "war",     "waren",   "warst",
    "was",     "weg",    "weil",     "weiter",    "welche",    "welchem", "welchen", "welcher",
    "welches", "wenn",   "werde",    "werden",    "wie",       "wieder",  "will",    "wir",
    "wird",    "wirst",  "wo",       "wollen",    "wollte",    "wurde",   "wurden",  "zu",
    "zum",     "zur",    "zwar",     "zwischen",
};

static const char *const english[] = {
    "a",          "about",     "above",     "after",  "again",      "against", "all",
    "already",    "also",      "am",        "among",  "amongst",    "an",      "and",
    "another",    "any",       "are",       "as",     "at",         "be",      "because",
    "been",       "before",    "being",     "below",  "between",    "both",    "but",
    "by",         "can",       "could",     "did",    "do",         "does",    "doing",
    "down",       "during",    "each",      "eg",     "either",     "else",    "etc",
    "even",       "ever",      "every",     "few",    "for",        "from",    "further",
    "had",        "has",       "have",      "having", "he",         "hence",   "her",
    "here",       "hers",      "herself",   "him",    "himself",    "his",     "how",
    "however",    "i",         "ie",        "if",     "im",         "in",      "into",
    "is",         "it",        "itd",       "itll",   "its",        "itself",  "ive",
    "just",       "let",       "many",      "may",    "me",         "might",   "more",
    "most",       "much",      "must",      "my",     "myself",     "of",      "off",
    "on",         "once",      "only",      "onto",   "or",         "other",   "ought",
    "our",        "ours",      "ourselves", "out",    "over",       "own",     "per",
    "quite",      "rather",    "same",      "shall",  "she",        "should",  "since",
    "so",         "some",      "still",     "such",   "than",       "that",    "thatll",
    "the",        "their",     "theirs",    "them",   "themselves", "then",    "there",
    "thereby",    "therefore", "therein",   "these",  "they",       "theyd",   "theyll",
    "theyre",     "theyve",    "this",      "those",  "through",    "thus",    "to",
    "too",        "toward",    "towards",   "under",  "until",      "up",      "upon",
    "versus",     "very",      "via",       "vs",     "was",        "we",      "were",
    "weve",       "what",      "whatever",  "when",   "whenever",   "where",   "wherever",
    "whether",    "which",     "whichever", "while",  "who",        "whoever", "whom",
    "whose",      "why",       "will",      "with",   "within",     "would",   "yet",
    "you",        "youd",      "youll",     "your",   "youre",      "yours",   "yourself",
    "yourselves", "youve",
};

static const char *const spanish[] = {
    "a",        "al",       "algo",    "alguien",  "algun",  "alguna",  "algunas",  "alguno",
    "algunos",  "ambos",    "ante",    "antes",    "aquel",  "aquella", "aquellas", "aquello",
    "aquellos", "aqui",     "asi",     "aun",      "aunque", "bajo",    "cada",     "como",
    "con",      "contra",   "cual",    "cuales",   "cuando", "cuanto",  "de",       "del",
    "desde",    "donde",    "dos",     "durante",  "e",      "el",      "ella",     "ellas",
    "ellos",    "en",       "entre",   "era",      "eran",   "eres",    "es",       "esa",
    "esas",     "ese",      "eso",     "esos",     "esta",   "estaba",  "estaban",  "estado",
    "estamos",  "estan",    "estar",   "estas",    "este",   "esto",    "estos",    "estoy",
    "fue",      "fueron",   "fui",     "ha",       "habia",  "habian",  "han",      "has",
    "hasta",    "hay",      "he",      "hemos",    "hubo",   "la",      "las",      "le",
    "les",      "lo",       "los",     "mas",      "me",     "mi",      "mia",      "mientras",
    "mio",      "mis",      "mismo",   "mucho",    "muchos", "muy",     "nos",      "nosotros",
    "nuestra",  "nuestras", "nuestro", "nuestros", "o",      "os",      "otra",     "otras",
    "otro",     "otros",    "para",    "pero",     "poco",   "por",     "porque",   "pues",
    "que",      "quien",    "quienes", "se",       "sea",    "sean",    "segun",    "ser",
    "si",       "sido",     "siendo",  "sobre",    "sois",   "somos",   "son",      "soy",
    "su",       "sus",      "suya",    "suyo",     "tal",    "tambien", "tan",      "tanto",
    "te",       "tenemos",  "tener",   "tengo",    "ti",     "tiene",   "tienen",   "toda",
    "todas",    "todo",     "todos",   "tu",       "tus",    "tuya",    "tuyo",     "u",
    "un",       "una",      "unas",    "uno",      "unos",   "usted",   "ustedes",  "versus",
    "vosotros", "vs",       "vuestra", "vuestro",  "y",      "ya",      "yo",
};

static const char *const french[] = {
    "a",      "afin",  "ai",      "ainsi",   "alors",    "apres",   "as",      "au",
    "aussi",  "autre", "autres",  "aux",     "avait",    "avant",   "avec",    "avez",
    "avoir",  "avons", "c",       "car",     "ce",       "ceci",    "cela",    "celle",
    "celles", "celui", "ces",     "cet",     "cette",    "ceux",    "chaque",  "chez",
    "ci",     "comme", "comment", "d",       "dans",     "de",      "depuis",  "des",
    "donc",   "dont",  "du",      "elle",    "elles",    "en",      "encore",  "entre",
    "es",     "est",   "et",      "etaient", "etait",    "etant",   "ete",     "etes",
    "etre",   "eu",    "eux",     "fait",    "font",     "furent",  "fut",     "il",
    "ils",    "j",     "je",      "jusqu",   "l",        "la",      "le",      "les",
    "leur",   "leurs", "lors",    "lorsqu",  "lorsque",  "lui",     "m",       "ma",
    "mais",   "me",    "meme",    "memes",   "mes",      "moi",     "mon",     "nos",
    "notre",  "nous",  "on",      "ont",     "ou",       "par",     "parce",   "pendant",
    "peu",    "peut",  "plus",    "pour",    "pourquoi", "puis",    "puisqu",  "puisque",
    "qu",     "quand", "que",     "quel",    "quelle",   "quelles", "quelque", "quelques",
    "quels",  "qui",   "quoi",    "s",       "sa",       "se",      "sera",    "serait",
    "ses",    "si",    "soi",     "soit",    "sommes",   "son",     "sont",    "sous",
    "suis",   "sur",   "t",       "ta",      "tandis",   "te",      "tes",     "toi",
    "ton",    "tous",  "tout",    "toute",   "toutes",   "tres",    "tu",      "un",
    "une",    "va",    "vers",    "versus",  "voici",    "voila",   "vos",     "votre",
    "vous",   "vs",    "y",
};

static const char *const italian[] = {
    "a",      "abbiamo", "ad",     "agli",   "ai",     "al",     "alla",   "alle",   "allo",
    "altra",  "altre",   "altri",  "altro",  "anche",  "ancora", "avere",  "aveva",  "avevano",
    "c",      "che",     "chi",    "ci",     "cio",    "coi",    "col",    "come",   "con",
    "contro", "cui",     "d",      "da",     "dagli",  "dai",    "dal",    "dalla",  "dalle",
    "dallo",  "degli",   "dei",    "del",    "della",  "delle",  "dello",  "dentro", "di",
    "dopo",   "dove",    "dunque", "e",      "ed",     "egli",   "ella",   "era",    "erano",
    "essa",   "esse",    "essere", "essi",   "esso",   "fa",     "fra",    "ha",     "hai",
    "hanno",  "ho",      "i",      "il",     "in",     "io",     "l",      "la",     "le",
    "lei",    "li",      "lo",     "loro",   "lui",    "m",      "ma",     "mentre", "mi",
    "mia",    "mie",     "miei",   "mio",    "molti",  "molto",  "negli",  "nei",    "nel",
    "nella",  "nelle",   "nello",  "noi",    "nostra", "nostre", "nostri", "nostro", "o",
    "ogni",   "oppure",  "per",    "perche", "pero",   "piu",    "poco",   "poi",    "prima",
    "qual",   "quale",   "quali",  "quando", "quanta", "quante", "quanti", "quanto", "quella",
    "quelle", "quelli",  "quello", "questa", "queste", "questi", "questo", "qui",    "quindi",
    "s",      "se",      "sei",    "si",     "sia",    "siamo",  "siano",  "siete",  "solo",
    "sono",   "sopra",   "sotto",  "sta",    "stata",  "state",  "stati",  "stato",  "su",
    "sua",    "sue",     "sugli",  "sui",    "sul",    "sulla",  "sulle",  "sullo",  "suo",
    "suoi",   "tra",     "tu",     "tua",    "tue",    "tuo",    "tuoi",   "tutta",  "tutte",
    "tutti",  "tutto",   "un",     "una",    "uno",    "v",      "versus", "vi",     "voi",
    "vostra", "vostre",  "vostri", "vostro", "vs",
};

static const char *const dutch[] = {
    "aan",    "al",    "alle",   "alles",  "als",   "altijd", "andere", "ben",    "bij",
    "daar",   "dan",   "dat",    "de",     "deze",  "die",    "dit",    "doch",   "doen",
    "door",   "dus",   "een",    "eens",   "en",    "er",     "ge",     "haar",   "had",
    "hadden", "heb",   "hebben", "heeft",  "hem",   "hen",    "het",    "hier",   "hij",
    "hoe",    "hun",   "iemand", "iets",   "ik",    "in",     "is",     "ja",     "je",
    "jij",    "jou",   "jouw",   "jullie", "kan",   "kon",    "kunnen", "maar",   "me",
    "meer",   "men",   "met",    "mij",    "mijn",  "moet",   "moeten", "na",     "naar",
    "nog",    "nu",    "of",     "om",     "omdat", "onder",  "ons",    "onze",   "ook",
    "op",     "over",  "reeds",  "sinds",  "te",    "tegen",  "toch",   "toen",   "tot",
    "tussen", "u",     "uit",    "uw",     "van",   "veel",   "versus", "voor",   "vs",
    "want",   "waren", "was",    "wat",    "we",    "wel",    "werd",   "werden", "wie",
    "wij",    "wil",   "worden", "wordt",  "zal",   "ze",     "zei",    "zelf",   "zich",
    "zij",    "zijn",  "zo",     "zoals",  "zou",   "zouden",
};

static const char *const portuguese[] = {
    "a",      "ainda",  "alem",    "algum",   "alguma",  "algumas", "alguns", "ao",      "aos",
    "apos",   "aquela", "aquelas", "aquele",  "aqueles", "aquilo",  "as",     "assim",   "ate",
    "cada",   "com",    "como",    "contra",  "da",      "das",     "de",     "dela",    "delas",
    "dele",   "deles",  "depois",  "desde",   "dessa",   "desse",   "desta",  "deste",   "do",
    "dos",    "e",      "ela",     "elas",    "ele",     "eles",    "em",     "entao",   "entre",
    "era",    "eram",   "essa",    "essas",   "esse",    "esses",   "esta",   "estamos", "estao",
    "estar",  "estas",  "estava",  "estavam", "este",    "estes",   "estou",  "eu",      "foi",
    "fomos",  "for",    "foram",   "ha",      "havia",   "isso",    "isto",   "ja",      "la",
    "lhe",    "lhes",   "mais",    "mas",     "me",      "mesmo",   "meu",    "meus",    "minha",
    "minhas", "muito",  "muitos",  "na",      "nas",     "nessa",   "nesse",  "nesta",   "neste",
    "no",     "nos",    "nossa",   "nossas",  "nosso",   "nossos",  "num",    "numa",    "o",
    "onde",   "os",     "ou",      "outra",   "outras",  "outro",   "outros", "para",    "pela",
    "pelas",  "pelo",   "pelos",   "pode",    "pois",    "por",     "porque", "quais",   "qual",
    "quando", "quanto", "que",     "quem",    "sao",     "se",      "seja",   "sejam",   "ser",
    "sera",   "seu",    "seus",    "si",      "sido",    "sobre",   "somos",  "sou",     "sua",
    "suas",   "tal",    "tambem",  "tanto",   "te",      "tem",     "temos",  "tenho",   "ter",
    "teu",    "teus",   "teve",    "tinha",   "toda",    "todas",   "todo",   "todos",   "tu",
    "tua",    "tuas",   "um",      "uma",     "umas",    "uns",     "versus", "voce",    "voces",
    "vos",    "vs",
};

static const struct {
    sp_bytes language;
    const char *const *words;
    size_t count;
} lists[] = {
    {{"en", 2}, english, sizeof english / sizeof *english},
    {{"de", 2}, german, sizeof german / sizeof *german},
    {{"fr", 2}, french, sizeof french / sizeof *french},
    {{"es", 2}, spanish, sizeof spanish / sizeof *spanish},
    {{"pt", 2}, portuguese, sizeof portuguese / sizeof *portuguese},
    {{"it", 2}, italian, sizeof italian / sizeof *italian},
    {{"nl", 2}, dutch, sizeof dutch / sizeof *dutch},
};

static int
compare(const void *word, const void *item)
{
    return sp_bytes_compare(*(const sp_bytes *)word, sp_bytes_of(*(const char *const *)item));
}

sp_stop_words
sp_stop_words_of(sp_bytes language)
{
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (sp_bytes_equal(lists[i].language, language))
            return (sp_stop_words){lists[i].words, lists[i].count};
    }
    return (sp_stop_words){0};
}

bool
sp_is_stop_word(sp_bytes language, sp_bytes word)
{
    sp_stop_words list = sp_stop_words_of(language);
    return list.count > 0 &&
           bsearch(&word, list.items, list.count, sizeof *list.items, compare) != NULL;
}

bool
sp_is_stop_word_of_any_language(sp_bytes word)
{
    bool found = false;
    for (size_t i = 0; i < sizeof lists / sizeof *lists && !found; i++)
        found = sp_is_stop_word(lists[i].language, word);
    return found;
}
