#pragma once

#include <memory>

#include "portico/core/generator.hpp"
#include "portico/http/response.hpp"
#include "portico/model/type.hpp"

namespace portico::app {

/// How a generator's items are written.
enum class ItemFormat {
    json_lines,  ///< Each its JSON and a line feed.
    event_data,  ///< Each the data of one server-sent event.
    event,       ///< Each is a `ServerSentEvent`.
};

/// The generator's items, as a body. What it yields without waiting goes out together.
[[nodiscard]] std::unique_ptr<http::BodyStream> item_stream(core::AnyGenerator items,
                                                            ItemFormat format, model::Slot slot);

}  // namespace portico::app
