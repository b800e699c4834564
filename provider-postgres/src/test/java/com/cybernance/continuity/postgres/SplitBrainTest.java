package com.cybernance.continuity.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.ReplicaState;
import com.cybernance.continuity.facts.ReplicaState.Role;
import com.cybernance.continuity.facts.Setting;
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

    @Test
    void primaryWithoutANameThatTheEmbedderNames_isNoSecondPrimary() {
        try (PostgresPair pair = PostgresPair.start()) {
            pair.primary().configure("cluster_name", "");
            pair.primary().restart();
            pair.primary()
                    .await(
                            "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = 'sync'",
                            "1");
            PostgresTarget target = Servers.target(pair)
                    .server("db1", pair.primary().dataSource(Servers.MONITOR))
                    .place("db1", Place.declared(Factor.REGION, "feed 1", "the estate file"))
                    .build();
            Seen<ReplicaState> seen = Seen.by(target.replication().orElseThrow());
            assertThat(seen.blind).isEmpty();
            assertThat(seen.facts).extracting(each -> each.id().member()).containsExactly("primary", "standby_b");
            assertThat(Servers.member(seen, "standby_b").link()).isEqualTo(ReplicaState.Link.CURRENT);
            assertThat(seen.facts.get(0).place().values(Factor.REGION)).containsExactly("feed 1");
            Seen<Setting> settings = Seen.by(target.settings().orElseThrow());
            assertThat(settings.blind).isEmpty();
            assertThat(settings.facts).anyMatch(each -> each.id().member().equals("primary"));
            assertThat(settings.facts).noneMatch(each -> each.id().member().equals("db1"));
        }
    }
}
