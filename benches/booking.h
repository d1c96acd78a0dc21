/* A recharge through the library, on a profile with this or that store. The platform is the loopback server. */
#ifndef BENCH_BOOKING_H
#define BENCH_BOOKING_H

#include "library.h"

/* What the platform says to any recharge: that it is booked. */
#define BOOKED_PARAM "{\"chargeNo\":\"201612260931476856\",\"balance\":\"300.00\",\"result\":\"succ\"}"

/* Makes a profile of that name, for a platform on that port. */
void make_booking_profile(const struct library *library, const char *name, int port, const char *store);

/* Recharges under that number, which must succeed; gives the nanoseconds that the call took. */
double book(const struct library *library, const char *profile, const char *number);

#endif
