/* my-plugin-test LIBRARY: gives the metric a few sessions. */
#include "scripted_host.h"

int main(int count, char **arguments) {
    CHECK(count == 2);
    const evalh_descriptor *plugin =
        scripted_plugin(scripted_open(arguments[1]), EVALH_KIND_METRIC, "org.example.my-plugin");
    scripted_metric metric;
    scripted_metric_begin(&metric, plugin, "{}");
    scripted_metric_add(&metric, 0, "a", 1, 30);
    scripted_metric_add(&metric, 0, "b", 0, 10);
    scripted_metric_add(&metric, 1, "a", 1, 50);
    scripted_metric_add(&metric, 1, "b", NAN, 0); /* failed */
    scripted_metric_result(&metric);
    CHECK(metric.value_count == 2);
    CHECK(strcmp(metric.values[0].name, "tokens-per-right-answer") == 0 && strcmp(metric.values[0].arm, "a") == 0);
    CHECK(metric.values[0].value == 40 && metric.values[0].n == 2);
    CHECK(strcmp(metric.values[1].arm, "b") == 0 && isnan(metric.values[1].value) && metric.values[1].n == 1);
    scripted_metric_end(&metric);
    puts("org.example.my-plugin: all tests passed");
    return 0;
}
