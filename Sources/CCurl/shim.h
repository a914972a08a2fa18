// Swift cannot call variadic functions: one typed wrapper for each kind of option.
#ifndef EVALH_CURL_SHIM_H
#define EVALH_CURL_SHIM_H

#include <curl/curl.h>
#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

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
typedef int (*evalh_curl_timer_fn)(CURLM *multi, long milliseconds, void *user);
static inline void evalh_curl_multi_set_callbacks(
    CURLM *multi, curl_socket_callback sockets, evalh_curl_timer_fn timer, void *user) {
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, sockets);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, user);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, user);
}
// Watches a socket for what libcurl wants of it (CURL_POLL_*).
static inline int evalh_epoll_watch(int epoll, int socket, int what) {
    struct epoll_event event = {0};
    event.data.fd = socket;
    if (what & CURL_POLL_IN) event.events |= EPOLLIN;
    if (what & CURL_POLL_OUT) event.events |= EPOLLOUT;
    if (what == CURL_POLL_REMOVE) return epoll_ctl(epoll, EPOLL_CTL_DEL, socket, NULL);
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) == 0) return 0;
    return errno == EEXIST ? epoll_ctl(epoll, EPOLL_CTL_MOD, socket, &event) : -1;
}
static inline int evalh_epoll_socket(const struct epoll_event *event) { return event->data.fd; }
// What happened at it, in libcurl's words (CURL_CSELECT_*).
static inline int evalh_epoll_mask(const struct epoll_event *event) {
    int mask = 0;
    if (event->events & (EPOLLIN | EPOLLHUP)) mask |= CURL_CSELECT_IN;
    if (event->events & EPOLLOUT) mask |= CURL_CSELECT_OUT;
    if (event->events & EPOLLERR) mask |= CURL_CSELECT_ERR;
    return mask;
}
static inline int evalh_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }
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
