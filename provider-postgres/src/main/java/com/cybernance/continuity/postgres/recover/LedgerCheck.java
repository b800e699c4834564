package com.cybernance.continuity.postgres.recover;

import java.util.Optional;

/** What the embedder knows of its own data, and a restored cluster must answer to. Called on the comparing thread. */
public interface LedgerCheck {
    /** What reports call it. */
    String name();

    /** The database to ask. */
    String database();

    /** A query of one row and one column. */
    String query();

    /**
     * Holds the answer against what is known.
     *
     * @param answer the column as text; empty for NULL or no row
     * @return observed against expected where they differ; empty when all is well
     */
    Optional<String> mismatch(Optional<String> answer);

    /** A check that expects one answer. */
    static LedgerCheck of(String name, String database, String query, String expected) {
        return new LedgerCheck() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public String database() {
                return database;
            }

            @Override
            public String query() {
                return query;
            }

            @Override
            public Optional<String> mismatch(Optional<String> answer) {
                return answer.filter(expected::equals).isPresent()
                        ? Optional.empty()
                        : Optional.of("%s, expected %s".formatted(answer.orElse("no answer"), expected));
            }
        };
    }
}
