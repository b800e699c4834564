package com.cybernance.continuity.postgres.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerVersionTest {
    @ParameterizedTest
    @ValueSource(ints = {150_000, 160_004, 179_999, 189_999})
    void knownVersion_isTaken(int number) {
        assertThat(ServerVersion.require(Integer.toString(number))).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(ints = {90_603, 149_999, 190_000})
    void otherVersion_isUnsupported(int number) {
        assertThatThrownBy(() -> ServerVersion.require(Integer.toString(number)))
                .isInstanceOfSatisfying(
                        ContinuityException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.UNSUPPORTED))
                .hasMessageContaining("PostgreSQL %d, expected 15 to 18".formatted(number / 10_000));
    }
}
