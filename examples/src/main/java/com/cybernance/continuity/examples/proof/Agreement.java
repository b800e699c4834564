package com.cybernance.continuity.examples.proof;

import com.cybernance.continuity.testkit.postgres.PostgresPair;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the clients were told, held against what the standby has.
 *
 * @param acknowledged how many commits the clients logged
 * @param missing the numbers of those that the standby does not have
 */
record Agreement(int acknowledged, SortedSet<Long> missing) {
    /** Waits until the standby shows all that the primary has, then compares. The clients have ended. */
    static Agreement of(SortedSet<Long> logged, PostgresPair pair) {
        String written = pair.primary().query("SELECT pg_current_wal_insert_lsn()");
        pair.standby()
                .await(
                        "SELECT pg_last_wal_replay_lsn() >= '%s'::pg_lsn".formatted(written),
                        // As JDBC writes a boolean.
                        "t");
        SortedSet<Long> missing = new TreeSet<>(logged);
        missing.removeAll(ledger(pair));
        return new Agreement(logged.size(), missing);
    }

    int found() {
        return acknowledged - missing.size();
    }

    @Override
    public String toString() {
        return missing.isEmpty()
                ? "%,d commits acknowledged, all %,d found on the standby".formatted(acknowledged, acknowledged)
                : "%,d commits acknowledged, %,d of them MISSING on the standby, the first is number %d"
                        .formatted(acknowledged, missing.size(), missing.first());
    }

    private static Set<Long> ledger(PostgresPair pair) {
        Set<Long> there = new HashSet<>();
        try (Connection connection = pair.standby().dataSource("reports").getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT seq FROM ledger")) {
            while (rows.next()) {
                there.add(rows.getLong(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the standby's ledger cannot be read: " + e.getMessage(), e);
        }
        return there;
    }
}
