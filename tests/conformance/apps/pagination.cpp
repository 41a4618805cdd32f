#include "tests/conformance/apps/apps.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "portico/crypto/secret.hpp"
#include "portico/pagination/cursor.hpp"
#include "portico/pagination/links.hpp"
#include "portico/pagination/page.hpp"

/// A list of seven words, page by page in each of the three ways. FastAPI leaves that to others.
namespace portico::conformance {
namespace {

using namespace pagination;

struct Word {
    std::int64_t id;
    std::string text;
};

constexpr std::int64_t kWords = 7;

std::vector<Word> words(std::int64_t after, std::int64_t count) {
    std::vector<Word> rows;
    const std::int64_t end = std::min(after + count, kWords);
    for (std::int64_t id = after + 1; id <= end; ++id) {
        rows.push_back({id, "word " + std::to_string(id)});
    }
    return rows;
}

template <class Page>
Page with_links(const Request& request, Response& response, Page page) {
    response.headers.set("Link", page_links(request.raw_query(), page).to_string());
    return page;
}

}  // namespace

AppPointer make_pagination() {
    auto made = std::make_unique<App>(AppOptions{.title = "pagination"});
    App& app = *made;
    app.get(
        "/pages", [](Query<PageParams> params, Request& request, Response& response) -> Page<Word> {
            return with_links(request, response,
                              make_page(words(params->offset(), params->size), kWords, *params));
        });
    app.get(
        "/offsets",
        [](Query<LimitOffset> params, Request& request, Response& response) -> OffsetPage<Word> {
            return with_links(request, response,
                              make_page(words(params->skip, params->limit), kWords, *params));
        });
    const crypto::SecretKey key{"a key of thirty-two bytes, or more"};
    app.get(
        "/cursors",
        [cursors = CursorCodec<std::int64_t>(key, "words by id")](
            Query<CursorParams> params, Request& request, Response& response) -> CursorPage<Word> {
            std::int64_t after = 0;
            if (params->cursor) {
                const auto position = cursors.decode(*params->cursor);
                if (!position)
                    throw HTTPException(422, "cursor " + std::string(describe(position.error())));
                after = *position;
            }
            return with_links(
                request, response,
                make_page(words(after, params->limit + 1), static_cast<std::size_t>(params->limit),
                          cursors, &Word::id));
        });
    return made;
}

}  // namespace portico::conformance
