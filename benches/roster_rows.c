#include "roster_rows.h"

#include <stdlib.h>
#include <string.h>

#include "library.h"

/* Behind `"name":` of the row that begins here. */
static const char *member(const char *row, const char *name) {
    const char *at = strstr(row, name);
    if (at == NULL) fail("a row without a member", name);
    return at + strlen(name);
}

static struct word word(const char *row, const char *name) {
    const char *at = member(row, name) + 1;
    return (struct word){at, (int)strcspn(at, "\"")};
}

size_t roster_rows(const char *page, struct roster_row rows[MOST_ROWS]) {
    size_t count = 0;
    const char *at = member(page, "\"data\":") + 1;
    for (; *at == '{'; at = strchr(at, '}') + 1, at += *at == ',') {
        if (count == MOST_ROWS) fail("more rows than a page has", NULL);
        rows[count++] = (struct roster_row){
            word(at, "\"certType\":"),  word(at, "\"certNo\":"),          word(at, "\"certName\":"),
            word(at, "\"gloryType\":"), atoll(member(at, "\"gloryID\":")), atoll(member(at, "\"dataID\":"))};
    }
    return count;
}
