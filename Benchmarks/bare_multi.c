/* The yardstick: what libcurl's multi interface alone costs for a POST with a small JSON answer.
 *
 *   bare_multi URL REQUESTS IN_FLIGHT [BODY_FILE] [UNIX_SOCKET]
 *
 * One thread, keep-alive, IN_FLIGHT easy handles that are used again; the answer's bytes are counted and dropped.
 * Prints one line of `key value` pairs: requests, failed, bytes, seconds, rate (requests a second),
 * cpu_us (user and system CPU microseconds of this process a request). */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static const char fallback[] =
    "{\"model\":\"bench\",\"messages\":[{\"role\":\"user\",\"content\":\"What is 17 + 25?\"}],"
    "\"max_tokens\":64,\"temperature\":0.8,\"seed\":%ld}";

static size_t count_bytes(char *bytes, size_t size, size_t number, void *total)
{
    (void)bytes;
    *(size_t *)total += size * number;
    return size * number;
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static double cpu_seconds(void)
{
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    return (double)use.ru_utime.tv_sec + (double)use.ru_stime.tv_sec
        + (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) * 1e-6;
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, 1 << 20);
    if (!file || !text) {
        perror(path);
        exit(2);
    }
    if (!fread(text, 1, (1 << 20) - 1, file)) text[0] = 0;
    fclose(file);
    return text;
}

/* Each request has a body of its own (another seed), as an evaluation's have, so that a server that counts
 * repeated bodies sees none. A body from a file is sent as it is. */
static void start(CURLM *multi, CURL *easy, const char *body, long number)
{
    char text[512];
    if (body) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)strlen(body));
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
    } else {
        snprintf(text, sizeof text, fallback, number);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)strlen(text));
        curl_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, text);
    }
    curl_multi_add_handle(multi, easy);
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: bare_multi URL REQUESTS IN_FLIGHT [BODY_FILE|-] [UNIX_SOCKET]\n");
        return 2;
    }
    const long requests = atol(argv[2]);
    const long width = atol(argv[3]) < requests ? atol(argv[3]) : requests;
    char *body = argc > 4 && strcmp(argv[4], "-") ? read_file(argv[4]) : NULL;
    curl_global_init(CURL_GLOBAL_ALL);
    CURLM *multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, width);
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    headers = curl_slist_append(headers, "Expect:");

    size_t bytes = 0;
    long started = 0, done = 0, failed = 0;
    const double wall = seconds(), cpu = cpu_seconds();
    for (; started < width; started++) {
        CURL *easy = curl_easy_init();
        curl_easy_setopt(easy, CURLOPT_URL, argv[1]);
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, count_bytes);
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, &bytes);
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(easy, CURLOPT_PROXY, "");
        if (argc > 5) curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, argv[5]);
        start(multi, easy, body, started);
    }
    while (done < requests) {
        int running, left;
        CURLMsg *message;
        curl_multi_perform(multi, &running);
        while ((message = curl_multi_info_read(multi, &left))) {
            CURL *easy = message->easy_handle;
            long status = 0;
            if (message->msg != CURLMSG_DONE) continue;
            curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
            if (message->data.result != CURLE_OK || status != 200) failed++;
            done++;
            curl_multi_remove_handle(multi, easy);
            if (started < requests) start(multi, easy, body, started++);
            else curl_easy_cleanup(easy);
        }
        if (done < requests) curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
    const double took = seconds() - wall, used = cpu_seconds() - cpu;
    printf("requests %ld failed %ld bytes %zu seconds %.4f rate %.0f cpu_us %.2f\n",
        done, failed, bytes, took, (double)done / took, used / (double)done * 1e6);
    return failed ? 1 : 0;
}
