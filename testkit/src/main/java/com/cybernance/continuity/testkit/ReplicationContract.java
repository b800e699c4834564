package com.cybernance.continuity.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.Lag;
import com.cybernance.continuity.facts.ReplicaState;
import com.cybernance.continuity.facts.ReplicaState.Mode;
import com.cybernance.continuity.facts.ReplicaState.Role;
import com.cybernance.continuity.spi.Facet;
import com.cybernance.continuity.spi.Sink;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a {@link com.cybernance.continuity.spi.ReplicationSource} owes its caller. */
public abstract class ReplicationContract extends SourceContract<ReplicaState> {
    /** For the provider's own test. */
    protected ReplicationContract() {
        super(Facet.REPLICATION);
    }

    /** One server takes the writes; a look that cannot tell which one is blind. */
    @Test
    public final void look_namesOnePrimaryOrIsBlind() {
        Look<ReplicaState> look = look();
        if (!look.blind().isEmpty() && look.complete().isEmpty()) {
            return;
        }

        assertThat(look.facts().stream().filter(each -> each.role() == Role.PRIMARY))
                .as("primaries of a look that is complete")
                .hasSize(1);
    }

    /** The mode of a primary is the primary's alone. */
    @Test
    public final void look_givesThePrimarysModeToThePrimaryAlone() {
        for (ReplicaState state : look().facts()) {
            assertThat(state.mode() == Mode.PRIMARY)
                    .as("role %s and mode %s of %s fit each other", state.role(), state.mode(), state.id())
                    .isEqualTo(state.role() == Role.PRIMARY);
        }
    }

    /** A quorum is counted where there is one, and its members can reach it. */
    @Test
    public final void look_countsAQuorumThatItsMembersCanReach() {
        List<ReplicaState> states = look().facts();
        int members =
                (int) states.stream().filter(each -> each.mode() == Mode.QUORUM).count();

        for (ReplicaState state : states) {
            boolean quorum = state.mode() == Mode.QUORUM;
            assertThat(state.waitsFor())
                    .as("members that a commit waits for, by %s in mode %s", state.id(), state.mode())
                    .isBetween(quorum ? 1 : 0, quorum ? members : 0);
        }
    }

    /** What is replayed was flushed, and what is flushed was written: lag in bytes grows from stage to stage. */
    @Test
    public final void look_ordersLagFromWriteToReplay() {
        for (ReplicaState state : look().facts()) {
            List<Long> bytes = Stream.of(state.write(), state.flush(), state.replay())
                    .map(Lag::bytes)
                    .filter(known -> known.isPresent())
                    .map(known -> known.getAsLong())
                    .toList();
            assertThat(bytes)
                    .as("lag in bytes of %s: write, flush, replay, as far as known", state.id())
                    .isSorted();
        }
    }

    @Override
    final Object identity(ReplicaState fact) {
        return fact.id();
    }

    @Override
    final Object essence(ReplicaState fact) {
        return List.of(fact.id(), fact.role(), fact.mode(), fact.waitsFor(), fact.place());
    }

    @Override
    final Optional<String> scopeOf(ReplicaState fact) {
        return Optional.of(Sink.ALL);
    }

    @Override
    final boolean isScope(String name) {
        return name.equals(Sink.ALL);
    }
}
