/* my-plugin-test LIBRARY: plays scripted events to the strategy. The scripted grader takes a text's last word. */
#include "scripted_host.h"

static const evalh_descriptor *plugin;

static void stops_when_the_vote_is_decided(void) {
    scripted_session session;
    scripted_begin(&session, plugin, "{\"samples\":5}");
    scripted_reply(&session, "it is 7");
    scripted_reply(&session, "it is 7");
    CHECK(!session.finished);
    scripted_reply(&session, "so 7");
    CHECK(session.finished && session.requests == 3);
    CHECK(strcmp(session.answer, "it is 7") == 0 && strcmp(session.reason, "majority") == 0);
    CHECK(session.confidence == 1 && session.answer_flags == 0);
    scripted_end(&session);
}

static void takes_the_earliest_of_equals_after_the_last_sample(void) {
    scripted_session session;
    scripted_begin(&session, plugin, "{\"samples\":2}");
    scripted_reply(&session, "a 1");
    scripted_reply(&session, "b 2");
    CHECK(session.finished && strcmp(session.answer, "a 1") == 0 && strcmp(session.reason, "samples") == 0);
    CHECK(session.confidence == 0.5);
    scripted_end(&session);
}

static void cut_off_texts_do_not_vote(void) {
    scripted_session session;
    scripted_begin(&session, plugin, "{\"samples\":1}");
    scripted_done(&session, "it is 7", EVALH_FINISH_LENGTH);
    CHECK(session.finished && session.answer_flags == EVALH_ANSWER_NONE);
    scripted_end(&session);
}

static void answers_with_what_it_has_when_the_budget_ends_or_the_host_stops_it(void) {
    scripted_session session;
    scripted_begin(&session, plugin, "{\"samples\":9}");
    scripted_reply(&session, "a 1");
    scripted_reject(&session, EVALH_REJECT_BUDGET);
    CHECK(session.finished && strcmp(session.answer, "a 1") == 0 && strcmp(session.reason, "budget") == 0);
    scripted_end(&session);
    scripted_begin(&session, plugin, "{\"samples\":9}");
    scripted_stop(&session);
    CHECK(session.finished && session.answer_flags == EVALH_ANSWER_NONE);
    scripted_end(&session);
}

static void a_failed_request_is_an_error(void) {
    scripted_session session;
    scripted_begin(&session, plugin, "{\"samples\":3}");
    scripted_fail(&session, "500");
    CHECK(!session.finished && session.result == EVALH_FAILED && strcmp(session.error, "a request failed") == 0);
    scripted_end(&session);
}

int main(int count, char **arguments) {
    CHECK(count == 2);
    plugin = scripted_plugin(scripted_open(arguments[1]), EVALH_KIND_STRATEGY, "org.example.my-plugin");
    stops_when_the_vote_is_decided();
    takes_the_earliest_of_equals_after_the_last_sample();
    cut_off_texts_do_not_vote();
    answers_with_what_it_has_when_the_budget_ends_or_the_host_stops_it();
    a_failed_request_is_an_error();
    puts("org.example.my-plugin: 5 tests passed");
    return 0;
}
