#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace portico::guard::detail {

/// What the words and signs of SQL mean for a reader who does not know the dialect.
enum class Sql : std::uint8_t {
    end,  ///< There is no more, or no more is looked at.
    number,
    text,       ///< In quotes.
    open_text,  ///< In quotes, the last of which is missing.
    name,       ///< A word that is no keyword, a quoted name.
    variable,   ///< @x, @@x.
    literal,    ///< null, true, false.
    logic,      ///< or, and, xor, ||, &&.
    negation,   ///< not, !.
    compare,    ///< = < > <> != like in between is rlike regexp …
    arith,      ///< + - * / % ^ | & ~ << >> div mod
    open,       ///< (
    close,      ///< )
    comma,
    dot,
    semicolon,
    comment,  ///< -- or #, to the end of the line.
    union_,
    select,
    from,
    clause,       ///< where, having, order, group, limit, into, procedure, offset, window …
    statement,    ///< insert, update, delete, drop, exec …
    conditional,  ///< exists, case, if
    filler,       ///< all, distinct, by, binary, as, …
    other,
};

struct SqlToken {
    Sql kind = Sql::end;
    std::string_view text;
};

/// The first tokens of an SQL text. Comments in the middle are white space; those that MySQL runs,
/// /*!50000 … */, are what they hold.
class SqlTokens {
public:
    static constexpr std::size_t kMax = 40;

    explicit SqlTokens(std::string_view text) noexcept;

    /// A token, `end` beyond the last.
    [[nodiscard]] const SqlToken& operator[](std::size_t i) const noexcept {
        return i < count_ ? tokens_[i] : kEnd;
    }
    [[nodiscard]] Sql kind(std::size_t i) const noexcept { return (*this)[i].kind; }
    [[nodiscard]] bool is(std::size_t i, std::string_view lower_case) const noexcept;
    [[nodiscard]] std::size_t size() const noexcept { return count_; }
    /// Bytes that were read: what it cost.
    [[nodiscard]] std::size_t read() const noexcept { return at_; }

private:
    static constexpr SqlToken kEnd{};

    void add(Sql kind, std::size_t size) noexcept;
    bool skip_blank() noexcept;
    void read_quoted(char quote) noexcept;
    void read_number() noexcept;
    void read_word() noexcept;
    void read_sign() noexcept;
    [[nodiscard]] char peek(std::size_t ahead = 0) const noexcept {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t count_ = 0;
    std::array<SqlToken, kMax> tokens_;
};

/// The kind of a word; `name` when it is no keyword.
[[nodiscard]] Sql sql_word(std::string_view word) noexcept;

}  // namespace portico::guard::detail
