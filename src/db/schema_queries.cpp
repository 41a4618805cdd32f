#include "db/schema_queries.hpp"

namespace portico::db::detail {
namespace {

// One transaction around all: between two migrations nobody sees a schema that is half done.
// sqlite.org/lang_altertable.html §7: with foreign keys on, DROP TABLE deletes the rows that refer
// to it; the switch does nothing inside a transaction.
constexpr SchemaQueries kSqlite{
    .lock = "PRAGMA busy_timeout=60000; PRAGMA foreign_keys=OFF; BEGIN EXCLUSIVE",
    .unlock = "COMMIT",
    .begin = "SAVEPOINT portico_migration",
    .commit = "RELEASE portico_migration",
    .rollback = "ROLLBACK TO portico_migration; RELEASE portico_migration",
    .has_table = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = $1",
    .tables =
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' "
        "ESCAPE '~' ORDER BY name",
    .broken_keys = "SELECT DISTINCT \"table\" FROM pragma_foreign_key_check",
    .columns =
        "SELECT c.name, upper(c.type), c.\"notnull\" = 0 AND c.pk = 0, c.pk > 0, c.dflt_value, "
        "c.pk > 0 AND EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND tbl_name = $1 "
        "AND sql LIKE '%AUTOINCREMENT%'), "
        "CASE WHEN EXISTS (SELECT 1 FROM pragma_index_list($1) AS l, pragma_index_xinfo(l.name) "
        "AS x WHERE x.key AND x.name = c.name AND x.coll = 'NOCASE') THEN 'NOCASE' END "
        "FROM pragma_table_info($1) AS c",
    .indexes =
        "SELECT l.name, l.\"unique\", l.origin = 'pk', l.partial, x.name, x.coll = 'NOCASE' "
        "FROM pragma_index_list($1) AS l, pragma_index_xinfo(l.name) AS x WHERE x.key "
        "ORDER BY l.name, x.seqno",
    // Without a column it is the primary key that is referred to.
    .foreign_keys =
        "SELECT '', f.\"from\", f.\"table\", coalesce(f.\"to\", (SELECT name FROM "
        "pragma_table_info(f.\"table\") WHERE pk = 1)), f.on_delete "
        "FROM pragma_foreign_key_list($1) AS f "
        "WHERE f.id NOT IN (SELECT id FROM pragma_foreign_key_list($1) WHERE seq > 0)",
};

constexpr SchemaQueries kPostgresql{
    // A number of our own: the first eight bytes of the SHA-256 of "portico_migrations".
    .lock = "SELECT pg_advisory_lock(1983422560794287889)",
    .unlock = "SELECT pg_advisory_unlock(1983422560794287889)",
    .begin = "BEGIN",
    .commit = "COMMIT",
    .rollback = "ROLLBACK",
    .has_table = "SELECT 1 WHERE to_regclass(quote_ident($1)) IS NOT NULL",
    .tables =
        "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace "
        "AND relkind IN ('r', 'p') ORDER BY relname",
    .broken_keys = {},
    .columns =
        "SELECT a.attname, upper(format_type(a.atttypid, a.atttypmod)), (NOT a.attnotnull)::int, "
        "EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisprimary AND "
        "a.attnum = ANY (i.indkey))::int, pg_get_expr(d.adbin, d.adrelid), "
        "(a.attidentity <> '' OR coalesce(pg_get_expr(d.adbin, d.adrelid), '') LIKE "
        "'nextval(%')::int, "
        "CASE WHEN EXISTS (SELECT FROM pg_index i WHERE i.indrelid = a.attrelid AND "
        "pg_get_indexdef(i.indexrelid, 1, true) ~ ('^lower\\(\\(?' || quote_ident(a.attname) || "
        "'[ :)]')) THEN 'NOCASE' END "
        "FROM pg_attribute a "
        "LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum "
        "WHERE a.attrelid = to_regclass(quote_ident($1)) AND a.attnum > 0 AND NOT a.attisdropped "
        "ORDER BY a.attnum",
    .indexes =
        "SELECT c.relname, i.indisunique::int, i.indisprimary::int, (i.indpred IS NOT NULL)::int, "
        "coalesce(a.attname, substring(pg_get_indexdef(i.indexrelid, k, true) from "
        "'^lower\\(\\(?\"?([^\": )]+)')), "
        "(i.indkey[k - 1] = 0 AND pg_get_indexdef(i.indexrelid, k, true) LIKE 'lower(%')::int "
        "FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
        "CROSS JOIN LATERAL generate_series(1, i.indnkeyatts) k "
        "LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[k - 1] "
        "WHERE i.indrelid = to_regclass(quote_ident($1)) AND i.indisvalid ORDER BY c.relname, k",
    .foreign_keys =
        "SELECT k.conname, a.attname, t.relname, b.attname, CASE k.confdeltype WHEN 'c' THEN "
        "'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' WHEN 'r' THEN 'RESTRICT' "
        "ELSE 'NO ACTION' END "
        "FROM pg_constraint k JOIN pg_class t ON t.oid = k.confrelid "
        "JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1] "
        "JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = k.confkey[1] "
        "WHERE k.contype = 'f' AND k.conrelid = to_regclass(quote_ident($1)) "
        "AND cardinality(k.conkey) = 1 ORDER BY k.conname",
};

}  // namespace

const SchemaQueries& schema_queries(Dialect dialect) noexcept {
    return dialect == Dialect::sqlite ? kSqlite : kPostgresql;
}

}  // namespace portico::db::detail
