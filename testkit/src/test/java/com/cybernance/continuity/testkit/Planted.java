package com.cybernance.continuity.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.spi.BackupTarget;
import com.cybernance.continuity.spi.Facet;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;

/**
 * A provider that breaks one demand.
 *
 * @param sin what it does wrong
 * @param demand the demand that must catch it
 * @param says what the failure must tell its author
 */
record Planted(String sin, String demand, String says, SourceContract<?> suite) {
    static <T> Planted in(Facet<T> facet, String sin, String demand, String says, Fault<T> fault) {
        return by(facet, sin, demand, says, Suites.target(facet, fault));
    }

    static Planted by(Facet<?> facet, String sin, String demand, String says, BackupTarget target) {
        return new Planted(sin, demand, says, Suites.over(facet, target));
    }

    DynamicTest test() {
        return DynamicTest.dynamicTest(sin, () -> {
            Map<String, String> failures = Suites.failures(suite, demand::equals);

            assertThat(failures).containsKey(demand);
            assertThat(failures.get(demand)).contains(says);
        });
    }
}
