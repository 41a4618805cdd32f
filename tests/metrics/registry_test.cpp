#include "portico/metrics/registry.hpp"

#include <gtest/gtest.h>

#include <array>

namespace portico::metrics {
namespace {

bool has_line(const std::string& text, std::string_view line) {
    return ("\n" + text).find("\n" + std::string(line) + "\n") != std::string::npos;
}

TEST(Registry, writes_counters_with_their_labels) {
    Registry registry;
    registry.counter("orders_total", "Orders", {{"kind", "a\"b\\c\nd"}}).add(3);
    registry.counter("orders_total", "Orders", {{"kind", "x"}}).add();
    const auto text = registry.text();
    EXPECT_TRUE(has_line(text, "# HELP orders_total Orders")) << text;
    EXPECT_TRUE(has_line(text, "# TYPE orders_total counter")) << text;
    EXPECT_TRUE(has_line(text, R"(orders_total{kind="a\"b\\c\nd"} 3)")) << text;
    EXPECT_TRUE(has_line(text, R"(orders_total{kind="x"} 1)")) << text;
}

TEST(Registry, the_same_name_and_labels_are_the_same_counter) {
    Registry registry;
    registry.counter("a_total", "A").add();
    registry.counter("a_total", "A").add();
    EXPECT_TRUE(has_line(registry.text(), "a_total 2"));
}

TEST(Registry, asks_its_sources_at_each_text) {
    Registry registry;
    int asked = 0;
    registry.add_source([&](Samples& samples) { samples.gauge("asked", "Times", ++asked); });
    EXPECT_TRUE(has_line(registry.text(), "asked 1"));
    EXPECT_TRUE(has_line(registry.text(), "asked 2"));
}

TEST(Samples, buckets_of_a_histogram_add_up) {
    Samples samples;
    constexpr std::array kBounds{0.1, 1.0};
    constexpr std::array<std::uint64_t, 3> kBuckets{2, 3, 1};
    samples.histogram("took_seconds", "Time", {.bounds = kBounds, .buckets = kBuckets, .sum = 9.5});
    const auto text = samples.text();
    EXPECT_TRUE(has_line(text, R"(took_seconds_bucket{le="0.1"} 2)")) << text;
    EXPECT_TRUE(has_line(text, R"(took_seconds_bucket{le="1"} 5)")) << text;
    EXPECT_TRUE(has_line(text, R"(took_seconds_bucket{le="+Inf"} 6)")) << text;
    EXPECT_TRUE(has_line(text, "took_seconds_sum 9.5")) << text;
    EXPECT_TRUE(has_line(text, "took_seconds_count 6")) << text;
}

TEST(Samples, what_prometheus_does_not_take_is_left_out) {
    Samples samples;
    samples.gauge("1st", "", 1);
    samples.gauge("a b", "", 1);
    samples.gauge("fine", "", 1, {{"not fine", "x"}});
    samples.counter("twice", "", 1);
    samples.gauge("twice", "", 2);
    EXPECT_EQ(samples.text(), "# TYPE twice counter\ntwice 1\n");
}

TEST(Process, tells_what_the_process_uses) {
    Samples samples;
    process_samples(samples);
    const auto text = samples.text();
    EXPECT_NE(text.find("\nprocess_cpu_seconds_total "), std::string::npos) << "may still be 0";
    for (const auto* name :
         {"process_resident_memory_bytes ", "process_open_fds ", "process_max_fds ",
          "process_threads ", "process_start_time_seconds "}) {
        const auto at = text.find("\n" + std::string(name));
        ASSERT_NE(at, std::string::npos) << name << text;
        EXPECT_NE(text.compare(at + 1 + std::string_view(name).size(), 2, "0\n"), 0)
            << name << text;
    }
}

}  // namespace
}  // namespace portico::metrics
