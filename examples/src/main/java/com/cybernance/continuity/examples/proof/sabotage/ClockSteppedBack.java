package com.cybernance.continuity.examples.proof.sabotage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The clock from which the judge takes the time shows an hour less than it is. */
final class ClockSteppedBack extends Described {
    private final Path offset;

    /**
     * Touches no file yet.
     *
     * @param offset the file with the seconds that are added to the time
     */
    ClockSteppedBack(Path offset, Moves mustMove) {
        super("clock-stepped-back", "the clock that is handed to the library goes back by an hour", mustMove);
        this.offset = offset;
    }

    @Override
    public void breakIt() throws IOException {
        Replaced.write(offset, "-3600");
    }

    @Override
    public void repair() throws IOException {
        Files.deleteIfExists(offset);
    }
}
