package com.cybernance.continuity.postgres.recover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.spi.Progress;
import com.cybernance.continuity.spi.RecoverTo;
import com.cybernance.continuity.spi.RestoreRequest;
import com.cybernance.continuity.spi.Vault;
import com.cybernance.continuity.testkit.Seeds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Targets in a log whose pieces overlap and are not all sound. */
class LogTargetsTest {
    private static final Source SOURCE = new Source();
    private static final MemoryVault VAULT = new MemoryVault("north");

    /** In a plain build only some of the calls. */
    private static final int STRIDE = Seeds.runs(20) == 20 ? 1 : 12;

    private static PlainBackup plain;
    private static BackupRecord backup;
    private static List<Source.Commit> commits;

    /** From the beginning of a log file to behind the last commit; other pieces hold the same. */
    private static Piece longest;

    private static int restores;

    @BeforeAll
    static void backUp() throws Exception {
        SOURCE.commit(5);
        plain = new PlainBackup(SOURCE.server(), VAULT);
        backup = plain.take(Seeds.of(1), () -> SOURCE.commit(3));
        SOURCE.commit(20);
        Lsn flushed = SOURCE.flushed();
        commits = SOURCE.commits(backup.start()).stream()
                .filter(commit -> !commit.end().isAfter(flushed))
                .toList();
        Lsn end = last().end();
        longest = new Piece(1, end.plus(-1).segmentStart(PlainBackup.SEGMENT), end);
        plain.log(Seeds.of(2), 1, first(), longest.start());
        for (Lsn at = longest.start(); at.isBefore(flushed); at = at.plus(1_000)) {
            plain.piece(new Piece(1, at, Lsn.earlier(at.plus(1_000), flushed)));
        }
    }

    @AfterAll
    static void close() {
        SOURCE.close();
    }

    @Test
    void check_whereALongPieceIsRotten_takesTheShortOnesBesideIt_andSaysSo() throws Exception {
        Map<String, Consumer<Damage>> kinds = new LinkedHashMap<>();
        kinds.put("empty", damage -> damage.put(damage.object(longest), new byte[0]));
        kinds.put("cut", damage -> damage.cut(damage.object(longest)));
        kinds.put("longer", damage -> damage.piece(longest, bytes -> Arrays.copyOf(bytes, bytes.length + 8)));
        kinds.put("zeros", damage -> damage.piece(longest, bytes -> new byte[bytes.length]));
        kinds.put("record", damage -> damage.piece(longest, LogTargetsTest::flippedInTheLastCommit));
        for (Map.Entry<String, Consumer<Damage>> kind : kinds.entrySet()) {
            MemoryVault vault = withTheLongest();
            kind.getValue().accept(new Damage(vault, plain.cluster(), backup.id()));

            assertPassedOver(kind.getKey(), vault);
        }
        assertPassedOver("refused", new WatchedVault(withTheLongest(), call -> {
            if (call.equals("read " + longest.object(plain.cluster()))) {
                throw new ContinuityException(FailureKind.CORRUPT, "not what was committed", "none");
            }
        }));
        assertPassedOver("gone", new WatchedVault(withTheLongest(), call -> {
            if (call.equals("open " + longest.object(plain.cluster()))) {
                throw new ContinuityException(FailureKind.NOT_FOUND, "no longer there", "none");
            }
        }));
    }

    private static void assertPassedOver(String kind, Vault vault) throws Exception {
        String object = longest.object(plain.cluster());
        RestoreRequest request = request(RecoverTo.position(last().start().toString()));

        Map<String, String> results = Source.step(SOURCE.restorer(vault).build(), "rotten", request, "check", Map.of());

        assertThat(results.get(CheckStep.PASSED_OVER)).as(kind).contains(object);
        assertThat(results).as(kind).containsEntry("target.end", last().end().toString());
        assertThat(Files.readString(Path.of(request.destination(), "restore-rotten", "objects.list")))
                .as("%s, planned with", kind)
                .contains("/log/00000001/")
                .doesNotContain(object);
    }

    @Tag("bar")
    @Test
    void restore_besideARottenPiece_isWhole() throws Exception {
        MemoryVault vault = withTheLongest();
        new Damage(vault, plain.cluster(), backup.id()).piece(longest, LogTargetsTest::flippedInTheLastCommit);
        PostgresRestorer restorer = SOURCE.restorer(vault).build();
        RestoreRequest request = request(RecoverTo.position(last().start().toString()));

        Map<String, String> results = Source.run(restorer, "whole", request);

        TreeSet<Long> rows = new TreeSet<>();
        for (long seq = 1; seq <= 28; seq++) {
            rows.add(seq);
        }
        assertThat(SOURCE.ledger(results)).isEqualTo(rows);
        restorer.discard("whole", request);
    }

    @Test
    void check_whereAForeignPieceSpansTwoLogFiles_leavesItOut() throws Exception {
        MemoryVault vault = VAULT.copy("north");
        Piece foreign = new Piece(1, first(), first().plus(2L * PlainBackup.SEGMENT));
        vault.put(foreign.object(plain.cluster()), new byte[] {1, 2, 3});

        Map<String, String> results =
                Source.step(SOURCE.restorer(vault).build(), "foreign", request(RecoverTo.latest()), "check", Map.of());

        assertThat(results).doesNotContainKey(CheckStep.PASSED_OVER);
    }

    @Test
    void check_whereTheLastPieceIsRottenAndAlone_reachesWhatLiesBeforeIt_andNotTheLatestThatWasPromised()
            throws Exception {
        Source.Commit before = commits.get(commits.size() - 2);
        Piece rotten = new Piece(1, before.end(), last().end());
        List<Consumer<Damage>> kinds = List.of(
                damage -> damage.cut(damage.object(rotten)),
                damage -> damage.piece(rotten, bytes -> {
                    bytes[bytes.length - 20] ^= 1;
                    return bytes;
                }));
        for (Consumer<Damage> kind : kinds) {
            MemoryVault vault = VAULT.copy("north");
            vault.objects().keySet().removeIf(name -> Piece.of(plain.cluster(), name)
                    .filter(piece -> piece.end().isAfter(rotten.start()))
                    .isPresent());
            PlainBackup into = new PlainBackup(SOURCE.server(), vault);
            into.piece(new Piece(1, rotten.start().plus(-1).segmentStart(PlainBackup.SEGMENT), rotten.start()));
            into.piece(rotten);
            kind.accept(new Damage(vault, plain.cluster(), backup.id()));

            RestoreRequest reachable = request(RecoverTo.moment(before.at()));
            Map<String, String> results =
                    Source.step(SOURCE.restorer(vault).build(), "tail", reachable, "check", Map.of());
            assertThat(results).containsEntry("target.end", before.end().toString());

            RestoreRequest promised = promising(last().at(), request(RecoverTo.latest()));
            Progress refused = refused(vault, promised);
            assertThat(refused.failure()).as(refused.toString()).contains(FailureKind.NOT_FOUND);
            assertThat(refused.detail())
                    .contains("the latest, " + last().at())
                    .containsAnyOf(rotten.object(plain.cluster()), "CHECKSUM");
            assertThat(Path.of(promised.destination())).doesNotExist();
        }
    }

    @Test
    void check_whereFarTooManyPiecesAreRotten_givesUp_andSaysSo() {
        MemoryVault vault = withTheLongest();
        for (int i = 0; i < 40; i++) {
            Piece rotten = new Piece(1, longest.start(), longest.end().plus(-8L * i));
            vault.objects().put(rotten.object(plain.cluster()), new byte[0]);
        }

        Progress refused = refused(vault, request(RecoverTo.latest()));

        assertThat(refused.failure()).as(refused.toString()).contains(FailureKind.CORRUPT);
        assertThat(refused.detail()).contains("more than 32 pieces of the log in vault north");
    }

    @Test
    void check_whereTheVaultFailsAtAnyCall_isNamed_andFindsTheSameLater() {
        int calls = everyCall(LogTargets::resolve);

        System.out.printf("%d calls of a check refused%n", calls);
        assertThat(calls * STRIDE).isGreaterThan(60);
    }

    @Test
    void plantedBug_aVaultThatFailsIsTakenForTheEndOfTheLog_isFound() {
        assertThatThrownBy(() -> everyCall((vaulted, record, request) -> {
                    try {
                        return LogTargets.resolve(vaulted, record, request);
                    } catch (ContinuityException taken) {
                        return Target.backup(1, Optional.empty(), record.stop());
                    }
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("refused: ");
    }

    /** Looks for the latest again and again, and each time a later call of the vault fails. Returns how many did. */
    private static int everyCall(TargetResolver resolver) {
        int refused = 0;
        for (int at = Seeds.of(restores).between(0, STRIDE - 1); ; at += STRIDE) {
            List<String> met = new CopyOnWriteArrayList<>();
            Vault vault = WatchedVault.cutOff(VAULT, "", at, met);
            PostgresRestorer restorer =
                    SOURCE.restorer(vault).resolver(resolver).build();
            RestoreRequest request = request(RecoverTo.latest());
            restorer.begin("cut", request, "check", Map.of());
            Progress progress = Source.ended(restorer, "cut", request, "check");
            if (met.isEmpty()) {
                assertThat(progress.results())
                        .containsEntry("target.end", last().end().toString());
                return refused;
            }
            refused++;
            assertThat(progress.failure()).as("refused: " + met).contains(FailureKind.UNREACHABLE);
            assertThat(progress.detail()).contains(met);
            assertThat(Source.step(restorer, "cut", request, "check", Map.of()))
                    .as("after " + met)
                    .containsEntry("target.end", last().end().toString());
        }
    }

    private static Progress refused(Vault vault, RestoreRequest request) {
        PostgresRestorer restorer = SOURCE.restorer(vault).build();
        restorer.begin("refused", request, "check", Map.of());
        Progress progress = Source.ended(restorer, "refused", request, "check");
        assertThat(progress.state()).as(progress.toString()).isEqualTo(Progress.State.FAILED);
        return progress;
    }

    private static MemoryVault withTheLongest() {
        MemoryVault vault = VAULT.copy("north");
        try {
            new PlainBackup(SOURCE.server(), vault).piece(longest);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return vault;
    }

    private static byte[] flippedInTheLastCommit(byte[] bytes) {
        bytes[(int) last().start().minus(longest.start()) + 30] ^= 1;
        return bytes;
    }

    private static Lsn first() {
        return backup.start().segmentStart(PlainBackup.SEGMENT);
    }

    private static Source.Commit last() {
        return commits.get(commits.size() - 1);
    }

    private static RestoreRequest request(RecoverTo to) {
        return SOURCE.request(backup, VAULT, to, SOURCE.directory("restored-" + ++restores));
    }

    private static RestoreRequest promising(Instant latest, RestoreRequest request) {
        RestorePoint point = request.point();
        return new RestoreRequest(
                new RestorePoint(
                        point.id(),
                        point.resource(),
                        point.lineage(),
                        point.earliest(),
                        latest,
                        point.copies(),
                        point.requires()),
                request.copy(),
                request.to(),
                request.destination());
    }
}
