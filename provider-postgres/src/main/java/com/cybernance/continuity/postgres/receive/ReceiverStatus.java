package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Hole;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.PieceIndex;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where a receiver stands.
 *
 * @param link whether the log comes in
 * @param system the cluster's system identifier; empty before it is known
 * @param timeline of the positions; empty before anything was received
 * @param received how far the log was received, durable or not
 * @param flushed how far it is durable in the spool; nothing beyond this was acknowledged to the server
 * @param serverClock the newest time that the server told
 * @param complete everything that the server had durable at that time of its clock is at or before that position, and
 *     durable in the spool; empty until that much is known
 * @param vaults by the name of the vault
 * @param spoolBytes length of the spool's files
 * @param holes ranges that the server had removed before they were received, as far as this spool remembers
 * @param warnings what weakens the promise at this moment, in words
 * @param failure why the link is not streaming; empty while it is
 * @param error the same in words
 */
public record ReceiverStatus(
        Link link,
        Optional<String> system,
        OptionalInt timeline,
        Lsn received,
        Lsn flushed,
        Optional<Instant> serverClock,
        Optional<PieceIndex.Complete> complete,
        Map<String, VaultProgress> vaults,
        long spoolBytes,
        List<Hole> holes,
        List<String> warnings,
        Optional<FailureKind> failure,
        Optional<String> error) {
    public ReceiverStatus {
        vaults = Map.copyOf(vaults);
        holes = List.copyOf(holes);
        warnings = List.copyOf(warnings);
    }

    /** How far a vault is; nothing for one that is not shipped to. */
    public VaultProgress vault(String name) {
        return vaults.getOrDefault(name, VaultProgress.nothing());
    }

    /** What the receiver is doing. */
    public enum Link {
        /** Not started. */
        NEW,
        /** Not receiving; trying to. */
        CONNECTING,
        STREAMING,
        /** Not receiving until the spool has room again. The slot keeps the log on the server. */
        HELD,
        /** Ended, by {@link LogReceiver#close} or by a failure that only a person can mend. */
        STOPPED
    }
}
