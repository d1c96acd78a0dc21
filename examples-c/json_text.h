/* Just enough JSON for these examples, for a program that has no JSON library.
 *
 * It reads what hislink writes: one line, no blanks between tokens, text as raw UTF-8. It finds the first member of a
 * name, wherever it nests; to look inside an object, find that object first. It checks nothing: do not use it on JSON
 * from elsewhere.
 */
#ifndef JSON_TEXT_H
#define JSON_TEXT_H

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#ifdef _WIN32
#include <windows.h>
#endif

/* Where the value of the first member `name` begins; NULL if there is none. */
static inline const char *json_find(const char *json, const char *name)
{
    size_t length = strlen(name);
    const char *at = json;

    if (json == NULL || length == 0)
        return NULL;
    for (; (at = strstr(at, name)) != NULL; at++) {
        /* Inside a string the quotes would be escaped, so this can only be a member's name. */
        if (at - json >= 2 && at[-1] == '"' && (at[-2] == '{' || at[-2] == ',') && at[length] == '"'
            && at[length + 1] == ':')
            return at + length + 2;
    }
    return NULL;
}

/* Just behind the value that begins here. */
static inline const char *json_end(const char *value)
{
    int depth = 0;
    int quoted = 0;

    for (; *value != '\0'; value++) {
        if (quoted) {
            if (*value == '\\' && value[1] != '\0')
                value++;
            else if (*value == '"')
                quoted = 0;
        } else if (*value == '"') {
            quoted = 1;
        } else if (*value == '{' || *value == '[') {
            depth++;
        } else if (*value == '}' || *value == ']' || *value == ',') {
            if (depth == 0)
                return value;
            if (*value != ',')
                depth--;
        }
    }
    return value;
}

/* One character of a string's inside, unescaped; moves `*at` on. hislink writes \u only for control characters. */
static inline char json_character(const char **at)
{
    const char *escapes = "b\bf\fn\nr\rt\t";
    char c = *(*at)++;

    if (c != '\\' || **at == '\0')
        return c;
    c = *(*at)++;
    if (c == 'u') {
        unsigned int code = 0;
        int digits = 0;
        for (; digits < 4 && **at != '\0' && **at != '"'; digits++, (*at)++)
            code = code * 16 + (unsigned int)(**at <= '9' ? **at - '0' : (**at & 0x0F) + 9);
        return code > 0 && code < 0x80 ? (char)code : '?';
    }
    for (; *escapes != '\0'; escapes += 2)
        if (c == *escapes)
            return escapes[1];
    return c;
}

/* Copies the first member `name`: a string without its quotes and escapes, any other value as its JSON text.
 * Gives its length; -1 if there is no such member, -2 if it does not fit: `out` holds "" then. */
static inline int json_text(const char *json, const char *name, char *out, size_t capacity)
{
    const char *at = json_find(json, name);
    const char *end;
    size_t length = 0;
    int quoted;

    if (capacity == 0)
        return -2;
    out[0] = '\0';
    if (at == NULL)
        return -1;
    end = json_end(at);
    quoted = *at == '"';
    if (quoted) {
        at++;
        end--;
    }
    while (at < end) {
        char c = quoted ? json_character(&at) : *at++;
        if (length + 1 >= capacity) {
            out[0] = '\0';
            return -2;
        }
        out[length++] = c;
    }
    out[length] = '\0';
    return (int)length;
}

/* Writes `text` as a JSON string with its quotes: what a user typed must never go into a request without it.
 * Gives the length, or -2 if it does not fit: `out` holds "" then. */
static inline int json_quoted(const char *text, char *out, size_t capacity)
{
    size_t length = 0;

    if (capacity > 0)
        out[0] = '\0';
    if (capacity < 3)
        return -2;
    out[length++] = '"';
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (length + 8 > capacity) {
            out[0] = '\0';
            return -2;
        }
        if (c < 0x20) {
            length += (size_t)snprintf(out + length, 7, "\\u%04X", (unsigned int)c);
        } else {
            if (c == '"' || c == '\\')
                out[length++] = '\\';
            out[length++] = (char)c;
        }
    }
    out[length++] = '"';
    out[length] = '\0';
    return (int)length;
}

/* Lets a Windows console show the UTF-8 that replies hold. Elsewhere there is nothing to do. */
static inline void show_utf8(void)
{
#ifdef _WIN32
    SetConsoleOutputCP(CP_UTF8);
#endif
}

#endif
