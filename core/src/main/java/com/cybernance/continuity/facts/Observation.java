package com.cybernance.continuity.facts;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * One question that a look put to the outside world, so that it can be matched with the provider's own trail. The time
 * is that of the look.
 *
 * @param asker the identity that asked, for example a database role or a caller ARN; never a secret
 * @param where the account, host or endpoint that answered
 * @param operation what was asked
 * @param requestId the provider's own id of the request, where it gives one
 * @param digest SHA-256 of the raw answer in lower-case hex
 */
public record Observation(String asker, String where, String operation, Optional<String> requestId, String digest) {
    public Observation {
        requireNonNull(asker, "asker");
        requireNonNull(where, "where");
        requireNonNull(operation, "operation");
        requireNonNull(requestId, "requestId");
        requireNonNull(digest, "digest");
    }

    /**
     * A question to a source that gives requests no id.
     *
     * @param answer the raw answer, of which the digest over its UTF-8 form is kept
     */
    public static Observation of(String asker, String where, String operation, String answer) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(answer.getBytes(StandardCharsets.UTF_8));
            return new Observation(
                    asker, where, operation, Optional.empty(), HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
