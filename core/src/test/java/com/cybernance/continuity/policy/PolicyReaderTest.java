package com.cybernance.continuity.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.FailureKind;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyReaderTest {
    private static final String FULL = """
            format: 1
            name: a policy
            clauses:
              - id: replica
                sentences: ["1.9", 1.10]
                subject: database
                vendor: aws
                objective: {synchronous-replica: {apart-in: data-centre}}
                promise: all commits are safe
                evidence-age: 45s
                severity: ticket
                runbook: docs/replica.md
                basis:
                  evidence-age: {by: A. Person, on: 2026-11-23, why: three looks}
                controls: [{id: "ISO-27001:A.8.13", shows: operated, reviewed-by: B. Person}]
            waivers:
              - {clause: replica, owner: A. Person, reason: a move, from: 2026-11-01, until: 2027-01-30}
            """;

    @Test
    void parse_readsEveryField() {
        Policy policy = PolicyReader.parse(FULL);

        Clause clause = new Clause(
                "replica",
                List.of("1.9", "1.10"),
                "database",
                new SynchronousReplica(Factor.DATA_CENTRE),
                "all commits are safe",
                Duration.ofSeconds(45),
                Severity.TICKET,
                "docs/replica.md",
                Optional.of("aws"),
                Map.of("evidence-age", new NumberBasis.Adopted("A. Person", Samples.DAY, "three looks")),
                List.of(new Control("ISO-27001:A.8.13", Control.Shows.OPERATED, Optional.of("B. Person"))));
        Waiver waiver =
                new Waiver("replica", "A. Person", "a move", LocalDate.of(2026, 11, 1), LocalDate.of(2027, 1, 30));
        assertThat(policy).isEqualTo(new Policy("a policy", List.of(clause), List.of(waiver)));
    }

    @Test
    void parse_aPolicyOfThreeLines_isThePolicyBuiltInCode() {
        Policy read = PolicyReader.parse("clauses:\n- subject: db\n  objective: {rpo: {within: 5m}}\n");

        assertThat(read).isEqualTo(Policy.of(Clause.of("db", Rpo.ofMinutes(5))));
        assertThat(read.clauses().get(0).id()).isEqualTo("db-rpo");
    }

    @Test
    void parse_readsTheScaleOfPeriods_andRefusesOneThatScalesNothing() {
        String clauses = "clauses:\n- {subject: db, objective: continuous}\n";

        assertThat(PolicyReader.parse("period-scale: 4320\n" + clauses))
                .isEqualTo(PolicyReader.parse(clauses).scaled(4_320));
        assertThat(PolicyReader.parse(clauses).periodScale()).isEmpty();
        assertThat(refusal("period-scale: 1\n" + clauses).mistakes().toString())
                .contains("period-scale is 1: must be at least 2");
        assertThat(refusal("period-scale: 1000001\n" + clauses).mistakes().toString())
                .contains("period-scale is 1000001: must be at most 1000000");
    }

    @Test
    void parse_readsEveryObjective() {
        assertThat(objective("{synchronous-replica: {apart-in: data-centre}}"))
                .isEqualTo(new SynchronousReplica(Factor.DATA_CENTRE));
        assertThat(objective("{automatic-failover: {within: 2m}}"))
                .isEqualTo(new AutomaticFailover(Duration.ofMinutes(2)));
        assertThat(objective("{rpo: {within: 5m, share: 95%, over: 7d}}"))
                .isEqualTo(new Rpo(Duration.ofMinutes(5), 0.95, Duration.ofDays(7)));
        assertThat(objective("{retain: {at-least: 35d, lock: immutable}}"))
                .isEqualTo(new Retain(Duration.ofDays(35), Retain.Lock.IMMUTABLE));
        assertThat(objective("{restorable: {drill-age: 30d}}")).isEqualTo(new Restorable(Duration.ofDays(30)));
        assertThat(objective("{every: {interval: day, elsewhere: [region, provider]}}"))
                .isEqualTo(new Every(Every.Interval.DAY, Set.of(Factor.REGION, Factor.PROVIDER)));
        assertThat(objective("{every: {interval: hour}}")).isEqualTo(new Every(Every.Interval.HOUR, Set.of()));
        assertThat(objective("continuous")).isEqualTo(new Continuous());
        assertThat(objective("{continuous: {pause: 20s, elsewhere: [data-centre]}}"))
                .isEqualTo(new Continuous(Optional.of(Duration.ofSeconds(20)), Set.of(Factor.DATA_CENTRE)));
        assertThat(objective("{rpo: {within: 5m, elsewhere: [region]}}"))
                .isEqualTo(new Rpo(Duration.ofMinutes(5), 1, Rpo.DEFAULT_PERIOD, Set.of(Factor.REGION)));
        assertThat(objective("{copies: {count: 3, elsewhere: 1, apart-in: region}}"))
                .isEqualTo(new Copies(3, 1, Factor.REGION));
        assertThat(objective("{last-resort: {shares-no: [provider, account, credential]}}"))
                .isEqualTo(new LastResort(Set.of(Factor.PROVIDER, Factor.ACCOUNT, Factor.CREDENTIAL)));
        assertThat(objective("{inventory: {database-server: 1, redis-server: 2}}"))
                .isEqualTo(new Inventory(Map.of("database-server", 1, "redis-server", 2)));
        assertThat(objective("{redundant: {instances: 3, places: 3, apart-in: data-centre}}"))
                .isEqualTo(new Redundant(3, 3, Factor.DATA_CENTRE));
        assertThat(objective("{stateless: {}}")).isEqualTo(new Stateless());
        assertThat(objective("{rebuildable: {from: [server-image, code]}}"))
                .isEqualTo(new Rebuildable(List.of("server-image", "code")));
        assertThat(objective("{standby: {members: 2}}")).isEqualTo(new Standby(2));
        assertThat(objective("{headroom: {share: 0.8}}")).isEqualTo(new Headroom(0.8));
        assertThat(objective("deferred-work")).isEqualTo(new DeferredWork());
        assertThat(objective("{hosted: {vendor: aws}}")).isEqualTo(new Hosted("aws"));
        assertThat(objective("{export-on-termination: {within: 30d}}"))
                .isEqualTo(new ExportOnTermination(Duration.ofDays(30)));
        assertThat(objective("""
                        {attested: {what: a claim,
                            vouch: {by: A. Person, document: report 7, on: 2026-11-23, until: 2027-11-23},
                            uptime: {share: 99.999%, over: 30d, one-outage: 60s}}}"""))
                .isEqualTo(new Attested("a claim", Optional.of(Samples.VOUCH), Optional.of(Samples.FIVE_NINES)));
        assertThat(ObjectiveForms.words())
                .containsExactlyElementsOf(
                        Samples.OBJECTIVES.stream().map(Objective::word).toList());
    }

    @Test
    void parse_listsAllMistakesAtOnce_withLineAndColumn_theClauseAndTheValidWords() {
        PolicyException refused = refusal("""
                clauses:
                  - id: first
                    subject: db
                    objective: {rpo: {within: 5x, shar: 3}}
                    evidance-age: 1m
                  - subject: db
                    objective: {rppo: {within: 5m}}
                    severity: pager
                """);

        assertThat(refused.mistakes())
                .extracting(PolicyException.Mistake::toString)
                .containsExactly(
                        "line 4, column 31: clause first, rpo: within is '5x': must be a time such as 90s, 5m, 24h or 30d",
                        "line 4, column 35: clause first, rpo: unknown key 'shar'; did you mean share? "
                                + "valid: within, share, over, elsewhere",
                        "line 5, column 5: clause first: unknown key 'evidance-age'; did you mean evidence-age? valid: "
                                + "id, subject, objective, evidence-age, sentences, promise, severity, runbook, vendor, "
                                + "basis, controls",
                        "line 7, column 17: clause 2: unknown objective 'rppo'; did you mean rpo? valid: "
                                + String.join(", ", ObjectiveForms.words()),
                        "line 8, column 15: clause 2: severity is 'pager'; did you mean page? valid: page, ticket, none");
        assertThat(refused.kind()).isEqualTo(FailureKind.MISCONFIGURED);
        assertThat(refused).hasMessageContaining("line 4, column 31").hasMessageContaining("Hint: correct");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {copies: {count: 2, elsewhere: 2, apart-in: region}} | elsewhere is 2 of 2 copies: must be fewer
                    {copies: {count: 1, elsewhere: 1, apart-in: region}} | count is 1: must be at least 2
                    {redundant: {instances: 2, places: 3, apart-in: region}} | places is 3 for 2 instances
                    {rpo: {within: 5m, share: 1.01}} | share is 1.01: must be more than 0 and at most 1
                    {rpo: {within: 5m, share: 0%}} | share is 0.0: must be more than 0
                    {rpo: {within: 0s}} | within is 0 seconds: must be more than zero
                    {rpo: {within: -5m}} | within is '-5m': must be a time
                    {rpo: {within: 99999d}} | within is 99999 days: must be at most 36500 days
                    {rpo: {within: [5m]}} | within is a list: must be a time
                    {standby: {members: 0}} | members is 0: must be at least 1
                    {standby: {members: 2.5}} | members is '2.5': must be a whole number
                    {last-resort: {shares-no: []}} | shares-no is empty
                    {last-resort: {shares-no: region}} | shares-no must be a list, is 'region'
                    {inventory: {}} | inventory is empty
                    {inventory: {"a b": 1}} | a key is 'a b': must be a name
                    {rebuildable: {from: [code, code]}} | names one of them twice
                    {hosted: {}} | vendor is missing
                    {attested: {what: x, vouch: {by: a, document: d, on: 2026-01-01, until: 2027-01-02}}} | at most 12 months
                    {attested: {what: x, vouch: {by: a, document: d, on: 2026-02-30, until: 2027-01-02}}} | must be a day
                    {attested: {what: x, uptime: 3}} | uptime must be keys with values, is '3'
                    {rpo: {within: 5m}, hosted: {vendor: aws}} | objective must be one word with its values
                    [] | objective must be one word with its values
                    {rpo: 5m} | rpo: must be keys with values, is '5m'
                    """)
    void parse_refusesAnObjectiveThatContradictsItself(String objective, String message) {
        PolicyException refused = refusal("clauses:\n- subject: db\n  objective: " + objective + "\n");

        assertThat(refused.mistakes()).hasSize(1);
        assertThat(refused.mistakes().get(0).message()).contains(message).startsWith("clause 1");
        assertThat(refused.mistakes().get(0).line()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    evidence-age: 0s | evidence-age is 0 seconds: must be more than zero
                    basis: {share: document, drill-age: document} | unknown key 'drill-age'; valid: within, share, over, evidence-age
                    basis: {within: guessed} | within is 'guessed': must be document, or keys by, on and why
                    basis: {within: {by: a, on: 2026-11-23}} | why is missing
                    controls: [{id: x, shows: all}] | shows is 'all'; valid: exists, configured, operated, tested
                    promise: "a\\nb" | promise is 'a b': must be one line
                    id: ../x | id is '../x': must be a name
                    subject: twice | the key subject stands twice
                    """)
    void parse_refusesAFieldThatIsWrong(String field, String message) {
        PolicyException refused =
                refusal("clauses:\n- subject: db\n  objective: {rpo: {within: 5m}}\n  " + field + "\n");

        assertThat(refused.mistakes()).hasSize(1);
        assertThat(refused.mistakes().get(0).message()).contains(message);
        assertThat(refused.mistakes().get(0).line()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    - {subject: db, objective: continuous} | clause db-continuous: another clause has this id
                    - {subject: q, objective: {rpo: {within: 5m}}, sentences: [1]}\\n- {id: z, subject: q, objective: {rpo: {within: 6m}}, sentences: [1]} | clause z: sentence 1 is promised with other figures by clause q-rpo
                    - {subject: server, objective: {standby: {members: 2}}}\\n- {subject: all, objective: {inventory: {server: 1}}} | promises 1 server, but clause server-standby needs 2
                    waivers: [{clause: db, owner: o, reason: r, from: 2026-01-01, until: 2026-01-02}] | there is no clause db; valid: db-continuous
                    waivers: [{clause: db-continuous, owner: o, reason: r, from: 2026-01-01, until: 2026-04-02}] | at most 90 days after 2026-01-01, that is 2026-04-01
                    waivers: [{clause: db-continuous, owner: o, reason: r, from: 2026-01-01, until: 2025-01-02}] | must not be before 2026-01-01
                    color: red | unknown key 'color'; valid: format, name, clauses, waivers
                    """)
    void parse_refusesWhatCannotStandTogether(String more, String message) {
        PolicyException refused =
                refusal("clauses:\n- {subject: db, objective: continuous}\n" + more.replace("\\n", "\n") + "\n");

        assertThat(refused.mistakes()).hasSize(1);
        assertThat(refused.mistakes().get(0).message()).contains(message);
    }

    @Test
    void parse_takesTwoClaimsForOneSentence_andTheSameFigureTwice() {
        Policy policy = PolicyReader.parse("""
                clauses:
                  - {id: a, subject: h, sentences: ["1.3"], objective: {attested: {what: one}}}
                  - {id: b, subject: h, sentences: ["1.3"], objective: {attested: {what: another}}}
                  - {id: c, subject: h, sentences: ["1.3"], objective: {standby: {members: 2}}}
                  - {id: d, subject: h, sentences: ["1.3"], objective: {standby: {members: 2}}}
                """);

        assertThat(policy.clauses()).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    `` | 1:1 | the file is empty
                    a: *b | 1:4 | anchors and aliases
                    a: &b c | 1:4 | anchors and aliases
                    a: !!int 3 | 1:4 | tags (!) are not allowed
                    !%20 x | 1:1 | tags (!) are not allowed
                    name: "\\u" | 1:10 | not YAML: expected escape sequence
                    a: 1\\n---\\nb: 2 | 2:1 | a second document starts here
                    format: 2\\nnew: things | 1:9 | written for format 2, this release reads up to format 1
                    format: one\\nclauses: [{subject: d, objective: stateless}] | 1:9 | format is 'one'
                    ? [a]\\n: b | 1:1 | a key must be a word
                    a: "b | 1:6 | not YAML: found unexpected end of stream
                    just text | 1:1 | policy: must be keys with values, is 'just text'
                    clauses: [] | 1:10 | clauses is missing or empty
                    a: \\0 | 1:4 | U+0000 cannot be printed
                    """)
    void parse_refusesWhatIsNoPolicy_whereItStands(String text, String position, String message) {
        PolicyException refused =
                refusal(text == null ? "" : text.replace("\\n", "\n").replace("\\0", "\0"));

        PolicyException.Mistake first = refused.mistakes().get(0);
        assertThat(first.message()).contains(message);
        assertThat(first.line() + ":" + first.column()).isEqualTo(position);
    }

    @Test
    void read_refusesBytesThatAreNotText_whereTheyStand() {
        assertThat(refusal("a: 1\nb: \u00E9".getBytes(StandardCharsets.ISO_8859_1)))
                .hasMessageContaining("line 2, column 4: not UTF-8");
        assertThat(refusal("\uFEFFa: 1".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("line 1, column 1: a byte order mark");
        assertThat(refusal("a: \uD83D\uDE00\r\n\tb\u0001".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("line 2, column 3: the character U+0001");
    }

    @Test
    void parse_refusesHalfACharacter() {
        assertThat(refusal("a: \uD83D x")).hasMessageContaining("line 1, column 4: the character U+D83D");
    }

    @Test
    void parse_ofVeryManyMistakes_listsAHundredAndCountsTheRest() {
        PolicyException refused = refusal("clauses:\n" + "- 1\n".repeat(1_000));

        assertThat(refused.mistakes()).hasSize(100);
        assertThat(refused).hasMessageContaining("and 900 more");
    }

    @Test
    void read_ofAFileThatIsNotThere_saysSo(@TempDir Path folder) {
        assertThatThrownBy(() -> PolicyReader.read(folder.resolve("none.yaml")))
                .isInstanceOfSatisfying(ContinuityException.class, refused -> assertThat(refused.kind())
                        .isEqualTo(FailureKind.NOT_FOUND))
                .hasMessageContaining("none.yaml");
        assertThatThrownBy(() -> PolicyReader.read(folder)).isInstanceOf(ContinuityException.class);
    }

    @Test
    void read_namesTheFile() {
        assertThat(PolicyReader.read(Samples.CYBERNANCE).name()).isEqualTo("Cybernance backup policy");
    }

    private static Objective objective(String text) {
        return PolicyReader.parse("clauses:\n- subject: db\n  objective: " + text + "\n")
                .clauses()
                .get(0)
                .objective();
    }

    private static PolicyException refusal(String text) {
        return catchThrowableOfType(PolicyException.class, () -> PolicyReader.parse(text));
    }

    private static PolicyException refusal(byte[] bytes) {
        return catchThrowableOfType(PolicyException.class, () -> PolicyReader.read(new ByteArrayInputStream(bytes)));
    }
}
