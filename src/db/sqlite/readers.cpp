#include "db/sqlite/readers.hpp"

#include <utility>

namespace portico::db::sqlite {
namespace {

std::uint64_t next_id() noexcept {
    static std::atomic<std::uint64_t> last{0};
    return ++last;
}

// A thread's readers, of every open database; given back when the thread ends.
struct ThreadReaders {
    struct Entry {
        std::uint64_t owner = 0;
        std::shared_ptr<Reader> reader;
    };
    std::vector<Entry> entries;

    ~ThreadReaders() {
        for (Entry& entry : entries) entry.reader->leave();
    }
};

thread_local ThreadReaders thread_readers;

}  // namespace

bool Reader::run(Operation& operation, std::uint64_t changes) noexcept {
    if (!open_ || changes_ != changes) {
        if (!operation.context) return false;
        if (open_) {
            open_ = false;
            (void)connection_->control(Control::commit);
        }
        core::Reactor& reactor = operation.context->reactor();
        operation.error = connection_->control(Control::begin);
        if (operation.error) return true;
        open_ = true;
        changes_ = changes;
        if (ends_at_ != &reactor) {
            ends_at_ = &reactor;
            reactor.post([self = shared_from_this()] { self->end_transaction(); });
        }
    }
    reads_.store(reads() + 1, std::memory_order_relaxed);  // nobody else writes it
    connection_->run(operation);
    return true;
}

void Reader::end_transaction() noexcept {
    const std::lock_guard lock(closing_);
    ends_at_ = nullptr;
    if (!std::exchange(open_, false) || !connection_) return;
    (void)connection_->control(Control::commit);
}

void Reader::leave() noexcept {
    end_transaction();
    taken_.store(false);
}

void Reader::close() noexcept {
    const std::lock_guard lock(closing_);
    open_ = false;
    connection_.reset();
}

Readers::Readers(std::string path, const DatabaseOptions& options)
    : path_(std::move(path)), options_(options), id_(next_id()) {}

Readers::~Readers() {
    for (const auto& reader : all_) reader->close();
}

Reader& Readers::mine() {
    for (const auto& [owner, reader] : thread_readers.entries) {
        if (owner == id_) return *reader;
    }
    // Those of databases that are gone would only pile up.
    std::erase_if(thread_readers.entries,
                  [](const auto& entry) { return entry.reader.use_count() == 1; });
    thread_readers.entries.push_back({id_, find_or_open()});
    return *thread_readers.entries.back().reader;
}

std::shared_ptr<Reader> Readers::find_or_open() {
    const std::lock_guard lock(mutex_);
    for (const auto& reader : all_) {
        if (reader->take()) return reader;
    }
    auto connection = Connection::open(path_, Connection::Access::read, options_);
    if (!connection) throw std::move(connection.error());
    all_.push_back(std::make_shared<Reader>(*std::move(connection)));
    return all_.back();
}

void Readers::add_to(DatabaseStatistics& statistics) const {
    const std::lock_guard lock(mutex_);
    for (const auto& reader : all_) statistics.reads += reader->reads();
    statistics.connections += all_.size();
}

}  // namespace portico::db::sqlite
