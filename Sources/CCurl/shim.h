// Swift cannot call variadic functions: one typed wrapper for each kind of option.
#ifndef EVALH_CURL_SHIM_H
#define EVALH_CURL_SHIM_H

#include <curl/curl.h>

typedef size_t (*evalh_curl_data_fn)(char *bytes, size_t size, size_t count, void *user);

static inline CURLcode evalh_curl_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode evalh_curl_set_text(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode evalh_curl_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode evalh_curl_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode evalh_curl_set_data_fn(CURL *easy, CURLoption option, evalh_curl_data_fn value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode evalh_curl_get_long(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}
static inline CURLcode evalh_curl_get_double(CURL *easy, CURLINFO info, double *value) {
    return curl_easy_getinfo(easy, info, value);
}
static inline CURLcode evalh_curl_get_pointer(CURL *easy, void **value) {
    return curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)value);
}
static inline CURLMcode evalh_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}
// A finished transfer, or NULL.
static inline CURL *evalh_curl_multi_next_done(CURLM *multi, CURLcode *result) {
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left))) {
        if (message->msg == CURLMSG_DONE) {
            *result = message->data.result;
            return message->easy_handle;
        }
    }
    return NULL;
}

#endif
