package com.cybernance.continuity.postgres.points;

import com.cybernance.continuity.facts.Copy;
import com.cybernance.continuity.facts.Place;
import com.cybernance.continuity.facts.Requirement;
import com.cybernance.continuity.facts.ResourceId;
import com.cybernance.continuity.facts.RestorePoint;
import com.cybernance.continuity.postgres.layout.BackupRecord;
import com.cybernance.continuity.postgres.layout.Lsn;
import com.cybernance.continuity.postgres.points.VaultSurvey.LogRange;
import com.cybernance.continuity.postgres.points.VaultSurvey.VaultedBackup;
import com.cybernance.continuity.postgres.points.VaultSurvey.Window;
import com.cybernance.continuity.postgres.wal.TimelinePath.Leg;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What the survey of one vault found, as restore points. Pure.
 *
 * @param vault its name, by which the copies are called
 * @param keys without which nothing in it can be read
 */
record SurveyedPoints(ResourceId resource, String vault, Place place, List<String> keys) {
    private static final int MAJOR = 10_000;

    /** In the order of the backups' stops: one for each window of a complete backup, one for each other backup. */
    List<RestorePoint> of(VaultSurvey survey) {
        List<RestorePoint> points = new ArrayList<>();
        for (VaultedBackup backup : survey.backups()) {
            if (backup.complete()) {
                survey.windows().stream()
                        .filter(window -> window.backup().equals(backup.backup()))
                        .forEach(window -> points.add(complete(backup, window)));
            } else {
                points.add(taken(backup));
            }
        }
        return points;
    }

    private RestorePoint complete(VaultedBackup vaulted, Window window) {
        BackupRecord backup = vaulted.backup();
        List<Requirement> requires = requires(backup);
        for (Leg leg : window.path().legs()) {
            Lsn from = Lsn.later(leg.from(), backup.start());
            Lsn to = Lsn.earlier(leg.to(), window.end());
            if (from.isBefore(to)) {
                requires.add(log(new LogRange(leg.timeline(), from, to).toString()));
            }
        }
        return point(
                vaulted, Copy.State.COMPLETE, window.path().timeline(), window.earliest(), window.latest(), requires);
    }

    /** Shows only the moment of its own stop: nothing is promised of a backup that is not all there. */
    private RestorePoint taken(VaultedBackup vaulted) {
        BackupRecord backup = vaulted.backup();
        List<Requirement> requires = requires(backup);
        requires.add(log(new LogRange(backup.timeline(), backup.start(), backup.stop()).toString()));
        for (String missing : vaulted.missing()) {
            boolean ofLog = missing.startsWith("the log");
            requires.add(
                    new Requirement(ofLog ? Requirement.Kind.LOG : Requirement.Kind.RESOURCE, "missing: " + missing));
        }
        return point(vaulted, Copy.State.TAKEN, backup.timeline(), backup.stoppedAt(), backup.stoppedAt(), requires);
    }

    private RestorePoint point(
            VaultedBackup vaulted,
            Copy.State state,
            int timeline,
            Instant earliest,
            Instant latest,
            List<Requirement> requires) {
        return new RestorePoint(
                new PointId(vaulted.backup().id(), timeline, vault).toString(),
                resource,
                "%s/%08x".formatted(vaulted.backup().system(), timeline),
                earliest,
                latest,
                List.of(new Copy(vault, place, state, vaulted.since())),
                requires);
    }

    private List<Requirement> requires(BackupRecord backup) {
        List<Requirement> requires = new ArrayList<>();
        requires.add(new Requirement(Requirement.Kind.TOOL, "PostgreSQL %d".formatted(backup.version() / MAJOR)));
        keys.forEach(key -> requires.add(new Requirement(Requirement.Kind.KEY, key)));
        return requires;
    }

    private static Requirement log(String range) {
        return new Requirement(Requirement.Kind.LOG, range);
    }
}
