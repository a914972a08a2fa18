/* my-plugin-test LIBRARY: grades a few answers. */
#include "scripted_host.h"

static const evalh_descriptor *plugin;

static double score(const char *answer, uint32_t finish, const char *target) {
    scripted_grade_result result = scripted_grade(plugin, "{}", answer, finish, target);
    CHECK(result.status == EVALH_OK);
    return result.score;
}

int main(int count, char **arguments) {
    char answer[SCRIPTED_TEXT];
    CHECK(count == 2);
    plugin = scripted_plugin(scripted_open(arguments[1]), EVALH_KIND_GRADER, "org.example.my-plugin");
    CHECK(score("The capital is Paris.", EVALH_FINISH_STOP, "paris") == 1);
    CHECK(score("It is Rome", EVALH_FINISH_STOP, "paris") == 0);
    CHECK(score("", EVALH_FINISH_STOP, "") == 0);
    CHECK(score("It is Paris", EVALH_FINISH_LENGTH, "paris") == 0); /* cut off */
    CHECK(scripted_extract_by(plugin, "{}", "so it is\n PARIS.\n", answer) == EVALH_OK && strcmp(answer, "paris") == 0);
    CHECK(scripted_extract_by(plugin, "{}", " ", answer) == EVALH_FAILED);
    puts("org.example.my-plugin: all tests passed");
    return 0;
}
