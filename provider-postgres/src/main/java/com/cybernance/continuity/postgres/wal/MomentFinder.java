package com.cybernance.continuity.postgres.wal;

import com.cybernance.continuity.postgres.layout.CommitMark;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds where a recovery to a moment stops, from commits handed over in the order of the log: at the last one whose time
 * is at most the moment. An earlier one may be later by its time, and is brought back all the same. Not thread-safe.
 */
public final class MomentFinder implements Consumer<Commit> {
    private final Instant moment;
    private @Nullable CommitMark found;
    private @Nullable CommitMark above;

    public MomentFinder(Instant moment) {
        this.moment = moment;
    }

    @Override
    public void accept(Commit commit) {
        CommitMark mark = commit.mark();
        if (!mark.at().isAfter(moment)) {
            found = mark;
        } else if (above == null || mark.at().isBefore(above.at())) {
            above = mark;
        }
    }

    /** The last one, in the order of the log, whose time is at most the moment. */
    public Optional<CommitMark> found() {
        return Optional.ofNullable(found);
    }

    /** The one with the smallest time after the moment. */
    public Optional<CommitMark> above() {
        return Optional.ofNullable(above);
    }
}
