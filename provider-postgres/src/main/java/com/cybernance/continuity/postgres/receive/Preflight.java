package com.cybernance.continuity.postgres.receive;

import com.cybernance.continuity.postgres.wire.ReplicationConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks whether a server is set up so that a receiver can do it no harm. */
final class Preflight {
    private static final Pattern LISTED = Pattern.compile("(?is)\\s*(?:(?:FIRST|ANY)\\s+)?[0-9]+\\s*\\((.*)\\)\\s*");
    private static final Pattern NAME = Pattern.compile("\\s*(?:\"((?:[^\"]|\"\")*)\"|([^\\s,\"]+))\\s*(?:,|$)");

    private Preflight() {}

    /** What speaks against receiving from this server, each with what mends it; empty when nothing does. */
    static List<String> of(ReplicationConnection server, String applicationName) {
        return judge(
                server.show("max_slot_wal_keep_size"),
                server.show("synchronous_standby_names"),
                server.show("synchronous_commit"),
                applicationName);
    }

    static List<String> judge(String keepSize, String standbyNames, String level, String applicationName) {
        List<String> against = new ArrayList<>();
        if (keepSize.equals("-1")) {
            against.add("max_slot_wal_keep_size is -1, expected a bound: a receiver that stops would fill the server's"
                    + " disk; ALTER SYSTEM SET max_slot_wal_keep_size = '10GB'");
        }
        List<String> names = names(standbyNames);
        boolean wildcard = names.contains("*");
        boolean named = names.stream().anyMatch(applicationName::equalsIgnoreCase);
        if (wildcard) {
            against.add(
                    "synchronous_standby_names is '%s', which counts any client, this receiver included, as a standby;"
                                    .formatted(standbyNames)
                            + " name the standbys");
        } else if (named && names.size() < 2) {
            against.add("synchronous_standby_names is '%s', expected another candidate beside this receiver, which can"
                            .formatted(standbyNames)
                    + " never be promoted; name a standby too");
        }
        if ((wildcard || named) && level.equals("remote_apply")) {
            against.add("synchronous_commit is remote_apply, expected on: a receiver applies nothing, so commits would"
                    + " hang for ever");
        }
        return against;
    }

    private static List<String> names(String setting) {
        List<String> names = new ArrayList<>();
        Matcher listed = LISTED.matcher(setting);
        String list = listed.matches() ? listed.group(1) : setting;
        Matcher each = NAME.matcher(list);
        while (!list.isBlank() && each.lookingAt()) {
            names.add(each.group(1) != null ? each.group(1).replace("\"\"", "\"") : each.group(2));
            each.region(each.end(), list.length());
            if (each.regionStart() == list.length()) {
                break;
            }
        }
        return names;
    }
}
