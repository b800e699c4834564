package com.cybernance.continuity.postgres.points;

import com.cybernance.continuity.postgres.layout.CommitMark;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.PieceIndex.Complete;
import com.cybernance.continuity.postgres.wal.CommitIndex.Stretch;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What earlier looks learned of pieces of the log, so that each is read once. Objects never change, and a digest names
 * its bytes; whether the object is still there is asked of the vault each time. Bounded. Thread-safe.
 */
final class Memory {
    private static final int MOST = 200_000;

    private final Map<Object, Known> all = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Known> eldest) {
            return size() > MOST;
        }
    };

    /**
     * @param stretch the commits
     * @param next where a record begins from which on the next run can be read; empty when it is not known better
     * @param complete from the piece's index
     */
    record Known(Stretch stretch, Optional<Lsn> next, Optional<Complete> complete) {
        static Known of(Stretch stretch, Optional<Complete> complete) {
            return new Known(stretch, stretch.last().map(CommitMark::end), complete);
        }
    }

    /** A piece with its index, by their digests. */
    record Indexed(String piece, String index) {}

    /** A run that was read, from the bytes before it on. */
    record Read(String before, String piece, Lsn from, Lsn to) {}

    synchronized @Nullable Known get(Object key) {
        return all.get(key);
    }

    synchronized void put(Object key, Known known) {
        all.put(key, known);
    }
}
