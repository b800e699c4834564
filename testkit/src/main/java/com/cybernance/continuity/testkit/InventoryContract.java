package com.cybernance.continuity.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.InventoryItem;
import com.cybernance.continuity.spi.Facet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an {@link com.cybernance.continuity.spi.InventorySource} owes its caller. */
public abstract class InventoryContract extends SourceContract<InventoryItem> {
    private static final String KIND = "[a-z][a-z0-9]*(-[a-z0-9]+)*";

    /** For the provider's own test. */
    protected InventoryContract() {
        super(Facet.INVENTORY);
    }

    /** An item's kind is one of the policy's words, such as {@code database-server}. */
    @Test
    public final void look_namesKindsAsThePolicyDoes() {
        for (InventoryItem item : look().facts()) {
            assertThat(item.kind())
                    .as("the kind of %s, as policies write it", item)
                    .matches(KIND);
        }
    }

    @Override
    final Object identity(InventoryItem fact) {
        return List.of(fact.id(), fact.kind());
    }

    @Override
    final Object essence(InventoryItem fact) {
        return identity(fact);
    }

    @Override
    final Optional<String> scopeOf(InventoryItem fact) {
        return Optional.of(fact.kind());
    }

    @Override
    final boolean isScope(String name) {
        return name.matches(KIND);
    }
}
