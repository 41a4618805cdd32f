#pragma once

/// Testing an application in process: `TestClient`, and a clock that stands still until it is
/// moved. The rest is in `portico::testing`.
#include "portico/testing/fake_clock.hpp"
#include "portico/testing/test_client.hpp"

namespace portico {

using testing::FakeClock;
using testing::TestClient;

}  // namespace portico
