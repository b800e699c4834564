package com.cybernance.continuity.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.Copy;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.spi.Facet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a {@link com.cybernance.continuity.spi.RestorePointSource} owes its caller. */
public abstract class RestorePointContract extends SourceContract<RestorePoint> {
    /** For the provider's own test. */
    protected RestorePointContract() {
        super(Facet.RESTORE_POINTS);
    }

    /** A point has a name, at least one copy, and a name for each copy that no other copy of it has. */
    @Test
    public final void look_namesEveryPointAndItsCopies() {
        for (RestorePoint point : look().facts()) {
            assertThat(point.id()).as("the id of %s", point).isNotBlank();
            assertThat(point.copies()).as("copies of %s", point).isNotEmpty();
            assertThat(point.copies().stream().map(Copy::id))
                    .as("ids of the copies of %s", point)
                    .noneMatch(String::isBlank)
                    .doesNotHaveDuplicates();
        }
    }

    @Override
    final Object identity(RestorePoint fact) {
        return List.of(fact.resource(), fact.id());
    }

    /** The ids. The moments are left out: both ends of a window move with time and retention. */
    @Override
    final Object essence(RestorePoint fact) {
        return List.of(
                fact.resource(), fact.id(), fact.copies().stream().map(Copy::id).collect(Collectors.toSet()));
    }

    @Override
    final Optional<String> scopeOf(RestorePoint fact) {
        return Optional.empty();
    }

    @Override
    final boolean isScope(String name) {
        return !name.isBlank();
    }
}
