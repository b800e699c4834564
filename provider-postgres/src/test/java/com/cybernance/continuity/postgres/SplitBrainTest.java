package com.cybernance.continuity.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.ReplicaState;
import com.cybernance.continuity.facts.ReplicaState.Role;
import com.cybernance.continuity.testkit.postgres.PostgresPair;
import org.junit.jupiter.api.Test;

class SplitBrainTest {
    @Test
    void standbyThatWasPromotedWhileThePrimaryLives_leavesTheLookBlindWithBothNamed() {
        try (PostgresPair pair = PostgresPair.start()) {
            pair.standby().query("SELECT pg_promote(true, 30)::text");
            Seen<ReplicaState> seen =
                    Seen.by(Servers.target(pair).build().replication().orElseThrow());
            assertThat(seen.complete).isEmpty();
            assertThat(seen.kinds).containsExactly(FailureKind.CONFLICT);
            assertThat(seen.blind.get(0)).contains("server standby_b takes writes as well");
            assertThat(seen.facts).extracting(ReplicaState::role).containsExactly(Role.PRIMARY, Role.PRIMARY);
        }
    }
}
