package com.cybernance.continuity.examples.proof;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The clock that the proof hands to the library: the machine's, plus the seconds that a file of the run says while there
 * is one. The proof's own rhythm and the clients' logs keep to the machine's clock.
 */
final class MovableClock implements InstantSource {
    private final InstantSource machine = InstantSource.system();
    private final Path offset;

    /**
     * A clock that reads the file whenever it is asked.
     *
     * @param offset a file with a whole number of seconds, or none
     */
    MovableClock(Path offset) {
        this.offset = offset;
    }

    @Override
    public Instant instant() {
        try {
            return machine.instant().plusSeconds(Long.parseLong(Files.readString(offset)));
        } catch (NoSuchFileException nobodyMovedIt) {
            return machine.instant();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
