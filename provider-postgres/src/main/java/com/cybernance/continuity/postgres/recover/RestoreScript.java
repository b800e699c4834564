package com.cybernance.continuity.postgres.recover;

import com.cybernance.continuity.postgres.layout.Lsn;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The program that hands the server its log, file by file, for standard tools alone. It ends with 0 when the file is
 * there, with 1 when the plan knows that there is none, and with 126, which ends the recovery, whenever it does not know.
 * An error taken for "there is none" would end the recovery early and call it a success.
 */
final class RestoreScript {
    /** How often a file that should be there is looked for, once a second. */
    private static final int TRIES = 3;

    private RestoreScript() {}

    /** A log file's name as the server asks for it. */
    static String fileName(int timeline, Lsn position, int segmentSize) {
        long number = Long.divideUnsigned(position.value(), segmentSize);
        long each = (1L << 32) / segmentSize;
        return "%08X%08X%08X".formatted(timeline, number / each, number % each).toUpperCase(Locale.ROOT);
    }

    /** The list that the program reads: a name and a length in bytes a line; its last line is {@code end}. */
    static String list(Map<String, Long> files) {
        return new TreeMap<>(files)
                        .entrySet().stream()
                                .map(each -> each.getKey() + " " + each.getValue() + "\n")
                                .collect(Collectors.joining())
                + "end\n";
    }

    /**
     * The program.
     *
     * @param files where the files lie
     * @param list what lies there
     * @param last name of the last log file of the plan
     */
    static String text(Path files, Path list, String last) {
        return """
                #!/bin/sh
                # fetch.sh NAME TO: brings one file of the log.
                # 0: brought. 1: there is none, by the plan. 126: not known; the recovery must not go on.
                LC_ALL=C; export LC_ALL
                files=%s
                list=%s
                last=%s
                tries=%d
                name=$1
                to=$2
                [ -n "$name" ] && [ -n "$to" ] || exit 126
                case $name in *[!0-9A-Za-z.]*) exit 126 ;; esac
                # A list that was cut short does not prove that something is missing from it.
                [ "$(tail -n 1 "$list" 2>/dev/null)" = end ] || exit 126
                length=$(sed -n "s/^$name //p" "$list") || exit 126
                if [ -z "$length" ]; then
                    case $name in
                    [0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F][0-9A-F].history) exit 1 ;;
                    esac
                    # Positions follow the eight digits of the timeline.
                    case $name in *[!0-9A-F]*) exit 126 ;; esac
                    [ ${#name} -eq 24 ] || exit 126
                    expr "x${name#????????}" '>' "x${last#????????}" >/dev/null && exit 1
                    exit 126
                fi
                while :; do
                    if [ -f "$files/$name" ] && [ "$(wc -c <"$files/$name")" -eq "$length" ] \\
                        && cp "$files/$name" "$to" && [ "$(wc -c <"$to")" -eq "$length" ]; then
                        exit 0
                    fi
                    tries=$((tries - 1))
                    [ "$tries" -gt 0 ] || break
                    sleep 1
                done
                echo "log file $name is not as planned: $length bytes in $files" >&2
                exit 126
                """.formatted(quoted(files.toString()), quoted(list.toString()), last, TRIES);
    }

    /**
     * The setting that runs the program. A shell that cannot read the program, or is killed, answers with codes of its own,
     * and one of them would tell the server that there is no such file.
     */
    static String command(Path script) {
        return "/bin/sh " + quoted(script.toString().replace("%", "%%"))
                + " %f \"%p\"; case $? in 0) exit 0 ;; 1) exit 1 ;; *) exit 126 ;; esac";
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
