// A body must come to the same parts whole and in pieces of any size, within its bounds.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "portico/http/multipart.hpp"

namespace {

using namespace portico::http;

constexpr MultipartLimits kLimits{
    .max_files = 5, .max_fields = 5, .max_field_size = 300, .max_part_head = 200};

void require(bool holds) {
    if (!holds) std::abort();
}

class Recorder final : public MultipartSink {
public:
    void part_begin(const PartHead& head) override {
        require(!open_);
        open_ = true;
        log.append("[").append(head.name).append("|").append(head.content_type);
        if (head.filename) {
            require(head.filename->find_first_of("/\\") == std::string_view::npos);
            require(*head.filename != "..");
            log.append("|").append(*head.filename);
        }
        log.append("]");
        require(++parts <= kLimits.max_files + kLimits.max_fields);
    }
    void part_data(std::string_view bytes) override {
        require(open_ && !bytes.empty());
        log.append(bytes);
    }
    void part_end() override {
        require(open_);
        open_ = false;
        log.append(".");
    }

    std::string log;
    std::size_t parts = 0;

private:
    bool open_ = false;
};

std::string read(std::string_view body, std::size_t step) {
    Recorder recorder;
    MultipartParser parser("B", recorder, kLimits);
    for (std::size_t at = 0; at < body.size(); at += step) {
        // A copy of its own, so that what is kept of it is found.
        const std::string_view piece = body.substr(at, step);
        const std::vector<char> copy(piece.begin(), piece.end());
        const auto result = parser.push({copy.data(), copy.size()});
        if (!result) return "error: " + result.error().detail;
    }
    const auto result = parser.finish();
    return result ? recorder.log : "error: " + result.error().detail;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const std::string whole = read(text, text.size() + 1);
    for (const std::size_t step : {1U, 2U, 3U, 7U, 64U}) require(read(text, step) == whole);

    static_cast<void>(multipart_boundary(text));
    portico::core::Arena arena;
    const auto parts = parse_multipart(text, "multipart/form-data; boundary=B", arena, kLimits);
    require(parts || whole == "error: " + parts.error().detail);
    return 0;
}
