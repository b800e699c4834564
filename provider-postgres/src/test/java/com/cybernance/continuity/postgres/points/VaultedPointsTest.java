package com.cybernance.continuity.postgres.points;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.Copy;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Observation;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.Requirement;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Hole;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.layout.PieceIndex.Complete;
import com.cybernance.continuity.postgres.layout.RecordJson;
import com.cybernance.continuity.spi.Sink;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VaultedPointsTest {
    private static final Instant TEN = Instant.parse("2026-11-23T10:00:00Z");
    private static final Lsn START = new Lsn(8L * MadeLog.SEGMENT);

    private final MadeVault made = new MadeVault();
    private final MemoryVault vault = made.vault;
    private final MadeLog log = MadeLog.begin(MadeVault.SYSTEM, START);
    private final List<RestorePoint> points = new ArrayList<>();
    private final List<String> blind = new ArrayList<>();
    private final List<String> complete = new ArrayList<>();
    private final List<Piece> pieces = new ArrayList<>();
    private BackupRecord backup = backup();
    private VaultedPoints source = source();

    /** A backup that stops at ten, and four pieces behind it with a commit each, at one to four past ten. */
    @BeforeEach
    void begin() {
        Lsn at = START;
        for (int minute = 1; minute <= 4; minute++) {
            log.commit(TEN.plusSeconds(minute * 60L), 100);
            Piece piece = made.piece(log, at, log.end());
            made.index(log, piece, Optional.empty());
            pieces.add(piece);
            at = log.end();
        }
    }

    @Test
    void look_tellsTheWindowAndWhatItNeeds() {
        look();

        assertThat(blind).isEmpty();
        assertThat(complete).containsExactly("vault near");
        assertThat(points).hasSize(1);
        RestorePoint point = points.get(0);
        assertThat(point.id()).isEqualTo(backup.id() + "/00000001/near");
        assertThat(PointId.parse(point.id())).isEqualTo(new PointId(backup.id(), 1, "near"));
        assertThat(point.lineage()).isEqualTo("7123456789012345678/00000001");
        assertThat(point.earliest()).isEqualTo(TEN);
        assertThat(point.latest()).isEqualTo(TEN.plusSeconds(240));
        assertThat(point.copies()).hasSize(1);
        assertThat(point.copies().get(0).id()).isEqualTo("near");
        assertThat(point.copies().get(0).state()).isEqualTo(Copy.State.COMPLETE);
        assertThat(point.requires())
                .containsExactly(
                        new Requirement(Requirement.Kind.TOOL, "PostgreSQL 18"),
                        new Requirement(
                                Requirement.Kind.LOG, "timeline 1 from %s to %s".formatted(backup.start(), log.end())));
    }

    @Test
    void look_whereACommitBehindTheStopIsOlderThanTheBackupsEnd_beginsTheWindowAtIt() {
        log.commit(TEN.minusMillis(500), 100);
        made.index(log, made.piece(log, pieces.get(3).end(), log.end()), Optional.empty());
        look();

        assertThat(points).extracting(RestorePoint::earliest).containsExactly(TEN.minusMillis(500));
        assertThat(points).extracting(RestorePoint::latest).containsExactly(TEN.plusSeconds(240));
    }

    @Test
    void look_withIndexes_readsPiecesOnlyOnce() {
        look();
        int first = vault.opened;
        look();

        // The record and the piece that the backup ends in, and the indexes; then the record alone.
        assertThat(first).isLessThanOrEqualTo(3 + pieces.size());
        assertThat(vault.opened - first).isEqualTo(1);
    }

    @Test
    void look_withoutIndexes_tellsTheSame() {
        look();
        List<RestorePoint> indexed = List.copyOf(points);
        vault.objects.keySet().removeIf(name -> name.contains("/log/") && name.endsWith(".json"));
        source = source();
        look();

        assertThat(points).isEqualTo(indexed);
    }

    @Test
    void look_atAnIdleCluster_reachesAsFarAsItIsKnownToBeIdle() {
        Piece last = pieces.get(3);
        made.index(log, last, Optional.of(new Complete(TEN.plusSeconds(900), last.end())));
        look();

        assertThat(points.get(0).latest()).isEqualTo(TEN.plusSeconds(900));
    }

    @Test
    void look_doesNotTakeTheWordOnLogThatIsNotThere() {
        Piece last = pieces.get(3);
        made.index(
                log,
                last,
                Optional.of(new Complete(TEN.plusSeconds(900), last.end().plus(8))));
        look();

        assertThat(points.get(0).latest()).isEqualTo(TEN.plusSeconds(240));
    }

    @Test
    void look_whereAPieceIsLost_endsBeforeItAndNamesTheGap() {
        vault.objects.remove(pieces.get(2).object(MadeVault.CLUSTER));
        look();

        assertThat(points.get(0).latest()).isEqualTo(TEN.plusSeconds(120));
        VaultSurvey survey = source.survey("near", () -> Duration.ofMinutes(1));
        assertThat(survey.gaps())
                .hasToString("[timeline 1 from %s to %s]"
                        .formatted(pieces.get(2).start(), pieces.get(2).end()));
        assertThat(survey.defects())
                .extracting(Defect::object)
                .containsExactly(pieces.get(2).index(MadeVault.CLUSTER));
        assertThat(survey.windows().get(0).endsBecause()).isEqualTo("no piece holds what follows");
    }

    @Test
    void survey_whereAForeignObjectIsCalledAPieceOverAGap_namesTheGapAllTheSame() {
        vault.objects.remove(pieces.get(2).object(MadeVault.CLUSTER));
        vault.objects.remove(pieces.get(2).index(MadeVault.CLUSTER));
        Piece pretender = new Piece(1, START, new Lsn(-1));
        vault.objects.put(pretender.object(MadeVault.CLUSTER), "anything".getBytes(StandardCharsets.UTF_8));
        VaultSurvey survey = source.survey("near", () -> Duration.ofMinutes(1));

        assertThat(survey.gaps())
                .hasToString("[timeline 1 from %s to %s]"
                        .formatted(pieces.get(2).start(), pieces.get(2).end()));
        assertThat(survey.defects()).extracting(Defect::object).contains(pretender.object(MadeVault.CLUSTER));
        assertThat(survey.windows().get(0).latest()).isEqualTo(TEN.plusSeconds(120));
    }

    @Test
    void look_whereAHoleIsRecorded_endsBeforeItAndSaysWhy() {
        Hole hole = new Hole(1, pieces.get(1).end(), pieces.get(2).end(), "the slot was lost", TEN);
        vault.objects.put(MadeVault.CLUSTER.hole(1, hole.from(), hole.to()), RecordJson.write(hole));
        look();

        assertThat(points.get(0).latest()).isEqualTo(TEN.plusSeconds(120));
        assertThat(source.survey("near", () -> Duration.ofMinutes(1))
                        .windows()
                        .get(0)
                        .endsBecause())
                .contains("the slot was lost");
    }

    @Test
    void look_whereATimelineWasLeftInsideAPiece_offersBothHistoriesFromTheFirstCommitLeftBehind() {
        Lsn from = log.end();
        log.commit(TEN.plusSeconds(290), 100);
        MadeLog next = log.fork(2);
        Lsn left = log.end();
        log.commit(TEN.plusSeconds(300), 100);
        log.commit(TEN.plusSeconds(360), 100);
        made.index(log, made.piece(log, from, log.end()), Optional.empty());
        next.commit(TEN.plusSeconds(400), 100);
        made.piece(next, left, next.end());
        made.history(2, "1\t%s\tno reason\n".formatted(left));
        look();

        assertThat(points)
                .extracting(RestorePoint::lineage, RestorePoint::earliest, RestorePoint::latest)
                .containsExactly(
                        tuple("7123456789012345678/00000001", TEN, TEN.plusSeconds(360)),
                        tuple("7123456789012345678/00000002", TEN.plusSeconds(300), TEN.plusSeconds(400)));
    }

    @Test
    void look_whereWhatWasLeftBehindHasAnEarlierTimeThanWhatBothHave_offersBothHistories() {
        log.commit(TEN.plusSeconds(290), 100);
        MadeLog next = log.fork(2);
        Lsn left = log.end();
        log.commit(TEN.plusSeconds(289), 100);
        made.piece(log, pieces.get(3).end(), log.end());
        next.commit(TEN.plusSeconds(400), 100);
        made.piece(next, left, next.end());
        made.history(2, "1\t%s\tno reason\n".formatted(left));
        look();

        assertThat(points).extracting(RestorePoint::earliest).containsExactly(TEN, TEN.plusSeconds(289));
    }

    @Test
    void look_atABackupThatLacksSomething_saysTakenAndWhat() {
        String data = backup.objects().get(0).name();
        vault.objects.remove(data);
        vault.objects.remove(pieces.get(0).object(MadeVault.CLUSTER));
        look();

        assertThat(complete).containsExactly("vault near");
        assertThat(points).hasSize(1);
        assertThat(points.get(0).copies().get(0).state()).isEqualTo(Copy.State.TAKEN);
        assertThat(points.get(0).latest()).isEqualTo(TEN);
        assertThat(points.get(0).requires())
                .extracting(Requirement::name)
                .contains(
                        "missing: object " + data,
                        "missing: the log on timeline 1 from %s to %s, because no piece holds what follows"
                                .formatted(backup.start(), backup.stop()));
    }

    @Test
    void look_atAnObjectOfAnotherSize_saysTaken() {
        vault.objects.put(backup.objects().get(0).name(), new byte[3]);
        look();

        assertThat(points.get(0).copies().get(0).state()).isEqualTo(Copy.State.TAKEN);
        assertThat(source.survey("near", () -> Duration.ofMinutes(1)).defects())
                .extracting(Defect::object)
                .containsExactly(backup.objects().get(0).name());
    }

    @Test
    void look_atDamagedRecords_namesThemAndShowsTheRest() {
        BackupRecord second = made.backup(log, log.end(), log.end().plus(8), TEN.plusSeconds(300));
        String record = MadeVault.CLUSTER.base(second.id()) + "backup.json";
        byte[] bytes = Objects.requireNonNull(vault.objects.get(record));
        vault.objects.put(record, Arrays.copyOf(bytes, bytes.length / 2));
        vault.objects.put(MadeVault.CLUSTER.history(2), "what".getBytes(StandardCharsets.UTF_8));
        vault.objects.put(MadeVault.CLUSTER.log() + "holiday.jpg", new byte[9]);
        look();

        assertThat(points).hasSize(1);
        assertThat(points.get(0).latest()).isEqualTo(TEN.plusSeconds(240));
        assertThat(source.survey("near", () -> Duration.ofMinutes(1)).defects())
                .extracting(Defect::object)
                .containsExactlyInAnyOrder(
                        record, MadeVault.CLUSTER.history(2), MadeVault.CLUSTER.log() + "holiday.jpg");
    }

    @Test
    void look_atARecordOfAnotherBackup_doesNotBelieveIt() {
        BackupRecord second = made.backup(log, log.end(), log.end().plus(8), TEN.plusSeconds(300));
        String record = MadeVault.CLUSTER.base(second.id()) + "backup.json";
        vault.objects.put(
                record, Objects.requireNonNull(vault.objects.get(MadeVault.CLUSTER.base(backup.id()) + "backup.json")));
        look();

        assertThat(points).extracting(RestorePoint::id).containsExactly(backup.id() + "/00000001/near");
        assertThat(source.survey("near", () -> Duration.ofMinutes(1)).defects())
                .extracting(Defect::object)
                .containsExactly(record);
    }

    @Test
    void look_atASwappedIndex_readsThePieceInstead() {
        vault.objects.put(
                pieces.get(3).index(MadeVault.CLUSTER),
                Objects.requireNonNull(vault.objects.get(pieces.get(1).index(MadeVault.CLUSTER))));
        look();

        assertThat(points.get(0).latest()).isEqualTo(TEN.plusSeconds(240));
        assertThat(source.survey("near", () -> Duration.ofMinutes(1)).defects())
                .extracting(Defect::object)
                .contains(pieces.get(3).index(MadeVault.CLUSTER));
    }

    @Test
    void look_atAPieceOfOtherBytesThanItsIndex_believesTheBytes() {
        MadeLog other = MadeLog.begin(MadeVault.SYSTEM + 1, START);
        other.commit(TEN.plusSeconds(999), 100);
        String object = pieces.get(3).object(MadeVault.CLUSTER);
        for (byte[] wrong : List.of(
                new byte[0],
                "not zstd".getBytes(StandardCharsets.UTF_8),
                Objects.requireNonNull(vault.objects.get(pieces.get(2).object(MadeVault.CLUSTER))),
                com.github.luben.zstd.Zstd.compress(new byte[(int) pieces.get(3).size()]),
                com.github.luben.zstd.Zstd.compress(
                        other.bytes(START, START.plus(pieces.get(3).size()))))) {
            vault.objects.put(object, wrong);
            source = source();
            look();

            assertThat(points.get(0).latest()).isEqualTo(TEN.plusSeconds(180));
            assertThat(source.survey("near", () -> Duration.ofMinutes(1)).defects())
                    .extracting(Defect::object)
                    .contains(pieces.get(3).index(MadeVault.CLUSTER));
        }
    }

    @Test
    void look_atARecordOfANewerFormat_isBlindAndSaysSo() {
        String record = MadeVault.CLUSTER.base(backup.id()) + "backup.json";
        String text = new String(Objects.requireNonNull(vault.objects.get(record)), StandardCharsets.UTF_8);
        vault.objects.put(
                record, text.replace("\"format\" : 1", "\"format\" : 9").getBytes(StandardCharsets.UTF_8));
        look();

        assertThat(complete).isEmpty();
        assertThat(blind).hasSize(1);
        assertThat(blind.get(0)).contains("vault near UNSUPPORTED", record, "has format 9");
    }

    @Test
    void look_atAVaultThatDoesNotAnswer_isBlind() {
        vault.down = true;
        look();

        assertThat(points).isEmpty();
        assertThat(complete).isEmpty();
        assertThat(blind).hasSize(1);
        assertThat(blind.get(0)).contains("vault near UNREACHABLE");
    }

    @Test
    void look_atAnEmptyVault_completesWithNothing() {
        vault.objects.clear();
        look();

        assertThat(points).isEmpty();
        assertThat(complete).containsExactly("vault near");
    }

    @Test
    void build_listsEveryMistake() {
        assertThatThrownBy(() -> VaultedPoints.of(TargetId.of("postgres:main").member("cluster"), "x")
                        .build())
                .isInstanceOf(ContinuityException.class)
                .hasMessageContaining("the system identifier is no decimal number; there is no vault");
    }

    private VaultedPoints source() {
        return VaultedPoints.of(
                TargetId.of("postgres:main").member("cluster"),
                MadeVault.CLUSTER.system(),
                Map.of(vault, Place.UNKNOWN));
    }

    private BackupRecord backup() {
        log.filler(100);
        Lsn start = log.end();
        log.filler(100);
        return made.backup(log, start, log.end(), TEN);
    }

    private void look() {
        points.clear();
        blind.clear();
        complete.clear();
        source.look(() -> Duration.ofMinutes(1), new Sink<>() {
            @Override
            public void found(RestorePoint fact) {
                points.add(fact);
            }

            @Override
            public void blind(String scope, FailureKind kind, String why) {
                blind.add(scope + " " + kind + " " + why);
            }

            @Override
            public void complete(String scope) {
                complete.add(scope);
            }

            @Override
            public void asked(Observation observation) {
                assertThat(observation.where()).isEqualTo("vault near");
            }
        });
    }
}
