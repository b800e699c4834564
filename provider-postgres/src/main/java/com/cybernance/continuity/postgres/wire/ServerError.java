package com.cybernance.continuity.postgres.wire;

import com.cybernance.continuity.facts.ContinuityException;

/** The server's own refusal of a command. The connection takes the next command unless the server closed it. */
public final class ServerError extends ContinuityException {
    private static final long serialVersionUID = 1;

    private final String sqlState;

    ServerError(String sqlState, String message, String doing) {
        this(sqlState, message, doing, SqlState.hint(sqlState));
    }

    ServerError(String sqlState, String message, String doing, String hint) {
        super(SqlState.kind(sqlState), "%s failed: %s (SQLSTATE %s)".formatted(doing, message, sqlState), hint);
        this.sqlState = sqlState;
    }

    /** Five characters, such as {@code 58P01} for a log segment that the server no longer has. */
    public String sqlState() {
        return sqlState;
    }
}
