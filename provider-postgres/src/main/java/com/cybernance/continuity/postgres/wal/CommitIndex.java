package com.cybernance.continuity.postgres.wal;

import com.cybernance.continuity.postgres.layout.CommitMark;
import com.cybernance.continuity.postgres.layout.Lsn;
import java.util.List;
import java.util.Optional;

/**
 * The commits of a log without a hole, from what is known of its stretches. It keeps a few marks for each stretch, not
 * every commit. Pure and immutable.
 *
 * @param stretches in the order of the log, each beginning where the one before ends
 */
public record CommitIndex(List<Stretch> stretches) {
    public CommitIndex {
        stretches = List.copyOf(stretches);
    }

    /**
     * A stretch of the log and the commits whose records have their last byte in it. It may also count a commit of the
     * stretch before, where pieces overlap.
     *
     * @param from inclusive
     * @param to exclusive
     * @param last the last in the order of the log
     * @param newest of the greatest time
     * @param oldest of the smallest time
     */
    public record Stretch(
            Lsn from,
            Lsn to,
            long commits,
            Optional<CommitMark> last,
            Optional<CommitMark> newest,
            Optional<CommitMark> oldest) {
        public static Stretch of(Lsn from, Lsn to, CommitTally tally) {
            return new Stretch(from, to, tally.commits(), tally.last(), tally.newest(), tally.oldest());
        }
    }

    /** The commit of the greatest time; the first in the log of several. */
    public Optional<CommitMark> newest() {
        return stretches.stream()
                .flatMap(each -> each.newest().stream())
                .reduce((one, other) -> other.at().isAfter(one.at()) ? other : one);
    }

    /** The commit of the smallest time. */
    public Optional<CommitMark> oldest() {
        return stretches.stream()
                .flatMap(each -> each.oldest().stream())
                .reduce((one, other) -> other.at().isBefore(one.at()) ? other : one);
    }

    /** The end of the last commit that is known to end at or before a stretch: a record begins there. */
    public Optional<Lsn> recordBefore(int stretch) {
        for (int number = stretch - 1; number >= 0; number--) {
            if (stretches.get(number).last().isPresent()) {
                return stretches.get(number).last().map(CommitMark::end);
            }
        }
        return Optional.empty();
    }
}
