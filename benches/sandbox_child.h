/* The platforms' sandbox as a child of this program. */
#ifndef BENCH_SANDBOX_CHILD_H
#define BENCH_SANDBOX_CHILD_H

#define GLORY_SID "47258258201708031835123456"
#define GLORY_KEY "4fd6b8105f894d0da964b1e80b07b136"
#define GLORY_ORG_CODE "350100001"

/* Starts HISLINK_SANDBOX with that many cards, its files in `folder`; it ends with this program. Gives glory's address
   through HTTP, for the caller to free. */
char *sandbox_start(const char *folder, long cards);

#endif
