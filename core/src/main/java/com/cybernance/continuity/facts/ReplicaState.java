package com.cybernance.continuity.facts;

import static java.util.Objects.requireNonNull;

/**
 * One server of a replicated resource, as one look saw it.
 *
 * @param id the member
 * @param role whether it takes the writes or follows
 * @param mode how a commit on the primary depends on this member; {@link Mode#PRIMARY} for the primary itself
 * @param waitsFor with {@link Mode#QUORUM}: how many of all quorum members a commit waits for; otherwise 0
 * @param link whether data flows to it now
 * @param place where it is
 * @param write lag of what the replica has received
 * @param flush lag of what the replica has made durable: what a failover would keep
 * @param replay lag of what a reader of the replica sees
 * @param detail one line in words with the figures behind the link state, for a report
 */
public record ReplicaState(
        ResourceId id,
        Role role,
        Mode mode,
        int waitsFor,
        Link link,
        Place place,
        Lag write,
        Lag flush,
        Lag replay,
        String detail) {
    public ReplicaState {
        requireNonNull(id, "id");
        requireNonNull(role, "role");
        requireNonNull(mode, "mode");
        requireNonNull(link, "link");
        requireNonNull(place, "place");
        requireNonNull(write, "write");
        requireNonNull(flush, "flush");
        requireNonNull(replay, "replay");
        requireNonNull(detail, "detail");
    }

    /** Who takes the writes. */
    public enum Role {
        PRIMARY,
        REPLICA
    }

    /** How a commit depends on a member. */
    public enum Mode {
        PRIMARY,
        /** Every commit waits for this member. */
        SYNCHRONOUS,
        /** Commits wait for some members of the group that this one belongs to. */
        QUORUM,
        /** Would become synchronous if another fell away; no commit waits for it now. */
        POTENTIAL,
        ASYNCHRONOUS,
        UNKNOWN
    }

    /** Whether data flows to a member. */
    public enum Link {
        /** Connected, and confirmed what it was last sent. */
        CURRENT,
        /** Connected and answering, but catching up. */
        BEHIND,
        /** Not connected, or connected and silent for too long. */
        DISCONNECTED,
        UNKNOWN
    }
}
