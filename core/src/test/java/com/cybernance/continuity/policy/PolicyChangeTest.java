package com.cybernance.continuity.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.cybernance.continuity.facts.Factor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PolicyChangeTest {
    private static final int FULL = 20_000;

    /** For each objective of {@link Samples#OBJECTIVES}, by its word: weaker ones. */
    private static final Map<String, List<Objective>> WEAKER = Map.ofEntries(
            Map.entry("synchronous-replica", List.of(new SynchronousReplica(Factor.HOST))),
            Map.entry("automatic-failover", List.of(new AutomaticFailover(Duration.ofSeconds(121)))),
            Map.entry(
                    "rpo",
                    List.of(
                            new Rpo(Duration.ofMinutes(6), 0.95, Duration.ofHours(24)),
                            new Rpo(Duration.ofMinutes(5), 0.94, Duration.ofHours(24)),
                            new Rpo(Duration.ofMinutes(5), 0.95, Duration.ofHours(24), Set.of(Factor.REGION)),
                            new Rpo(Duration.ofMinutes(5), 0.95, Duration.ofHours(25)))),
            Map.entry(
                    "continuous",
                    List.of(
                            new Continuous(Optional.of(Duration.ofMinutes(6)), Set.of(Factor.DATA_CENTRE)),
                            new Continuous(Optional.of(Duration.ofMinutes(1)), Set.of(Factor.REGION)))),
            Map.entry(
                    "retain",
                    List.of(
                            new Retain(Duration.ofDays(34), Retain.Lock.IMMUTABLE),
                            new Retain(Duration.ofDays(36), Retain.Lock.NONE))),
            Map.entry("restorable", List.of(new Restorable(Duration.ofDays(31)))),
            Map.entry(
                    "every",
                    List.of(
                            new Every(Every.Interval.WEEK, Set.of(Factor.REGION)),
                            new Every(Every.Interval.HOUR, Set.of(Factor.PROVIDER)))),
            Map.entry(
                    "copies",
                    List.of(
                            new Copies(3, 2, Factor.REGION),
                            new Copies(5, 1, Factor.REGION),
                            new Copies(4, 2, Factor.HOST))),
            Map.entry("last-resort", List.of(new LastResort(Set.of(Factor.PROVIDER, Factor.REGION)))),
            Map.entry(
                    "inventory",
                    List.of(
                            new Inventory(Map.of("database-server", 1, "load-balancer", 2)),
                            new Inventory(Map.of("database-server", 3)))),
            Map.entry(
                    "redundant",
                    List.of(
                            new Redundant(3, 3, Factor.DATA_CENTRE),
                            new Redundant(4, 2, Factor.DATA_CENTRE),
                            new Redundant(4, 3, Factor.HOST))),
            Map.entry("rebuildable", List.of(new Rebuildable(List.of("code", "tools")))),
            Map.entry("standby", List.of(new Standby(2))),
            Map.entry("headroom", List.of(new Headroom(0.81))),
            Map.entry("hosted", List.of(new Hosted("another"))),
            Map.entry(
                    "attested",
                    List.of(
                            new Attested("another claim", Optional.of(Samples.VOUCH), Optional.of(Samples.FIVE_NINES)),
                            new Attested("a claim", Optional.of(Samples.VOUCH), Optional.empty()),
                            uptime(0.9999, 30, 60),
                            uptime(0.99999, 31, 60),
                            uptime(0.99999, 30, 59))),
            Map.entry("export-on-termination", List.of(new ExportOnTermination(Duration.ofDays(31)))));

    /** As above: stronger ones. */
    private static final Map<String, List<Objective>> STRONGER = Map.ofEntries(
            Map.entry("automatic-failover", List.of(new AutomaticFailover(Duration.ofSeconds(119)))),
            Map.entry(
                    "rpo",
                    List.of(
                            new Rpo(Duration.ofMinutes(4), 0.96, Duration.ofHours(23), Set.of(Factor.DATA_CENTRE)),
                            new Rpo(
                                    Duration.ofMinutes(5),
                                    1,
                                    Duration.ofHours(1),
                                    Set.of(Factor.DATA_CENTRE, Factor.REGION)))),
            Map.entry(
                    "continuous",
                    List.of(new Continuous(
                            Optional.of(Duration.ofMinutes(4)), Set.of(Factor.DATA_CENTRE, Factor.REGION)))),
            Map.entry("retain", List.of(new Retain(Duration.ofDays(36), Retain.Lock.IMMUTABLE))),
            Map.entry("restorable", List.of(new Restorable(Duration.ofDays(29)))),
            Map.entry("every", List.of(new Every(Every.Interval.HOUR, Set.of(Factor.REGION, Factor.ACCOUNT)))),
            Map.entry("copies", List.of(new Copies(5, 3, Factor.REGION))),
            Map.entry("last-resort", List.of(new LastResort(Set.of(Factor.PROVIDER, Factor.ACCOUNT, Factor.HAZARD)))),
            Map.entry(
                    "inventory",
                    List.of(new Inventory(Map.of("database-server", 3, "load-balancer", 2, "redis-server", 1)))),
            Map.entry("redundant", List.of(new Redundant(5, 4, Factor.DATA_CENTRE))),
            Map.entry("rebuildable", List.of(new Rebuildable(List.of("tools", "code", "server-image")))),
            Map.entry("standby", List.of(new Standby(4))),
            Map.entry("headroom", List.of(new Headroom(0.79))),
            Map.entry("attested", List.of(uptime(0.999999, 29, 61))),
            Map.entry("export-on-termination", List.of(new ExportOnTermination(Duration.ofDays(29)))));

    @Test
    void periodsThatAreScaled_areReported_andTheWayBackIsNot() {
        Policy asTheySay = Policy.of(Samples.clause("a", Rpo.ofMinutes(5)));

        assertThat(PolicyChange.weakenings(asTheySay, asTheySay.scaled(4_320)))
                .extracting(Weakening::toString)
                .containsExactly(
                        "policy: all periods are divided by 4320, before they were as they say: such a policy holds in a rehearsal alone");
        assertThat(PolicyChange.weakenings(asTheySay.scaled(2), asTheySay.scaled(3)))
                .hasSize(1);
        assertThat(PolicyChange.weakenings(asTheySay.scaled(3), asTheySay)).isEmpty();
        assertThat(asTheySay.scaled(2).digest()).isNotEqualTo(asTheySay.digest());
    }

    @Test
    void weakenings_areReportedExactlyWhereTheyWerePlanted() {
        Seeds.stream().forEach(seed -> {
            RandomGenerator random = Seeds.random(seed);
            for (int i = 0; i < Seeds.share(FULL); i++) {
                checkOnce(random, "seed %d, policy %d".formatted(seed, i));
            }
        });
    }

    private static void checkOnce(RandomGenerator random, String which) {
        List<Clause> before = new ArrayList<>();
        List<Clause> after = new ArrayList<>();
        List<Waiver> waivers = new ArrayList<>();
        Set<String> planted = new TreeSet<>();
        int clauses = 1 + random.nextInt(6);
        for (int i = 0; i < clauses; i++) {
            Clause clause = Samples.clause("c" + i, pick(Samples.OBJECTIVES, random), "1." + i);
            before.add(clause);
            switch (random.nextInt(4)) {
                case 0 -> {
                    planted.add(clause.id());
                    plant(clause, random, after, waivers);
                }
                case 1 -> after.add(stronger(clause, random));
                default -> after.add(clause);
            }
        }
        after.add(Samples.clause("new", new Stateless()));
        Policy old = new Policy("before", before, List.of(waiver("c0", 30)));
        waivers.add(waiver(
                after.get(0).id().equals("c0") ? "c0" : "new", after.get(0).id().equals("c0") ? 20 : 0));
        if (!after.get(0).id().equals("c0")) {
            planted.add("new");
        }
        Policy now = new Policy("after", after, waivers);

        assertThat(PolicyChange.weakenings(old, now).stream()
                        .map(Weakening::clause)
                        .collect(Collectors.toSet()))
                .as(which)
                .isEqualTo(planted);
    }

    private static void plant(Clause clause, RandomGenerator random, List<Clause> after, List<Waiver> waivers) {
        List<UnaryOperator<Clause>> changes = List.of(
                each -> with(each, pick(WEAKER.getOrDefault(each.objective().word(), List.of(new Own())), random)),
                each -> with(each, new Own()),
                each -> each.evidenceAge(each.evidenceAge().plusSeconds(1)),
                each -> change(each, each.sentences(), Severity.NONE, each.vendor()),
                each -> change(each, each.sentences(), each.severity(), Optional.empty()),
                each -> change(each, List.of(), each.severity(), each.vendor()));
        int which = random.nextInt(changes.size() + 2);
        if (which < changes.size()) {
            after.add(changes.get(which).apply(clause));
        } else if (which == changes.size()) {
            after.add(clause);
            waivers.add(waiver(clause.id(), 60));
        }
    }

    private static Clause stronger(Clause clause, RandomGenerator random) {
        Clause better = with(
                clause, pick(STRONGER.getOrDefault(clause.objective().word(), List.of(clause.objective())), random));
        List<String> more = List.of(clause.sentences().get(0), "9." + clause.id());
        return change(better, more, Severity.PAGE, clause.vendor()).evidenceAge(Duration.ofSeconds(1));
    }

    @Test
    void weakenings_sayWhatWasAndWhatIs() {
        Policy before = Policy.of(Samples.clause("a", Rpo.ofMinutes(5), "1.1"), Samples.clause("b", new Standby(2)));
        Policy after = Policy.of(Samples.clause("a", new Rpo(Duration.ofMinutes(15), 0.9, Duration.ofHours(24)))
                .evidenceAge(Duration.ofHours(1)));

        assertThat(PolicyChange.weakenings(before, after))
                .extracting(Weakening::toString)
                .containsExactly(
                        "a: the most exposure was 5 minutes, now 15 minutes",
                        "a: the share of samples was 100 %, now 90 %",
                        "a: the age of the evidence was 5 minutes, now 1 hour",
                        "b: the clause is gone (\"at least 2 members are set up so that another takes over when one "
                                + "fails\")",
                        "a: no clause covers sentence 1.1 any more");
    }

    @Test
    void weakenings_ofAClauseThatGainsAVendor_sayThatItsEffectIsNoLongerMeasured() {
        Clause vendor = Samples.clause("a", new Standby(2), "1.1");
        Clause effect = change(vendor, vendor.sentences(), vendor.severity(), Optional.empty());

        assertThat(PolicyChange.weakenings(Policy.of(effect), Policy.of(vendor)))
                .extracting(Weakening::toString)
                .containsExactly("a: was judged by its effect, now by aws's own word");
        assertThat(PolicyChange.weakenings(Policy.of(vendor), Policy.of(effect)))
                .extracting(Weakening::toString)
                .containsExactly("a: was judged by aws's own word, now by its effect");
    }

    @Test
    void weakenings_ofASentenceTakenFromOneOfItsClauses_nameTheClauseThatStillCoversIt() {
        Clause other = Samples.clause("b", new Stateless(), "1.1");
        Policy before = Policy.of(Samples.clause("a", new Standby(2), "1.1", "1.2"), other);
        Policy after = Policy.of(Samples.clause("a", new Standby(2), "1.2"), other);

        assertThat(PolicyChange.weakenings(before, after))
                .extracting(Weakening::toString)
                .containsExactly("a: no longer covers sentence 1.1, which b covers");
    }

    @Test
    void weakenings_ofTheSamePolicy_areNone() {
        Policy policy = PolicyReader.read(Samples.CYBERNANCE);

        assertThat(PolicyChange.weakenings(policy, policy)).isEmpty();
    }

    @Test
    void weakerThan_ofAShorterPeriodOfEverySample_isReported() {
        assertThat(new Rpo(Duration.ofMinutes(5), 1, Duration.ofHours(1)).weakerThan(Rpo.ofMinutes(5)))
                .containsExactly("the period was 24 hours, now 1 hour");
    }

    @Test
    void contradictions_ofTheCybernancePolicy_areTheTwoThatItsDocumentHolds() {
        assertThat(Contradictions.in(PolicyReader.read(Samples.CYBERNANCE)))
                .extracting(Contradiction::toString)
                .containsExactly(
                        "database-rpo-every-sample and database-rpo-generally: the limit of 5 minutes for database holds "
                                + "for every sample in database-rpo-every-sample, but only for 95 % of the samples in "
                                + "database-rpo-generally",
                        "hosting-five-nines: 99.999 % over 30 days allows 25.92 seconds without an answer, but one "
                                + "ordinary outage takes 1 minute");
    }

    @Test
    void contradictions_areNone_whenOneOutageFits_orTheLimitsDiffer() {
        assertThat(Contradictions.in(Policy.of(
                        Samples.clause("a", uptime(0.9995, 30, 60)),
                        Samples.clause("b", Rpo.ofMinutes(5)),
                        Samples.clause("c", new Rpo(Duration.ofMinutes(1), 0.95, Duration.ofHours(24))))))
                .isEmpty();
        assertThat(Samples.FIVE_NINES.allowed()).isEqualTo(Duration.ofMillis(25_920));
    }

    private static Attested uptime(double share, int days, int seconds) {
        return new Attested(
                "a claim",
                Optional.of(Samples.VOUCH),
                Optional.of(new Attested.Uptime(share, Duration.ofDays(days), Duration.ofSeconds(seconds))));
    }

    private static Waiver waiver(String clause, int days) {
        return new Waiver(clause, "owner", "reason", Samples.DAY, Samples.DAY.plusDays(days));
    }

    private static Clause with(Clause clause, Objective objective) {
        Clause plain = Samples.clause(clause.id(), objective, clause.sentences().toArray(String[]::new));
        return change(plain, plain.sentences(), clause.severity(), clause.vendor());
    }

    private static Clause change(Clause old, List<String> sentences, Severity severity, Optional<String> vendor) {
        return new Clause(
                old.id(),
                sentences,
                old.subject(),
                old.objective(),
                old.promise(),
                old.evidenceAge(),
                severity,
                old.runbook(),
                vendor,
                old.basis(),
                old.controls());
    }

    private static <T> T pick(List<T> from, RandomGenerator random) {
        return from.get(random.nextInt(from.size()));
    }

    private record Own() implements Objective {
        @Override
        public String word() {
            return "own";
        }

        @Override
        public List<String> weakerThan(Objective before) {
            return List.of();
        }
    }
}
