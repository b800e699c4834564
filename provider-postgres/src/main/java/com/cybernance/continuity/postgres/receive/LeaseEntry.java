package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.postgres.wire.Identity;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a receiver writes into the lease of its lineage when a connection begins, for whoever finds the lease taken.
 *
 * @param timeline of the server that it receives from
 */
record LeaseEntry(int timeline, String slot) {
    private static final Pattern TEXT =
            Pattern.compile("\\{\"receives\":\"[0-9]+\",\"timeline\":([0-9]{1,9}),\"slot\":\"([a-z0-9_]+)\",.*}");

    /** The entry of a receiver from that server. */
    static byte[] write(Identity server, String slot, Instant at) {
        return "{\"receives\":\"%s\",\"timeline\":%d,\"slot\":\"%s\",\"at\":\"%s\"}"
                .formatted(server.system(), server.timeline(), slot, at)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Empty for what no receiver wrote. */
    static Optional<LeaseEntry> read(byte[] entry) {
        Matcher text = TEXT.matcher(new String(entry, StandardCharsets.UTF_8));
        return text.matches()
                ? Optional.of(new LeaseEntry(Integer.parseInt(text.group(1)), text.group(2)))
                : Optional.empty();
    }
}
