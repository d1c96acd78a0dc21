#define _POSIX_C_SOURCE 200809L
#include "booking.h"

#include <stdlib.h>

#include "charge.h"
#include "clock.h"

void make_booking_profile(const struct library *library, const char *name, int port, const char *store) {
    char *request = text_of("{\"profile\":\"%s\",\"onepay\":{\"url\":\"http://127.0.0.1:%d/onepay\"," IDENTITY
                            "},\"store\":\"%s\"}",
                            name, port, store);
    library->free(succeeded("configure", library->configure(request)));
    free(request);
}

double book(const struct library *library, const char *profile, const char *number) {
    char *request = text_of("{\"profile\":\"%s\",\"orderNo\":\"%s\",\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\","
                            "\"chargeAmt\":\"100.00\",\"depositeType\":\"CASH\"}}",
                            profile, number);
    double start = now_ns();
    char *reply = library->recharge(request);
    double ns = now_ns() - start;
    library->free(succeeded("onepay_recharge", reply));
    free(request);
    return ns;
}
