#pragma once

#include <functional>
#include <memory>

#include "portico/testing/test_websocket.hpp"
#include "testing/test_exchange.hpp"

namespace portico::testing {

struct TestWebSocket::State {
    TestReactor& reactor;
    std::unique_ptr<TestExchange> exchange;
    /// Waits for the end of the request; throws what became a 500. Null when that is behind.
    std::move_only_function<TestResponse(TestExchange&)> finish;
    TestResponse response;
};

}  // namespace portico::testing
