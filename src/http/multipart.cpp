#include "portico/http/multipart.hpp"

#include <algorithm>

#include "http/bytes.hpp"
#include "http/content_disposition.hpp"
#include "portico/http/media_type.hpp"

namespace portico::http {

namespace {

// RFC 2046 §5.1.1: bcharsnospace, 1–70 of them.
constexpr ByteSet kBoundaryBytes = kAlphanumeric.with("'()+_,-./:=? ");
constexpr std::size_t kMaxBoundary = 70;
constexpr std::size_t kMaxPadding = 64;

std::string kilobytes(std::size_t bytes) {
    return std::to_string(bytes / 1024) + "KB.";
}

std::string at_most(std::string_view what, std::size_t count) {
    std::string text("Too many ");
    return text.append(what)
               .append(". Maximum number of ")
               .append(what)
               .append(" is ")
               .append(std::to_string(count)) +
           ".";
}

bool is_plain_encoding(std::string_view encoding) {
    return equal_names(encoding, "7bit") || equal_names(encoding, "8bit") ||
           equal_names(encoding, "binary");
}

/// Keeps the parts as views: pieces of one part are neighbours in the body.
class Collector final : public MultipartSink {
public:
    explicit Collector(core::Arena& arena) : arena_(arena) {}

    void part_begin(const PartHead& head) override {
        FormPart part{.name = arena_.copy(head.name),
                      .content_type = arena_.copy(head.content_type)};
        if (head.filename) part.filename = arena_.copy(*head.filename);
        parts.push_back(part);
    }
    void part_data(std::string_view bytes) override {
        std::string_view& data = parts.back().data;
        data = data.empty() ? bytes : std::string_view(data.data(), data.size() + bytes.size());
    }
    void part_end() override {}

    std::vector<FormPart> parts;

private:
    core::Arena& arena_;
};

}  // namespace

std::expected<std::string, FormError> multipart_boundary(std::string_view content_type) {
    const auto type = MediaType::parse(content_type);
    const auto boundary =
        type && type->matches("multipart/form-data") ? type->parameter("boundary") : std::nullopt;
    if (!boundary || boundary->empty()) {
        return std::unexpected(FormError{"Missing boundary in multipart."});
    }
    if (boundary->size() > kMaxBoundary || !kBoundaryBytes.has_all(*boundary) ||
        boundary->ends_with(' ')) {
        return std::unexpected(FormError{"Invalid boundary in multipart."});
    }
    return *boundary;
}

MultipartParser::MultipartParser(std::string_view boundary, MultipartSink& sink,
                                 const MultipartLimits& limits)
    : sink_(sink), limits_(limits), delimiter_("\r\n--") {
    delimiter_.append(boundary);
}

std::expected<void, FormError> MultipartParser::push(std::string_view bytes) {
    if (pending_.empty()) {
        const std::size_t taken = parse(bytes);
        if (state_ != State::failed) pending_.append(bytes.substr(taken));
    } else {
        pending_.append(bytes);
        const std::size_t taken = parse(pending_);
        pending_.erase(0, taken);
    }
    if (state_ == State::failed) return std::unexpected(error_);
    return {};
}

std::expected<void, FormError> MultipartParser::finish() {
    if (state_ == State::failed) return std::unexpected(error_);
    if (state_ != State::epilogue) {
        static_cast<void>(fail("The multipart body ends before its closing boundary."));
        return std::unexpected(error_);
    }
    return {};
}

std::size_t MultipartParser::parse(std::string_view in) {
    std::size_t taken = 0;
    while (true) {
        const State before = state_;
        const std::string_view rest = in.substr(taken);
        std::size_t step = 0;
        switch (state_) {
            case State::start:
                step = read_start(rest);
                break;
            case State::delimiter:
                step = read_delimiter(rest);
                break;
            case State::head:
                step = read_head(rest);
                break;
            case State::data:
                step = read_data(rest);
                break;
            case State::epilogue:  // RFC 2046 §5.1.1: what follows is to be ignored
            case State::failed:
                return in.size();
        }
        taken += step;
        if (step == 0 && state_ == before) return taken;
    }
}

std::size_t MultipartParser::read_start(std::string_view in) {
    const std::string_view first = std::string_view(delimiter_).substr(2);
    if (in.starts_with("\r\n")) return 2;
    if (in == "\r" || (in.size() < first.size() && first.starts_with(in))) return 0;
    if (!in.starts_with(first)) return fail("The multipart body must start with its boundary.");
    state_ = State::delimiter;
    return first.size();
}

std::size_t MultipartParser::read_delimiter(std::string_view in) {
    if (in.starts_with("--")) {
        state_ = State::epilogue;
        return 2;
    }
    // RFC 2046 §5.1.1: transport-padding = *LWSP-char.
    std::size_t at = 0;
    while (at < in.size() && at <= kMaxPadding && (in[at] == ' ' || in[at] == '\t')) ++at;
    const std::string_view rest = in.substr(at);
    if (at <= kMaxPadding && (rest.empty() || rest == "\r" || in == "-")) return 0;
    if (at > kMaxPadding || !rest.starts_with("\r\n")) {
        return fail("A boundary of the multipart body is not followed by a line end.");
    }
    state_ = State::head;
    head_.clear();
    head_size_ = 0;
    return at + 2;
}

std::size_t MultipartParser::read_head(std::string_view in) {
    const std::size_t end = in.find("\r\n");
    // A CR at the end may be the line end's.
    const std::size_t line = std::min(end, in.size() - (in.ends_with('\r') ? 1 : 0));
    if (head_size_ + line > limits_.max_part_head) {
        return fail("The header of a part exceeded maximum size of " +
                    kilobytes(limits_.max_part_head));
    }
    if (end == std::string_view::npos) return 0;
    head_size_ += line + 2;
    if (line == 0) {
        begin_part();
    } else {
        read_head_line(in.substr(0, line));
    }
    return line + 2;
}

void MultipartParser::read_head_line(std::string_view line) {
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string_view value = trim(line.substr(std::min(colon + 1, line.size())));
    // A folded line starts with a space, which is no token either.
    if (colon == line.size() || !is_token(line.substr(0, colon)) || !is_field_value(value)) {
        static_cast<void>(fail("The header of a part is malformed."));
        return;
    }
    head_.add(line.substr(0, colon), value);
}

void MultipartParser::begin_part() {
    const auto disposition = parse_form_disposition(head_.value_or_empty("Content-Disposition"));
    if (!disposition) {
        static_cast<void>(fail(disposition.error().detail));
        return;
    }
    if (head_.count("Content-Disposition") > 1) {
        static_cast<void>(fail("A part has two Content-Disposition headers."));
        return;
    }
    // RFC 7578 §4.7: deprecated; a reader that decodes sees another value than one that does not.
    const auto encoding = head_.get("Content-Transfer-Encoding");
    if (encoding && !is_plain_encoding(*encoding)) {
        static_cast<void>(fail("A part has a Content-Transfer-Encoding."));
        return;
    }
    is_file_ = disposition->filename.has_value();
    if (is_file_ && ++files_ > limits_.max_files) {
        static_cast<void>(fail(at_most("files", limits_.max_files)));
        return;
    }
    if (!is_file_ && ++fields_ > limits_.max_fields) {
        static_cast<void>(fail(at_most("fields", limits_.max_fields)));
        return;
    }
    state_ = State::data;
    part_size_ = 0;
    at_data_start_ = true;
    PartHead head{.name = disposition->name,
                  .filename = {},
                  .content_type = head_.value_or_empty("Content-Type"),
                  .headers = head_};
    if (disposition->filename) head.filename = *disposition->filename;
    sink_.part_begin(head);
}

std::size_t MultipartParser::read_data(std::string_view in) {
    const std::string_view delimiter = delimiter_;
    if (at_data_start_) {
        // RFC 2046 §5.1.1: a part without content may end in the line end of its head.
        const std::string_view bare = delimiter.substr(2);
        if (in.size() < bare.size() && bare.starts_with(in)) return 0;
        at_data_start_ = false;
        if (in.starts_with(bare)) {
            sink_.part_end();
            state_ = State::delimiter;
            return bare.size();
        }
    }
    const std::size_t found = in.find(delimiter);
    if (found != std::string_view::npos) {
        emit(in.substr(0, found));
        if (state_ == State::failed) return 0;
        sink_.part_end();
        state_ = State::delimiter;
        return found + delimiter.size();
    }
    // The end may be the start of a delimiter, whose only CR is its first byte.
    std::size_t safe = in.size();
    const std::size_t window = std::min(in.size(), delimiter.size() - 1);
    const std::size_t cr = in.substr(in.size() - window).rfind('\r');
    if (cr != std::string_view::npos && delimiter.starts_with(in.substr(in.size() - window + cr))) {
        safe = in.size() - window + cr;
    }
    emit(in.substr(0, safe));
    return safe;
}

void MultipartParser::emit(std::string_view bytes) {
    if (bytes.empty()) return;
    part_size_ += bytes.size();
    if (!is_file_ && part_size_ > limits_.max_field_size) {
        static_cast<void>(
            fail("Part exceeded maximum size of " + kilobytes(limits_.max_field_size)));
        return;
    }
    if (!is_file_) fields_size_ += bytes.size();
    if (fields_size_ > limits_.max_fields_size) {
        static_cast<void>(
            fail("Fields exceeded maximum size of " + kilobytes(limits_.max_fields_size)));
        return;
    }
    sink_.part_data(bytes);
}

std::size_t MultipartParser::fail(std::string detail) {
    state_ = State::failed;
    error_.detail = std::move(detail);
    return 0;
}

std::expected<std::vector<FormPart>, FormError> parse_multipart(std::string_view body,
                                                                std::string_view content_type,
                                                                core::Arena& arena,
                                                                const MultipartLimits& limits) {
    const auto boundary = multipart_boundary(content_type);
    if (!boundary) return std::unexpected(boundary.error());
    Collector collector(arena);
    MultipartParser parser(*boundary, collector, limits);
    auto result = parser.push(body);
    if (result) result = parser.finish();
    if (!result) return std::unexpected(std::move(result).error());
    return std::move(collector.parts);
}

}  // namespace portico::http
