/* /api/v1/suggest */

#include "handlers.h"

sp_reply
sp_handle_suggest(sp_worker *worker, sp_exchange *exchange, const char *origin)
{
    return sp_handle_openapi(worker, exchange, origin);
}
