package com.cybernance.continuity.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.ClientOutcome;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.InventoryItem;
import com.cybernance.continuity.facts.Sighting;
import com.cybernance.continuity.policy.Attested;
import com.cybernance.continuity.policy.AutomaticFailover;
import com.cybernance.continuity.policy.Clause;
import com.cybernance.continuity.policy.Inventory;
import com.cybernance.continuity.policy.Objective;
import com.cybernance.continuity.policy.Policy;
import com.cybernance.continuity.policy.Rpo;
import com.cybernance.continuity.policy.SynchronousReplica;
import com.cybernance.continuity.policy.Waiver;
import com.cybernance.continuity.spi.Facet;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CheckerTest {
    private static final LocalDate TODAY = LocalDate.parse("2026-11-23");

    private static Clause withSentences(Clause clause, String id, String... sentences) {
        return new Clause(
                id,
                List.of(sentences),
                clause.subject(),
                clause.objective(),
                clause.promise(),
                clause.evidenceAge(),
                clause.severity(),
                clause.runbook(),
                clause.vendor(),
                clause.basis(),
                clause.controls());
    }

    private static Clause ofVendor(Objective objective) {
        Clause plain = Clause.of("db", objective);
        return new Clause(
                "vendor",
                List.of("1.8"),
                "db",
                objective,
                "as the vendor says",
                plain.evidenceAge(),
                plain.severity(),
                "",
                Optional.of("aws"),
                Map.of(),
                List.of());
    }

    @Test
    void clauseOnAnUnboundSubject_isUnknown_andSaysWhatToBind() {
        Finding finding = new Given().judge(Clause.of("nowhere", new SynchronousReplica(Factor.DATA_CENTRE)));

        assertThat(finding.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(finding.reason()).isEqualTo("nothing is bound to 'nowhere'");
        assertThat(finding.nextStep()).contains("protect(\"nowhere\", target)").contains("ReplicationSource");
    }

    @Test
    void objectiveWhoseFactsNothingDelivers_isUnknown_andNamesTheFacet() {
        Finding finding = new Given().goodSettings().judge(Clause.of("db", Rpo.ofMinutes(5)));

        assertThat(finding.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(finding.nextStep()).contains("RestorePointSource");
    }

    @Test
    void vendorClause_isUnknown_whateverTheEffectShows() {
        Finding finding = new Given().goodSettings().judge(ofVendor(new SynchronousReplica(Factor.DATA_CENTRE)));

        assertThat(finding.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(finding.reason()).contains("only the API of aws can judge this clause");
        assertThat(finding.clause().kind()).isEqualTo(Clause.Kind.VENDOR);
    }

    @Test
    void claimThatArithmeticContradicts_isBreached_andAnAttestationCannotLiftIt() {
        Attested.Uptime fiveNines = new Attested.Uptime(0.99999, Duration.ofDays(30), Duration.ofSeconds(60));
        Attested.Vouch vouch = new Attested.Vouch("Ada", "a letter", TODAY.minusDays(1), TODAY.plusDays(1));

        Finding finding = new Given()
                .judge(ofVendor(new Attested("the service is up", Optional.of(vouch), Optional.of(fiveNines))));

        assertThat(finding.verdict()).isEqualTo(Verdict.BREACHED);
        assertThat(finding.reason()).contains("25.92 seconds").contains("1 minute");
    }

    @Test
    void attestation_holdsFromItsFirstToItsLastDay() {
        assertThat(attestedBetween(TODAY, TODAY).verdict()).isEqualTo(Verdict.ATTESTED);
        assertThat(attestedBetween(TODAY.plusDays(1), TODAY.plusDays(2)).verdict())
                .isEqualTo(Verdict.UNKNOWN);
        assertThat(attestedBetween(TODAY.minusDays(2), TODAY.minusDays(1)).verdict())
                .isEqualTo(Verdict.UNKNOWN);
        assertThat(new Given()
                        .judge(Clause.of("db", new Attested("certified", Optional.empty(), Optional.empty())))
                        .reason())
                .isEqualTo("nobody vouches for it");
    }

    private static Finding attestedBetween(LocalDate on, LocalDate until) {
        Attested.Vouch vouch = new Attested.Vouch("Ada", "a letter", on, until);
        return new Given().judge(Clause.of("db", new Attested("certified", Optional.of(vouch), Optional.empty())));
    }

    private static Sighting<InventoryItem> servers(int count, Set<String> complete) {
        List<InventoryItem> items = IntStream.range(0, count)
                .mapToObj(i -> new InventoryItem(Given.DB.member("s" + i), "server", "a server"))
                .toList();
        return new Sighting<>(Given.NOW, items, List.of(), complete, List.of());
    }

    @Test
    void inventory_isMetOnEnough_breachedOnTooFew_unknownOnAKindThatNobodyEnumerates() {
        Clause two = Clause.of("db", new Inventory(Map.of("server", 2)));
        Set<String> all = Set.of("server");

        assertThat(new Given().seen(Facet.INVENTORY, servers(2, all)).judge(two).verdict())
                .isEqualTo(Verdict.MET);
        assertThat(new Given().seen(Facet.INVENTORY, servers(1, all)).judge(two).verdict())
                .isEqualTo(Verdict.BREACHED);
        assertThat(new Given()
                        .seen(Facet.INVENTORY, servers(2, Set.of()))
                        .judge(two)
                        .verdict())
                .isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void inventory_withFewerThanLastTime_isUnknown() {
        Finding finding = new Given()
                .seen(Facet.INVENTORY, servers(2, Set.of("server")))
                .lastInventory(Map.of("server", 3))
                .judge(Clause.of("db", new Inventory(Map.of("server", 2))));

        assertThat(finding.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(finding.reason()).contains("3 in the last inventory");
    }

    @Test
    void failover_thatNobodySaw_isUnknown_andAnOutageLongerThanPromisedIsBreached() {
        Clause twoMinutes = Clause.of("db", new AutomaticFailover(Duration.ofMinutes(2)));
        ClientOutcome turnedAway = new ClientOutcome(
                Given.DB.member("route"),
                ClientOutcome.Result.NO_CONNECTION,
                Optional.empty(),
                Optional.empty(),
                "connection refused");
        Sighting<ClientOutcome> probe =
                new Sighting<>(Given.NOW, List.of(turnedAway), List.of(), Set.of("all"), List.of());

        Given down = new Given().seen(Facet.CLIENT_PROBE, probe);
        assertThat(down.clientDownFor(Duration.ofMinutes(2)).judge(twoMinutes).verdict())
                .isEqualTo(Verdict.UNKNOWN);
        Finding tooLong = down.clientDownFor(Duration.ofSeconds(121)).judge(twoMinutes);
        assertThat(tooLong.verdict()).isEqualTo(Verdict.BREACHED);
        assertThat(tooLong.reason()).contains("no acknowledged write for 2 min 1 s, promised within 2 min");
    }

    @Test
    void waiver_isShown_andLeavesTheVerdict() {
        Clause clause = Clause.of("db", new Inventory(Map.of("server", 2)));
        Waiver waiver = new Waiver(clause.id(), "Ada", "moving house", TODAY, TODAY.plusDays(3));
        Policy policy = new Policy("waived", List.of(clause), List.of(waiver));

        Finding finding = new Given()
                .seen(Facet.INVENTORY, servers(1, Set.of("server")))
                .report(policy)
                .findings()
                .get(0);

        assertThat(finding.verdict()).isEqualTo(Verdict.BREACHED);
        assertThat(finding.waiver()).contains(waiver);
    }

    @Test
    void sentence_isTheWorstOfItsClauses_inTheOrderOfTheDocument() {
        Clause met = withSentences(Clause.of("db", new Inventory(Map.of("server", 1))), "met", "1.10", "1.9");
        Clause unknown = withSentences(Clause.of("db", Rpo.ofMinutes(5)), "unknown", "1.10", "2.1");

        Report report =
                new Given().seen(Facet.INVENTORY, servers(1, Set.of("server"))).report(Policy.of(met, unknown));

        assertThat(report.sentences())
                .containsExactly(
                        Map.entry("1.9", Verdict.MET),
                        Map.entry("1.10", Verdict.UNKNOWN),
                        Map.entry("2.1", Verdict.UNKNOWN));
        assertThat(report.verdict()).isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void json_holdsEverythingThatAMachineNeeds() throws Exception {
        Report report = new Given()
                .rehearsal()
                .seen(Facet.INVENTORY, servers(1, Set.of("server")))
                .report(Policy.of(
                        withSentences(Clause.of("db", new Inventory(Map.of("server", 1))), "inventory", "1.6")))
                .note("a \"note\"");

        JsonNode json = new ObjectMapper().readTree(ReportJson.of(report));

        assertThat(json.path("estate").path("kind").asText()).isEqualTo("rehearsal");
        JsonNode clause = json.path("clauses").path(0);
        assertThat(clause.path("id").asText()).isEqualTo("inventory");
        assertThat(clause.path("kind").asText()).isEqualTo("effect");
        assertThat(clause.path("sentences").path(0).asText()).isEqualTo("1.6");
        assertThat(clause.path("verdict").asText()).isEqualTo("MET");
        assertThat(clause.path("reason").asText()).isNotBlank();
        assertThat(clause.path("observedAt").asText()).isEqualTo("2026-11-23T12:00:00Z");
        assertThat(clause.path("evidence").path(0).path("facet").asText()).isEqualTo("InventorySource");
        assertThat(json.path("sentences").path("1.6").asText()).isEqualTo("MET");
        assertThat(json.path("notes").path(0).asText()).isEqualTo("a \"note\"");
    }

    @Test
    void verdictOfNothing_isUnknown() {
        assertThat(Verdict.worst(List.of())).isEqualTo(Verdict.UNKNOWN);
        assertThat(Verdict.worst(List.of(Verdict.MET, Verdict.ATTESTED))).isEqualTo(Verdict.ATTESTED);
        assertThat(Verdict.worst(List.of(Verdict.UNKNOWN, Verdict.ATTESTED))).isEqualTo(Verdict.UNKNOWN);
    }
}
