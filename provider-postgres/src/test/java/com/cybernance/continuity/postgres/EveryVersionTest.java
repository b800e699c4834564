package com.cybernance.continuity.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.ClientOutcome;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.InventoryItem;
import com.cybernance.continuity.facts.ReplicaState;
import com.cybernance.continuity.facts.ReplicaState.Link;
import com.cybernance.continuity.facts.ReplicaState.Mode;
import com.cybernance.continuity.facts.Setting;
import com.cybernance.continuity.testkit.postgres.PostgresPair;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EveryVersionTest {
    @ParameterizedTest
    @ValueSource(ints = {15, 16, 17, 18})
    void look_atAHealthyPair_seesEverythingAndLeavesNoTrace(int major) {
        try (PostgresPair pair = PostgresPair.start(Servers.version(major))) {
            assertThat(pair.primary().query("SHOW server_version_num")).startsWith(Integer.toString(major));
            PostgresTarget target = Servers.target(pair).build();
            String before = pair.primary().query("SELECT pg_current_xact_id()");

            replication(settled(target));
            settings(Seen.by(target.settings().orElseThrow()));
            inventory(Seen.by(target.inventory().orElseThrow()));
            client(Seen.by(target.clientProbe().orElseThrow()));

            String after = pair.primary().query("SELECT pg_current_xact_id()");
            assertThat(Long.parseLong(after))
                    .as("transaction ids used by the looks")
                    .isEqualTo(Long.parseLong(before) + 1);
            canary(pair);
        }
    }

    /** A server writes records of its own at any time, which a standby has flushed a moment later. */
    private static Seen<ReplicaState> settled(PostgresTarget target) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        Seen<ReplicaState> seen = Seen.by(target.replication().orElseThrow());
        while (behind(seen) && System.nanoTime() < end) {
            seen = Seen.by(target.replication().orElseThrow());
        }
        return seen;
    }

    private static boolean behind(Seen<ReplicaState> seen) {
        return seen.facts.stream().anyMatch(each -> each.flush().bytes().orElse(0) > 0);
    }

    private static void replication(Seen<ReplicaState> seen) {
        assertThat(seen.blind).isEmpty();
        assertThat(seen.complete).containsExactly("all");
        assertThat(seen.facts).hasSize(2);
        ReplicaState primary = Servers.member(seen, "primary_a");
        ReplicaState standby = Servers.member(seen, "standby_b");
        assertThat(primary.mode()).isEqualTo(Mode.PRIMARY);
        assertThat(standby.mode()).isEqualTo(Mode.SYNCHRONOUS);
        assertThat(standby.link()).as(standby.detail()).isEqualTo(Link.CURRENT);
        assertThat(standby.flush().bytes()).hasValue(0);
        assertThat(standby.place().apartFrom(primary.place(), Factor.DATA_CENTRE))
                .isTrue();
        assertThat(standby.place().apartFrom(primary.place(), Factor.HOST)).isFalse();
        assertThat(standby.place().describe(Factor.DATA_CENTRE))
                .isEqualTo("data centre south (declared by setting continuity.data_centre on the server)");
        assertThat(seen.asked).allSatisfy(each -> {
            assertThat(each.asker()).isEqualTo("continuity_monitor");
            assertThat(each.where()).startsWith("127.0.0.1:");
            assertThat(each.digest()).matches("[0-9a-f]{64}");
        });
        assertThat(seen.asked).extracting("operation").contains("pg_stat_replication");
    }

    private static void settings(Seen<Setting> seen) {
        assertThat(seen.blind).isEmpty();
        assertThat(seen.complete).containsExactly("durability", "capacity");
        assertThat(Servers.weakened(seen)).isEmpty();
        assertThat(seen.facts)
                .extracting(Setting::name)
                .contains(
                        "synchronous_commit",
                        "fsync",
                        "full_page_writes",
                        "data_checksums",
                        "synchronous_standby_names",
                        "replication slot standby_b",
                        "connected synchronous standbys",
                        "sessions waiting for a synchronous standby");
    }

    private static void inventory(Seen<InventoryItem> seen) {
        assertThat(seen.complete).containsExactly("database-server", "database");
        assertThat(seen.facts)
                .extracting(item -> item.kind() + " " + item.id().member())
                .containsExactly(
                        "database-server primary_a", "database-server standby_b", "database app", "database postgres");
    }

    private static void client(Seen<ClientOutcome> seen) {
        assertThat(seen.facts).hasSize(1);
        assertThat(seen.facts.get(0).result()).isEqualTo(ClientOutcome.Result.CONNECTED_ONLY);
        assertThat(seen.facts.get(0).id().member()).isEqualTo("primary_a");
    }

    private static void canary(PostgresPair pair) {
        PostgresCanary.install(pair.primary().dataSource("postgres"), List.of(Servers.MONITOR, "app_writer"));
        PostgresTarget target = Servers.target(pair).canary(System::nanoTime).build();
        Seen<ReplicaState> seen = Seen.by(target.replication().orElseThrow());
        assertThat(seen.blind).isEmpty();
        ReplicaState standby = Servers.member(seen, "standby_b");
        assertThat(standby.link()).isEqualTo(Link.CURRENT);
        assertThat(standby.replay().time()).hasValue(java.time.Duration.ZERO);
        assertThat(Servers.member(seen, "primary_a").detail()).isEqualTo("takes writes; canary 1 acknowledged");
        Seen<ClientOutcome> client = Seen.by(target.clientProbe().orElseThrow());
        assertThat(client.facts.get(0).result())
                .as(client.facts.get(0).detail())
                .isEqualTo(ClientOutcome.Result.WROTE);
        assertThat(client.facts.get(0).write()).isPresent();
    }
}
