// expect: a background task returns void or Task<void>: nobody reads its result
#include "portico/app/background.hpp"

void add(portico::app::BackgroundTasks& tasks) {
    tasks.add_task([] { return 1; });
}
