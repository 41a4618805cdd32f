#include "app/form_reader.hpp"

#include <utility>

#include "portico/app/exceptions.hpp"

namespace portico::app {
namespace {

constexpr std::size_t kWriteBlock = std::size_t{256} * 1024;
/// Of files in memory that have so many times `spool_max_size` together, the last is spooled.
constexpr std::size_t kFilesInMemory = 4;

std::string boundary_of(const http::Request& request) {
    auto boundary = http::multipart_boundary(request.header("Content-Type"));
    if (!boundary) throw HTTPException(400, boundary.error().detail);
    return *std::move(boundary);
}

}  // namespace

FormReader::FormReader(http::Request& request, const FormOptions& options, core::Executor& executor)
    : request_(request),
      options_(options),
      executor_(executor),
      parser_(boundary_of(request), *this, limits_of(options)) {}

core::Task<void> FormReader::read() {
    http::BodySource* const source = request_.body_source();
    const std::size_t limit = request_.route()->max_body;
    // Whole when it is short, or when a layer has read it already.
    auto whole = source != nullptr ? source->buffered(limit) : std::nullopt;
    for (bool more = source != nullptr; more;) {
        const auto piece = whole ? *whole : co_await source->read_some(limit);
        if (!piece) throw http::BodyFailed(piece.error());
        push(*piece);
        more = !whole && !piece->empty();
        if (!unwritten_.empty() && (unwritten_.size() >= kWriteBlock || !more)) {
            co_await executor_.run([this] { spool_->write(unwritten_); });
            unwritten_.clear();
        }
    }
    if (!begun_) co_return;  // as FastAPI: an empty body is a form without fields
    if (const auto end = parser_.finish(); !end) throw HTTPException(400, end.error().detail);
}

void FormReader::push(std::string_view piece) {
    if (piece.empty()) return;
    begun_ = true;
    if (const auto read = parser_.push(piece); !read) throw HTTPException(400, read.error().detail);
}

void FormReader::part_begin(const http::PartHead& head) {
    name_ = request_.arena().copy(head.name);
    field_.clear();
    if (!head.filename) return;
    upload_ = std::make_shared<Upload>();
    upload_->filename = *head.filename;
    upload_->content_type = head.content_type;
    for (const auto field : head.headers) upload_->headers.add(field.name, field.value);
    upload_->executor = &executor_;
}

void FormReader::part_data(std::string_view bytes) {
    if (upload_ == nullptr) {
        field_ += bytes;
        return;
    }
    upload_->size += bytes.size();
    if (upload_->spool != nullptr) {
        unwritten_ += bytes;
        spooled_ += bytes.size();
        return;
    }
    upload_->memory += bytes;
    in_memory_ += bytes.size();
    if (upload_->size > options_.spool_max_size ||
        in_memory_ > kFilesInMemory * options_.spool_max_size) {
        spool();
    }
}

/// The file that is being read leaves the memory.
void FormReader::spool() {
    if (spool_ == nullptr) spool_ = std::make_shared<Spool>(executor_);
    upload_->spool = spool_;
    upload_->offset = spooled_;
    unwritten_ += upload_->memory;
    spooled_ += upload_->memory.size();
    in_memory_ -= upload_->memory.size();
    std::string().swap(upload_->memory);
}

void FormReader::part_end() {
    if (upload_ == nullptr) {
        form.fields.push_back({name_, request_.arena().copy(field_)});
    } else if (!upload_->filename.empty() || upload_->size > 0) {  // else none was chosen
        form.files.push_back(
            {name_, UploadFile(std::exchange(upload_, nullptr)), form.fields.size()});
    }
    upload_ = nullptr;
}

}  // namespace portico::app
