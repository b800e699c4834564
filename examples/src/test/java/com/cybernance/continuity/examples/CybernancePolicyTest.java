package com.cybernance.continuity.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.policy.Attested;
import com.cybernance.continuity.policy.Clause;
import com.cybernance.continuity.policy.Contradictions;
import com.cybernance.continuity.policy.NumberBasis;
import com.cybernance.continuity.policy.Policy;
import com.cybernance.continuity.policy.PolicyReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The policy that the proof executes: complete, and honest about where its numbers come from. */
class CybernancePolicyTest {
    private static Policy policy;

    @BeforeAll
    static void read() throws IOException {
        try (InputStream in = CybernancePolicyTest.class.getResourceAsStream("/cybernance-policy.yaml")) {
            policy = PolicyReader.read(Objects.requireNonNull(in));
        }
    }

    @Test
    void policy_coversEverySentenceOfTheDocument_andNoOther() {
        TreeSet<String> covered = policy.clauses().stream()
                .flatMap(clause -> clause.sentences().stream())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(covered)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(sentences(1, 19), sentences(2, 5), sentences(3, 4), sentences(4, 1))
                                .flatMap(each -> each)
                                .toList())
                .hasSize(29);
    }

    @Test
    void policy_judgesNoSentenceByAVendorsWordAlone_whereAnEffectCanBeMeasured() {
        TreeSet<String> byWordAlone = policy.clauses().stream()
                .flatMap(clause -> clause.sentences().stream())
                .filter(sentence -> policy.clauses().stream()
                        .filter(clause -> clause.sentences().contains(sentence))
                        .allMatch(clause -> clause.kind() == Clause.Kind.VENDOR))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(byWordAlone).containsExactly("1.2");
    }

    @Test
    void everyClause_hasAPromiseOfItsOwn_aRunbook_andABasisForItsEvidenceAge() {
        assertThat(policy.clauses()).allSatisfy(clause -> {
            assertThat(clause.promise())
                    .as(clause.id())
                    .isNotEqualTo(clause.objective().toString());
            assertThat(clause.runbook()).as(clause.id()).startsWith("docs/runbooks/");
            assertThat(clause.basis()).as(clause.id()).containsKey("evidence-age");
            assertThat(clause.controls()).as(clause.id()).allMatch(control -> control.reviewedBy()
                    .isEmpty());
        });
        assertThat(policy.clauses()).extracting(Clause::promise).doesNotHaveDuplicates();
    }

    @Test
    void adoptedNumbers_sayWhoChoseThemAndWhy() {
        assertThat(policy.clauses().stream().flatMap(clause -> clause.basis().values().stream()))
                .filteredOn(NumberBasis.Adopted.class::isInstance)
                .hasSizeGreaterThan(30)
                .allSatisfy(basis -> assertThat(basis.toString())
                        .startsWith("adopted by Continuity maintainers on 2026-11-23: ")
                        .hasSizeGreaterThan(70));
    }

    @Test
    void claimsOfVendors_areVouchedForByNobodyYet() {
        assertThat(policy.clauses())
                .extracting(Clause::objective)
                .filteredOn(Attested.class::isInstance)
                .hasSize(4)
                .allSatisfy(claim -> assertThat(claim.toString()).contains("nobody vouches"));
    }

    @Test
    void policy_holdsTheTwoContradictionsOfItsDocument() {
        assertThat(Contradictions.in(policy))
                .extracting(found -> String.join(" ", found.clauses()))
                .containsExactly("database-rpo-every-sample database-rpo-generally", "hosting-five-nines");
    }

    private static Stream<String> sentences(int section, int last) {
        return IntStream.rangeClosed(1, last).mapToObj(each -> section + "." + each);
    }
}
