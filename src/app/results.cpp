#include "portico/app/results.hpp"

namespace portico::app {

namespace {

class PieceStream final : public http::BodyStream {
public:
    explicit PieceStream(core::Generator<std::string> pieces) : pieces_(std::move(pieces)) {}
    [[nodiscard]] core::Task<std::optional<std::string>> next() override {
        std::string* const piece = co_await pieces_.next();
        if (piece == nullptr) co_return std::nullopt;
        co_return std::move(*piece);
    }

private:
    core::Generator<std::string> pieces_;
};

}  // namespace

StreamingResponse detail::started(std::unique_ptr<http::BodyStream> body, std::string media_type) {
    const bool waits = !media_type.starts_with("text/event-stream");
    return {std::move(body), std::move(media_type), 200, waits};
}

StreamingResponse stream(core::Generator<std::string> pieces, std::string media_type) {
    return detail::started(std::make_unique<PieceStream>(std::move(pieces)), std::move(media_type));
}

}  // namespace portico::app
