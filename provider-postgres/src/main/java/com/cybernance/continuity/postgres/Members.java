package com.cybernance.continuity.postgres;

import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.Lag;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.PlaceFactor;
import com.cybernance.continuity.facts.ReplicaState;
import com.cybernance.continuity.facts.ReplicaState.Link;
import com.cybernance.continuity.facts.ReplicaState.Mode;
import com.cybernance.continuity.facts.ReplicaState.Role;
import com.cybernance.continuity.postgres.wire.SynchronousNames;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Turns what was said into one fact for each server: those that stream, and those that ought to. */
final class Members {
    private final Estate estate;
    private final PostgresReplication.PrimaryView view;
    private final Map<String, ServerWord> words;
    private final Map<String, Duration> replayed;
    private final Optional<CanaryFlight.Outcome> canary;
    private final Recognition recognition;

    Members(
            Estate estate,
            PostgresReplication.PrimaryView view,
            Map<String, ServerWord> words,
            Map<String, Duration> replayed,
            Optional<CanaryFlight.Outcome> canary) {
        this.estate = estate;
        this.view = view;
        this.words = words;
        this.replayed = replayed;
        this.canary = canary;
        this.recognition = new Recognition(view, words);
    }

    List<ReplicaState> all(Hearing hearing) {
        List<ReplicaState> members = new ArrayList<>();
        members.add(primary());
        Map<String, Integer> seen = new HashMap<>();
        for (Sample.Sender sender : view.last().senders()) {
            int nth = seen.merge(sender.name().toLowerCase(Locale.ROOT), 1, Integer::sum);
            members.add(streaming(sender, nth, hearing));
        }
        for (String missing : missing()) {
            members.add(disconnected(missing));
        }
        return members;
    }

    private ReplicaState primary() {
        Place place = view.word().addTo(host(estate.declared(view.name()), view.address(), "the server"));
        for (String alias : aliases()) {
            for (PlaceFactor factor : estate.declared(alias).factors()) {
                place = place.and(factor);
            }
        }
        boolean answered = canary.map(CanaryFlight.Outcome::acknowledged).orElse(true);
        return new ReplicaState(
                estate.id().member(view.name()),
                Role.PRIMARY,
                Mode.PRIMARY,
                0,
                answered ? Link.CURRENT : Link.UNKNOWN,
                place,
                Lag.ofBytes(0),
                Lag.ofBytes(0),
                Lag.ofBytes(0),
                "takes writes" + canary.map(outcome -> "; " + outcome.words()).orElse(""));
    }

    /** The names under which the embedder knows a primary that does not say its own. */
    private List<String> aliases() {
        return words.entrySet().stream()
                .filter(each -> each.getValue().sameServer(view.word()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private ReplicaState streaming(Sample.Sender sender, int nth, Hearing hearing) {
        long sharing = view.last().named(sender.name());
        String name = sender.name().isBlank() ? "unnamed" : configured(sender.name());
        Optional<LinkVerdict> denial = recognition.denial(sender, configured(sender.name()));
        LinkVerdict heard = LinkVerdict.of(
                view.first().ofPid(sender.pid()).orElse(sender),
                sender,
                view.first().flushed(),
                view.waited(),
                estate.patience(),
                hearing.silence(sender, view.last().clock()),
                view.last().clock() - sender.replied().orElse(0),
                estate.silenceLimit());
        LinkVerdict verdict = denial.orElse(heard);
        boolean known = sharing == 1 && denial.isEmpty();
        boolean flows = verdict.link() == Link.CURRENT || verdict.link() == Link.BEHIND;
        return new ReplicaState(
                estate.id().member(nth == 1 ? name : name + "#" + nth),
                Role.REPLICA,
                mode(sender),
                mode(sender) == Mode.QUORUM ? view.names().count() : 0,
                verdict.link(),
                place(sender, known),
                lag(sender.writeBehind(), sender.writeLag(), flows),
                lag(sender.flushBehind(), sender.flushLag(), flows),
                replay(sender, known, flows),
                detail(sender, sharing, verdict.why()));
    }

    /** Which of several connections with one name is the server that was declared cannot be told. */
    private Place place(Sample.Sender sender, boolean known) {
        Place place = Place.UNKNOWN;
        if (known) {
            String name = configured(sender.name());
            place = estate.declared(name);
            ServerWord word = words.get(name);
            place = word == null ? place : word.addTo(place);
        }
        return host(place, sender.address(), "pg_stat_replication");
    }

    private String detail(Sample.Sender sender, long sharing, String why) {
        StringBuilder words = new StringBuilder(why);
        if (sharing > 1) {
            words.append("; %d connections carry this name".formatted(sharing));
        }
        ServerWord own = this.words.get(configured(sender.name()));
        if (own != null && sharing == 1) {
            words.append("; the server says: ").append(own.detail());
        }
        if (own == null && (mode(sender) == Mode.SYNCHRONOUS || mode(sender) == Mode.QUORUM)) {
            words.append("; whether it forces to its disk what it confirms is not seen: it was not asked itself");
        }
        return words.toString();
    }

    private ReplicaState disconnected(String name) {
        ServerWord word = words.get(name);
        Place place = word == null ? estate.declared(name) : word.addTo(estate.declared(name));
        boolean splitBrain = word != null && !word.standby();
        return new ReplicaState(
                estate.id().member(name),
                splitBrain ? Role.PRIMARY : Role.REPLICA,
                splitBrain ? Mode.PRIMARY : absentMode(name),
                absentMode(name) == Mode.QUORUM && !splitBrain ? view.names().count() : 0,
                Link.DISCONNECTED,
                place,
                Lag.UNKNOWN,
                Lag.UNKNOWN,
                Lag.UNKNOWN,
                splitBrain
                        ? "a second server of this cluster takes writes"
                        : "no connection from it on the primary"
                                + (word == null ? "" : "; the server says: " + word.detail()));
    }

    /** How a commit depends on a server that is named but not there. */
    private Mode absentMode(String name) {
        SynchronousNames names = view.names();
        if (names.standbys().stream().noneMatch(name::equalsIgnoreCase)) {
            return Mode.ASYNCHRONOUS;
        }
        if (names.method() == SynchronousNames.Method.ANY) {
            return Mode.QUORUM;
        }
        long waitedFor = view.last().senders().stream()
                .filter(sender -> sender.syncState().equals("sync"))
                .count();
        return waitedFor < names.count() ? Mode.SYNCHRONOUS : Mode.POTENTIAL;
    }

    /** Servers that the embedder, the setting or a slot speaks of, and of which no connection exists. */
    private Set<String> missing() {
        Set<String> expected = new LinkedHashSet<>(estate.places().keySet());
        for (String name : view.names().standbys()) {
            if (expected.stream().noneMatch(name::equalsIgnoreCase)) {
                expected.add(name);
            }
        }
        for (PostgresReplication.Slot slot : view.slots()) {
            boolean known =
                    slot.active() || expected.stream().anyMatch(name -> Recognition.sameAsSlot(name, slot.name()));
            if (!known
                    && view.last().senders().stream().noneMatch(s -> Recognition.sameAsSlot(s.name(), slot.name()))) {
                expected.add(slot.name());
            }
        }
        expected.removeIf(name -> name.equalsIgnoreCase(view.name())
                || aliases().contains(name)
                || view.last().named(name) > 0);
        return expected;
    }

    /** The name as the embedder spelled it; the server compares names without regard to case. */
    private String configured(String name) {
        return estate.places().keySet().stream()
                .filter(name::equalsIgnoreCase)
                .findFirst()
                .orElse(name);
    }

    private Lag replay(Sample.Sender sender, boolean known, boolean flows) {
        Lag lag = lag(sender.replayBehind(), sender.replayLag(), flows);
        Duration measured = replayed.get(configured(sender.name()));
        return measured == null || !known ? lag : lag.withTime(measured);
    }

    /** What a silent connection reported last is about a time long gone. */
    private static Lag lag(OptionalLong bytes, OptionalLong micros, boolean flows) {
        Optional<Duration> time = micros.isPresent() && flows
                ? Optional.of(Duration.of(Math.max(0, micros.getAsLong()), ChronoUnit.MICROS))
                : Optional.empty();
        return new Lag(bytes, time);
    }

    private static Place host(Place place, String address, String by) {
        return address.isBlank()
                ? place
                : place.and(new PlaceFactor(Factor.HOST, address, PlaceFactor.Basis.OBSERVED, by));
    }

    /** The server lets a logical subscriber count, but no commit waits for a copy of the database there. */
    private static Mode mode(Sample.Sender sender) {
        if (sender.logical()) {
            return Mode.ASYNCHRONOUS;
        }
        return switch (sender.syncState()) {
            case "sync" -> Mode.SYNCHRONOUS;
            case "quorum" -> Mode.QUORUM;
            case "potential" -> Mode.POTENTIAL;
            case "async" -> Mode.ASYNCHRONOUS;
            default -> Mode.UNKNOWN;
        };
    }
}
