/* system_roots CA|- [URL REASON]...
 *
 * Windows' own authorities decide where the settings name none. While CA, a certificate file, stands among the user's roots,
 * each URL must end with the REASON that data.reason gives, or succeed where that is OK. Of Wine alone: Windows itself asks
 * the person at the screen before it takes a root. Wine looks at the roots once in a process.
 */

#include <windows.h>

#include <wincrypt.h>

#include "../c/check.h"

/* Puts the certificate among the user's roots: they are written when the store is closed. */
static void trust(const char *path)
{
    static BYTE bytes[65536];
    HCERTSTORE roots = CertOpenSystemStoreA(0, "ROOT");
    FILE *file = fopen(path, "rb");
    DWORD size;

    CHECK(roots != NULL && file != NULL, path);
    size = (DWORD)fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    CHECK(CertAddEncodedCertificateToStore(roots, X509_ASN_ENCODING, bytes, size, CERT_STORE_ADD_ALWAYS, NULL), path);
    CertCloseStore(roots, 0);
}

/* Over a connection of its own. */
static void ask(const char *url, const char *reason)
{
    static char request[1024];
    int fine = strcmp(reason, "OK") == 0;
    char *reply;

    snprintf(request, sizeof request, "{\"onepay\":{\"url\":\"%s\"," IDENTITY "},\"store\":\"none\",\"language\":\"en\"}",
        url);
    SUCCEEDED(hislink_configure(request));
    reply = hislink_onepay_account_info("{\"param\":{\"cardType\":\"03\",\"cardNo\":\"10001\"}}");
    if (strstr(reply, fine ? "balance" : reason) == NULL)
        stop(__FILE__, __LINE__, reason, reply);
    EXPECT(reply, fine ? "succeeded" : "failed", fine ? "OK" : "TLS_FAILED", NO_FIELD);
    hislink_shutdown();
}

int main(int count, char **arguments)
{
    int with = count > 1 && strcmp(arguments[1], "-") != 0;
    int each;

    CHECK(count >= 4 && count % 2 == 0, "system_roots CA|- [URL REASON]...");
    if (with)
        trust(arguments[1]);
    for (each = 2; each < count; each += 2)
        ask(arguments[each], arguments[each + 1]);
    if (with)
        CHECK(RegDeleteTreeA(HKEY_CURRENT_USER, "Software\\Microsoft\\SystemCertificates\\ROOT") == ERROR_SUCCESS, "");
    puts("system_roots: fine");
    return 0;
}
