package com.cybernance.continuity.check;

import com.cybernance.continuity.facts.Blind;
import com.cybernance.continuity.facts.Copy;
import com.cybernance.continuity.facts.DrillRecord;
import com.cybernance.continuity.facts.Factor;
import com.cybernance.continuity.facts.FailureKind;
import com.cybernance.continuity.facts.Lag;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.PlaceFactor;
import com.cybernance.continuity.facts.ReplicaState;
import com.cybernance.continuity.facts.ReplicaState.Link;
import com.cybernance.continuity.facts.ReplicaState.Mode;
import com.cybernance.continuity.facts.ReplicaState.Role;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.facts.Setting;
import com.cybernance.continuity.facts.Sighting;
import com.cybernance.continuity.facts.TargetId;
import com.cybernance.continuity.policy.Clause;
import com.cybernance.continuity.policy.Policy;
import com.cybernance.continuity.spi.Facet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a test says was seen, built up in words. */
final class Given {
    static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    static final TargetId DB = TargetId.of("db");

    private final List<Known<?>> evidence = new ArrayList<>();
    private Map<String, Integer> lastInventory = Map.of();
    private @Nullable Duration clientDown;
    private Estate estate = Estate.production("test");
    private final List<PointLook> looks = new ArrayList<>();
    private final Set<String> scopes = new HashSet<>();
    private Drilled drilled = Drilled.unread("no log of drills is bound");
    private Instant now = NOW;
    private @Nullable Sighting<RestorePoint> lastLook;

    static Place in(String centre) {
        return Place.declared(Factor.DATA_CENTRE, centre, "the test");
    }

    static Place onHost(Place place, String host) {
        return place.and(new PlaceFactor(Factor.HOST, host, PlaceFactor.Basis.OBSERVED, "its address"));
    }

    static ReplicaState primary(Place place) {
        return server("primary", Role.PRIMARY, Mode.PRIMARY, 0, Link.CURRENT, place);
    }

    static ReplicaState replica(String name, Mode mode, Link link, Place place) {
        return server(name, Role.REPLICA, mode, mode == Mode.QUORUM ? 1 : 0, link, place);
    }

    static ReplicaState quorum(String name, int waitsFor, Place place) {
        return server(name, Role.REPLICA, Mode.QUORUM, waitsFor, Link.CURRENT, place);
    }

    private static ReplicaState server(String name, Role role, Mode mode, int waitsFor, Link link, Place place) {
        return new ReplicaState(
                DB.member(name),
                role,
                mode,
                waitsFor,
                link,
                place,
                Lag.UNKNOWN,
                Lag.UNKNOWN,
                Lag.UNKNOWN,
                "0 bytes behind");
    }

    static Setting setting(String name, String observed, Setting.Effect effect) {
        return new Setting(DB.member("primary"), Setting.Kind.DURABILITY, name, observed, "on", effect);
    }

    static Sighting<ReplicaState> servers(ReplicaState... servers) {
        return new Sighting<>(NOW, Arrays.asList(servers), List.of(), Set.of("all"), List.of());
    }

    static Sighting<Setting> settings(Setting... settings) {
        return new Sighting<>(NOW, Arrays.asList(settings), List.of(), Set.of("durability"), List.of());
    }

    static <T> Sighting<T> blind(String scope, FailureKind kind, String why) {
        return Sighting.failed(NOW, scope, kind, why);
    }

    static <T> Sighting<T> withBlind(Sighting<T> sighting, String scope) {
        return new Sighting<>(
                sighting.at(),
                sighting.found(),
                List.of(new Blind(scope, FailureKind.UNREACHABLE, "no answer")),
                sighting.complete(),
                List.of());
    }

    <T> Given seen(Facet<T> facet, Sighting<T> sighting) {
        return seen(facet, sighting, Duration.ZERO);
    }

    <T> Given seen(Facet<T> facet, Sighting<T> sighting, Duration age) {
        evidence.add(new Known<>(facet, DB, Optional.of(sighting), age, Optional.empty(), List.of()));
        return this;
    }

    /** What another target than {@link #DB} shows. */
    <T> Given seenBy(TargetId target, Facet<T> facet, Sighting<T> sighting) {
        evidence.add(new Known<>(facet, target, Optional.of(sighting), Duration.ZERO, Optional.empty(), List.of()));
        return this;
    }

    /** A sighting after which members are missed that an earlier one had shown. */
    <T> Given missing(Facet<T> facet, Sighting<T> sighting, String member) {
        evidence.add(new Known<>(
                facet, DB, Optional.of(sighting), Duration.ZERO, Optional.empty(), List.of(DB.member(member))));
        return this;
    }

    <T> Given silence(Facet<T> facet, Sighting<T> earlier, Duration age, String why) {
        evidence.add(new Known<>(
                facet,
                DB,
                Optional.of(earlier),
                age,
                Optional.of(blind("all", FailureKind.UNREACHABLE, why)),
                List.of()));
        return this;
    }

    Given goodSettings() {
        return seen(Facet.SETTINGS, settings(setting("fsync", "on", Setting.Effect.KEEPS)));
    }

    Given lastInventory(Map<String, Integer> counts) {
        lastInventory = counts;
        return this;
    }

    Given clientDownFor(Duration time) {
        clientDown = time;
        return this;
    }

    Given rehearsal() {
        estate = Estate.rehearsal("test");
        return this;
    }

    /** A look at restore points at this moment, on both clocks; the last one is also what is known now. */
    Given looked(Instant at, RestorePoint... points) {
        return looked(at, new Sighting<>(at, Arrays.asList(points), List.of(), Set.of("all"), List.of()));
    }

    /** A look that brought this. */
    Given looked(Instant at, Sighting<RestorePoint> sighting) {
        Map<ResourceId, Map<Place, Instant>> reached = new HashMap<>();
        for (RestorePoint point : sighting.found()) {
            for (Copy copy : point.copies()) {
                if (copy.state() != Copy.State.TAKEN) {
                    reached.computeIfAbsent(point.resource(), none -> new HashMap<>())
                            .merge(copy.place(), point.latest(), (a, b) -> a.isAfter(b) ? a : b);
                }
            }
        }
        List<Newest> newest = new ArrayList<>();
        reached.forEach((resource, places) -> places.forEach(
                (place, latest) -> newest.add(new Newest(resource, place, latest, Duration.between(latest, at)))));
        looks.add(new PointLook(at, tick(at), whole(sighting), newest));
        scopes.addAll(sighting.complete());
        lastLook = sighting;
        return this;
    }

    Given drills(DrillRecord... records) {
        drilled = Drilled.read(Arrays.asList(records));
        return this;
    }

    Given drilled(Drilled log) {
        drilled = log;
        return this;
    }

    Given now(Instant moment) {
        now = moment;
        return this;
    }

    private static boolean whole(Sighting<?> sighting) {
        return !sighting.complete().isEmpty() && sighting.blind().isEmpty();
    }

    private static long tick(Instant moment) {
        return Duration.between(NOW, moment).toNanos();
    }

    Finding judge(Clause clause) {
        return report(Policy.of(clause)).findings().get(0);
    }

    Report report(Policy policy) {
        if (lastLook != null) {
            Duration age = Duration.between(lastLook.at(), now);
            seen(Facet.RESTORE_POINTS, lastLook, age);
            lastLook = null;
        }
        Subject subject = new Subject(
                "db",
                List.of(DB),
                evidence,
                lastInventory,
                Optional.ofNullable(clientDown),
                looks.isEmpty() ? List.of() : List.of(new PointHistory(DB, looks, scopes, now, tick(now))),
                drilled);
        return Checker.judge(policy, estate, Map.of("db", subject), now);
    }
}
