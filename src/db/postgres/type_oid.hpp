#pragma once

namespace portico::db::postgres {

/// Types by their numbers, which never change (pg_type.dat). Domains come as what they are based
/// on.
// NOLINTNEXTLINE(readability-identifier-naming)
enum TypeOid : unsigned {
    kBool = 16,
    kBytea = 17,
    kName = 19,
    kInt8 = 20,
    kInt2 = 21,
    kInt4 = 23,
    kText = 25,
    kOid = 26,
    kJson = 114,
    kXml = 142,
    kFloat4 = 700,
    kFloat8 = 701,
    kUnknown = 705,
    kBpchar = 1042,
    kVarchar = 1043,
    kDate = 1082,
    kTime = 1083,
    kTimestamp = 1114,
    kTimestamptz = 1184,
    kNumeric = 1700,
    kVoid = 2278,
    kUuid = 2950,
    kJsonb = 3802,

    kBoolArray = 1000,
    kInt2Array = 1005,
    kInt4Array = 1007,
    kTextArray = 1009,
    kBpcharArray = 1014,
    kVarcharArray = 1015,
    kInt8Array = 1016,
    kFloat4Array = 1021,
    kFloat8Array = 1022,
    kTimestampArray = 1115,
    kDateArray = 1182,
    kTimeArray = 1183,
    kTimestamptzArray = 1185,
    kNumericArray = 1231,
    kUuidArray = 2951,
};

}  // namespace portico::db::postgres
