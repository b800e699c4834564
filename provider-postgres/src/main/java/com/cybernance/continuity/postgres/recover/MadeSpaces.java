package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.wal.MadeTablespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The tablespaces that replay makes at the paths of the source, where another server's files may lie. */
final class MadeSpaces {
    private final List<MadeTablespace> made = new ArrayList<>();

    void add(MadeTablespace space) {
        made.add(space);
    }

    /** Refuses when replay up to a position would write into what is there on this machine, or may be. */
    void requireFree(Lsn end, int major) {
        for (MadeTablespace each : made) {
            if (each.start().isBefore(end) && isInUse(each.location(), major)) {
                throw new ContinuityException(
                        FailureKind.CONFLICT,
                        "the log makes tablespace %d at %s, where a server's tablespace lies on this machine: replay would write into it"
                                .formatted(each.oid(), each.location()),
                        "restore on another machine, in a container, from a later backup, or to a moment before that");
            }
        }
    }

    private static boolean isInUse(String location, int major) {
        if (!location.startsWith("/")) {
            return false;
        }
        try {
            Path place = Path.of(location);
            if (Files.notExists(place)) {
                return false;
            }
            try (Stream<Path> inside = Files.list(place)) {
                return inside.anyMatch(
                        each -> String.valueOf(each.getFileName()).startsWith("PG_%d_".formatted(major)));
            }
        } catch (IOException | InvalidPathException unknown) {
            return true;
        }
    }
}
