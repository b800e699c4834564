package com.cybernance.continuity.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.ReplicaState;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

class FailuresTest {
    private static final String URL = "Unable to parse URL jdbc:postgresql://h:x/app?password=s3cret";

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"99999", "08001", "08P01", "60000", "28", "HY000", "", "01000"})
    void messageThatNoServerSent_isNotRepeatedForItMayHoldAPassword(@Nullable String state) {
        String message = message(new SQLException(URL, state));
        assertThat(message)
                .startsWith("asking failed: ")
                .doesNotContain("s3cret")
                .doesNotContain("jdbc:");
        assertThat(message).contains(state == null ? "no SQLSTATE" : "SQLSTATE " + state);
    }

    @ParameterizedTest
    @ValueSource(strings = {"42501", "28P01", "3D000", "53300", "57014", "XX001"})
    void messageOfTheServer_isQuoted(String state) {
        assertThat(message(new SQLException("FATAL: no such thing\nDetail: more", state)))
                .contains("FATAL: no such thing (SQLSTATE " + state + ")")
                .doesNotContain("Detail");
    }

    @Test
    void urlWithATypo_leavesTheLookBlindWithoutThePassword() {
        PGSimpleDataSource source = new PGSimpleDataSource() {
            private static final long serialVersionUID = 1L;

            @Override
            public java.sql.Connection getConnection() throws SQLException {
                throw new SQLException(URL, "99999");
            }
        };
        PGSimpleDataSource unchecked = new PGSimpleDataSource() {
            private static final long serialVersionUID = 1L;

            @Override
            public java.sql.Connection getConnection() {
                throw new IllegalArgumentException(URL);
            }
        };
        for (PGSimpleDataSource each : new PGSimpleDataSource[] {source, unchecked}) {
            PostgresTarget target = PostgresTarget.of("postgres:main", each).build();
            Seen<ReplicaState> seen = Seen.by(target.replication().orElseThrow());
            assertThat(seen.kinds).containsExactly(FailureKind.UNEXPECTED);
            assertThat(seen.toString()).doesNotContain("s3cret").contains("Exception");
        }
    }

    private static String message(SQLException failure) {
        return String.valueOf(Failures.of(failure, "asking").getMessage());
    }
}
