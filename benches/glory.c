/* The card platform: sets the scene for the parts, each in its own file. */
#include "glory.h"

#include <stdio.h>
#include <stdlib.h>

#include "sandbox_child.h"
#include "scratch.h"
#include "sqlite_side.h"

struct signature glory_signature(const struct library *library, const char *body) {
    char *request = text_of("{" GLORY_PROFILE ",\"body\":%s}", body);
    char *reply = succeeded("glory_sign", library->glory_sign(request));
    struct signature signature = {json_after(reply, "sid"), json_after(reply, "timestamp"), json_after(reply, "sign")};
    library->free(reply);
    free(request);
    return signature;
}

void signature_free(struct signature *signature) {
    free(signature->sid);
    free(signature->timestamp);
    free(signature->sign);
}

static void configure_glory(const struct glory *glory) {
    char *request = text_of("{" GLORY_PROFILE ",\"glory\":{\"url\":\"%s\",\"sid\":\"" GLORY_SID "\",\"key\":\""
                            GLORY_KEY "\",\"orgCode\":\"" GLORY_ORG_CODE "\"},\"store\":\"sqlite:%s\"}",
                            glory->url, glory->store);
    glory->library->free(succeeded("configure", glory->library->configure(request)));
    free(request);
}

void measure_glory(const struct plan *plan) {
    struct glory glory = {.plan = plan, .library = plan->library, .folder = scratch_open()};
    glory.url = sandbox_start(glory.folder, plan->cards);
    glory.store = text_of("%s/library.db", glory.folder);
    configure_glory(&glory);
    measure_sync(&glory);
    measure_lookup(&glory);
    /* Closes the store: SQLite itself opens the file now. */
    glory.library->shutdown();
    sqlite_fill_ledger(glory.store, plan->deductions);
    measure_sign(&glory);
    measure_check(&glory);
    glory.library->shutdown();
    for (size_t n = 0; n < glory.lookup_count; n++) free(glory.lookups[n]);
    free(glory.lookups);
    free(glory.url);
    free(glory.store);
}
