#include "portico/db/copy.hpp"

#include <cstring>

#include "db/postgres/copy_row.hpp"
#include "portico/db/error.hpp"

namespace portico::db::detail {
namespace {

constexpr std::size_t kPiece = 64 * 1024;

// The key of a table's copy is the table's address and the way.
InlineVector<char, 64> copy_key(const TableInfo& table, Operation::Kind kind) {
    const TableInfo* const address = &table;
    char bytes[sizeof address];
    std::memcpy(bytes, &address, sizeof address);
    InlineVector<char, 64> key;
    key.append(bytes, sizeof bytes);
    key.push_back(kind == Operation::Kind::copy_in ? 'i' : 'o');
    return key;
}

void write_copy(std::string_view key, const void*, Dialect, std::string& out) {
    const TableInfo* table = nullptr;
    std::memcpy(&table, key.data(), sizeof table);
    const bool in = key.back() == 'i';
    out += "COPY \"" + table->name + "\"";
    const char* before = " (";
    for (std::size_t i = 0; i < table->columns.size(); ++i) {
        if (in && !postgres::is_copied(*table, i)) continue;
        out += before + ('"' + table->columns[i].name) + '"';
        before = ",";
    }
    out += in ? ") FROM STDIN" : ") TO STDOUT (FORMAT csv, HEADER)";
}

PendingCopy begin_copy(Session& session, const TableInfo& table, Operation::Kind kind) {
    PendingCopy pending{session, kind};
    pending.operation().statement.write = &write_copy;
    pending.key() = copy_key(table, kind);
    return pending;
}

}  // namespace

core::Task<void> CopyRows::begin() {
    begun_ = true;
    co_await begin_copy(*session_, *table_, Operation::Kind::copy_in);
}

core::Task<void> CopyRows::send() {
    PendingCopy piece{*session_, Operation::Kind::copy_data};
    piece.parameters().add_view(Value{std::string_view(buffer_)});
    co_await piece;
    buffer_.clear();
}

core::Task<void> CopyRows::add(const void* row) {
    if (!begun_) co_await begin();
    postgres::write_copy_row(*table_, row, buffer_);
    if (buffer_.size() >= kPiece) co_await send();
}

core::Task<std::int64_t> CopyRows::finish() {
    if (!begun_) co_await begin();
    if (!buffer_.empty()) co_await send();
    co_return co_await PendingCopy{*session_, Operation::Kind::copy_end};
}

core::Generator<std::string> copy_rows_out(Session& session, const TableInfo& table) {
    co_await begin_copy(session, table, Operation::Kind::copy_out);
    for (;;) {
        std::string piece;
        PendingCopy next{session, Operation::Kind::copy_next};
        next.operation().target = &piece;
        next.operation().on_row = [](void* target, const Row& row) {
            static_cast<std::string*>(target)->append(row[0].text);
        };
        if (co_await next == 0) co_return;
        co_yield piece;
    }
}

}  // namespace portico::db::detail
