#include "portico/app/answer.hpp"

#include "app/app_impl.hpp"
#include "app/item_stream.hpp"
#include "app/started_stream.hpp"
#include "portico/app/exceptions.hpp"
#include "portico/http/status.hpp"
#include "portico/model/write.hpp"
#include "portico/model/write_options.hpp"

namespace portico::app {

void Answer::json(int status, model::Slot slot, const void* value) {
    response_->status = status;
    std::string& body = response_->text();
    body.clear();
    if (!http::status_has_content(status)) return;
    if (writing_ == nullptr) [[likely]] {
        model::write_json(slot, value, body);
    } else {
        model::write_json(slot, value, *writing_, body);
    }
    response_->set_content_type("application/json");
}

void Answer::text(int status, std::string_view body, std::string_view content_type) {
    response_->status = status;
    response_->text() = body;
    response_->set_content_type(content_type);
}

void Answer::nothing(int status) {
    response_->status = status != 0 ? status : status_;
    std::string& body = response_->text();
    body.clear();
    if (!http::status_has_content(response_->status)) return;
    body = "null";
    response_->set_content_type("application/json");
}

void Answer::redirect(const Redirect& redirect) {
    response(http::redirect(redirect.location, redirect.status));
}

void Answer::stream(StreamingResponse stream) {
    response_->status = stream.status;
    if (stream.wait_for_first && exchange_->request.method() != http::Method::head) {
        auto started = std::make_unique<StartedStream>(std::move(stream.body));
        started_ = started.get();
        stream.body = std::move(started);
    }
    response_->body = std::move(stream.body);
    response_->set_content_type(stream.media_type);
}

void Answer::json_lines(core::AnyGenerator items, model::Slot slot) {
    stream({item_stream(std::move(items), ItemFormat::json_lines, slot), "application/jsonl",
            status_, true});
}

void Answer::events(core::AnyGenerator events, model::Slot slot) {
    const ItemFormat format = slot.type != nullptr ? ItemFormat::event_data : ItemFormat::event;
    stream({item_stream(std::move(events), format, slot), "text/event-stream", status_});
    response_->headers.set("Cache-Control", "no-cache");
    // What nginx reads: a proxy that waits for a full buffer would hold the events back.
    response_->headers.set("X-Accel-Buffering", "no");
}

void Answer::file(FileResponse file) {
    http::Response sent = http::file_response(exchange_->request, std::move(file.file),
                                              file.options, &app_->executors().blocking);
    if (sent.status < 400 || sent.status == file.options.status_code) {
        return response(std::move(sent));
    }
    std::string detail(sent.bytes());
    sent.headers.remove("Content-Type");
    fail(CaughtError::of(HTTPException(sent.status, std::move(detail), std::move(sent.headers))));
}

void Answer::response(http::Response response) {
    response_->status = response.status;
    response_->body = std::move(response.body);
    for (const auto field : response.headers) {
        if (!http::equal_names(field.name, "Set-Cookie")) response_->headers.remove(field.name);
    }
    for (const auto field : response.headers) response_->headers.add(field.name, field.value);
}

void Answer::missing() {
    fail(CaughtError::of(HTTPException(404)));
}

}  // namespace portico::app
