package com.cybernance.continuity.policy;

import com.cybernance.continuity.policy.Node.Entry;
import com.cybernance.continuity.policy.Node.Items;
import com.cybernance.continuity.policy.Node.Mapping;
import com.cybernance.continuity.policy.Node.Position;
import com.cybernance.continuity.policy.Node.Text;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The keys and values of one mapping, asked for by name and type. An answer that cannot be given becomes a mistake and
 * something harmless in its stead, so that the reader goes on and finds the next one. The keys that were asked for are
 * the valid ones: {@link #end} refuses all others.
 */
final class Fields {
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,79}");
    private static final Pattern TIME = Pattern.compile("([0-9]{1,9})([smhd])");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final Pattern SHARE = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,12})?)( ?%)?");
    private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    private static final int LONGEST_TEXT = 2_000;
    private static final int LONGEST_QUOTE = 60;

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Set<String> asked = new LinkedHashSet<>();
    private final Position at;
    private final String where;
    private final Mistakes mistakes;
    private final Set<String> numbers;

    private Fields(Mapping mapping, String where, Mistakes mistakes, Set<String> numbers) {
        mapping.entries().forEach(each -> entries.put(each.key().value(), each));
        this.at = mapping.at();
        this.where = where;
        this.mistakes = mistakes;
        this.numbers = numbers;
    }

    /**
     * The fields of a node, none if it is not a mapping.
     *
     * @param where what messages start with, so that an author finds the clause
     */
    static Fields of(Node node, String where, Mistakes mistakes) {
        if (node instanceof Mapping mapping) {
            return new Fields(mapping, where, mistakes, new LinkedHashSet<>());
        }
        mistakes.add(node.at(), "%s: must be keys with values, is %s".formatted(where, show(node)));
        return empty(node.at(), where, new LinkedHashSet<>());
    }

    private static Fields empty(Position at, String where, Set<String> numbers) {
        // What is missing in something that is not there at all is no mistake of its own.
        return new Fields(new Mapping(List.of(), at), where, new Mistakes(where), numbers);
    }

    /** A part of a text for a message: short, and without line breaks. */
    static String cut(String text) {
        return cut(text, LONGEST_QUOTE);
    }

    static String cut(String text, int most) {
        String line = text.replaceAll("\\p{Cntrl}+", " ");
        return line.length() <= most ? line : line.substring(0, most) + "...";
    }

    /** A node for a message. */
    static String show(Node node) {
        return node instanceof Text text ? "'" + cut(text.value()) + "'" : node.kind();
    }

    Position at() {
        return at;
    }

    String where() {
        return where;
    }

    Set<String> keys() {
        return entries.keySet();
    }

    Set<String> keysBelow(String key) {
        Entry entry = entries.get(key);
        return entry != null && entry.value() instanceof Mapping below
                ? below.entries().stream().map(each -> each.key().value()).collect(Collectors.toSet())
                : Set.of();
    }

    /** Refuses a key that the author may choose, unless it is a name. */
    void checkWord(String key) {
        Entry entry = entries.get(key);
        if (entry != null) {
            word("a key", entry.key());
        }
    }

    /** Where the value of a key stands, or the mapping when there is none. */
    Position at(String key) {
        Entry entry = entries.get(key);
        return entry == null ? at : entry.value().at();
    }

    /** The names of the numbers that were asked for, here and in the fields below. */
    Set<String> numbers() {
        return numbers;
    }

    void mistake(Position position, String message) {
        mistake(position, () -> message);
    }

    /** Asks for the message only if it will be listed. */
    void mistake(Position position, Supplier<String> message) {
        mistakes.add(position, () -> "%s: %s".formatted(where, message.get()));
    }

    Optional<Node> node(String key) {
        asked.add(key);
        return Optional.ofNullable(entries.get(key)).map(Entry::value);
    }

    /** A mapping below; empty fields, and a mistake, when there is none. */
    Fields fields(String key) {
        return optionalFields(key).orElseGet(() -> {
            missing(key);
            return empty(at, where, numbers);
        });
    }

    Optional<Fields> optionalFields(String key) {
        return node(key).map(value -> {
            if (value instanceof Mapping mapping) {
                return new Fields(mapping, "%s, %s".formatted(where, key), mistakes, numbers);
            }
            mistake(value.at(), "%s must be keys with values, is %s".formatted(key, show(value)));
            return empty(value.at(), where, numbers);
        });
    }

    List<Node> items(String key) {
        return node(key)
                .map(value -> {
                    if (value instanceof Items items) {
                        return items.items();
                    }
                    mistake(value.at(), "%s must be a list, is %s".formatted(key, show(value)));
                    return List.<Node>of();
                })
                .orElse(List.of());
    }

    Optional<String> optionalText(String key) {
        return node(key).map(value -> line(key, value));
    }

    String text(String key) {
        return optionalText(key).orElseGet(() -> missing(key));
    }

    /** A name: letters, digits and a few signs, so that it can stand in a report or a path of a metric. */
    Optional<String> optionalWord(String key) {
        return node(key).map(value -> word(key, value));
    }

    String word(String key) {
        return optionalWord(key).orElseGet(() -> missing(key));
    }

    List<String> words(String key) {
        return items(key).stream().map(each -> word(key, each)).toList();
    }

    Duration time(String key) {
        return optionalTime(key).orElseGet(() -> {
            missing(key);
            return Duration.ofSeconds(1);
        });
    }

    Optional<Duration> optionalTime(String key) {
        numbers.add(key);
        return node(key).map(value -> {
            Matcher time = TIME.matcher(plain(value));
            if (!time.matches()) {
                mistake(value.at(), "%s is %s: must be a time such as 90s, 5m, 24h or 30d".formatted(key, show(value)));
                return Duration.ofSeconds(1);
            }
            Duration read =
                    Duration.ofSeconds(Math.multiplyExact(Long.parseLong(time.group(1)), seconds(time.group(2))));
            return refusing(value, read, () -> Figures.time(key, read));
        });
    }

    int count(String key) {
        return optionalCount(key).orElseGet(() -> {
            missing(key);
            return 1;
        });
    }

    Optional<Integer> optionalCount(String key) {
        return optionalCount(key, 1, Integer.MAX_VALUE);
    }

    Optional<Integer> optionalCount(String key, int least, int most) {
        numbers.add(key);
        return node(key).map(value -> {
            if (!NUMBER.matcher(plain(value)).matches()) {
                mistake(value.at(), "%s is %s: must be a whole number such as 3".formatted(key, show(value)));
                return 1;
            }
            int read = Integer.parseInt(plain(value));
            return refusing(value, read, () -> {
                Figures.atLeast(key, read, least);
                Figures.atMost(key, read, most);
            });
        });
    }

    double share(String key) {
        return optionalShare(key).orElseGet(() -> {
            missing(key);
            return 1.0;
        });
    }

    Optional<Double> optionalShare(String key) {
        numbers.add(key);
        return node(key).map(value -> {
            Matcher share = SHARE.matcher(plain(value));
            if (!share.matches()) {
                mistake(value.at(), "%s is %s: must be a share such as 0.95 or 95%%".formatted(key, show(value)));
                return 1.0;
            }
            BigDecimal read = new BigDecimal(share.group(1));
            double of1 = (share.group(2) == null ? read : read.movePointLeft(2)).doubleValue();
            return refusing(value, of1, () -> Figures.share(key, of1));
        });
    }

    LocalDate day(String key) {
        return node(key)
                .flatMap(value -> {
                    Optional<LocalDate> day = parseDay(plain(value));
                    if (day.isEmpty()) {
                        mistake(value.at(), "%s is %s: must be a day such as 2026-11-23".formatted(key, show(value)));
                    }
                    return day;
                })
                .orElseGet(() -> {
                    if (!entries.containsKey(key)) {
                        missing(key);
                    }
                    return LocalDate.EPOCH;
                });
    }

    /** One of a few words, by the word that files use for it. */
    <T> T choice(String key, Map<String, T> choices) {
        return optionalChoice(key, choices).orElseGet(() -> {
            missing(key);
            return choices.values().iterator().next();
        });
    }

    <T> Optional<T> optionalChoice(String key, Map<String, T> choices) {
        return node(key).map(value -> chosen(key, value, choices));
    }

    <T> List<T> choices(String key, Map<String, T> choices) {
        return items(key).stream().map(each -> chosen(key, each, choices)).toList();
    }

    /** Refuses the keys that nobody asked for. */
    void end() {
        entries.values().stream()
                .filter(each -> !asked.contains(each.key().value()))
                .forEach(each -> mistake(each.key().at(), () -> "unknown key %s; %s"
                        .formatted(show(each.key()), Suggestion.of(each.key().value(), asked))));
    }

    /** A value that is made of several fields, or what stands in for it when they cannot be. */
    <T> Optional<T> make(Supplier<T> maker) {
        int before = mistakes.count();
        try {
            T made = maker.get();
            end();
            return mistakes.count() == before ? Optional.of(made) : Optional.empty();
        } catch (IllegalArgumentException e) {
            // Made of a stand-in, it may be refused for what the author did not write.
            if (mistakes.count() == before) {
                mistake(at, String.valueOf(e.getMessage()));
            }
            end();
            return Optional.empty();
        }
    }

    private String missing(String key) {
        mistake(at, "%s is missing".formatted(key));
        return "missing";
    }

    private <T> T chosen(String key, Node value, Map<String, T> choices) {
        T chosen = choices.get(plain(value));
        if (chosen != null) {
            return chosen;
        }
        mistake(value.at(), () -> "%s is %s; %s"
                .formatted(key, show(value), Suggestion.of(plain(value), choices.keySet())));
        return choices.values().iterator().next();
    }

    private String word(String key, Node value) {
        if (WORD.matcher(plain(value)).matches()) {
            return plain(value);
        }
        mistake(
                value.at(),
                "%s is %s: must be a name of letters, digits and . _ : -, at most 80 long".formatted(key, show(value)));
        return "missing";
    }

    private String line(String key, Node value) {
        String text = plain(value).strip();
        if (text.isEmpty() || text.length() > LONGEST_TEXT || text.indexOf('\n') >= 0) {
            mistake(
                    value.at(),
                    "%s is %s: must be one line of text, at most %d characters (a long one may be folded with >)"
                            .formatted(key, show(value), LONGEST_TEXT));
        }
        return text;
    }

    private static String plain(Node value) {
        return value instanceof Text text ? text.value() : "";
    }

    private <T> T refusing(Node value, T read, Runnable check) {
        try {
            check.run();
        } catch (IllegalArgumentException e) {
            mistake(value.at(), String.valueOf(e.getMessage()));
        }
        return read;
    }

    private static Optional<LocalDate> parseDay(String text) {
        try {
            return DAY.matcher(text).matches() ? Optional.of(LocalDate.parse(text)) : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static long seconds(String unit) {
        return switch (unit) {
            case "s" -> 1;
            case "m" -> 60;
            case "h" -> 3_600;
            default -> 86_400;
        };
    }
}
