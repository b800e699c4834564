package com.cybernance.continuity.postgres.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.wal.TimelinePath;
import com.cybernance.continuity.spi.RecoverTo;
import com.cybernance.continuity.spi.RestoreRequest;
import com.cybernance.continuity.spi.Stored;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which objects a restore takes, from a listing alone. */
class PlanTest {
    private static final int SEGMENT = 1 << 20;
    private static final Cluster CLUSTER = new Cluster("7000000000000000001");

    @Test
    void route_takesThePiecesThatReachFurthest_alsoWhereTheOthersAreGone() {
        List<Piece> all = List.of(
                piece(0x200000, 0x240000),
                piece(0x200000, 0x280000),
                piece(0x220000, 0x2a0000),
                piece(0x230000, 0x290000),
                piece(0x270000, 0x300000),
                piece(0x300000, 0x300100));
        List<Piece> taken = List.of(all.get(1), all.get(4), all.get(5));

        assertThat(pieces(route(all))).isEqualTo(taken);
        assertThat(route(taken)).isEqualTo(route(all));
        assertThat(route(all).end()).isEqualTo(new Lsn(0x300100));
    }

    @Test
    void route_pastAPieceThatSpansTwoLogFiles_doesNotTakeIt() {
        Piece foreign = piece(0x200000, 0x300100);
        Piece sound = piece(0x200000, 0x300000);

        assertThat(pieces(route(List.of(foreign, sound)))).containsExactly(sound);
        assertThat(route(List.of(foreign)).end()).isEqualTo(new Lsn(0x200000));
        assertThat(sound.within(SEGMENT)).isTrue();
        assertThat(foreign.within(SEGMENT)).isFalse();
    }

    @Test
    void plan_ofABackupWhoseTimelineHasNoHistory_refuses_asNoPointIsListedOfIt() {
        BackupRecord backup = backup(2);
        VaultedCluster vaulted = listed(List.of(new Piece(2, new Lsn(0x200000), new Lsn(0x300000))));

        assertThatThrownBy(() -> Plan.of(vaulted, backup, Target.backup(2, Optional.empty(), backup.stop())))
                .isInstanceOfSatisfying(
                        ContinuityException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.NOT_FOUND))
                .hasMessageContaining("has no " + CLUSTER.history(2));
    }

    @Test
    void check_ofABackupWhoseTimelineHasNoHistory_refusesBeforeTheLogIsRead() {
        BackupRecord backup = backup(2);
        RestoreRequest request =
                Source.request(backup, new MemoryVault("north"), RecoverTo.latest(), Path.of("/tmp/none"), 2);

        assertThatThrownBy(() -> LogTargets.resolve(listed(List.of()), backup, request))
                .isInstanceOf(ContinuityException.class)
                .hasMessageContaining("has no " + CLUSTER.history(2));
    }

    private static LogRoute route(List<Piece> pieces) {
        return LogRoute.of(listed(pieces), backup(1), TimelinePath.first(), TimelinePath.NO_END);
    }

    private static List<Piece> pieces(LogRoute route) {
        return route.parts().stream().map(LogRoute.Part::piece).distinct().toList();
    }

    private static Piece piece(long from, long to) {
        return new Piece(1, new Lsn(from), new Lsn(to));
    }

    private static VaultedCluster listed(List<Piece> pieces) {
        Map<String, Stored> objects = new TreeMap<>();
        for (Piece piece : pieces) {
            String name = piece.object(CLUSTER);
            objects.put(name, new Stored(name, 1, "0".repeat(64), Instant.EPOCH));
        }
        return VaultedCluster.of(new MemoryVault("north"), CLUSTER, objects);
    }

    private static BackupRecord backup(int timeline) {
        Instant at = Instant.parse("2026-11-25T10:00:00Z");
        return new BackupRecord(
                "20261125t100000z-%08x-%s".formatted(timeline, new Lsn(0x200028).hex()),
                CLUSTER.system(),
                170_000,
                timeline,
                new Lsn(0x200028),
                new Lsn(0x200100),
                at,
                at.plusSeconds(1),
                "slot",
                "label",
                true,
                0,
                SEGMENT,
                BackupRecord.Method.SQL,
                List.of(),
                List.of());
    }
}
