package com.cybernance.continuity.examples.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.check.Checker;
import com.cybernance.continuity.check.Report;
import com.cybernance.continuity.check.Verdict;
import com.cybernance.continuity.policy.Clause;
import com.cybernance.continuity.policy.Policy;
import com.cybernance.continuity.policy.PolicyReader;
import java.io.InputStream;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class DeclaredSetTest {
    private static Policy builtIn() throws Exception {
        try (InputStream in = DeclaredSetTest.class.getResourceAsStream("/cybernance-policy.yaml")) {
            return PolicyReader.read(Objects.requireNonNull(in));
        }
    }

    @Test
    void documentedTable_namesEveryClauseOfThePolicyAndNoOther() throws Exception {
        assertThat(DeclaredSet.ofDocument().verdicts().keySet())
                .as("the clauses in the table of docs/proof.md")
                .containsExactlyInAnyOrderElementsOf(
                        builtIn().clauses().stream().map(Clause::id).toList());
    }

    @Test
    void deviations_ofAPlatformWithNothingBound_nameWhatWasDeclaredMet() throws Exception {
        Report nothingSeen = Checker.judge(builtIn(), Platform.ESTATE, Map.of(), Instant.parse("2026-11-23T00:00:00Z"));

        DeclaredSet.Deviations deviations = DeclaredSet.ofDocument().deviations(nothingSeen);

        assertThat(deviations.breached()).isEmpty();
        assertThat(deviations.unknown())
                .containsExactly(
                        "database-continuous is UNKNOWN, declared MET",
                        "database-point-in-time is UNKNOWN, declared MET",
                        "database-synchronous is UNKNOWN, declared MET",
                        "database-rpo-every-sample is UNKNOWN, declared MET",
                        "database-rpo-generally is UNKNOWN, declared MET");
    }

    @Test
    void deviations_ofABreachThatNobodyDeclared_areBreaches() throws Exception {
        Report report = Checker.judge(builtIn(), Platform.ESTATE, Map.of(), Instant.parse("2026-11-23T00:00:00Z"));

        DeclaredSet.Deviations deviations = DeclaredSet.parse("| `hosting-five-nines` | 1.3 | vendor | UNKNOWN | why |")
                .deviations(report);

        assertThat(deviations.breached()).containsExactly("hosting-five-nines is BREACHED, declared UNKNOWN");
    }

    @Test
    void of_aClauseThatNobodyDeclared_isMet() {
        assertThat(DeclaredSet.allMet().of("mine")).isEqualTo(Verdict.MET);
    }
}
