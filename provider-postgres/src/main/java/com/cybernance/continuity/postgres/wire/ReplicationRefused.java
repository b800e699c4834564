package com.cybernance.continuity.postgres.wire;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;

/**
 * A replication connection was refused for a reason that need not hold for an ordinary one: the role lacks the right, no
 * line of {@code pg_hba.conf} lets it in, no sender is free, or a pooler in between knows no replication.
 */
public final class ReplicationRefused extends ContinuityException {
    private static final long serialVersionUID = 1;

    private final String said;

    ReplicationRefused(FailureKind kind, String said, String what, String hint) {
        super(kind, what, hint);
        this.said = said;
    }

    /** The refusal in the words of who refused. */
    public String said() {
        return said;
    }
}
