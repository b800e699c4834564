package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.postgres.layout.Lsn;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How far one vault is.
 *
 * @param timeline of {@code position}; empty before anything was shipped or found shipped
 * @param position the vault has everything up to this that was received on that timeline since the spool begins; {@link
 *     Lsn#ZERO} before anything was shipped or found shipped
 * @param at when a piece was committed last, by this process and its clock; empty before the first
 * @param error why the last attempt failed; empty when it did not
 * @param stopped whether nothing more is shipped to it: it has other bytes than the server sent
 */
public record VaultProgress(
        OptionalInt timeline, Lsn position, Optional<Instant> at, Optional<String> error, boolean stopped) {
    static VaultProgress nothing() {
        return new VaultProgress(OptionalInt.empty(), Lsn.ZERO, Optional.empty(), Optional.empty(), false);
    }

    VaultProgress shipped(Position to, Instant when) {
        return new VaultProgress(OptionalInt.of(to.timeline()), to.at(), Optional.of(when), Optional.empty(), stopped);
    }

    VaultProgress upTo(Position to) {
        return new VaultProgress(OptionalInt.of(to.timeline()), to.at(), at, Optional.empty(), stopped);
    }

    /** As it is, without an error of an earlier attempt. */
    VaultProgress worked() {
        return new VaultProgress(timeline, position, at, Optional.empty(), stopped);
    }

    VaultProgress failed(String why, boolean forGood) {
        return new VaultProgress(timeline, position, at, Optional.of(why), forGood);
    }
}
