package com.cybernance.continuity.postgres.layout;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A piece of the log of one timeline: the bytes from {@code start} (inclusive) to {@code end} (exclusive).
 *
 * @param timeline at least 1
 */
public record Piece(int timeline, Lsn start, Lsn end) {
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{8})/([0-9a-f]{16})-([0-9a-f]{16})\\.wal\\.zst");

    public Piece {
        if (timeline < 1 || !start.isBefore(end)) {
            throw new IllegalArgumentException(
                    "no piece of a log: timeline %d, from %s to %s".formatted(timeline, start, end));
        }
    }

    /** Reads an object's name; empty when it is not that of a piece of this cluster. */
    public static Optional<Piece> of(Cluster cluster, String object) {
        if (!object.startsWith(cluster.log())) {
            return Optional.empty();
        }
        Matcher name = NAME.matcher(object.substring(cluster.log().length()));
        if (!name.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new Piece(Integer.parseInt(name.group(1), 16), Lsn.ofHex(name.group(2)), Lsn.ofHex(name.group(3))));
        } catch (IllegalArgumentException notAPiece) {
            return Optional.empty();
        }
    }

    public String object(Cluster cluster) {
        return cluster.log(timeline) + start.hex() + "-" + end.hex() + ".wal.zst";
    }

    /** The name of the record of what is in the piece. */
    public String index(Cluster cluster) {
        return cluster.log(timeline) + start.hex() + "-" + end.hex() + ".json";
    }

    /** Whether it lies within one segment of the log, as every piece does that this library writes. */
    public boolean within(int segmentSize) {
        return end.plus(-1).segmentStart(segmentSize).equals(start.segmentStart(segmentSize));
    }

    public long size() {
        return end.minus(start);
    }
}
