package com.cybernance.continuity.examples.proof;

/** What was given cannot be used; the message says why, and what would do. */
final class BadInput extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadInput(String message) {
        super(message);
    }
}
