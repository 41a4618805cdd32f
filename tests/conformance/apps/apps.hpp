#pragma once

#include <memory>

#include <portico/portico.hpp>

/// The applications that the cases are asked of. fastapi_apps/ has the same ones in Python, but for
/// those of what FastAPI lacks: a route is added to both.
namespace portico::conformance {

using AppPointer = std::unique_ptr<App>;

AppPointer make_bodies();
AppPointer make_caching();
AppPointer make_dependencies();
AppPointer make_documents();
AppPointer make_errors();
AppPointer make_files();
AppPointer make_forms();
AppPointer make_lifetimes();
AppPointer make_members();
AppPointer make_middleware();
AppPointer make_mounts();
AppPointer make_nested();
AppPointer make_pagination();
AppPointer make_parameters();
AppPointer make_pools();
AppPointer make_responses();
AppPointer make_routing();
AppPointer make_security();
AppPointer make_streams();
AppPointer make_text_types();
AppPointer make_types();

}  // namespace portico::conformance
