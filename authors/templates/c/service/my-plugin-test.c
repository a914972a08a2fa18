/* my-plugin-test LIBRARY: calls the service. */
#include "scripted_host.h"

int main(int count, char **arguments) {
    char result[SCRIPTED_TEXT], error[SCRIPTED_TEXT];
    CHECK(count == 2);
    const evalh_descriptor *plugin =
        scripted_plugin(scripted_open(arguments[1]), EVALH_KIND_SERVICE, "org.example.my-plugin");
    CHECK(scripted_call(plugin, "{}", "{\"text\":\" one  two\\nthree \\\"four\\\" \"}", result, error) == EVALH_OK);
    CHECK(strcmp(result, "{\"words\": 4}") == 0);
    CHECK(scripted_call(plugin, "{}", "{\"text\":\"\"}", result, error) == EVALH_OK);
    CHECK(strcmp(result, "{\"words\": 0}") == 0);
    CHECK(scripted_call(plugin, "{}", "{}", result, error) == EVALH_FAILED && error[0] != 0);
    puts("org.example.my-plugin: all tests passed");
    return 0;
}
