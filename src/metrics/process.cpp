#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <charconv>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "portico/metrics/registry.hpp"

namespace portico::metrics {
namespace {

/// The fields of /proc/self/stat after the program's name, which may hold anything: proc(5) counts
/// them from 3.
std::vector<std::string> stat_fields() {
    std::ifstream file("/proc/self/stat");
    std::string line;
    std::getline(file, line);
    const auto end_of_name = line.rfind(')');
    std::vector<std::string> fields;
    if (end_of_name == std::string::npos) return fields;
    std::string_view rest = std::string_view(line).substr(end_of_name + 1);
    while (!rest.empty()) {
        const auto begin = rest.find_first_not_of(' ');
        if (begin == std::string_view::npos) break;
        rest.remove_prefix(begin);
        const auto end = std::min(rest.find(' '), rest.size());
        fields.emplace_back(rest.substr(0, end));
        rest.remove_prefix(end);
    }
    return fields;
}

double number(const std::vector<std::string>& fields, std::size_t field) {
    if (field - 3 >= fields.size()) return 0;
    const std::string& text = fields[field - 3];
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

double boot_time() {
    std::ifstream file("/proc/stat");
    for (std::string word; file >> word;) {
        double seconds = 0;
        if (word == "btime" && file >> seconds) return seconds;
    }
    return 0;
}

double open_descriptors() {
    DIR* const folder = ::opendir("/proc/self/fd");
    if (folder == nullptr) return 0;
    double count = -3;  // ".", ".." and the folder itself
    while (::readdir(folder) != nullptr) ++count;
    ::closedir(folder);
    return count;
}

}  // namespace

void process_samples(Samples& samples) {
    const auto fields = stat_fields();
    const auto ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
    const auto page = static_cast<double>(::sysconf(_SC_PAGESIZE));
    samples.counter("process_cpu_seconds_total", "User and system time in seconds",
                    (number(fields, 14) + number(fields, 15)) / ticks);
    samples.gauge("process_threads", "Threads", number(fields, 20));
    samples.gauge("process_start_time_seconds", "When it started, in Unix time",
                  boot_time() + number(fields, 22) / ticks);
    samples.gauge("process_virtual_memory_bytes", "Virtual memory", number(fields, 23));
    samples.gauge("process_resident_memory_bytes", "Memory in use", number(fields, 24) * page);
    samples.gauge("process_open_fds", "Open descriptors", open_descriptors());
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        samples.gauge("process_max_fds", "How many descriptors may be open",
                      static_cast<double>(limit.rlim_cur));
    }
}

}  // namespace portico::metrics
