package com.cybernance.continuity.policy;

import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.policy.Attested.Uptime;
import com.cybernance.continuity.policy.Attested.Vouch;
import com.cybernance.continuity.policy.Every.Interval;
import com.cybernance.continuity.policy.Retain.Lock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** How each objective is written in a policy file: its word, and its values by key. */
final class ObjectiveForms {
    static final Map<String, Factor> FACTORS = byWord(Factor.values(), Factor::word);
    private static final Map<String, Interval> INTERVALS = byWord(Interval.values(), Interval::word);
    private static final Map<String, Lock> LOCKS = byWord(Lock.values(), Lock::word);
    private static final Map<String, Function<Fields, Objective>> FORMS = forms();

    private ObjectiveForms() {}

    /** The words of all objectives. */
    static Set<String> words() {
        return FORMS.keySet();
    }

    /** Reads the values of an objective; mistakes go where the fields keep them. */
    static Optional<Objective> read(String word, Fields fields) {
        Function<Fields, Objective> form = FORMS.get(word);
        return form == null ? Optional.empty() : fields.make(() -> form.apply(fields));
    }

    private static Map<String, Function<Fields, Objective>> forms() {
        Map<String, Function<Fields, Objective>> forms = new LinkedHashMap<>();
        forms.put("synchronous-replica", in -> new SynchronousReplica(in.choice("apart-in", FACTORS)));
        forms.put("automatic-failover", in -> new AutomaticFailover(in.time("within")));
        forms.put("rpo", ObjectiveForms::rpo);
        forms.put("retain", in -> new Retain(in.time("at-least"), in.choice("lock", LOCKS)));
        forms.put("restorable", in -> new Restorable(in.time("drill-age")));
        forms.put(
                "every",
                in -> new Every(in.choice("interval", INTERVALS), Set.copyOf(in.choices("elsewhere", FACTORS))));
        forms.put(
                "continuous",
                in -> new Continuous(in.optionalTime("pause"), Set.copyOf(in.choices("elsewhere", FACTORS))));
        forms.put("copies", in -> new Copies(in.count("count"), in.count("elsewhere"), in.choice("apart-in", FACTORS)));
        forms.put("last-resort", in -> new LastResort(Set.copyOf(in.choices("shares-no", FACTORS))));
        forms.put("inventory", ObjectiveForms::inventory);
        forms.put(
                "redundant",
                in -> new Redundant(in.count("instances"), in.count("places"), in.choice("apart-in", FACTORS)));
        forms.put("stateless", in -> new Stateless());
        forms.put("rebuildable", in -> new Rebuildable(in.words("from")));
        forms.put("standby", in -> new Standby(in.count("members")));
        forms.put("headroom", in -> new Headroom(in.share("share")));
        forms.put("deferred-work", in -> new DeferredWork());
        forms.put("hosted", in -> new Hosted(in.word("vendor")));
        forms.put("attested", ObjectiveForms::attested);
        forms.put("export-on-termination", in -> new ExportOnTermination(in.time("within")));
        return forms;
    }

    private static Objective rpo(Fields in) {
        return new Rpo(
                in.time("within"),
                in.optionalShare("share").orElse(1.0),
                in.optionalTime("over").orElse(Rpo.DEFAULT_PERIOD),
                Set.copyOf(in.choices("elsewhere", FACTORS)));
    }

    private static Objective inventory(Fields in) {
        Map<String, Integer> atLeast = new LinkedHashMap<>();
        in.keys().forEach(kind -> {
            in.checkWord(kind);
            atLeast.put(kind, in.count(kind));
        });
        return new Inventory(atLeast);
    }

    private static Objective attested(Fields in) {
        return new Attested(
                in.text("what"),
                in.optionalFields("vouch").flatMap(vouch -> vouch.make(() -> vouch(vouch))),
                in.optionalFields("uptime").flatMap(uptime -> uptime.make(() -> uptime(uptime))));
    }

    private static Vouch vouch(Fields in) {
        return new Vouch(in.text("by"), in.text("document"), in.day("on"), in.day("until"));
    }

    private static Uptime uptime(Fields in) {
        return new Uptime(in.share("share"), in.time("over"), in.time("one-outage"));
    }

    /** The values by the word that files use, in the order given. */
    static <T> Map<String, T> byWord(T[] values, Function<T, String> word) {
        Map<String, T> byWord = new LinkedHashMap<>();
        for (T value : values) {
            byWord.put(word.apply(value), value);
        }
        return byWord;
    }
}
