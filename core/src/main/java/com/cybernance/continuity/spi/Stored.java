package com.cybernance.continuity.spi;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * What a vault says of an object that it holds.
 *
 * @param name the object's name
 * @param size length of the content in bytes, as it was handed over
 * @param sha256 digest of the content as it was handed over, in lower-case hex
 * @param since when the object was committed, by the vault's own clock
 */
public record Stored(String name, long size, String sha256, Instant since) {
    public Stored {
        requireNonNull(name, "name");
        requireNonNull(sha256, "sha256");
        requireNonNull(since, "since");
    }
}
