#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "app/form_data.hpp"
#include "app/upload.hpp"
#include "portico/core/executor.hpp"
#include "portico/core/task.hpp"
#include "portico/http/multipart.hpp"

namespace portico::app {

/// Reads a multipart body as it comes in: at most about `spool_max_size` of a file is in memory,
/// the rest goes to a temporary file on the executor, while nothing is read from the client.
class FormReader final : public http::MultipartSink {
public:
    FormReader(http::Request& request, const FormOptions& options, core::Executor& executor);

    /// To the end of the body. Throws `BodyFailed`, an `HTTPException` (400), `std::system_error`.
    [[nodiscard]] core::Task<void> read();

    FormData form;

private:
    void part_begin(const http::PartHead& head) override;
    void part_data(std::string_view bytes) override;
    void part_end() override;
    void spool();
    void push(std::string_view piece);

    http::Request& request_;
    const FormOptions& options_;
    core::Executor& executor_;
    http::MultipartParser parser_;
    bool begun_ = false;              // some of the body is there
    std::shared_ptr<Upload> upload_;  // the part that is being read; null: a field
    std::string_view name_;
    std::string field_;
    std::size_t in_memory_ = 0;     // bytes of all files
    std::shared_ptr<Spool> spool_;  // of all files that have left the memory
    std::string unwritten_;         // what it does not have yet
    std::uint64_t spooled_ = 0;     // its size with that
};

}  // namespace portico::app
