/* system_roots URL CA
 *
 * Windows' own authorities decide where the settings name none: URL, the https address of a sandbox, is not trusted until
 * the sandbox's CA, a PEM file, stands among the user's roots, and not any more once it is taken out. Of Wine alone: Windows
 * itself asks the person at the screen before it takes a root.
 */

#include <windows.h>

#include <wincrypt.h>

#include "../c/check.h"

#define ROOM 65536

static PCCERT_CONTEXT trusted(HCERTSTORE roots, const char *path)
{
    static char text[ROOM];
    static BYTE bytes[ROOM];
    DWORD size = sizeof bytes;
    PCCERT_CONTEXT authority = NULL;
    FILE *file = fopen(path, "rb");

    CHECK(file != NULL, path);
    CHECK(fread(text, 1, sizeof text - 1, file) > 0, path);
    fclose(file);
    CHECK(CryptStringToBinaryA(text, 0, CRYPT_STRING_BASE64HEADER, bytes, &size, NULL, NULL), path);
    CHECK(CertAddEncodedCertificateToStore(roots, X509_ASN_ENCODING, bytes, size, CERT_STORE_ADD_REPLACE_EXISTING, &authority), path);
    return authority;
}

/* The end of a call over a connection of its own. */
static void ask(const char *url, const char *status, const char *code, const char *reason)
{
    static char request[1024];
    char *reply;

    snprintf(request, sizeof request, "{\"onepay\":{\"url\":\"%s\"," IDENTITY "},\"store\":\"none\",\"language\":\"en\"}", url);
    EXPECT(hislink_configure(request), "succeeded", "OK", NO_FIELD);
    reply = hislink_onepay_account_info("{\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\"}}");
    CHECK(strstr(reply, reason) != NULL, reply);
    EXPECT(reply, status, code, NO_FIELD);
    hislink_shutdown();
}

int main(int count, char **arguments)
{
    HCERTSTORE roots = CertOpenSystemStoreA(0, "ROOT");
    PCCERT_CONTEXT authority;

    CHECK(count == 3 && roots != NULL, "system_roots URL CA");
    ask(arguments[1], "failed", "TLS_FAILED", "\"CERT_UNKNOWN_ISSUER\"");
    authority = trusted(roots, arguments[2]);
    ask(arguments[1], "succeeded", "OK", "balance");
    CHECK(CertDeleteCertificateFromStore(authority), "the root is taken out");
    ask(arguments[1], "failed", "TLS_FAILED", "\"CERT_UNKNOWN_ISSUER\"");
    CertCloseStore(roots, 0);
    puts("system_roots: fine");
    return 0;
}
