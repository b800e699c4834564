package com.cybernance.continuity.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PolicyDigestTest {
    private static final String FILE = """
            name: a policy
            clauses:
              - id: uptime
                sentences: ["1.3"]
                subject: hosting
                vendor: aws
                objective:
                  attested:
                    what: a claim
                    vouch: {by: A. Person, document: report 7, on: 2026-11-23, until: 2027-11-23}
                    uptime: {share: 99.999%, over: 30d, one-outage: 60s}
                promise: all is well
                evidence-age: 45s
                severity: ticket
                runbook: docs/uptime.md
                basis:
                  evidence-age: {by: A. Person, on: 2026-11-23, why: three looks}
                controls: [{id: "A.8.13", shows: operated, reviewed-by: B. Person}]
              - {id: rpo, subject: database, objective: {rpo: {within: 5m, share: 95%, over: 24h}}}
              - {id: stateless, subject: servers, objective: stateless}
              - {id: every, subject: database, objective: {every: {interval: day, elsewhere: [region, provider]}}}
              - {id: inventory, subject: platform, objective: {inventory: {server: 3, balancer: 1}}}
            waivers:
              - {clause: uptime, owner: A. Person, reason: a move, from: 2026-11-01, until: 2026-12-01}
            """;

    /** What may change, each alone: text in the file, and what it becomes. */
    private static final List<List<String>> CHANGES = List.of(
            List.of("name: a policy", "name: another policy"),
            List.of("id: rpo", "id: rpo-2"),
            List.of("\"1.3\"", "\"1.4\""),
            List.of("subject: hosting", "subject: host"),
            List.of("vendor: aws", "vendor: gcp"),
            List.of("what: a claim", "what: b claim"),
            List.of("by: A. Person, document", "by: B. Person, document"),
            List.of("report 7", "report 8"),
            List.of("report 7, on: 2026-11-23", "report 7, on: 2026-11-24"),
            List.of("until: 2027-11-23", "until: 2027-11-22"),
            List.of("99.999%", "99.998%"),
            List.of("over: 30d", "over: 31d"),
            List.of("one-outage: 60s", "one-outage: 61s"),
            List.of("all is well", "all is good"),
            List.of("evidence-age: 45s", "evidence-age: 46s"),
            List.of("severity: ticket", "severity: none"),
            List.of("docs/uptime.md", "docs/up.md"),
            List.of("{by: A. Person, on: 2026-11-23, why: three looks}", "document"),
            List.of("why: three looks", "why: two looks"),
            List.of("id: \"A.8.13\"", "id: \"A.8.14\""),
            List.of("shows: operated", "shows: tested"),
            List.of(", reviewed-by: B. Person", ""),
            List.of("within: 5m", "within: 6m"),
            List.of("share: 95%", "share: 96%"),
            List.of("over: 24h", "over: 25h"),
            List.of("objective: stateless", "objective: deferred-work"),
            List.of("interval: day", "interval: hour"),
            List.of("elsewhere: [region, provider]", "elsewhere: [region]"),
            List.of("server: 3", "server: 4"),
            List.of("server: 3", "servers: 3"),
            List.of("clause: uptime", "clause: rpo"),
            List.of("owner: A. Person", "owner: B. Person"),
            List.of("reason: a move", "reason: b move"),
            List.of("from: 2026-11-01", "from: 2026-11-02"),
            List.of("until: 2026-12-01", "until: 2026-12-02"));

    @Test
    void digest_isChangedByEveryField_andByEachDifferently() {
        List<String> digests = new ArrayList<>(List.of(digest(FILE)));
        for (List<String> change : CHANGES) {
            assertThat(FILE).contains(change.get(0));
            digests.add(digest(FILE.replace(change.get(0), change.get(1))));
        }

        assertThat(digests).doesNotHaveDuplicates();
    }

    @Test
    void digest_doesNotDependOnHowTheFileIsWritten() {
        String other = FILE.replace("name: a policy\n", "# a comment\n") + "name: 'a policy'\n";

        assertThat(digest(other)).isEqualTo(digest(FILE));
        assertThat(digest(FILE.replace("45s", "0045s").replace("[region, provider]", "[provider, region]")))
                .isEqualTo(digest(FILE));
        assertThat(digest(FILE.replace("{server: 3, balancer: 1}", "{balancer: 1, server: 3}")))
                .isEqualTo(digest(FILE));
    }

    @Test
    void digest_doesNotDependOnTheOrderOfClauses() {
        Policy read = PolicyReader.parse(FILE);
        List<Clause> turned = new ArrayList<>(read.clauses());
        Collections.reverse(turned);

        assertThat(new Policy(read.name(), turned, read.waivers()).digest()).isEqualTo(read.digest());
    }

    /** Digests stand in evidence for ever: this one may change only with a new first line of what is digested. */
    @Test
    void digest_isTheOneOfEarlierReleases() {
        assertThat(Policy.of(Clause.of("db", Rpo.ofMinutes(5))).digest())
                .isEqualTo("d811fc7f079783c33bc95621369b29cc76f84693b523b370cfeaa5ec0c225639");
    }

    @Test
    void digest_tellsTextsApartThatRunTogether() {
        assertThat(digest("clauses: [{subject: a, objective: {rebuildable: {from: [bc, d]}}}]"))
                .isNotEqualTo(digest("clauses: [{subject: a, objective: {rebuildable: {from: [b, cd]}}}]"));
    }

    @Test
    void digest_isAnotherOneForEachObjective() {
        assertThat(Samples.OBJECTIVES.stream()
                        .map(each -> Policy.of(Samples.clause("same", each)).digest())
                        .collect(Collectors.toSet()))
                .hasSameSizeAs(Samples.OBJECTIVES);
    }

    @Test
    void digest_seesIntoObjectivesOfOthers() {
        assertThat(Policy.of(Clause.of("a", new Own(1))).digest())
                .isNotEqualTo(Policy.of(Clause.of("a", new Own(2))).digest());
    }

    @Test
    void policy_builtInCode_isCheckedToo() {
        assertThatThrownBy(Policy::of).hasMessageContaining("has no clause");
        Clause clause = Clause.of("a", new Stateless());
        assertThatThrownBy(() -> Policy.of(clause, clause)).hasMessageContaining("another clause has this id");
        Waiver waiver = new Waiver("b", "o", "r", Samples.DAY, Samples.DAY.plusDays(Waiver.MOST_DAYS));
        assertThatThrownBy(() -> new Policy("p", List.of(clause), List.of(waiver)))
                .hasMessageContaining("there is no clause b; valid: a-stateless");
        assertThatThrownBy(() -> clause.evidenceAge(Duration.ZERO)).hasMessageContaining("evidence-age");
    }

    private record Own(int number) implements Objective {
        @Override
        public String word() {
            return "own";
        }

        @Override
        public List<String> weakerThan(Objective before) {
            return List.of();
        }

        @Override
        public String toString() {
            return "always the same sentence";
        }
    }

    private static String digest(String file) {
        return PolicyReader.parse(file).digest();
    }
}
