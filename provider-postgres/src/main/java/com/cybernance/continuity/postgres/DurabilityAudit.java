package com.cybernance.continuity.postgres;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.Setting;
import com.cybernance.continuity.facts.Setting.Effect;
import com.cybernance.continuity.facts.Setting.Kind;
import com.cybernance.continuity.postgres.wire.SynchronousNames;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Every place that SQL can read in which PostgreSQL decides whether an acknowledged commit survives. */
final class DurabilityAudit {
    private static final Set<String> KEEPING = Set.of("on", "remote_apply", "true", "yes", "1");
    private static final Set<String> OWN_SOURCES =
            Set.of("default", "configuration file", "command line", "environment variable", "global");

    private static final String SERVER = """
            SELECT name, setting, reset_val, source FROM pg_settings
            WHERE name IN ('synchronous_commit', 'fsync', 'full_page_writes', 'data_checksums', 'synchronous_standby_names')
            """;
    private static final String ON_DISK =
            "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') ORDER BY 1";
    private static final String OVERRIDES = """
            SELECT r.rolname AS role, d.datname AS database,
                   quote_ident(r.rolname) AS role_sql, quote_ident(d.datname) AS database_sql,
                   coalesce(r.rolcanlogin, true)::text AS login,
                   substr(each, strpos(each, '=') + 1) AS value
            FROM pg_db_role_setting s
            LEFT JOIN pg_roles r ON r.oid = s.setrole
            LEFT JOIN pg_database d ON d.oid = s.setdatabase
            CROSS JOIN LATERAL unnest(s.setconfig) AS each
            WHERE each ILIKE 'synchronous_commit=%'
            ORDER BY 1 NULLS FIRST, 2 NULLS FIRST
            """;
    private static final String FUNCTIONS = """
            SELECT p.oid::regprocedure::text AS function, substr(each, strpos(each, '=') + 1) AS value
            FROM pg_proc p CROSS JOIN LATERAL unnest(p.proconfig) AS each
            WHERE each ILIKE 'synchronous_commit=%' ORDER BY 1
            """;

    private static final String UNLOGGED = """
            SELECT count(*)::text AS count, min(oid::regclass::text COLLATE "C") AS first
            FROM pg_class WHERE relpersistence = 'u' AND relkind = 'r'
            """;

    private final ResourceId server;
    private final Session session;
    private final List<Setting> found = new ArrayList<>();

    DurabilityAudit(ResourceId server, Session session) {
        this.server = server;
        this.session = session;
    }

    List<Setting> settings() throws SQLException {
        for (Session.Row row : session.ask("pg_settings", SERVER)) {
            String name = row.get("name");
            switch (name) {
                case "synchronous_commit" -> serverDefault(row);
                case "synchronous_standby_names" -> standbyNames(row.get("setting"));
                case "data_checksums" ->
                    add(name, row.get("setting"), "on: pg_checksums --enable, with the server stopped", keeps(row));
                default -> onOrOff(row);
            }
        }
        for (Session.Row row : session.ask("pg_db_role_setting", OVERRIDES)) {
            override(row);
        }
        for (Session.Row row : session.ask("pg_proc.proconfig", FUNCTIONS)) {
            function(row);
        }
        unlogged();
        return found;
    }

    /** Of a standby, only what decides whether that which it confirmed survives its own crash. */
    List<Setting> onDisk() throws SQLException {
        session.ask("pg_settings", ON_DISK).forEach(this::onOrOff);
        return found;
    }

    private void onOrOff(Session.Row row) {
        String name = row.get("name");
        add(
                name,
                row.get("setting"),
                "on: ALTER SYSTEM SET %s = on; SELECT pg_reload_conf()".formatted(name),
                keeps(row));
    }

    /** What this session sees as the default may be an override of its own role, which says nothing about others. */
    private void serverDefault(Session.Row row) {
        if (!OWN_SOURCES.contains(row.get("source"))) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    "the server's synchronous_commit is hidden behind an override of the watcher's own role %s (source: %s)"
                            .formatted(session.asker(), row.get("source")),
                    "ALTER ROLE %s RESET synchronous_commit, in all databases".formatted(session.asker()));
        }
        add(
                "synchronous_commit",
                row.get("reset_val"),
                needed("ALTER SYSTEM SET synchronous_commit = on; SELECT pg_reload_conf()", row.get("reset_val")),
                level(row.get("reset_val")));
    }

    private void override(Session.Row row) {
        String value = row.get("value");
        if (!row.isTrue("login")) {
            add(scope(row), value + ", of a role that cannot log in", "no change: it takes no hold", Effect.KEEPS);
            return;
        }
        add(scope(row), value, needed(reset(row), value), level(value));
    }

    /** PostgreSQL puts the value back when the function ends, and the commit comes after that. */
    private void function(Session.Row row) {
        add(
                "synchronous_commit of function " + row.get("function"),
                row.get("value") + ", only while the function runs",
                "no change: the commit comes after the function",
                Effect.KEEPS);
    }

    /** Their rows are never in the log, so on no standby, and gone after a crash. */
    private void unlogged() throws SQLException {
        Session.Row row = session.ask("pg_class", UNLOGGED).get(0);
        boolean none = row.get("count").equals("0");
        add(
                "unlogged tables of database " + session.database(),
                none ? "none" : "%s, among them %s".formatted(row.get("count"), row.get("first")),
                none
                        ? "none"
                        : "none: acknowledged writes to them are on no standby: ALTER TABLE %s SET LOGGED, and so for each"
                                .formatted(row.get("first")),
                none ? Effect.KEEPS : Effect.WEAKENS);
    }

    private void standbyNames(String setting) {
        SynchronousNames names = SynchronousNames.parse(setting);
        String mend =
                "the standbys by their exact names: ALTER SYSTEM SET synchronous_standby_names = 'FIRST 1 (NAME)'; SELECT pg_reload_conf()";
        if (names.isEmpty()) {
            add("synchronous_standby_names", "empty: no commit waits for a standby", mend, Effect.WEAKENS);
        } else if (names.wildcard()) {
            add("synchronous_standby_names", setting + ": whatever connects as a standby counts", mend, Effect.WEAKENS);
        } else {
            add("synchronous_standby_names", setting, mend, Effect.KEEPS);
        }
    }

    private static String scope(Session.Row row) {
        String role = row.find("role").map(name -> "role " + name).orElse("all roles");
        return row.find("database")
                .map(database -> "synchronous_commit of %s in database %s".formatted(role, database))
                .orElse("synchronous_commit of " + role);
    }

    private static String reset(Session.Row row) {
        String database = row.find("database_sql").orElse("");
        String role = row.find("role_sql").orElse("");
        if (role.isEmpty()) {
            return database.isEmpty()
                    ? "ALTER ROLE ALL RESET synchronous_commit"
                    : "ALTER DATABASE %s RESET synchronous_commit".formatted(database);
        }
        return database.isEmpty()
                ? "ALTER ROLE %s RESET synchronous_commit".formatted(role)
                : "ALTER ROLE %s IN DATABASE %s RESET synchronous_commit".formatted(role, database);
    }

    private static String needed(String mend, String observed) {
        String why =
                observed.equals("remote_write") ? " (remote_write waits for the standby's memory, not its disk)" : "";
        return "on or remote_apply: %s%s".formatted(mend, why);
    }

    private static Effect level(String value) {
        return KEEPING.contains(value.toLowerCase(Locale.ROOT)) ? Effect.KEEPS : Effect.WEAKENS;
    }

    private static Effect keeps(Session.Row row) {
        return row.get("setting").equals("on") ? Effect.KEEPS : Effect.WEAKENS;
    }

    private void add(String name, String observed, String needed, Effect effect) {
        found.add(new Setting(server, Kind.DURABILITY, name, observed, needed, effect));
    }
}
