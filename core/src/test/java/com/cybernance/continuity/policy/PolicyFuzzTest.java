package com.cybernance.continuity.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Damaged files: each is a policy or is refused in the one way. */
class PolicyFuzzTest {
    private static final int FULL = 200_000;
    private static final List<String> PIECES = List.of(
            "[",
            "]",
            "{",
            "}",
            ":",
            ": ",
            "- ",
            "? ",
            "!",
            "!%20 x",
            "!!",
            "&a ",
            "*a",
            "%",
            "\n",
            "\n  ",
            "\"",
            "'",
            "|\n",
            ">",
            "#",
            "---\n",
            "...\n",
            "\t",
            "\0",
            "\uFEFF",
            "\uD800",
            "~",
            "<<: ",
            "0",
            "-1",
            "5m",
            "1e9",
            "99999999999999999999",
            "2026-02-30",
            "100%",
            "\"\\u",
            "\"\\x",
            ",",
            "id: ",
            "objective: ",
            "clauses:",
            "@",
            "`");
    private static final List<String> HAND_MADE = List.of(
            "",
            "clauses:\n- subject: db\n  objective: {rpo: {within: 5m}}\n",
            "clauses:\n- {subject: db, objective: {attested: {what: x, uptime: {share: 1, over: 1s, one-outage: 1s}}}}",
            "clauses: [{subject: a, objective: stateless, basis: {evidence-age: document}}]\n",
            "format: 1\nclauses:\n- subject: >\n    db\n  objective: |\n    continuous\n",
            "? clauses\n: - {? subject : db}\n",
            "%YAML 1.2\n---\nname: \"\\u0061\"\n...\n");

    @Test
    @Timeout(1_800)
    void parse_ofDamagedFiles_refusesOrReadsThem() throws IOException {
        List<String> corpus = corpus();

        Seeds.stream().forEach(seed -> assertThat(firstSurprise(PolicyReader::parse, corpus, seed, Seeds.share(FULL)))
                .as("seed " + seed)
                .isEmpty());
    }

    @Test
    void firstSurprise_ofAReaderWithoutTheGuard_isFound() {
        Consumer<String> unguarded = text -> {
            try {
                Iterator<Event> events = PolicyTree.events(text);
                events.forEachRemaining(event -> {});
            } catch (YamlEngineException e) {
                throw new PolicyException("policy", List.of(new PolicyException.Mistake(1, 1, "x")), 0);
            }
        };

        Seeds.stream().forEach(seed -> assertThat(firstSurprise(unguarded, HAND_MADE, seed, FULL / 10))
                .as("seed " + seed)
                .hasValueSatisfying(
                        found -> assertThat(found).containsAnyOf("IllegalArgumentException", "NumberFormatException")));
    }

    /** The first input on which a reader does anything but read it or refuse it. */
    private static Optional<String> firstSurprise(Consumer<String> reader, List<String> corpus, long seed, int inputs) {
        RandomGenerator random = Seeds.random(seed);
        for (int i = 0; i < inputs; i++) {
            String text = damaged(corpus.get(random.nextInt(corpus.size())), random);
            try {
                reader.accept(text);
            } catch (PolicyException e) {
                if (e.mistakes().isEmpty() || e.mistakes().stream().anyMatch(each -> outside(each, text))) {
                    return Optional.of("input %d: %s on %s".formatted(i, e, text));
                }
            } catch (RuntimeException | StackOverflowError e) {
                return Optional.of("input %d: %s on %s".formatted(i, e, text));
            }
        }
        return Optional.empty();
    }

    private static boolean outside(PolicyException.Mistake mistake, String text) {
        long lines = text.chars().filter(each -> each == '\n' || each == '\r').count() + 1;
        return mistake.line() < 1 || mistake.column() < 1 || mistake.line() > lines;
    }

    private static String damaged(String text, RandomGenerator random) {
        StringBuilder damaged = new StringBuilder(text);
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(damaged.length() + 1);
            int end = Math.min(damaged.length(), at + random.nextInt(12));
            switch (random.nextInt(5)) {
                case 0 -> damaged.delete(at, end);
                case 1 -> damaged.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                case 2 -> damaged.replace(at, end, PIECES.get(random.nextInt(PIECES.size())));
                case 3 -> damaged.insert(at, damaged.substring(at, end));
                default -> damaged.insert(at, (char) random.nextInt(0x2100));
            }
        }
        return damaged.toString();
    }

    /** The hand-made texts, and the Cybernance file in pieces of a few clauses, so that an input takes microseconds. */
    private static List<String> corpus() throws IOException {
        List<String> corpus = new ArrayList<>(HAND_MADE);
        String file = Files.readString(Samples.CYBERNANCE);
        corpus.add(file);
        List<String> clauses =
                Pattern.compile("(?m)(?=^  - id: )").splitAsStream(file).toList();
        for (int i = 1; i < clauses.size(); i++) {
            corpus.add("format: 1\nclauses:\n" + clauses.get(i) + clauses.get(1 + i % (clauses.size() - 1)));
        }
        return corpus;
    }
}
