/* /openapi.json and /opensearch.xml */

#include "handlers.h"

sp_reply
sp_handle_openapi(sp_worker *worker, sp_exchange *exchange, const char *origin)
{
    sp_problem problem;
    (void)worker, (void)exchange;
    sp_problem_set(&problem, 404, "there is nothing here");
    return sp_reply_problem(&problem, origin);
}
sp_reply
sp_handle_opensearch(sp_worker *worker, sp_exchange *exchange, const char *origin)
{
    return sp_handle_openapi(worker, exchange, origin);
}
