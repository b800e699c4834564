package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.postgres.layout.Hole;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.layout.PieceIndex;
import com.cybernance.continuity.postgres.receive.ReceiverStatus.Link;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What is known of the receiving at this moment. Thread-safe. */
final class StatusBoard {
    private Link link = Link.NEW;
    private @Nullable String system;
    private @Nullable Position flushed;
    private Lsn received = Lsn.ZERO;
    private @Nullable Instant serverClock;
    private PieceIndex.@Nullable Complete complete;
    private List<String> warnings = List.of();
    private final List<String> remarks = new ArrayList<>();
    private @Nullable ContinuityException failure;

    synchronized void link(Link now) {
        if (link == Link.STOPPED) {
            return;
        }
        link = now;
        if (now == Link.STREAMING) {
            failure = null;
        }
    }

    synchronized boolean isStreaming() {
        return link == Link.STREAMING;
    }

    /** Why the link is not streaming. */
    synchronized void failed(Link now, ContinuityException why) {
        if (link != Link.STOPPED) {
            link = now;
            failure = why;
        }
    }

    synchronized void system(String which) {
        system = which;
    }

    synchronized void warnings(List<String> now) {
        warnings = List.copyOf(now);
    }

    /** Something that stays true until the end. */
    synchronized void remark(String what) {
        if (!remarks.contains(what)) {
            remarks.add(what);
        }
    }

    synchronized void received(Lsn to, Instant clock) {
        received = to;
        serverClock = clock;
    }

    synchronized void flushed(Position to, PieceIndex.@Nullable Complete known) {
        flushed = to;
        received = Lsn.later(received, to.at());
        if (known != null) {
            complete = known;
        }
    }

    /** The reception begins anew at a position. */
    synchronized void from(Position position) {
        if (flushed != null && flushed.timeline() != position.timeline()) {
            complete = null;
        }
        flushed = position;
        received = position.at();
    }

    synchronized Optional<PieceIndex.Complete> complete() {
        return Optional.ofNullable(complete);
    }

    synchronized ReceiverStatus status(Map<String, VaultProgress> vaults, long spoolBytes, List<Hole> holes) {
        List<String> all = new ArrayList<>(warnings);
        all.addAll(remarks);
        Optional<ContinuityException> why = Optional.ofNullable(failure);
        Position at = flushed;
        return new ReceiverStatus(
                link,
                Optional.ofNullable(system),
                at == null ? OptionalInt.empty() : OptionalInt.of(at.timeline()),
                received,
                at == null ? Lsn.ZERO : at.at(),
                Optional.ofNullable(serverClock),
                Optional.ofNullable(complete),
                vaults,
                spoolBytes,
                holes,
                all,
                why.map(ContinuityException::kind),
                why.map(each -> each.getMessage() == null ? FailureKind.UNEXPECTED.name() : each.getMessage()));
    }
}
