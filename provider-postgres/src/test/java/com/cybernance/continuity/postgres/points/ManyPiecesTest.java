package com.cybernance.continuity.postgres.points;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.postgres.layout.CommitMark;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.Piece;
import com.cybernance.continuity.postgres.layout.RecordJson;
import com.cybernance.continuity.postgres.points.MadeLog.Made;
import com.cybernance.continuity.postgres.wal.Commit;
import com.cybernance.continuity.postgres.wal.CommitTally;
import com.cybernance.continuity.testkit.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A year of five-minute pieces is about 100,000. */
class ManyPiecesTest {
    private static final Instant TEN = Instant.parse("2026-11-23T10:00:00Z");

    @Test
    void survey_ofManyPieces_readsTheirIndexesOnce() {
        int many = Seeds.runs(100_000);
        MadeVault made = new MadeVault();
        MadeLog log = MadeLog.begin(MadeVault.SYSTEM, new Lsn(8L * MadeLog.SEGMENT));
        log.filler(100);
        Lsn start = log.end();
        log.filler(100);
        made.backup(log, start, log.end(), TEN);
        Lsn at = log.start();
        for (int number = 1; number <= many; number++) {
            log.commit(TEN.plusSeconds(number), 0);
            ship(made, log, at);
            at = log.end();
        }
        Memory memory = new Memory();

        VaultSurvey survey = survey(made, memory);
        int first = made.vault.opened;
        VaultSurvey again = survey(made, memory);

        assertThat(survey.windows()).hasSize(1);
        assertThat(survey.windows().get(0).latest()).isEqualTo(TEN.plusSeconds(many));
        assertThat(survey.log()).hasSizeLessThanOrEqualTo(2);
        assertThat(survey.defects()).isEmpty();
        assertThat(again).isEqualTo(survey);
        // Each index; the backup's record; the piece in which the backup stops.
        assertThat(first).isLessThanOrEqualTo(many + 3);
        assertThat(made.vault.opened - first).isEqualTo(1);
    }

    private static VaultSurvey survey(MadeVault made, Memory memory) {
        return new Surveyor(new Reading(made.vault, MadeVault.CLUSTER, () -> Duration.ofMinutes(5)), memory).survey();
    }

    private static void ship(MadeVault made, MadeLog log, Lsn from) {
        Piece piece = made.piece(log, from, log.end());
        Made last = log.commits().get(log.commits().size() - 1);
        CommitTally tally = new CommitTally();
        tally.accept(new Commit(new CommitMark(last.at(), last.start(), log.end()), 0));
        made.vault.objects.put(
                piece.index(MadeVault.CLUSTER),
                RecordJson.write(tally.index(
                        piece,
                        MemoryVault.sha256(log.bytes(from, log.end())),
                        made.vault
                                .find(piece.object(MadeVault.CLUSTER))
                                .orElseThrow()
                                .sha256(),
                        Optional.empty())));
    }
}
