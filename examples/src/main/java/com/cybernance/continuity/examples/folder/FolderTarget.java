package com.cybernance.continuity.examples.folder;

import com.cybernance.continuity.facts.*;
import com.cybernance.continuity.spi.*;
import java.nio.file.Path;
import java.time.format.*;
import java.util.Optional;

/** The dumps of one database, such as {@code orders-2026-11-23T02-00Z.dump}; {@code .part} follows until it is whole. */
public record FolderTarget(TargetId id, Path dir) implements BackupTarget, RestorePointSource {
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("'orders-'uuuu-MM-dd'T'HH-mmX'.dump'");

    @Override
    public Optional<RestorePointSource> restorePoints() {
        return Optional.of(this);
    }

    @Override
    public void look(Deadline deadline, Sink<RestorePoint> sink) {
        String[] names = Optional.ofNullable(dir.toFile().list((in, name) -> !name.endsWith(".part")))
                .filter(all -> all.length > 0) // an unmounted disk looks like an empty folder
                .orElseThrow(() -> new ContinuityException(FailureKind.UNREACHABLE, "no dump in " + dir, "mount it"));
        sink.asked(Observation.of(System.getProperty("user.name"), dir.toString(), "list", String.join("/", names)));
        boolean readable = true;
        for (String name : names) {
            try {
                var moment = NAME.withResolverStyle(ResolverStyle.STRICT).parse(name, java.time.Instant::from);
                Copy copy = new Copy("folder", Place.UNKNOWN, Copy.State.TAKEN, moment);
                sink.found(RestorePoint.at(moment, name, id.member("orders"), copy));
            } catch (DateTimeParseException e) {
                readable = false;
                sink.blind(name, FailureKind.UNSUPPORTED, "no dump is named so. Hint: move it out of " + dir);
            }
        }
        if (readable) {
            sink.complete(Sink.ALL);
        }
    }
}
