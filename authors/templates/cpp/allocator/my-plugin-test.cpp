// my-plugin-test LIBRARY: plays rounds to the allocator.
#include "scripted_host.h"

int main(int count, char **arguments) {
    CHECK(count == 2);
    const evalh_descriptor *plugin =
        scripted_plugin(scripted_open(arguments[1]), EVALH_KIND_ALLOCATOR, "org.example.my-plugin");
    const char *arms[] = {"a", "b"};
    scripted_allocator allocator;
    scripted_allocator_begin(&allocator, plugin, "{}", 2, arms, 2, 3);
    scripted_allocator_next(&allocator);
    CHECK(allocator.want_count == 4);
    scripted_allocator_add(&allocator, 0, "a", 1);
    scripted_allocator_add(&allocator, 0, "b", 0);
    scripted_allocator_add(&allocator, 1, "a", 1);
    scripted_allocator_add(&allocator, 1, "b", NAN); // failed
    scripted_allocator_next(&allocator);
    CHECK(allocator.want_count == 2);
    CHECK(allocator.wants[0].item == 0 && allocator.wants[0].row == 1 && allocator.wants[0].more == 1);
    CHECK(allocator.wants[1].item == 1 && allocator.wants[1].row == 1);
    scripted_allocator_add(&allocator, 0, "b", 1);
    scripted_allocator_add(&allocator, 1, "b", 0);
    scripted_allocator_next(&allocator);
    CHECK(allocator.want_count == 1);
    scripted_allocator_add(&allocator, 1, "b", 0); // the third: no more repeats
    scripted_allocator_next(&allocator);
    CHECK(allocator.want_count == 0 && allocator.reason[0] != 0);
    scripted_allocator_end(&allocator);
    puts("org.example.my-plugin: all tests passed");
    return 0;
}
