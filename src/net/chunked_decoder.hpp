#pragma once

#include <cstddef>
#include <cstdint>

namespace portico::net {

/// Takes the chunked transfer coding (RFC 9112 §7.1) off a body, in place.
///
/// Extensions and trailers are checked, bounded and dropped. Each byte is looked at once, however
/// the input is cut.
class ChunkedDecoder {
public:
    /// Of a whole body: size lines beyond their digits, and trailers.
    static constexpr std::size_t kMaxOverhead = 16 * 1024;

    struct Step {
        std::size_t consumed = 0;  ///< Bytes of the input that are done with.
        std::size_t produced = 0;  ///< Bytes of the body, now at the input's start.
    };

    /// Decodes as much of `text` as there is; stops behind the body's end.
    [[nodiscard]] Step decode(char* text, std::size_t size) noexcept;

    [[nodiscard]] bool finished() const noexcept { return state_ == State::finished; }
    /// Once true, nothing is decoded any more.
    [[nodiscard]] bool malformed() const noexcept { return state_ == State::malformed; }

private:
    enum class State : std::uint8_t {
        size_start,
        size,
        blank,
        extension,
        size_end,
        data,
        data_cr,
        data_lf,
        trailer_start,
        trailer_name,
        trailer_value,
        trailer_lf,
        end_lf,
        finished,
        malformed,
    };

    [[nodiscard]] State next(char c) noexcept;

    State state_ = State::size_start;
    std::uint64_t chunk_ = 0;
    std::size_t overhead_ = 0;
};

}  // namespace portico::net
