package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.wire.Quoted;
import com.cybernance.continuity.postgres.wire.ReplicationConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The physical slot that makes the server keep the log for us. */
final class Slot {
    private final ReplicationConnection server;
    private final String name;
    private boolean renewed;

    Slot(ReplicationConnection server, String name) {
        this.server = server;
        this.name = name;
    }

    /** Sees to it that there is one that keeps the log, and says from where on. */
    Position ensure() {
        Map<String, String> known = read();
        String type = known.get("slot_type");
        if (type != null && !type.equals("physical")) {
            throw new StopReceiving(
                    FailureKind.MISCONFIGURED,
                    "replication slot %s is a %s one, expected a physical one".formatted(name, type),
                    "give the receiver a slot of its own");
        }
        return restart(known).orElseGet(() -> type == null ? create() : renew());
    }

    /** Gives up a slot that the server no longer honours, and makes a new one. */
    Position renew() {
        renewed = true;
        server.ask("DROP_REPLICATION_SLOT " + Quoted.name(name));
        return create();
    }

    /** Whether the slot was given up here. */
    boolean renewed() {
        return renewed;
    }

    private Position create() {
        server.ask("CREATE_REPLICATION_SLOT %s PHYSICAL (RESERVE_WAL)".formatted(Quoted.name(name)));
        return restart(read())
                .orElseThrow(() -> new ContinuityException(
                        FailureKind.UNEXPECTED,
                        "the new replication slot %s keeps nothing".formatted(name),
                        "see pg_replication_slots"));
    }

    private Map<String, String> read() {
        List<Map<String, String>> rows = server.ask("READ_REPLICATION_SLOT " + Quoted.name(name));
        return rows.isEmpty() ? Map.of() : rows.get(0);
    }

    private static Optional<Position> restart(Map<String, String> slot) {
        String at = slot.get("restart_lsn");
        String timeline = slot.get("restart_tli");
        return at == null || timeline == null
                ? Optional.empty()
                : Optional.of(new Position(Integer.parseInt(timeline), Lsn.parse(at)));
    }
}
