#define _POSIX_C_SOURCE 200809L
#include "platform_answer.h"

#include <stdlib.h>

#define ANSWER_HEAD \
    "\"encryptType\":\"AES\",\"respCode\":\"000000\",\"respMsg\":\"处理成功\",\"signType\":\"MD5\"," \
    "\"timestamp\":\"20161226093147927\""

/* Runs an operation on a request made of `param`. */
static char *on_param(const char *name, operation *run, const char *format, const char *param) {
    char *request = text_of(format, param);
    char *reply = succeeded(name, run(request));
    free(request);
    return reply;
}

char *sealed_answer(const struct library *library, const char *param) {
    char *signing = on_param("onepay_sign", library->sign, "{\"message\":{\"param\":%s," ANSWER_HEAD "}}", param);
    char *encrypting = on_param("onepay_encrypt", library->encrypt, "{\"param\":%s}", param);
    char *sign = json_after(signing, "sign"), *data = json_after(encrypting, "encryptData");
    char *answer = text_of("{\"encryptData\":\"%s\",\"sign\":\"%s\"," ANSWER_HEAD "}", data, sign);
    free(sign);
    free(data);
    library->free(signing);
    library->free(encrypting);
    return answer;
}
