#pragma once

/// Everything that an application is written with; `using namespace portico;` makes it as short as
/// the documentation shows it. The database, log-in and tests have headers of their own:
/// <portico/db.hpp>, <portico/auth.hpp>, <portico/testing.hpp>.
#include "portico/app/app.hpp"
#include "portico/core/executor.hpp"
#include "portico/core/generator.hpp"
#include "portico/core/reactor.hpp"
#include "portico/core/task.hpp"
#include "portico/model/annotated.hpp"
#include "portico/model/bytes.hpp"
#include "portico/model/date_time.hpp"
#include "portico/model/decimal.hpp"
#include "portico/model/duration.hpp"
#include "portico/model/email.hpp"
#include "portico/model/ip.hpp"
#include "portico/model/json.hpp"
#include "portico/model/literal.hpp"
#include "portico/model/number_types.hpp"
#include "portico/model/partial.hpp"
#include "portico/model/secret_string.hpp"
#include "portico/model/slot_of.hpp"
#include "portico/model/text_case.hpp"
#include "portico/model/time_of_day.hpp"
#include "portico/model/url.hpp"
#include "portico/model/uuid.hpp"
#include "portico/openapi/app.hpp"
#include "portico/run/run.hpp"

namespace portico {

// Coroutines, threads, time.
using core::Clock;
using core::Executor;
using core::Generator;
using core::Outcome;
using core::sleep_for;
using core::sleep_until;
using core::Task;

// An application and its routes.
using app::AppOptions;
using app::BackgroundTasks;
using app::Caching;
using app::callback;
using app::CallNext;
using app::depends;
using app::ErrorFormat;
using app::response;
using app::RouteOptions;
using app::Router;
using app::RouterOptions;
using app::security;
using app::Serving;
using app::webhook;
using app::WebSocketOptions;
using app::within_prefix;
using openapi::App;

// What a handler takes.
using app::as_json;
using app::Body;
using app::convert_underscores;
using app::Cookie;
using app::default_value;
using app::Depends;
using app::explode;
using app::File;
using app::Form;
using app::Header;
using app::Path;
using app::PerLoop;
using app::Query;
using app::required;
using app::Security;
using app::SecurityScopes;
using app::State;
using app::UploadFile;
using app::WebSocket;
using http::Request;
using http::Response;

// What it returns, and throws.
using app::Accepted;
using app::AppException;
using app::AuthenticationError;
using app::AuthorizationError;
using app::Created;
using app::EventSourceResponse;
using app::FileResponse;
using app::HTMLResponse;
using app::HTTPException;
using app::NoContent;
using app::NotFoundError;
using app::PlainTextResponse;
using app::Redirect;
using app::RequestValidationError;
using app::ServerSentEvent;
using app::Status;
using app::stream;
using app::StreamingResponse;
using app::ValidationError;
using app::WebSocketDisconnect;
using app::WebSocketException;
using app::WebSocketMessage;
namespace close_code = http::close_code;

// Models.
using model::AmqpDsn;
using model::Annotated;
using model::AnyHttpUrl;
using model::AnyUrl;
using model::Base64Bytes;
using model::Base64UrlBytes;
using model::Bytes;
using model::Computed;
using model::Date;
using model::DateTime;
using model::Decimal;
using model::Duration;
using model::Email;
using model::empty;
using model::Extra;
using model::FileUrl;
using model::FtpUrl;
using model::FutureDate;
using model::FutureDateTime;
using model::HttpUrl;
using model::IPv4Address;
using model::IPv4Network;
using model::IPv6Address;
using model::IPv6Network;
using model::IPvAnyAddress;
using model::IPvAnyNetwork;
using model::Json;
using model::KafkaDsn;
using model::Literal;
using model::ModelConfig;
using model::MongoDsn;
using model::MySQLDsn;
using model::NaiveDateTime;
using model::NegativeFloat;
using model::NegativeInt;
using model::NonNegativeFloat;
using model::NonNegativeInt;
using model::NonPositiveFloat;
using model::NonPositiveInt;
using model::Partial;
using model::PastDate;
using model::PastDateTime;
using model::PositiveFloat;
using model::PositiveInt;
using model::PostgresDsn;
using model::RedisDsn;
using model::SecretString;
using model::Time;
using model::Uuid;
using model::Uuid1;
using model::Uuid3;
using model::Uuid4;
using model::Uuid5;
using model::Uuid7;
using model::ValidationErrors;
using model::WebsocketUrl;

// Constraints and metadata.
using model::after_validator;
using model::alias;
using model::allow_inf_nan;
using model::before_validator;
using model::decimal_places;
using model::default_factory;
using model::deprecated;
using model::description;
using model::discriminator;
using model::example;
using model::exclude;
using model::extras;
using model::future;
using model::ge;
using model::gt;
using model::le;
using model::lt;
using model::max_digits;
using model::max_items;
using model::max_length;
using model::min_items;
using model::min_length;
using model::multiple_of;
using model::past;
using model::pattern;
using model::read_only;
using model::serialization_alias;
using model::strict;
using model::strip_whitespace;
using model::title;
using model::to_camel;
using model::to_kebab;
using model::to_lower;
using model::to_pascal;
using model::to_upper;
using model::uuid_version;
using model::validation_alias;
using model::write_only;

}  // namespace portico
