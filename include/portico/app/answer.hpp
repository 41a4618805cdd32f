#pragma once

#include <expected>
#include <optional>
#include <string_view>
#include <variant>

#include "portico/app/caught_error.hpp"
#include "portico/app/event_source.hpp"
#include "portico/app/file_response.hpp"
#include "portico/app/results.hpp"
#include "portico/app/tables.hpp"
#include "portico/core/task.hpp"
#include "portico/http/response.hpp"
#include "portico/model/slot_of.hpp"

/// Makes the answer table of a result type: how it is written, and what OpenAPI says of it.
namespace portico::model {
struct WriteOptions;
}

namespace portico::app {

struct AppImpl;
class StartedStream;

/// Where a handler's value becomes a response.
class Answer {
public:
    /// `status` is used where the value does not have its own.
    Answer(AppImpl& app, http::Exchange& exchange, int status) noexcept
        : app_(&app), exchange_(&exchange), response_(&exchange.response), status_(status) {}

    void json(int status, model::Slot slot, const void* value);
    void text(int status, std::string_view body, std::string_view content_type);
    void nothing(int status);
    void redirect(const Redirect& redirect);
    void stream(StreamingResponse stream);
    void file(FileResponse file);
    void json_lines(core::AnyGenerator items, model::Slot slot);
    /// Without a slot the items are `ServerSentEvent`s.
    void events(core::AnyGenerator events, model::Slot slot);
    void response(http::Response response);
    void missing();
    /// Answered as if it had been thrown.
    void fail(CaughtError error) noexcept { error_ = std::move(error); }

    /// How models are written; null: as they are.
    void write_with(const model::WriteOptions* options) noexcept { writing_ = options; }

    /// The stream whose first piece is to be waited for; null: none.
    [[nodiscard]] StartedStream* started() const noexcept { return started_; }

    [[nodiscard]] int status() const noexcept { return status_; }
    [[nodiscard]] const CaughtError& error() const noexcept { return error_; }

private:
    AppImpl* app_;
    http::Exchange* exchange_;
    http::Response* response_;
    int status_;
    const model::WriteOptions* writing_ = nullptr;
    StartedStream* started_ = nullptr;
    CaughtError error_;
};

namespace detail {

template <class T>
void answer_model(void* value, Answer& answer) {
    answer.json(answer.status(), model::slot_of<T>(), value);
}

/// Any other type is a model, or a value that JSON has.
template <class T>
struct AnswerOf {
    static_assert(
        !std::is_reference_v<T> && !std::is_pointer_v<T>,
        "a handler returns a value: a model, Status<201, T>, std::optional<T>, Response …");
    static constexpr AnswerTable kTable{.answer = &answer_model<T>, .slot = &model::slot_of<T>};
};

template <>
struct AnswerOf<void> {
    static void answer(void*, Answer& answer) { answer.nothing(0); }
    static constexpr AnswerTable kTable{.answer = &answer, .media_type = "application/json"};
};

template <class T>
struct AnswerOf<core::Task<T>> : AnswerOf<T> {};

template <int Code, class T>
struct AnswerOf<Status<Code, T>> {
    static void answer(void* value, Answer& answer) {
        answer.json(Code, model::slot_of<T>(), &static_cast<Status<Code, T>*>(value)->value);
    }
    static constexpr AnswerTable kTable{
        .answer = &answer, .status = Code, .slot = &model::slot_of<T>};
};

template <class T>
struct AnswerOf<std::optional<T>> {
    static void answer(void* value, Answer& answer) {
        auto& held = *static_cast<std::optional<T>*>(value);
        if (held) {
            AnswerOf<T>::kTable.answer(&*held, answer);
        } else {
            answer.missing();
        }
    }
    static constexpr AnswerTable kTable = [] {
        AnswerTable table = AnswerOf<T>::kTable;
        table.answer = &answer;
        table.may_be_missing = true;
        return table;
    }();
};

/// An error that is answered as it is, not thrown.
template <class E>
inline constexpr bool kIsAnswer = false;
template <int Code, class T>
inline constexpr bool kIsAnswer<Status<Code, T>> = true;
template <>
inline constexpr bool kIsAnswer<http::Response> = true;

template <class T, class E>
struct AnswerOf<std::expected<T, E>> {
    static void answer(void* value, Answer& answer) {
        auto& held = *static_cast<std::expected<T, E>*>(value);
        if (held) {
            if constexpr (std::is_void_v<T>) {
                AnswerOf<void>::kTable.answer(nullptr, answer);
            } else {
                AnswerOf<T>::kTable.answer(&*held, answer);
            }
        } else if constexpr (kIsAnswer<E>) {
            AnswerOf<E>::kTable.answer(&held.error(), answer);
        } else {
            answer.fail(CaughtError::of(std::move(held.error())));
        }
    }
    static bool failed(const void* value) {
        return !static_cast<const std::expected<T, E>*>(value)->has_value();
    }
    static constexpr AnswerTable kTable = [] {
        AnswerTable table = AnswerOf<T>::kTable;
        table.answer = &answer;
        table.failed = &failed;
        if constexpr (kIsAnswer<E>) table.other = &AnswerOf<E>::kTable;
        return table;
    }();
};

/// True for what has a status or a body of its own, so that a variant of it is no JSON union.
template <class T>
inline constexpr bool kHasOwnAnswer =
    AnswerOf<T>::kTable.status != 0 || !AnswerOf<T>::kTable.media_type.empty();

/// One alternative of a variant after the other, for the document.
template <class... A>
struct AlternativeOf;
template <class First, class... Rest>
struct AlternativeOf<First, Rest...> {
    static constexpr AnswerTable kTable = [] {
        AnswerTable table = AnswerOf<First>::kTable;
        if constexpr (sizeof...(Rest) > 0) table.other = &AlternativeOf<Rest...>::kTable;
        return table;
    }();
};

template <class... A>
void answer_variant(void* value, Answer& answer) {
    std::visit([&]<class T>(T& held) { AnswerOf<T>::kTable.answer(&held, answer); },
               *static_cast<std::variant<A...>*>(value));
}
template <class... A>
bool variant_failed(const void* value) {
    return std::visit([]<class T>(const T&) { return AnswerOf<T>::kTable.status >= 400; },
                      *static_cast<const std::variant<A...>*>(value));
}

/// Several responses: `std::variant<Item, Created<Item>, Status<409, Problem>>`. One of models
/// alone is a JSON value.
template <class... A>
    requires(sizeof...(A) > 0)
struct AnswerOf<std::variant<A...>> {
    static constexpr AnswerTable kTable = [] {
        if constexpr ((kHasOwnAnswer<A> || ...)) {
            AnswerTable table = AlternativeOf<A...>::kTable;
            table.answer = &answer_variant<A...>;
            table.failed = &variant_failed<A...>;
            return table;
        } else {
            return AnswerTable{.answer = &answer_model<std::variant<A...>>,
                               .slot = &model::slot_of<std::variant<A...>>};
        }
    }();
};

template <>
struct AnswerOf<NoContent> {
    static void answer(void*, Answer& answer) { answer.nothing(204); }
    static constexpr AnswerTable kTable{.answer = &answer, .status = 204};
};
template <>
struct AnswerOf<Redirect> {
    static void answer(void* value, Answer& answer) {
        answer.redirect(*static_cast<Redirect*>(value));
    }
    static constexpr AnswerTable kTable{.answer = &answer, .status = 307};
};
template <>
struct AnswerOf<HTMLResponse> {
    static void answer(void* value, Answer& answer) {
        const auto& page = *static_cast<HTMLResponse*>(value);
        answer.text(page.status, page.html, "text/html; charset=utf-8");
    }
    static constexpr AnswerTable kTable{.answer = &answer, .media_type = "text/html"};
};
template <>
struct AnswerOf<PlainTextResponse> {
    static void answer(void* value, Answer& answer) {
        const auto& plain = *static_cast<PlainTextResponse*>(value);
        answer.text(plain.status, plain.text, "text/plain; charset=utf-8");
    }
    static constexpr AnswerTable kTable{.answer = &answer, .media_type = "text/plain"};
};
template <>
struct AnswerOf<StreamingResponse> {
    static void answer(void* value, Answer& answer) {
        answer.stream(std::move(*static_cast<StreamingResponse*>(value)));
    }
    static constexpr AnswerTable kTable{.answer = &answer, .media_type = "*/*"};
};
template <>
struct AnswerOf<FileResponse> {
    static void answer(void* value, Answer& answer) {
        answer.file(std::move(*static_cast<FileResponse*>(value)));
    }
    static constexpr AnswerTable kTable{.answer = &answer, .media_type = "*/*"};
};
template <class T>
struct AnswerOf<core::Generator<T>> {
    static void answer(void* value, Answer& answer) {
        answer.json_lines(std::move(*static_cast<core::Generator<T>*>(value)), model::slot_of<T>());
    }
    static constexpr AnswerTable kTable{.answer = &answer,
                                        .slot = &model::slot_of<T>,
                                        .media_type = "application/jsonl",
                                        .streamed = true};
};
template <class T>
struct AnswerOf<EventSourceResponse<T>> {
    static void answer(void* value, Answer& answer) {
        answer.events(std::move(static_cast<EventSourceResponse<T>*>(value)->events),
                      model::slot_of<T>());
    }
    static constexpr AnswerTable kTable{.answer = &answer,
                                        .slot = &model::slot_of<T>,
                                        .media_type = "text/event-stream",
                                        .streamed = true};
};
template <>
struct AnswerOf<EventSourceResponse<ServerSentEvent>> {
    static void answer(void* value, Answer& answer) {
        answer.events(std::move(static_cast<EventSourceResponse<ServerSentEvent>*>(value)->events),
                      {});
    }
    static constexpr AnswerTable kTable{
        .answer = &answer, .media_type = "text/event-stream", .streamed = true};
};
template <>
struct AnswerOf<http::Response> {
    static void answer(void* value, Answer& answer) {
        answer.response(std::move(*static_cast<http::Response*>(value)));
    }
    static constexpr AnswerTable kTable{.answer = &answer, .media_type = "*/*"};
};

}  // namespace detail
}  // namespace portico::app
