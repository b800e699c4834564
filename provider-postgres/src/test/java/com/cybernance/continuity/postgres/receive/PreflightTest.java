package com.cybernance.continuity.postgres.receive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreflightTest {
    @ParameterizedTest(name = "{0} | {1} | {2}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
            10GB | ''                               | on           | ''
            10GB | standby_b                        | remote_apply | ''
            10GB | FIRST 1 (standby_b, receiver)    | on           | ''
            10GB | ANY 1 (receiver, "Standby B")    | remote_write | ''
            -1   | ''                               | on           | max_slot_wal_keep_size is -1
            10GB | receiver                         | on           | another candidate beside this receiver
            10GB | FIRST 1 (Receiver)               | on           | another candidate beside this receiver
            10GB | ANY 1 ("receiver")               | on           | another candidate beside this receiver
            10GB | *                                | on           | counts any client
            10GB | FIRST 1 (standby_b, *)           | on           | counts any client
            10GB | FIRST 2 (standby_b, receiver)    | remote_apply | commits would hang for ever
            """)
    void settings(String keepSize, String names, String level, String expected) {
        String against = String.join("; ", Preflight.judge(keepSize, names, level, "receiver"));
        if (expected.isEmpty()) {
            assertThat(against).isEmpty();
        } else {
            assertThat(against).contains(expected);
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            ''                                  | false
            FIRST 1 (standby_b, receiver)       | false
            ANY 2 (standby_b, standby_c, receiver) | false
            FIRST 2 (standby_c, standby_b)      | false
            FIRST 2 (standby_b, receiver)       | true
            ANY 2 (standby_b, receiver)         | true
            """)
    void receiverThatNoCommitCanDoWithout_isAnnounced(String names, boolean announced) {
        assertThat(Preflight.remarks(names, "receiver")).hasSize(announced ? 1 : 0);
        if (announced) {
            assertThat(Preflight.remarks(names, "receiver").get(0))
                    .contains(names, "no commit ends while this receiver is stopped");
        }
    }
}
