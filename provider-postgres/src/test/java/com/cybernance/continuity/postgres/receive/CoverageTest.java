package com.cybernance.continuity.postgres.receive;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.testkit.Seeds;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class CoverageTest {
    @Test
    void ranges_areWhatWasAdded_whateverTheirOrder() {
        Seeds.check(2_000, seeds -> {
            Coverage coverage = new Coverage();
            BitSet model = new BitSet();
            for (int i = seeds.between(0, 30); i > 0; i--) {
                int from = seeds.between(0, 99);
                int to = seeds.between(from + 1, 100);
                coverage.add(3, new Lsn(from), new Lsn(to));
                model.set(from, to);
            }
            for (int from = 0; from < 100; from++) {
                int missing = model.nextClearBit(from);
                assertThat(coverage.firstMissing(3, new Lsn(from))).isEqualTo(new Lsn(missing));
                int again = model.nextSetBit(missing);
                assertThat(coverage.missingUntil(3, new Lsn(missing), new Lsn(200)))
                        .isEqualTo(new Lsn(again < 0 ? 200 : again));
            }
            assertThat(coverage.covers(4, new Lsn(0), new Lsn(1))).isFalse();
        });
    }
}
