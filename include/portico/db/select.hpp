#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "portico/db/detail/pending.hpp"
#include "portico/db/detail/projection.hpp"
#include "portico/db/detail/statements.hpp"

namespace portico::db {

/// A query whose rows are read into a struct, tuple or plain value; made by `Query::select`.
template <class Into>
class Select {
    using Reader = detail::StepReader<Into>;

public:
    Select(Session& session, const detail::TableInfo& table, detail::Selection selection,
           std::vector<detail::Source> sources)
        : session_(&session),
          table_(&table),
          selection_(std::move(selection)),
          sources_(std::move(sources)) {}

    /// No row twice.
    Select& distinct() & {
        distinct_ = true;
        return *this;
    }
    Select distinct() && { return distinct(); }

    [[nodiscard]] detail::PendingRead<detail::AllRows<Reader>> all() const {
        return start(detail::AllRows<Reader>{reader()}, selection_.limit);
    }
    [[nodiscard]] detail::PendingRead<detail::FirstRow<Reader>> first() const {
        return start(detail::FirstRow<Reader>{reader()}, selection_.limit == 0 ? 0 : 1);
    }
    /// Throws `Error` (not_one) when there is none, or more than one.
    [[nodiscard]] detail::PendingRead<detail::OneRow<Reader>> one() const {
        return start(detail::OneRow<Reader>{reader(), table_}, 2);
    }

private:
    Reader reader() const { return {detail::steps_to<Into>(sources_)}; }

    template <class Rows>
    detail::PendingRead<Rows> start(Rows rows, std::int64_t limit) const {
        detail::PendingRead<Rows> pending{*session_, std::move(rows)};
        detail::project(*table_, selection_, sources_, distinct_, limit, pending);
        return pending;
    }

    Session* session_;
    const detail::TableInfo* table_;
    detail::Selection selection_;
    std::vector<detail::Source> sources_;
    bool distinct_ = false;
};

}  // namespace portico::db
