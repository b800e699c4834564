package com.cybernance.continuity.postgres.wal;

import com.cybernance.continuity.postgres.layout.CommitMark;
import com.cybernance.continuity.postgres.layout.Lsn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where in a log without a hole each moment lies, from what is known of its stretches. It keeps a few marks for each
 * stretch, not every commit: most moments are answered at once, the others say which stretch has to be read. Pure and
 * immutable.
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

    /**
     * Where to look for the last commit of a moment.
     *
     * @param stretch its number
     * @param mark the commit, where the stretch's marks tell; otherwise the stretch has to be read
     */
    public record Place(int stretch, Optional<CommitMark> mark) {}

    /**
     * The stretches that may hold the last commit, in the order of the log, whose time is at most the moment: the best
     * first. The first one that has such a commit has the one that is meant.
     */
    public List<Place> places(Instant moment) {
        List<Place> places = new ArrayList<>();
        for (int number = stretches.size() - 1; number >= 0; number--) {
            Stretch stretch = stretches.get(number);
            if (stretch.oldest().filter(oldest -> !oldest.at().isAfter(moment)).isPresent()) {
                Optional<CommitMark> last =
                        stretch.last().filter(mark -> !mark.at().isAfter(moment));
                places.add(new Place(number, last));
                if (last.isPresent()) {
                    break;
                }
            }
        }
        return places;
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

    /** The end of the log; empty without any. */
    public Optional<Lsn> end() {
        return stretches.isEmpty()
                ? Optional.empty()
                : Optional.of(stretches.get(stretches.size() - 1).to());
    }
}
