#pragma once

#include <memory>

#include <portico/portico.hpp>

/// The applications that the cases are asked of. fastapi_apps.py has the same ones in Python: a
/// route is added to both.
namespace portico::conformance {

using AppPointer = std::unique_ptr<App>;

AppPointer make_bodies();
AppPointer make_dependencies();
AppPointer make_errors();
AppPointer make_files();
AppPointer make_forms();
AppPointer make_middleware();
AppPointer make_parameters();
AppPointer make_responses();
AppPointer make_routing();
AppPointer make_security();
AppPointer make_streams();
AppPointer make_text_types();
AppPointer make_types();

}  // namespace portico::conformance
