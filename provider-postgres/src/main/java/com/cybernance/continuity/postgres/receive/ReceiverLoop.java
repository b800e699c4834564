package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.receive.ReceiverStatus.Link;
import com.cybernance.continuity.postgres.wire.Identity;
import com.cybernance.continuity.postgres.wire.ReplicationConnection;
import com.cybernance.continuity.postgres.wire.ServerVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The receiving thread: connects, receives, and begins again after whatever goes wrong, until it is told to end. */
final class ReceiverLoop implements Runnable {
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final Duration HELD_FOR = Duration.ofSeconds(1);

    private final Terms terms;
    private final SpoolDisk disk;
    private final StatusBoard board;
    private final Signal signal;
    private final Shipping shipping;
    private final Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(15));
    private volatile @Nullable ReplicationConnection connection;
    private volatile @Nullable Spool spool;
    private volatile boolean closing;
    private boolean checked;
    private int turn;
    private long busySince;
    private boolean busy;

    ReceiverLoop(Terms terms, SpoolDisk disk, StatusBoard board, Signal signal, Shipping shipping) {
        this.terms = terms;
        this.disk = disk;
        this.board = board;
        this.signal = signal;
        this.shipping = shipping;
    }

    @Nullable
    Spool spool() {
        return spool;
    }

    /** Breaks off whatever the thread is doing. */
    void end() {
        closing = true;
        ReplicationConnection current = connection;
        if (current != null) {
            current.close();
        }
        signal.ended();
    }

    @Override
    public void run() {
        try {
            board.link(Link.CONNECTING);
            while (!closing) {
                if (!attempt()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            board.failed(
                    Link.STOPPED,
                    new ContinuityException(
                            FailureKind.UNEXPECTED, "the receiver failed: %s".formatted(e), "report this", e));
            throw e;
        } finally {
            board.link(Link.STOPPED);
        }
    }

    /** One connection from its beginning to its end; false when there shall be no other. */
    private boolean attempt() throws InterruptedException {
        try {
            Spool open = open();
            if (open.bytes() >= terms.spoolBytes()) {
                board.failed(Link.HELD, SpoolFailures.full(terms));
                signal.awaitEnd(signal.seenEnds(), HELD_FOR);
                return true;
            }
            receive(open);
            return true;
        } catch (StopReceiving e) {
            board.failed(Link.STOPPED, e);
            return false;
        } catch (ContinuityException e) {
            return again(e);
        } catch (RuntimeException e) {
            return again(new ContinuityException(
                    FailureKind.UNEXPECTED, "receiving the log failed: %s".formatted(e), "report this", e));
        }
    }

    private boolean again(ContinuityException e) throws InterruptedException {
        if (closing) {
            return false;
        }
        if (e.kind() == FailureKind.CONFLICT && outOfPatience()) {
            board.failed(Link.STOPPED, e);
            return false;
        }
        board.failed(e instanceof NoRoom ? Link.HELD : Link.CONNECTING, e);
        long until = terms.ticker().nanos() + backoff.failed().toNanos();
        for (long left = until - terms.ticker().nanos();
                left > 0 && !closing;
                left = until - terms.ticker().nanos()) {
            signal.awaitEnd(signal.seenEnds(), Duration.ofNanos(left));
        }
        return true;
    }

    /** A server may take a while to notice that a receiver is gone, so its slot's user is not refused at once. */
    private boolean outOfPatience() {
        long now = terms.ticker().nanos();
        if (!busy) {
            busy = true;
            busySince = now;
        }
        return now - busySince > terms.patience().toNanos();
    }

    private Spool open() {
        Spool open = spool;
        if (open == null) {
            open = Spool.open(disk, terms.directory(), signal);
            spool = open;
        }
        if (open.notes().known()) {
            String system = open.notes().lineage().system();
            sameSystem(terms.expected().orElse(system), system, "the spool " + terms.directory());
            board.system(system);
            shipping.start(open);
        }
        return open;
    }

    private void receive(Spool open) throws InterruptedException {
        try (ReplicationConnection server =
                ReplicationConnection.open(terms.servers().get(turn), terms.properties(), ANSWER)) {
            connection = server;
            if (closing) {
                return;
            }
            refuseOtherVersions(server);
            refuseStandby(server);
            Identity identity = server.identify();
            terms.expected().ifPresent(system -> sameSystem(system, identity.system(), "the server"));
            if (open.notes().known()) {
                sameSystem(open.notes().lineage().system(), identity.system(), "the server");
            } else {
                open.notes().belongsTo(new Lineage(identity.system(), bytes(server.show("wal_segment_size"))));
            }
            open();
            preflight(server);
            shipping.began(identity);
            ServerSession session = new ServerSession(server, identity, open, board, terms, signal);
            List<Position> ends = shipping.ends(open);
            session.run(ends);
        } finally {
            connection = null;
            open.settle();
            if (board.isStreaming()) {
                backoff.worked();
                busy = false;
            } else {
                turn = (turn + 1) % terms.servers().size();
            }
        }
    }

    /** Another release of the library may know it; another attempt does not. */
    private static void refuseOtherVersions(ReplicationConnection server) {
        try {
            ServerVersion.require(server);
        } catch (ContinuityException e) {
            throw e.kind() == FailureKind.UNSUPPORTED ? StopReceiving.of(e) : e;
        }
    }

    private static void refuseStandby(ReplicationConnection server) {
        if (server.show("in_hot_standby").equals("on")) {
            throw new ContinuityException(
                    FailureKind.UNREACHABLE,
                    "the server that answered is a standby, expected one that takes the writes",
                    "name all servers of the cluster; they are tried in turn");
        }
    }

    private void preflight(ReplicationConnection server) {
        List<String> against = Preflight.of(server, terms.applicationName());
        List<String> warnings = new ArrayList<>(against);
        warnings.addAll(Preflight.remarks(server, terms.applicationName()));
        board.warnings(warnings);
        if (!checked && !against.isEmpty()) {
            throw new StopReceiving(
                    FailureKind.MISCONFIGURED,
                    "the server is not set up for a receiver: %s".formatted(String.join("; ", against)),
                    "correct all of them, then start the receiver");
        }
        checked = true;
    }

    private static void sameSystem(String expected, String found, String whose) {
        if (!expected.equals(found)) {
            throw new StopReceiving(
                    FailureKind.CONFLICT,
                    "%s belongs to system %s, expected %s".formatted(whose, found, expected),
                    "this is another cluster, or one that was made anew; give it a receiver and a spool of its own");
        }
    }

    /** Reads a size as the server shows it, such as {@code 16MB}. */
    private static int bytes(String shown) {
        String unit = shown.replaceAll("[0-9]", "").toUpperCase(Locale.ROOT);
        int number = Integer.parseInt(shown.replaceAll("[^0-9]", ""));
        return switch (unit) {
            case "MB" -> number << 20;
            case "GB" -> number << 30;
            case "KB" -> number << 10;
            default -> number;
        };
    }
}
