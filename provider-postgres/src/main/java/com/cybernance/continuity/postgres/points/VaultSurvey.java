package com.cybernance.continuity.postgres.points;

import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Cluster;
import com.cybernance.continuity.postgres.layout.CommitMark;
import com.cybernance.continuity.postgres.layout.Hole;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.PieceIndex.Complete;
import com.cybernance.continuity.postgres.wal.TimelinePath;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What one vault holds of one cluster, as its listing, its small records and the pieces that have no index tell. The rest
 * of the bytes was not read: that is for a verifier.
 *
 * @param vault its name
 * @param backups those with a record that could be read, the oldest first
 * @param unfinished backups without a record: still being taken, or given up
 * @param timelines those whose way is known, by number
 * @param log what is there without an interruption, by timeline and position
 * @param gaps what is missing between, by timeline and position
 * @param holes what is recorded as lost
 * @param windows what can be reached, by backup and timeline
 * @param defects what is not as it should be
 */
public record VaultSurvey(
        String vault,
        Cluster cluster,
        List<VaultedBackup> backups,
        List<String> unfinished,
        List<TimelinePath> timelines,
        List<LogRange> log,
        List<LogRange> gaps,
        List<Hole> holes,
        List<Window> windows,
        List<Defect> defects) {
    public VaultSurvey {
        backups = List.copyOf(backups);
        unfinished = List.copyOf(unfinished);
        timelines = List.copyOf(timelines);
        log = List.copyOf(log);
        gaps = List.copyOf(gaps);
        holes = List.copyOf(holes);
        windows = List.copyOf(windows);
        defects = List.copyOf(defects);
    }

    /**
     * A backup and what it lacks.
     *
     * @param since when its record was committed
     * @param missing everything that is not in the vault as the record says; nothing when it is complete
     */
    public record VaultedBackup(BackupRecord backup, Instant since, List<String> missing) {
        public VaultedBackup {
            missing = List.copyOf(missing);
        }

        public boolean complete() {
            return missing.isEmpty();
        }
    }

    /** The bytes of a timeline from one position (inclusive) to another (exclusive). */
    public record LogRange(int timeline, Lsn from, Lsn to) {
        @Override
        public String toString() {
            return "timeline %d from %s to %s".formatted(timeline, from, to);
        }
    }

    /**
     * The moments that can be reached from a complete backup on the way to one timeline, and on no earlier part of it.
     *
     * @param earliest inclusive
     * @param latest inclusive
     * @param end the end of the log without a hole, exclusive
     * @param newest the commit of the greatest time behind the backup; empty when there is none
     * @param complete what was known of the server when that log was shipped; empty when nothing is
     * @param endsBecause why the log ends there
     */
    public record Window(
            BackupRecord backup,
            TimelinePath path,
            Instant earliest,
            Instant latest,
            Lsn end,
            Optional<CommitMark> newest,
            Optional<Complete> complete,
            String endsBecause) {}
}
