// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Command lines: a program describes its options in one table. Parsing, the checks of arguments,
 * defaults and the text of --help all follow from the table.
 *
 * Parsing is getopt_long's: long names may be abbreviated, `--name=value` and `--name value` mean
 * the same, and `--` ends the options. The tables are constant. Only one thread may read a command
 * line, because getopt_long has static state.
 *
 * Unlike the rest of the library this module prints, since only programs use it: --help and
 * --version to standard output, mistakes to standard error. It never exits.
 */
#ifndef SIGNPOST_COMMAND_LINE_H
#define SIGNPOST_COMMAND_LINE_H

#include <signpost/arena.h>

/* The most rows that a table can have. */
#define SP_OPTIONS_MAX 64

/* Lines of --help are at most this wide, unless a single word is wider. */
#define SP_HELP_WIDTH 79

/* The arguments of an option that may be repeated, borrowed from argv. */
typedef struct sp_texts {
    const char **items;
    size_t count, capacity;
} sp_texts;

/* Appends the borrowed text; the list is allocated from the arena. */
enum sp_status sp_texts_append(sp_texts *texts, sp_arena *arena, const char *text,
                               sp_error *err) SP_MUST_CHECK;

enum sp_option_kind {
    SP_OPTION_FLAG,   /* takes no argument; stores sp_option.value in an integer or a bool */
    SP_OPTION_TEXT,   /* const char *, borrowed from argv */
    SP_OPTION_TEXTS,  /* sp_texts: each occurrence appends one */
    SP_OPTION_NUMBER, /* an unsigned integer from min to max, in decimal */
    SP_OPTION_CHOICE, /* one of `names`; stores its index in an enum */
    SP_OPTION_HELP,
    SP_OPTION_VERSION
};

typedef struct sp_option sp_option;

/* Handles one occurrence of an option; `argument` is NULL for a flag. On failure err->text is the
   message for the user; it names the option and the argument. */
typedef enum sp_status sp_option_setter(void *options, const sp_option *option,
                                        const char *argument, sp_error *err);

/* Refuses an argument before it is stored. Fails as a setter does. */
typedef enum sp_status sp_option_check(const sp_option *option, const char *argument,
                                       sp_error *err);

/* One row of the table. Members that a row leaves out are 0 or NULL. */
struct sp_option {
    char letter;          /* of the short form; 0: none */
    const char *name;     /* of the long form, without the hyphens */
    const char *argument; /* the argument's name in --help: "FILE"; NULL: takes no argument */
    enum sp_option_kind kind;
    size_t offset, size;       /* the member of the program's options: SP_OPTION_MEMBER sets both */
    size_t given_offset;       /* a bool that is set when the option is given; 0: none */
    int value;                 /* what a flag stores (0 means 1); free for use by `set` */
    uint32_t min, max;         /* of SP_OPTION_NUMBER */
    const char *const *names;  /* of SP_OPTION_CHOICE; ends with NULL */
    sp_option_check *check;    /* called after the checks of the kind; NULL: none */
    sp_option_setter *set;     /* called instead of storing, after all checks */
    const char *environment;   /* a variable that, unless empty, replaces default_value */
    const char *default_value; /* handled like an argument, where no argument is given */
    const char *default_text;  /* what --help shows instead of default_value */
    const char *help;          /* one phrase; --help appends names and default */
    const char *heading;       /* printed before this row; NULL: none */
};

/* Names the member that stores the value: write SP_OPTION_MEMBER(struct, member) among the
   initialisers of a row. */
#define SP_OPTION_MEMBER(type, member)                                                             \
    .offset = offsetof(type, member), .size = sizeof((type *)NULL)->member

/* The rows that every program has. */
#define SP_OPTION_ROW_HELP                                                                         \
    {                                                                                              \
        .name = "help", .kind = SP_OPTION_HELP, .help = "print this help"                          \
    }
#define SP_OPTION_ROW_VERSION                                                                      \
    {                                                                                              \
        .name = "version", .kind = SP_OPTION_VERSION, .help = "print the version"                  \
    }

typedef struct sp_command_line {
    const char *program; /* its name, which begins messages */
    const char *version;
    const char *header; /* of --help, before the options, each line at most SP_HELP_WIDTH wide */
    const char *footer; /* of --help, after the options */
    const sp_option *options;
    size_t option_count;          /* at most SP_OPTIONS_MAX */
    bool first_word_ends_options; /* else options may follow words, unless POSIXLY_CORRECT is set */
} sp_command_line;

/* The choices of --color and --progress. */
enum sp_when { SP_AUTOMATIC, SP_ALWAYS, SP_NEVER };
extern const char *const sp_when_names[];

/* Applies defaults and argv to the program's options struct, which borrows argv's strings; lists
   are allocated from the arena, which may be NULL if no row is SP_OPTION_TEXTS. Reorders argv as
   getopt_long does. Returns the index of the first word after the options (argc without words),
   or 0 if the program must end with *exit_code: 0 after --help and --version, 2 after a mistake. */
int sp_command_line_read(const sp_command_line *line, int argc, char **argv, void *options,
                         sp_arena *arena, int *exit_code);

/* Prints err->text and a hint at --help, and sets *exit_code to 2. Returns false. */
bool sp_command_line_refuse(const sp_command_line *line, const sp_error *err, int *exit_code);

/* Appends the text of --help. */
void sp_command_line_print_help(const sp_command_line *line, sp_str *out);

#endif
