// SPDX-License-Identifier: GPL-2.0-or-later
/* search: answers a query from the command line, or evaluates an index with judged queries. */

#include "command.h"

#include <signpost/crash.h>

int
main(int argc, char **argv)
{
    sp_search_options options;
    int code;
    sp_on_crash("search: crashed, perhaps because the index is damaged; search --verify tells\n",
                2);
    if (sp_search_options_read(argc, argv, &options, &code))
        code = sp_command_run(&options);
    sp_search_options_done(&options);
    return code;
}
