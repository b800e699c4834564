package com.cybernance.continuity.policy;

import com.cybernance.continuity.policy.Conflicts.Conflict;
import com.cybernance.continuity.policy.Control.Shows;
import com.cybernance.continuity.policy.Node.Mapping;
import com.cybernance.continuity.policy.Node.Position;
import com.cybernance.continuity.policy.Node.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How a policy is written in a file: what format 1 means. */
final class PolicyForm {
    private static final String EVIDENCE_AGE = "evidence-age";
    private static final Map<String, Severity> SEVERITIES = ObjectiveForms.byWord(Severity.values(), Severity::word);
    private static final Map<String, Shows> SHOWS =
            ObjectiveForms.byWord(Shows.values(), each -> each.name().toLowerCase(Locale.ROOT));

    private final Mistakes mistakes;
    private final Set<String> ids = new LinkedHashSet<>();
    private final IdentityHashMap<Object, Position> places = new IdentityHashMap<>();

    private PolicyForm(Mistakes mistakes) {
        this.mistakes = mistakes;
    }

    static Policy read(Node root, Mistakes mistakes) {
        return new PolicyForm(mistakes).policy(root);
    }

    private Policy policy(Node root) {
        Fields in = Fields.of(root, "policy", mistakes);
        refuseNewer(in);
        String name = in.optionalText("name").orElse("policy");
        List<Clause> clauses = clauses(in);
        List<Waiver> waivers = waivers(in);
        Optional<Integer> periodScale = periodScale(in);
        in.end();
        Conflicts.among(clauses).forEach(this::refuse);
        Conflicts.among(waivers, ids).forEach(this::refuse);
        mistakes.throwIfAny();
        return new Policy(name, clauses, waivers, periodScale);
    }

    private static Optional<Integer> periodScale(Fields in) {
        return in.optionalCount("period-scale", 2, Policy.MOST_SCALE);
    }

    /** Nothing else in a newer file means what it meant when this was written. */
    private void refuseNewer(Fields in) {
        int format = in.optionalCount("format").orElse(PolicyReader.FORMAT);
        if (format > PolicyReader.FORMAT) {
            throw mistakes.fatal(
                    in.at("format"),
                    "policy: written for format %d, this release reads up to format %d: use a newer release"
                            .formatted(format, PolicyReader.FORMAT));
        }
    }

    private void refuse(Conflict conflict) {
        mistakes.add(places.getOrDefault(conflict.culprit(), new Position(1, 1)), conflict.message());
    }

    private List<Clause> clauses(Fields in) {
        List<Node> items = in.items("clauses");
        if (items.isEmpty()) {
            in.mistake(in.at("clauses"), "clauses is missing or empty: a policy has at least one clause");
        }
        List<Clause> clauses = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            Node item = items.get(i);
            Fields fields = Fields.of(item, "clause " + label(item, "id", i), mistakes);
            fields.make(() -> clause(fields)).ifPresent(clause -> {
                places.put(clause, item.at());
                clauses.add(clause);
            });
        }
        return clauses;
    }

    private Clause clause(Fields in) {
        Optional<String> id = in.optionalWord("id");
        String subject = in.word("subject");
        ObjectiveIn read = objective(in);
        Duration evidenceAge = in.optionalTime(EVIDENCE_AGE).orElse(Clause.DEFAULT_EVIDENCE_AGE);
        Clause plain = Clause.of(subject, read.objective);
        // Also the id of a clause that turns out to be wrong: what refers to it is right.
        if (id.isPresent() || !read.word.isEmpty()) {
            ids.add(id.orElse(subject + "-" + read.word));
        }
        return new Clause(
                id.orElse(plain.id()),
                in.words("sentences"),
                subject,
                read.objective,
                in.optionalText("promise").orElse(plain.promise()),
                evidenceAge,
                in.optionalChoice("severity", SEVERITIES).orElse(plain.severity()),
                in.optionalText("runbook").orElse(plain.runbook()),
                in.optionalWord("vendor"),
                basis(in, read.numbers),
                controls(in));
    }

    /** An objective, or what stands in for one that cannot be made, and the names of its numbers. */
    private record ObjectiveIn(String word, Objective objective, Set<String> numbers) {}

    /** Without an objective nobody knows which numbers have a basis: all names are taken, to list no false mistake. */
    private static ObjectiveIn noObjective(Fields in) {
        return new ObjectiveIn("", new Continuous(), in.keysBelow("basis"));
    }

    private ObjectiveIn objective(Fields in) {
        Optional<Node> node = in.node("objective");
        if (node.isEmpty()) {
            in.mistake(in.at(), "objective is missing; valid: " + String.join(", ", ObjectiveForms.words()));
            return noObjective(in);
        }
        if (node.get() instanceof Text word) {
            return objective(in, word, new Mapping(List.of(), word.at()));
        }
        if (node.get() instanceof Mapping mapping && mapping.entries().size() == 1) {
            return objective(
                    in, mapping.entries().get(0).key(), mapping.entries().get(0).value());
        }
        in.mistake(
                node.get().at(),
                "objective must be one word with its values, such as {rpo: {within: 5m}}, is "
                        + Fields.show(node.get()));
        return noObjective(in);
    }

    private ObjectiveIn objective(Fields in, Text word, Node values) {
        if (!ObjectiveForms.words().contains(word.value())) {
            in.mistake(word.at(), () -> "unknown objective %s; %s"
                    .formatted(Fields.show(word), Suggestion.of(word.value(), ObjectiveForms.words())));
            return noObjective(in);
        }
        Fields fields = Fields.of(values, in.where() + ", " + word.value(), mistakes);
        return ObjectiveForms.read(word.value(), fields)
                .map(objective -> new ObjectiveIn(word.value(), objective, fields.numbers()))
                .orElseGet(() -> new ObjectiveIn(word.value(), new Continuous(), fields.numbers()));
    }

    private Map<String, NumberBasis> basis(Fields in, Set<String> numbers) {
        Map<String, NumberBasis> basis = new LinkedHashMap<>();
        in.optionalFields("basis").ifPresent(bases -> {
            Set<String> valid = new LinkedHashSet<>(numbers);
            valid.add(EVIDENCE_AGE);
            valid.forEach(
                    number -> bases.node(number).ifPresent(node -> basis.put(number, basis(bases, number, node))));
            bases.end();
        });
        return basis;
    }

    private NumberBasis basis(Fields bases, String number, Node node) {
        if (node instanceof Text text && text.value().equals("document")) {
            return new NumberBasis.Document();
        }
        if (node instanceof Mapping) {
            Fields in = bases.fields(number);
            NumberBasis adopted = new NumberBasis.Adopted(in.text("by"), in.day("on"), in.text("why"));
            in.end();
            return adopted;
        }
        bases.mistake(
                node.at(), "%s is %s: must be document, or keys by, on and why".formatted(number, Fields.show(node)));
        return new NumberBasis.Document();
    }

    private List<Control> controls(Fields in) {
        List<Control> controls = new ArrayList<>();
        List<Node> items = in.items("controls");
        for (int i = 0; i < items.size(); i++) {
            Fields control = Fields.of(
                    items.get(i), "%s, control %s".formatted(in.where(), label(items.get(i), "id", i)), mistakes);
            control.make(() -> new Control(
                            control.text("id"), control.choice("shows", SHOWS), control.optionalText("reviewed-by")))
                    .ifPresent(controls::add);
        }
        return controls;
    }

    private List<Waiver> waivers(Fields in) {
        List<Waiver> waivers = new ArrayList<>();
        List<Node> items = in.items("waivers");
        for (int i = 0; i < items.size(); i++) {
            Node item = items.get(i);
            Fields fields = Fields.of(item, "waiver " + label(item, "clause", i), mistakes);
            fields.make(() -> waiver(fields)).ifPresent(waiver -> {
                places.put(waiver, item.at());
                waivers.add(waiver);
            });
        }
        return waivers;
    }

    private static Waiver waiver(Fields in) {
        return new Waiver(in.word("clause"), in.text("owner"), in.text("reason"), in.day("from"), in.day("until"));
    }

    /** What the author calls an entry: its id, or its number from 1. */
    private static String label(Node item, String key, int index) {
        if (item instanceof Mapping mapping) {
            return mapping.entries().stream()
                    .filter(each -> each.key().value().equals(key) && each.value() instanceof Text)
                    .map(each -> Fields.cut(((Text) each.value()).value()))
                    .findFirst()
                    .orElseGet(() -> String.valueOf(index + 1));
        }
        return String.valueOf(index + 1);
    }
}
