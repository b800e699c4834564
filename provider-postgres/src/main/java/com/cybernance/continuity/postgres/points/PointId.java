package com.cybernance.continuity.postgres.points;

import com.cybernance.continuity.facts.ContinuityException;
import com.cybernance.continuity.facts.FailureKind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of a restore point: {@code BACKUP/TLI/VAULT}.
 *
 * @param backup the backup that it starts from
 * @param timeline the timeline that it ends on
 * @param vault the vault that holds all of it
 */
public record PointId(String backup, int timeline, String vault) {
    private static final Pattern TEXT = Pattern.compile("([a-z0-9-]+)/([0-7][0-9a-f]{7})/([a-z0-9-]+)");

    /**
     * Reads an id.
     *
     * @throws ContinuityException of kind {@code MISCONFIGURED} when it is none
     */
    public static PointId parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw new ContinuityException(
                    FailureKind.MISCONFIGURED,
                    "'%s' is no restore point of a PostgreSQL cluster; expected BACKUP/TIMELINE/VAULT"
                            .formatted(text.substring(0, Math.min(120, text.length()))),
                    "take the restore point from a look at the vaults");
        }
        return new PointId(parts.group(1), Integer.parseInt(parts.group(2), 16), parts.group(3));
    }

    @Override
    public String toString() {
        return "%s/%08x/%s".formatted(backup, timeline, vault);
    }
}
