package com.cybernance.continuity.examples.proof;

import com.cybernance.continuity.policy.Policy;
import com.cybernance.continuity.policy.PolicyReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/**
 * What is judged, and what is expected of it.
 *
 * @param declared the verdicts while nothing is broken
 */
record Promised(Policy policy, DeclaredSet declared) {
    private static final String BUILT_IN = "/cybernance-policy.yaml";
    /** Makes 30 seconds of a day. */
    private static final int PERIOD_SCALE = 2_880;

    /** The policy of the house, with its periods divided. */
    static Promised builtIn() {
        try (InputStream in = Promised.class.getResourceAsStream(BUILT_IN)) {
            if (in == null) {
                throw new IllegalStateException(BUILT_IN + " is not on the class path");
            }
            return new Promised(PolicyReader.read(in).scaled(PERIOD_SCALE), DeclaredSet.ofDocument());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another policy, as it is: all of it must be MET. */
    static Promised of(Path file) {
        return new Promised(PolicyReader.read(file), DeclaredSet.allMet());
    }
}
